"""The other half of the exports under public headers: written down before anything was mended, run only afterwards.

Headers: CFPB complaints, San Francisco, Toronto and Austin 311, Ericsson and ZTE counters, a TEMS export, Remedy,
Huawei alarms, Qualtrics, OTRS, cell parameters of a Chinese operator.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, heads, text, workbook

SAYS = ("My phone shows no service in the village", "I was billed for a plan I never ordered", "Data speed is very low")


def cfpb() -> Sample:
    rng = Random(501)
    rows: Rows = [
        heads(
            "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,"
            "Company public response,Company,State,ZIP code,Tags,Consumer consent provided?,Submitted via,"
            "Date sent to company,Company response to consumer,Timely response?,Consumer disputed?,Complaint ID"
        )
    ]
    for i, at in enumerate(days(60, timedelta(hours=15), rng)):
        rows.append([
            f"{at:%m/%d/%y}", rng.choice(["Mobile service", "Prepaid card"]), rng.choice(["Contract", "Prepaid"]),
            *rng.choice([("Bill", "Charged twice"), ("Bill", "Overcharged"), ("Service", "No signal")]),
            f"{rng.choice(SAYS)}, case {i}", "Company chooses not to respond", "ACME MOBILE",
            rng.choice(["TX", "OH"]), 75000 + i, "",
            "Consent provided", rng.choice(["Web", "Phone", "Postal mail"]), f"{at + timedelta(days=2):%m/%d/%y}",
            "Closed with explanation", "Yes", "No", 8400000 + i * 13,
        ])  # fmt: skip
    return Sample(
        "complaints-export.csv", text(rows), "ticket",
        {"ticket_id": "Complaint ID", "accepted_at": "Date received", "package_name": "Product",
            "type_code": "Issue", "type_detail": "Sub-issue", "summary_scrubbed": "Consumer complaint narrative",
            "region_code": "State", "channel_code": "Submitted via", "dispatched_at": "Date sent to company"},
    )  # fmt: skip


def san_francisco() -> Sample:
    rng = Random(502)
    rows: Rows = [heads(
        "CaseID,Opened,Closed,Updated,Status,Status Notes,Responsible Agency,Category,Request Type,"
        "Request Details,Address,Street,Supervisor District,Neighborhood,Latitude,Longitude,Source")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=6), rng)):
        shut = at + timedelta(hours=rng.randrange(3, 200))
        rows.append([
            16000000 + i, f"{at:%m/%d/%Y %I:%M:%S %p}", f"{shut:%m/%d/%Y %I:%M:%S %p}", f"{shut:%m/%d/%Y %I:%M:%S %p}",
            rng.choice(["Closed", "Open"]), "Case resolved", rng.choice(["DPW", "PUC"]),
            *rng.choice([("Streetlights", "Light out"), ("Streetlights", "Light flickers"), ("Noise", "Construction")]),
            rng.choice([f"Pole {i} dark since Friday", f"Hammering after ten, night {i}"]), f"{i} MADE UP ST",
            "MADE UP ST", i % 11 + 1, rng.choice(["Mission", "Sunset"]), f"{37.7 + rng.random() / 10:.6f}",
            f"{-122.4 - rng.random() / 10:.6f}", rng.choice(["Mobile App", "Phone", "Web"]),
        ])  # fmt: skip
    return Sample(
        "311_Cases.csv", text(rows), "ticket",
        {"ticket_id": "CaseID", "accepted_at": "Opened", "archived_at": "Closed", "exported_at": "Updated",
            "status": "Status", "is_solved": "Status", "owner_dept": "Responsible Agency", "type_detail": "Category",
            "type_code": "Request Type", "summary_scrubbed": "Request Details", "region_code": "Neighborhood",
            "lon": "Longitude", "lat": "Latitude", "channel_code": "Source"},
    )  # fmt: skip


def toronto() -> Sample:
    """No number: the time to the second and the kind of request tell the rows apart."""
    rng = Random(503)
    rows: Rows = [heads(
        "Creation Date,Status,First 3 Chars of Postal Code,Intersection Street 1,Intersection Street 2,Ward,"
        "Service Request Type,Division,Section")]  # fmt: skip
    for i in range(60):
        at = datetime(2025, 3, 1, 8) + timedelta(minutes=11 * (i // 2))
        rows.append([
            f"{at:%Y-%m-%d %H:%M:%S}.0000000", rng.choice(["Completed", "In-progress"]), f"M{i % 9}V", "King St", "",
            rng.choice(["Spadina-Fort York (10)", "Etobicoke-Lakeshore (03)"]),
            ("Road - Pothole", "Garbage not picked up")[i % 2], rng.choice(["Transportation", "Solid Waste"]),
            "Operations",
        ])  # fmt: skip
    return Sample(
        "SR2025.csv", text(rows), "ticket",
        {"ticket_id": ["Creation Date", "Ward", "Service Request Type"], "accepted_at": "Creation Date",
            "status": "Status", "is_solved": "Status", "region_code": "Ward", "type_code": "Service Request Type",
            "owner_dept": "Division"},
        decide={"made_ticket_id"},
    )  # fmt: skip


def austin() -> Sample:
    rng = Random(504)
    rows: Rows = [heads(
        "Service Request (SR) Number,SR Description,Method Received,SR Status,Status Change Date,"
        "Created Date,Last Update Date,Close Date,SR Location,City,County,Zip Code,Latitude Coordinate,"
        "Longitude Coordinate,Council District")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=8), rng)):
        shut = at + timedelta(hours=rng.randrange(3, 200))
        rows.append([
            f"25-{100000 + i:08d}", rng.choice(["Loose Dog", "Street Light Issue"]),
            rng.choice(["Phone", "Mobile Device"]),
            rng.choice(["Closed", "Open"]), f"{shut:%Y %b %d %I:%M:%S %p}", f"{at:%Y %b %d %I:%M:%S %p}",
            f"{shut:%Y %b %d %I:%M:%S %p}", f"{shut:%Y %b %d %I:%M:%S %p}", f"{i} MADE UP LN, AUSTIN, TX", "AUSTIN",
            rng.choice(["TRAVIS", "WILLIAMSON"]), 78700 + i % 30, f"{30.2 + rng.random() / 5:.7f}",
            f"{-97.7 - rng.random() / 5:.7f}", i % 10 + 1,
        ])  # fmt: skip
    return Sample(
        "Austin_311_Public_Data.csv", text(rows), "ticket",
        {"ticket_id": "Service Request (SR) Number", "type_code": "SR Description", "channel_code": "Method Received",
            "status": "SR Status", "is_solved": "SR Status", "accepted_at": "Created Date",
            "exported_at": "Last Update Date", "archived_at": "Close Date", "place_name": "SR Location",
            "town": "City", "region_code": "County", "lon": "Longitude Coordinate", "lat": "Latitude Coordinate"},
    )  # fmt: skip


def ericsson_counters() -> Sample:
    rng = Random(505)
    rows: Rows = [["DATETIME_ID", "ERBS", "EUtranCellFDD", "pmRrcConnEstabAtt", "pmRrcConnEstabSucc",
        "pmErabEstabAttInit", "pmErabEstabSuccInit", "pmErabRelAbnormalEnb", "pmErabRelNormalEnb",
        "pmPdcpVolDlDrb_kbit", "pmCellDowntimeAuto"]]  # fmt: skip
    for hour in range(30):
        for cell in (1, 2, 3):
            n = 300 + rng.randrange(90)
            rows.append([
                f"{datetime(2025, 3, 20) + timedelta(hours=hour):%Y-%m-%d %H:%M:%S}", "HILL", f"HILL_{cell}", n, n - 4,
                n, n - 2, rng.randrange(3), n - 5, rng.randrange(100000, 900000), 0,
            ])  # fmt: skip
    return Sample(
        "DC_E_ERBS_EUTRANCELLFDD_HOUR.csv", text(rows), "cell_kpi_1h",
        {"cell_id": "EUtranCellFDD", "period_start": "DATETIME_ID", "rrc_att": "pmRrcConnEstabAtt",
            "rrc_succ": "pmRrcConnEstabSucc", "erab_att": "pmErabEstabAttInit", "erab_succ": "pmErabEstabSuccInit",
            "erab_abn_rel": "pmErabRelAbnormalEnb", "erab_norm_rel": "pmErabRelNormalEnb",
            "vol_dl_mb": "pmPdcpVolDlDrb_kbit", "unavail_s": "pmCellDowntimeAuto"},
    )  # fmt: skip


def zte_ratios() -> Sample:
    rng = Random(506)
    rows: Rows = [["开始时间", "结束时间", "粒度", "子网ID", "子网名称", "网元ID", "网元名称", "小区ID", "小区名称",
        "RRC建立成功率(%)", "E-RAB建立成功率(%)", "无线掉线率(%)", "下行PRB平均利用率(%)"]]  # fmt: skip
    for hour in range(30):
        for site in (1, 2):
            for cell in (1, 2):
                at = datetime(2025, 3, 20) + timedelta(hours=hour)
                rows.append([
                    f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}", "1小时", 12, "某子网",
                    510000 + site, f"某山{site}", cell, f"某山{site}_{cell}", f"{98 + rng.random():.2f}",
                    f"{98 + rng.random():.2f}", f"{rng.random():.3f}", f"{20 + 40 * rng.random():.2f}",
                ])  # fmt: skip
    return Sample(
        "历史性能查询_小区_20250320.csv", text(rows, encoding="gb18030"), "kpi_value",
        {"scope_id": ["网元ID", "小区ID"], "period_start": "开始时间", "period_minutes": "粒度",
            "kpi_code": "指标", "value": "指标值"},
        sources={"scope_kind": {"const": "cell"}, "value": {"unit": "percent"}, "period_minutes": {"factor": 60.0}},
    )  # fmt: skip


def tems() -> Sample:
    rng = Random(507)
    rows: Rows = [["Time", "MS", "All-Latitude", "All-Longitude", "Event", "Serving Cell RSRP (dBm)",
        "Serving Cell RSRQ (dB)", "Serving Cell RS CINR (dB)", "PDSCH Throughput (kbps)", "PUSCH Throughput (kbps)",
        "Serving Cell DL EARFCN", "Serving Cell Identity"]]  # fmt: skip
    for i in range(80):
        at = datetime(2025, 3, 20, 9) + timedelta(seconds=2 * i)
        rows.append([
            f"{at:%Y-%m-%d %H:%M:%S}.{i * 7 % 1000:03d}", "MS1", f"{53.3 + i / 9000:.6f}", f"{-6.2 - i / 9000:.6f}",
            "" if i % 9 else "Handover", f"{-80 - rng.random() * 30:.1f}", f"{-8 - rng.random() * 6:.1f}",
            f"{rng.random() * 25:.1f}", rng.randrange(500, 90000), rng.randrange(50, 30000), 1300, 26200000 + i // 20,
        ])  # fmt: skip
    return Sample(
        "TEMS_drive_M50.fmt", text(rows, "\t"), "drive_test",
        {"measured_at": "Time", "lon": "All-Longitude", "lat": "All-Latitude", "rsrp_dbm": "Serving Cell RSRP (dBm)",
            "rsrq_db": "Serving Cell RSRQ (dB)", "sinr_db": "Serving Cell RS CINR (dB)",
            "dl_kbps": "PDSCH Throughput (kbps)", "ul_kbps": "PUSCH Throughput (kbps)",
            "cell_id": "Serving Cell Identity"},
    )  # fmt: skip


def remedy() -> Sample:
    rng = Random(508)
    rows: Rows = [["Incident ID*+", "Reported Date+", "Last Resolved Date", "Assigned Group*+", "Assignee+",
        "Priority*", "Status*", "Summary*", "Notes", "Resolution", "Operational Categorization Tier 1",
        "Operational Categorization Tier 2", "First Name*+", "Last Name*+"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=5), rng)):
        rows.append([
            f"INC{60000 + i:012d}", f"{at:%-m/%-d/%Y %-I:%M:%S %p}",
            f"{at + timedelta(hours=30):%-m/%-d/%Y %-I:%M:%S %p}", rng.choice(["NOC L1", "Field"]), f"Engineer {i % 5}",
            rng.choice(["Critical", "High", "Medium", "Low"]), rng.choice(["Closed", "In Progress"]),
            f"{rng.choice(SAYS)}, case {i}",
            f"Called back on day {i} and left word", "Restarted the sector, level is back to normal", "Network",
            rng.choice(["Coverage", "Billing"]), "A", "B",
        ])  # fmt: skip
    return Sample(
        "Incident report.xlsx", workbook(rows, title=("Incident report",)), "ticket",
        {"ticket_id": "Incident ID*+", "accepted_at": "Reported Date+", "resolved_at": "Last Resolved Date",
            "owner_dept": "Assigned Group*+", "priority": "Priority*", "status": "Status*", "is_solved": "Status*",
            "summary_scrubbed": ["Summary*", "Notes"], "type_detail": "Operational Categorization Tier 1",
            "type_code": "Operational Categorization Tier 2"},
    )  # fmt: skip


def huawei_alarms() -> Sample:
    """ "Alarm ID" is the kind of alarm; the serial number is what tells two alarms apart. Title lines above."""
    rng = Random(509)
    rows: Rows = [heads(
        "Log Serial Number,Severity,Alarm ID,Name,NE Type,Alarm Source,MO Name,Location Information,"
        "Occurred On (NT),Cleared On (NT),Acknowledged On (ST),Cleared By")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=2), rng)):
        code, name = rng.choice([(29240, "Cell Unavailable"), (26529, "RF Unit VSWR Threshold Crossed")])
        rows.append([
            7700100 + i * 3, rng.choice(["Critical", "Major", "Minor"]), code, name, "BTS3900", f"SITE_{i % 9}",
            f"SITE_{i % 9}", f"Cabinet No.=0, Subrack No.=60, Slot No.={i % 4}", f"{at:%Y-%m-%d %H:%M:%S}",
            f"{at + timedelta(minutes=40):%Y-%m-%d %H:%M:%S}", "", "<device>",
        ])  # fmt: skip
    title = ("Alarm Logs,,,", "Save Time,2025-04-01 08:00:00", "Query conditions,all")
    return Sample(
        "AlarmLogs20250401.csv", text(rows, title=title), "alarm",
        {"alarm_id": "Log Serial Number", "severity": "Severity", "alarm_code": "Alarm ID", "alarm_name": "Name",
            "site_id": "Alarm Source", "location": "Location Information", "started_at": "Occurred On (NT)",
            "ended_at": "Cleared On (NT)"},
    )  # fmt: skip


def qualtrics() -> Sample:
    rng = Random(510)
    rows: Rows = [["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
        "RecordedDate", "ResponseId", "RecipientEmail", "UserLanguage", "Q1_NPS", "Overall satisfaction",
        "Network coverage", "Region"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=5), rng)):
        rows.append([
            f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(minutes=4):%Y-%m-%d %H:%M:%S}", "IP Address",
            f"192.0.2.{i}", 100, 200 + i, "True", f"{at + timedelta(minutes=4):%Y-%m-%d %H:%M:%S}", f"R_{i:015x}",
            f"p{i}@example.com", "EN", rng.randrange(11), rng.randrange(1, 11), rng.randrange(1, 11),
            rng.choice(["North", "South"]),
        ])  # fmt: skip
    return Sample(
        "Customer+NPS+survey_April.csv", text(rows), "survey",
        {"survey_id": "ResponseId", "month": "RecordedDate", "nps_0_10": "Q1_NPS", "score_10": "Overall satisfaction",
            "score_coverage": "Network coverage", "region_code": "Region"},
    )  # fmt: skip


def otrs() -> Sample:
    rng = Random(511)
    rows: Rows = [heads(
        "Number,Ticket#,Age,Created,Closed,FirstLock,FirstResponse,State,Priority,Queue,Lock,Owner,"
        "UserFirstname,UserLastname,CustomerID,CustomerName,From,Subject,AccountedTime,SolutionInMin")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=5), rng)):
        rows.append([
            i + 1, f"20250301{70000000 + i}", f"{i} d 4 h", f"{at:%Y-%m-%d %H:%M:%S}",
            f"{at + timedelta(hours=40):%Y-%m-%d %H:%M:%S}", f"{at + timedelta(minutes=9):%Y-%m-%d %H:%M:%S}",
            f"{at + timedelta(minutes=50):%Y-%m-%d %H:%M:%S}", rng.choice(["closed successful", "open"]),
            rng.choice(["3 normal", "4 high"]), rng.choice(["Network", "Billing"]), "unlock", f"agent{i % 4}", "A", "B",
            f"C{88000 + i}", "Somebody", "somebody@example.com", f"{rng.choice(SAYS)}, case {i}", 5, rng.randrange(900),
        ])  # fmt: skip
    return Sample(
        "TicketList_Created_2025-04-01.csv", text(rows, ";"), "ticket",
        {"ticket_id": "Ticket#", "accepted_at": "Created", "archived_at": "Closed", "first_reply_at": "FirstResponse",
            "status": "State", "is_solved": "State", "priority": "Priority", "owner_dept": "Queue",
            "cust_key": "CustomerID", "summary_scrubbed": "Subject", "type_code": "Subject"},
    )  # fmt: skip


def resource_cells() -> Sample:
    rng = Random(512)
    rows: Rows = [["小区名称", "所属地市", "所属区县", "所属基站", "CGI", "小区双工模式", "工作频段", "物理小区识别码",
        "跟踪区码", "天线经度", "天线纬度", "天线挂高", "方位角", "机械下倾角", "覆盖类型", "设备厂家", "入网时间",
        "生命周期状态"]]  # fmt: skip
    for i in range(60):
        rows.append([
            f"某路{i // 3}-{i % 3}", "某市", rng.choice(["甲区", "乙县"]), f"某路{i // 3}基站",
            f"460-00-{612000 + i // 3}-{i % 3 + 1}", "TDD", "D频段", i % 504, 24600 + i % 9,
            f"{119.4 + rng.random() / 9:.5f}", f"{32.4 + rng.random() / 9:.5f}", 20 + i % 20, i % 3 * 120, i % 8,
            rng.choice(["室外", "室内"]), rng.choice(["甲厂", "乙厂"]), f"2021/{i % 12 + 1}/{i % 27 + 1}", "现网",
        ])  # fmt: skip
    return Sample(
        "综资_LTE小区_20250331.xlsx", workbook(rows), "cell",
        {"cell_name": "小区名称", "region_code": "所属区县", "site_id": "所属基站", "cell_id": "CGI",
            "band": "工作频段",
            "pci": "物理小区识别码", "tac": "跟踪区码", "lon": "天线经度", "lat": "天线纬度", "height_m": "天线挂高",
            "azimuth_deg": "方位角", "tilt_deg": "机械下倾角", "is_indoor": "覆盖类型", "vendor": "设备厂家",
            "on_air_on": "入网时间"},
        decide={"datum_china"},
    )  # fmt: skip
