"""Counters, ratios, alarms, cells, surveys and the rest as systems elsewhere export them; all made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from tests.etl.infer.making import Rows, Sample, days, text, workbook


def kpi_ratios() -> Sample:
    rng = Random(6)
    rows: Rows = [["开始时间", "周期(分钟)", "小区名称", "CGI", "无线接通率(%)", "无线掉线率(%)",
        "系统内切换出成功率(%)",
        "下行PRB平均占用率"]]  # fmt: skip
    for hour in range(24):
        for cell in range(4):
            rows.append([
                f"2025-03-31 {hour:02d}:00", 60, f"文昌阁{cell}", f"460-00-9001{cell}-1",
                f"{97 + rng.random() * 3:.2f}%",
                "NIL" if hour == 3 else f"{rng.random():.2f}%", f"{95 + rng.random() * 5:.2f}%",
                f"{rng.random() * 80:.1f}%",
            ])  # fmt: skip
    return Sample(
        "小区性能指标_20250331.csv",
        text(rows, encoding="gb18030", title=("小区性能小时报表", "导出人:系统 导出时间:2025-04-01")),
        "kpi_value",
        {"scope_id": "CGI", "period_start": "开始时间", "period_minutes": "周期(分钟)", "kpi_code": "指标",
            "value": "指标值"},
        sources={"value": {"unit": "percent"}},
    )  # fmt: skip


def kpi_counters() -> Sample:
    rng = Random(7)
    rows: Rows = [["BEGINTIME", "CELL_ID", "RRC.AttConnEstab", "RRC.SuccConnEstab", "DL Traffic (GB)",
        "UL Traffic (GB)",
        "Max RRC Users", "Cell Unavailable Time (min)"]]  # fmt: skip
    rows[0][0] = "Begin Time"
    for quarter in range(96):
        for cell in range(2):
            rows.append([
                (datetime(2025, 3, 31) + timedelta(minutes=15 * quarter)).strftime("%Y%m%d%H%M"),
                f"460-00-700{cell}-3",
                "-" if quarter == 4 else 100 + rng.randrange(50), "-" if quarter == 4 else 95 + rng.randrange(5),
                f"{rng.random() * 2:.3f}", f"{rng.random():.3f}", rng.randrange(40), 0,
            ])  # fmt: skip
    return Sample(
        "pm_20250331.txt", text(rows, "|"), "cell_kpi_15m",
        {"cell_id": "CELL_ID", "period_start": "Begin Time", "rrc_att": "RRC.AttConnEstab",
            "rrc_succ": "RRC.SuccConnEstab",
         "vol_dl_mb": "DL Traffic (GB)", "vol_ul_mb": "UL Traffic (GB)", "rrc_max": "Max RRC Users",
         "unavail_s": "Cell Unavailable Time (min)"},
        settings={"delimiter": "|", "missing": ["-"]},
        sources={"vol_dl_mb": {"factor": 1024.0}, "unavail_s": {"factor": 60.0}},
    )  # fmt: skip


def alarms_epoch() -> Sample:
    rng = Random(8)
    rows: Rows = [["Alarm Serial", "NE Name", "Perceived Severity", "Alarm Text", "Probable Cause", "Raise Time",
        "Clear Time", "Additional Information"]]  # fmt: skip
    for i, at in enumerate(days(50, timedelta(hours=3), rng)):
        begun = int((at - datetime(1970, 1, 1)).total_seconds() * 1000)
        rows.append([
            9000 + i, f"SITE{rng.randrange(9):03d}", rng.choice(["Critical", "Major", "Minor", "Warning"]),
            rng.choice(["Link failure", "Power loss", "High temperature"]),
            rng.choice(["transmission", "power"]), begun,
            begun + rng.randrange(9) * 60000 + 1000, "rack 2, slot " + str(rng.randrange(8)),
        ])  # fmt: skip
    return Sample(
        "alarms_vendorc.tsv", text(rows, "\t"), "alarm",
        {"alarm_id": "Alarm Serial", "site_id": "NE Name", "severity": "Perceived Severity",
            "alarm_name": "Alarm Text",
         "category": "Probable Cause", "started_at": "Raise Time", "ended_at": "Clear Time",
         "location": "Additional Information"},
        formats={"started_at": ["epoch_ms"]}, settings={"delimiter": "\t"},
    )  # fmt: skip


def nps_survey() -> Sample:
    rng = Random(12)
    rows: Rows = [["Respondent ID", "Wave", "Customer Segment", "How likely are you to recommend us? (0-10)",
        "Overall Satisfaction", "Coverage", "Call Quality", "Home", "Office", "Metro", "Region"]]  # fmt: skip
    for i in range(70):
        rows.append([
            f"R{i:05d}", "2025-03", rng.choice(["Consumer", "Business"]), rng.randrange(11),
            rng.randrange(1, 11), rng.randrange(1, 11),
            rng.randrange(1, 11), rng.choice(["0", "1"]), rng.choice(["0", "1"]), rng.choice(["0", "1"]),
            rng.choice(["North", "South"]),
        ])  # fmt: skip
    return Sample(
        "nps_survey_2025-03.xlsx", workbook(rows), "survey",
        {"survey_id": "Respondent ID", "month": "Wave", "segment": "Customer Segment",
            "score_10": "Overall Satisfaction",
         "nps_0_10": "How likely are you to recommend us? (0-10)", "score_coverage": "Coverage",
         "score_clarity": "Call Quality",
         "scenes": ["Home", "Office", "Metro"], "region_code": "Region"},
        formats={"month": ["%Y-%m"]},
    )  # fmt: skip


def cells_swapped() -> Sample:
    rng = Random(15)
    rows: Rows = [["基站编号", "小区名", "ECGI", "经度", "纬度", "方向角", "总下倾角", "站高", "频段", "物理小区ID",
        "跟踪区码", "覆盖类型", "行政区", "制式", "入网日期"]]  # fmt: skip
    for i in range(60):
        rows.append([
            f"B{i // 3:05d}", f"某站_{i % 3}", f"460-00-{80000 + i // 3}-{i % 3}", f"{32.3 + rng.random() / 5:.6f}",
            f"{119.3 + rng.random() / 5:.6f}", i % 3 * 120, rng.randrange(12), 20 + rng.randrange(30),
            rng.choice(["D频段", "F频段"]),
            rng.randrange(504), 21000 + rng.randrange(50), rng.choice(["城区", "乡镇"]),
            rng.choice(["甲区", "乙县"]), rng.choice(["4G", "5G"]),
            f"20{rng.randrange(15, 25)}/{rng.randrange(1, 13)}/{rng.randrange(1, 28)}",
        ])  # fmt: skip
    return Sample(
        "工参表_20250401.csv", text(rows, encoding="gb18030"), "cell",
        {"site_id": "基站编号", "cell_name": "小区名", "cell_id": "ECGI", "lon": "纬度", "lat": "经度",
            "azimuth_deg": "方向角",
         "tilt_deg": "总下倾角", "height_m": "站高", "band": "频段", "pci": "物理小区ID", "tac": "跟踪区码",
         "scene": "覆盖类型",
         "region_code": "行政区", "rat": "制式", "on_air_on": "入网日期"},
        decide={"datum_china"},
    )  # fmt: skip


def user_base() -> Sample:
    rng = Random(17)
    rows: Rows = [["统计月份", "县市", "月初用户数", "月末用户数", "5G用户数"]]
    for month in range(1, 10):
        for region in ("甲县", "乙区", "丙市"):
            base = 100000 + rng.randrange(9000)
            rows.append([f"2025年{month}月", region, f"{base:,}", f"{base + 500:,}", f"{base // 2:,}"])
        rows.append([f"2025年{month}月", "合计", "300,000", "301,500", "150,000"])
    return Sample(
        "用户数月报.xlsx", workbook(rows, ("用户数月报", "单位：户")), "users",
        {"period_month": "统计月份", "region_code": "县市", "users_begin": "月初用户数",
            "users_end": "月末用户数", "users_5g": "5G用户数"},
        formats={"period_month": ["%Y年%m月"]}, settings={"totals": ["合计"]},
    )  # fmt: skip


def drive() -> Sample:
    rng = Random(18)
    rows: Rows = [["Time", "Long", "Lat", "RAT", "Serving RSRP (dBm)", "Serving RSRQ (dB)", "SINR",
        "DL Throughput (Mbps)",
        "UL Throughput (Mbps)", "Vehicle Speed (km/h)"]]  # fmt: skip
    for i in range(90):
        rows.append([
            (datetime(2025, 3, 7, 10) + timedelta(seconds=i)).strftime("%m/%d/%Y %H:%M:%S"),
            f"{11.5 + i / 5000:.5f}", f"{48.1 + i / 6000:.5f}",
            rng.choice(["LTE", "5G"]), -200 if i in (8, 9, 40) else -80 - rng.randrange(30),
            -10 - rng.randrange(6), rng.randrange(25),
            f"{rng.random() * 90:.1f}", f"{rng.random() * 30:.1f}", rng.randrange(50),
        ])  # fmt: skip
    return Sample(
        "drivetest_munich_20250307.csv", text(rows), "drive_test",
        {"measured_at": "Time", "lon": "Long", "lat": "Lat", "rat": "RAT", "rsrp_dbm": "Serving RSRP (dBm)",
         "rsrq_db": "Serving RSRQ (dB)", "sinr_db": "SINR", "dl_kbps": "DL Throughput (Mbps)",
         "ul_kbps": "UL Throughput (Mbps)",
         "speed_kmh": "Vehicle Speed (km/h)"},
        formats={"measured_at": ["%m/%d/%Y %H:%M:%S"]},
        sources={"dl_kbps": {"factor": 1000.0}, "rsrp_dbm": {"missing": ["-200"]}},
    )  # fmt: skip


def stores() -> Sample:
    rng = Random(19)
    rows: Rows = [["网点编号", "网点名称", "所属区县", "百度经度", "百度纬度", "开业日期"]]
    for i in range(20):
        rows.append([
            f"H{i:03d}", f"某某营业厅{i}", rng.choice(["甲区", "乙区"]), f"{119.4 + rng.random() / 9:.5f}",
            f"{32.4 + rng.random() / 9:.5f}",
            f"20{rng.randrange(10, 24)}.{rng.randrange(1, 13)}.{rng.randrange(1, 28)}",
        ])  # fmt: skip
    return Sample(
        "网点清单.csv", text(rows, encoding="utf-8-sig"), "hall",
        {"hall_id": "网点编号", "hall_name": "网点名称", "region_code": "所属区县", "lon": "百度经度",
            "lat": "百度纬度", "opened_on": "开业日期"},
        formats={"opened_on": ["%Y.%m.%d"]}, settings={},
    )  # fmt: skip


def changes() -> Sample:
    rng = Random(20)
    rows: Rows = [["Change Number", "Change Type", "Affected System", "Short Description", "Planned Start",
        "Planned End",
        "Affected Area"]]  # fmt: skip
    for i, at in enumerate(days(25, timedelta(hours=40), rng)):
        rows.append([
            f"CRQ{i:08d}", rng.choice(["Upgrade", "Cutover"]), rng.choice(["Billing", "Core"]),
            "Upgrade of the core software to the next release",
            at.strftime("%d.%m.%y %H:%M"), (at + timedelta(hours=3)).strftime("%d.%m.%y %H:%M"),
            rng.choice(["North", "South"]),
        ])  # fmt: skip
    return Sample(
        "change_requests.csv", text(rows, ";"), "change_event",
        {"change_id": "Change Number", "kind": "Change Type", "system": "Affected System",
            "title": "Short Description",
         "started_at": "Planned Start", "ended_at": "Planned End", "scope_region": "Affected Area"},
        formats={"started_at": ["%d.%m.%y %H:%M"]},
    )  # fmt: skip


def mr_grids() -> Sample:
    rng = Random(21)
    rows: Rows = [["SDATE", "CITY", "SC_ECI", "GRIDX", "GRIDY", "NUM_HOURS", "AVG_SCRSRP", "RSRP_SAMPLES",
        "AVG_SCRSRQ",
        "AVG_ULSINR", "AVG_TA", "EARFCN"]]  # fmt: skip
    for i in range(80):
        rows.append([
            20250330 + i % 2, "某市", 230400000 + rng.randrange(40), 100 + i, 200 + rng.randrange(90),
            rng.randrange(1, 24),
            f"{-80 - rng.random() * 30:.2f}", rng.randrange(10, 900), f"{-9 - rng.random() * 4:.2f}",
            f"{rng.random() * 20:.2f}",
            f"{rng.random() * 9:.1f}", 38950,
        ])  # fmt: skip
    return Sample(
        "MR_GRID_20250330.csv", text(rows), "mr_grid",
        {"measured_on": "SDATE", "cell_id": "SC_ECI", "grid_x": "GRIDX", "grid_y": "GRIDY", "n_hours": "NUM_HOURS",
         "rsrp_avg_dbm": "AVG_SCRSRP", "n_samples": "RSRP_SAMPLES", "rsrq_avg_db": "AVG_SCRSRQ",
         "ul_sinr_avg_db": "AVG_ULSINR",
         "ta_avg": "AVG_TA", "earfcn": "EARFCN"},
        formats={"measured_on": ["%Y%m%d"]},
    )  # fmt: skip


def callbacks() -> Sample:
    rng = Random(22)
    rows: Rows = [["工单号", "测评时间", "评价方式", "满意情况", "评分", "是否接通", "不满意原因"]]
    for i, at in enumerate(days(50, timedelta(hours=8), rng)):
        rows.append([
            f"T{i:06d}", f"{at:%Y/%m/%d %H:%M}", rng.choice(["短信", "外呼"]),
            rng.choice(["非常满意", "满意", "不满意", "未评价"]),
            rng.randrange(1, 11), rng.choice(["是", "否"]), rng.choice(["", "处理慢"]),
        ])  # fmt: skip
    return Sample(
        "满意测评结果.csv", text(rows, encoding="gb18030"), "satisfaction",
        {"ticket_id": "工单号", "surveyed_at": "测评时间", "method": "评价方式", "answer_code": "满意情况",
            "score_10": "评分",
         "was_reached": "是否接通", "reason": "不满意原因"},
    )  # fmt: skip


def parquet_kpi() -> Sample:
    rng, n = Random(24), 60
    table = pa.table({
        "日期": [f"2025-03-{i % 30 + 1:02d}" for i in range(n)],
        "小区CGI": [f"460-00-5000{i // 30}-1" for i in range(n)],
        "RRC请求次数": [rng.randrange(100, 900) for _ in range(n)],
        "RRC建立成功次数": [rng.randrange(90, 100) for _ in range(n)],
        "下行流量(GB)": [rng.random() * 20 for _ in range(n)],
    })  # fmt: skip
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    return Sample(
        "cell_day.parquet", out.getvalue().to_pybytes(), "cell_kpi_1d",
        {"period_on": "日期", "cell_id": "小区CGI", "rrc_att": "RRC请求次数", "rrc_succ": "RRC建立成功次数",
            "vol_dl_mb": "下行流量(GB)"},
    )  # fmt: skip


def cells_in_degrees() -> Sample:
    rng = Random(31)
    rows: Rows = [["站号", "小区名称", "CGI", "GPS经度", "GPS纬度", "方位角", "制式", "数据日期"]]
    for i in range(40):
        lon, lat = (
            f"119°{rng.randrange(10, 50)}'{rng.randrange(60)}\"E",
            f"32°{rng.randrange(10, 50)}'{rng.randrange(60)}\"N",
        )
        rows.append(
            [f"B{i:04d}", f"某站{i}", f"460-00-{6000 + i}-1", lon, lat, i * 9, rng.choice(["4G", "5G"]), "2025-04-01"]
        )
    return Sample(
        "小区信息表.csv",
        text(rows, encoding="gb18030"),
        "cell",
        {
            "site_id": "站号",
            "cell_name": "小区名称",
            "cell_id": "CGI",
            "lon": "GPS经度",
            "lat": "GPS纬度",
            "azimuth_deg": "方位角",
            "rat": "制式",
            "snapshot_on": "数据日期",
        },
    )
