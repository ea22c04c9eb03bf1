"""Counters, drives, alarms and cells of sources that `infer` was not written with in view; all made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, text, workbook


def drive_with_units() -> Sample:
    """A drive logged once a second, the units on a line of their own below the header."""
    rng = Random(201)
    rows: Rows = [
        ["Log Time", "Lon", "Lat", "Tech", "NR SS-RSRP", "NR SS-RSRQ", "NR SS-SINR", "DL Rate", "UL Rate", "Velocity"],
        ["", "(deg)", "(deg)", "", "(dBm)", "(dB)", "(dB)", "(Mbps)", "(Mbps)", "(km/h)"],
    ]
    for i in range(120):
        at = datetime(2025, 3, 14, 9) + timedelta(seconds=i)
        rows.append([
            f"{at:%Y.%m.%d_%H.%M.%S}", f"{-8.47 + i / 9000:.6f}", f"{51.89 + i / 9000:.6f}", rng.choice(["5G", "LTE"]),
            "-" if i % 11 == 0 else -80 - rng.randrange(30), -8 - rng.randrange(9), rng.randrange(-3, 25),
            f"{rng.random() * 300:.2f}", f"{rng.random() * 40:.2f}", rng.randrange(60),
        ])  # fmt: skip
    return Sample(
        "drive_0314_0900.csv", text(rows), "drive_test",
        {"measured_at": "Log Time", "lon": "Lon", "lat": "Lat", "rat": "Tech", "rsrp_dbm": "NR SS-RSRP",
            "rsrq_db": "NR SS-RSRQ", "sinr_db": "NR SS-SINR", "dl_kbps": "DL Rate", "ul_kbps": "UL Rate",
            "speed_kmh": "Velocity"},
        formats={"measured_at": ["%Y.%m.%d_%H.%M.%S"]},
        sources={"dl_kbps": {"factor": 1000.0}, "ul_kbps": {"factor": 1000.0}},
    )  # fmt: skip


def counters_by_node_and_cell() -> Sample:
    """Daily counters with node and cell in two columns and a line of Chinese units, in a workbook."""
    rng = Random(202)
    rows: Rows = [
        [
            "统计日期",
            "eNodeB标识",
            "小区标识",
            "小区名称",
            "RRC连接请求次数",
            "RRC连接成功次数",
            "下行流量",
            "上行流量",
        ],
        ["", "", "", "", "次", "次", "GB", "GB"],
    ]
    for day in range(1, 29):
        for cell in range(3):
            rows.append([
                f"2025-02-{day:02d}", 80001 + cell // 2, cell % 2 + 1, f"某站_{cell}", 1000 + rng.randrange(99),
                990 + rng.randrange(9), f"{rng.random() * 9:.3f}", f"{rng.random():.3f}",
            ])  # fmt: skip
    return Sample(
        "小区天级指标.xlsx", workbook(rows), "cell_kpi_1d",
        {"cell_id": ["eNodeB标识", "小区标识"], "period_on": "统计日期", "rrc_att": "RRC连接请求次数",
            "rrc_succ": "RRC连接成功次数", "vol_dl_mb": "下行流量", "vol_ul_mb": "上行流量"},
        sources={"vol_dl_mb": {"factor": 1024.0}, "cell_id": {"as": "cell"}},
    )  # fmt: skip


def cells_by_node_and_sector() -> Sample:
    """Cell parameters of a vendor: eNodeB ID and local cell id apart."""
    rng = Random(203)
    rows: Rows = [["eNodeB ID", "Local Cell ID", "Cell Name", "Longitude", "Latitude", "Azimuth", "Downtilt",
        "Antenna Height (m)", "Band", "PCI", "TAC"]]  # fmt: skip
    for i in range(60):
        rows.append([
            120000 + i // 3, i % 3 + 1, f"Hill {i // 3} sector {i % 3}", f"{-0.12 + rng.random() / 10:.6f}",
            f"{51.5 + rng.random() / 10:.6f}", i % 3 * 120, rng.randrange(10), 20 + rng.randrange(20),
            rng.choice(["B3", "B20"]), rng.randrange(504), 4000 + rng.randrange(9),
        ])  # fmt: skip
    return Sample(
        "cell_parameters_2025-03-01.csv", text(rows, ";", "latin-1"), "cell",
        {"cell_id": ["eNodeB ID", "Local Cell ID"], "site_id": "eNodeB ID", "cell_name": "Cell Name",
            "lon": "Longitude", "lat": "Latitude", "azimuth_deg": "Azimuth", "tilt_deg": "Downtilt",
            "height_m": "Antenna Height (m)", "band": "Band", "pci": "PCI", "tac": "TAC"},
        settings={"delimiter": ";"},
    )  # fmt: skip


def french_hours() -> Sample:
    """Hourly figures with decimal commas and hours that are missing."""
    rng = Random(204)
    rows: Rows = [["Horodatage", "Cellule", "Taux de coupure (%)", "Taux d'accès (%)"]]
    for hour in range(24 * 5):
        at = datetime(2025, 1, 28) + timedelta(hours=hour)
        if hour in (30, 31):
            continue
        for cell in ("208-01-5001-1", "208-01-5001-2"):
            drop, access = f"{rng.random() * 2:.2f}", f"{97 + rng.random() * 3:.2f}"
            rows.append([f"{at:%d/%m/%Y %H:%M}", cell, drop.replace(".", ","), access.replace(".", ",")])
    return Sample(
        "indicateurs_horaires.csv", text(rows, ";", "cp1252"), "kpi_value",
        {"scope_id": "Cellule", "period_start": "Horodatage", "kpi_code": "kpi_name", "value": "kpi_value"},
        formats={"period_start": ["%d/%m/%Y %H:%M"]}, settings={"delimiter": ";", "decimal": ","},
        sources={"value": {"unit": "percent"}},
    )  # fmt: skip


def oracle_alarms() -> Sample:
    """Alarms straight from a database tool: 03-MAR-25 08.05.00 AM, nothing for what has not ended."""
    rng = Random(205)
    rows: Rows = [["ALARM_SEQ", "NE_NAME", "ALARM_LEVEL", "ALARM_TITLE", "OCCUR_TIME", "CLEAR_TIME", "LOCATION_INFO"]]
    for i, at in enumerate(days(70, timedelta(hours=2), rng)):
        ended = at + timedelta(minutes=rng.randrange(5, 300))
        rows.append([
            5000000 + i, f"HUB{rng.randrange(20):03d}", rng.choice(["Critical", "Major", "Minor"]),
            rng.choice(["LOS on port", "Fan failure", "Cell out of service"]), f"{at:%d-%b-%y %I.%M.%S %p}".upper(),
            "" if i % 9 == 0 else f"{ended:%d-%b-%y %I.%M.%S %p}".upper(), f"shelf {rng.randrange(3)}, slot {i % 9}",
        ])  # fmt: skip
    return Sample(
        "ALARM_HIST.csv", text(rows), "alarm",
        {"alarm_id": "ALARM_SEQ", "site_id": "NE_NAME", "severity": "ALARM_LEVEL", "alarm_name": "ALARM_TITLE",
            "started_at": "OCCUR_TIME", "ended_at": "CLEAR_TIME", "location": "LOCATION_INFO"},
        formats={"started_at": ["%d-%b-%y %I.%M.%S %p"]},
    )  # fmt: skip


def quarters_with_units_in_brackets() -> Sample:
    """15-minute counters, ids as NCGI without dashes, units in a line of brackets, tabs, GB18030."""
    rng = Random(206)
    rows: Rows = [
        ["开始时间", "ECI", "RRC建立请求次数", "RRC建立成功次数", "下行PDCP流量", "小区不可用时长", "上行平均干扰电平"],
        ["(时间)", "", "(次)", "(次)", "(MB)", "(分钟)", "(dBm)"],
    ]
    for quarter in range(96):
        for cell in (1, 2):
            at = datetime(2025, 3, 9) + timedelta(minutes=15 * quarter)
            rows.append([
                f"{at:%Y-%m-%d %H:%M}", 70001 * 256 + cell, 200 + rng.randrange(50), 198, f"{rng.random() * 500:.1f}",
                0, f"{-110 - rng.random() * 8:.1f}",
            ])  # fmt: skip
    return Sample(
        "性能_15min_20250309.txt", text(rows, "\t", "gb18030"), "cell_kpi_15m",
        {"cell_id": "ECI", "period_start": "开始时间", "rrc_att": "RRC建立请求次数", "rrc_succ": "RRC建立成功次数",
            "vol_dl_mb": "下行PDCP流量", "unavail_s": "小区不可用时长", "ul_intf_dbm": "上行平均干扰电平"},
        settings={"delimiter": "\t"}, sources={"unavail_s": {"factor": 60.0}},
    )  # fmt: skip


def monthly_counts() -> Sample:
    """Counts of a regulator: year and month in two columns."""
    rng = Random(207)
    rows: Rows = [["Year", "Month", "Region", "Category", "Channel", "Complaints"]]
    for month in range(1, 13):
        for region in ("North", "South"):
            for kind in ("Billing", "Network"):
                rows.append([2024, month, region, kind, rng.choice(["Phone", "Email"]), 100 + rng.randrange(50)])
    return Sample(
        "complaints_by_month.csv", text(rows), "count_history",
        {"counted_on": ["Year", "Month"], "region_code": "Region", "type_l1": "Category", "channel_code": "Channel",
            "n_tickets": "Complaints"},
        formats={"counted_on": ["%Y %m"]},
    )  # fmt: skip
