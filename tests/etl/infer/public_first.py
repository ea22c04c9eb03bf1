"""Exports under the headers of public data and of common products; the rows are made up. Looked at while mending.

Headers: FCC unwanted calls, Chicago and Boston 311, the UCI log of ServiceNow incidents, OpenCelliD, Huawei PM files,
Austria's open network tests, Zendesk, Jira, Nokia reports, hotlines of Chinese cities, consumidor.gov.br.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, heads, text

SAYS = ("No signal at home since Monday", "Charged twice on the last bill", "Internet very slow in the evening")


def fcc_calls() -> Sample:
    """Month first with clock, the issue's day and hour apart, a stranger's number, a point as WKT."""
    rng = Random(401)
    rows: Rows = [heads(
        "Ticket ID,Ticket Created,Date of Issue,Time of Issue,Form,Method,Issue,Caller ID Number,"
        "Type of Call or Messge,Advertiser Business Number,City,State,Zip,"
        "Location (Center point of the Zip Code)")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=13), rng)):
        seen = at - timedelta(hours=rng.randrange(60))
        rows.append([
            910000 + i, f"{at:%m/%d/%Y %I:%M:%S %p} +0000", f"{seen:%m/%d/%Y}", f"{seen:%I:%M %p}", "Phone",
            rng.choice(["Wireless (cell phone/other mobile device)", "Wired", "Internet (VOIP)"]),
            rng.choice(["Unwanted Calls", "Robocalls", "Telemarketing (including do not call and spoofing)"]),
            f"{200 + i % 90}-555-{1000 + i}", rng.choice(["Prerecorded Voice", "Live Voice", "Text Message"]),
            "", *rng.choice([("Boston", "MA"), ("Nashua", "NH")]), f"0{2100 + i % 30}",
            f"POINT ({-71.0 - rng.random() / 5:.6f} {42.3 + rng.random() / 5:.6f})",
        ])  # fmt: skip
    point = "Location (Center point of the Zip Code)"
    return Sample(
        "CGB_-_Consumer_Complaints_Data.csv", text(rows), "ticket",
        {"ticket_id": "Ticket ID", "accepted_at": "Ticket Created", "occurred_at": ["Date of Issue", "Time of Issue"],
            "type_code": "Issue", "region_code": "State", "town": "City", "lon": point, "lat": point},
        decide={"zone_mixed"},
    )  # fmt: skip


def chicago_311() -> Sample:
    rng = Random(402)
    rows: Rows = [heads(
        "SR_NUMBER,SR_TYPE,SR_SHORT_CODE,OWNER_DEPARTMENT,STATUS,ORIGIN,CREATED_DATE,LAST_MODIFIED_DATE,"
        "CLOSED_DATE,STREET_ADDRESS,CITY,STATE,ZIP_CODE,COMMUNITY_AREA,WARD,LATITUDE,LONGITUDE")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=7), rng)):
        shut = at + timedelta(hours=rng.randrange(5, 400))
        rows.append([
            f"SR25-{1000000 + i:08d}", *rng.choice([("Street Light Out Complaint", "SFD"), ("No Water", "NOW")]),
            rng.choice(["CDOT", "DWM"]), rng.choice(["Open", "Completed"]),
            rng.choice(["Phone Call", "Internet", "Mobile Device"]), f"{at:%m/%d/%Y %I:%M:%S %p}",
            f"{shut:%m/%d/%Y %I:%M:%S %p}", f"{shut:%m/%d/%Y %I:%M:%S %p}", f"{i} W MADE UP ST", "Chicago", "Illinois",
            60600 + i % 40, i % 77 + 1, i % 50 + 1, f"{41.7 + rng.random() / 5:.9f}", f"{-87.6 - rng.random() / 5:.9f}",
        ])  # fmt: skip
    return Sample(
        "311_Service_Requests_export.csv", text(rows), "ticket",
        {"ticket_id": "SR_NUMBER", "type_code": "SR_TYPE", "owner_dept": "OWNER_DEPARTMENT", "status": "STATUS",
            "is_solved": "STATUS", "channel_code": "ORIGIN", "accepted_at": "CREATED_DATE",
            "exported_at": "LAST_MODIFIED_DATE", "archived_at": "CLOSED_DATE", "region_code": "WARD", "town": "CITY",
            "lon": "LONGITUDE", "lat": "LATITUDE"},
    )  # fmt: skip


def boston_311() -> Sample:
    rng = Random(403)
    rows: Rows = [heads(
        "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,subject,"
        "reason,type,queue,department,location,neighborhood,ward,precinct,latitude,longitude,source")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=9), rng)):
        shut = at + timedelta(hours=rng.randrange(5, 300))
        rows.append([
            101004000000 + i * 37, f"{at:%Y-%m-%d %H:%M:%S}", f"{at + timedelta(days=9):%Y-%m-%d %H:%M:%S}",
            f"{shut:%Y-%m-%d %H:%M:%S}", rng.choice(["ONTIME", "OVERDUE"]), rng.choice(["Closed", "Open"]),
            f"Case closed. Crew {i} went there and mended it the next day.", rng.choice(["Lamp out", "Missed bin"]),
            rng.choice(["Public Works Department", "Transportation"]),
            *rng.choice([("Street Lights", "Street Light Outage"), ("Sanitation", "Missed Trash"),
                ("Sanitation", "Requests for Street Cleaning")]),
            rng.choice(["PWDx_North", "BTDT_Signs"]), rng.choice(["PWDx", "BTDT"]), f"{i} Made Up St Boston MA",
            rng.choice(["Dorchester", "Roxbury"]), f"Ward {i % 22 + 1}", f"{i % 20:04d}",
            f"{42.3 + rng.random() / 20:.4f}", f"{-71.05 - rng.random() / 20:.4f}",
            rng.choice(["Citizens Connect App", "Constituent Call", "Self Service"]),
        ])  # fmt: skip
    return Sample(
        "311_boston_2025.csv", text(rows), "ticket",
        {"ticket_id": "case_enquiry_id", "accepted_at": "open_dt", "promise_due_at": "target_dt",
            "archived_at": "closed_dt", "status": "case_status", "is_solved": "case_status", "type_code": "type",
            "type_detail": "reason", "summary_scrubbed": "case_title", "owner_dept": "department",
            "region_code": "neighborhood", "place_name": "location", "lon": "longitude", "lat": "latitude",
            "channel_code": "source"},
    )  # fmt: skip


def incident_log() -> Sample:
    """Several states of each incident, numbered by the count of changes, question marks for nothing."""
    rng = Random(404)
    head = ("number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,"
            "opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,"
            "subcategory,u_symptom,cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,closed_code,"
            "resolved_by,resolved_at,closed_at")  # fmt: skip
    rows: Rows = [heads(head)]
    for i, at in enumerate(days(40, timedelta(hours=11), rng)):
        for k, state in enumerate(["New", "Active", "Awaiting User Info", "Resolved", "Closed"]):
            moved = at + timedelta(hours=5 * k, minutes=i)
            rows.append([
                f"INC{45 + i:07d}", state, "false" if k == 4 else "true", k // 2, 0, k, "true", f"Caller {i % 9}",
                f"Opened by {i % 5}", f"{at:%-d/%-m/%Y %H:%M}", "?", f"{at:%-d/%-m/%Y %H:%M}",
                f"Updated by {i % 7}", f"{moved:%-d/%-m/%Y %H:%M}", "Phone", f"Location {i % 20}", f"Category {i % 6}",
                f"Subcategory {i % 11}", f"Symptom {i % 8}", "?", "2 - Medium", "2 - Medium", "3 - Moderate",
                f"Group {k + 20}", f"Resolver {i % 13}", "code 6", f"Resolved by {i % 4}",
                f"{at + timedelta(hours=15):%-d/%-m/%Y %H:%M}", f"{at + timedelta(days=2):%-d/%-m/%Y %H:%M}",
            ])  # fmt: skip
    return Sample(
        "incident_event_log.csv", text(rows), "ticket_event",
        {"ticket_id": "number", "seq": "sys_mod_count", "event_at": "sys_updated_at", "event": "incident_state",
            "to_dept": "assignment_group", "staff_key": "sys_updated_by"},
    )  # fmt: skip


def open_cells() -> Sample:
    rng = Random(405)
    rows: Rows = [
        [
            "radio",
            "mcc",
            "net",
            "area",
            "cell",
            "unit",
            "lon",
            "lat",
            "range",
            "samples",
            "changeable",
            "created",
            "updated",
            "averageSignal",
        ]
    ]
    for i in range(60):
        rows.append([
            rng.choice(["LTE", "NR"]), 262, 2, 4100 + i % 9, 26000000 + i * 257, i % 504, f"{13.3 + rng.random():.6f}",
            f"{52.4 + rng.random() / 5:.6f}", 1000 + i, 3 + i % 50, 1, 1459813819 + i * 86400, 1735813819 + i * 4000, 0,
        ])  # fmt: skip
    return Sample(
        "cell_towers_262.csv", text(rows), "cell",
        {"cell_id": "cell", "rat": "radio", "tac": "area", "lon": "lon", "lat": "lat", "snapshot_on": "updated"},
    )  # fmt: skip


def huawei_counters() -> Sample:
    """Object names that hold the node and the cell, units on the line below, counters by their formal names."""
    rng = Random(406)
    rows: Rows = [
        ["Result Time", "Granularity Period", "Object Name", "Reliability", "L.RRC.ConnReq.Att", "L.RRC.ConnReq.Succ",
            "L.E-RAB.AttEst", "L.E-RAB.SuccEst", "L.E-RAB.AbnormRel", "L.Traffic.User.Avg", "L.Traffic.User.Max",
            "L.Cell.Unavail.Dur.Sys"],
        ["", "Minutes", "", "", "None", "None", "None", "None", "None", "None", "None", "s"],
    ]  # fmt: skip
    for hour in range(30):
        for cell in (0, 1, 2):
            n = 300 + rng.randrange(90)
            rows.append([
                f"{datetime(2025, 3, 20) + timedelta(hours=hour):%Y-%m-%d %H:%M}", 60,
                f"SITE_A/Cell:eNodeB Function Name=SITE_A, Local Cell ID={cell}, Cell Name=SITE_A_{cell}, "
                "eNodeB ID=51234, Cell FDD TDD indication=CELL_FDD", "Reliable", n, n - 3, n, n - 2, 1,
                f"{rng.random() * 40:.3f}", rng.randrange(40, 90), 0,
            ])  # fmt: skip
    return Sample(
        "pmresult_1526726657_60.csv", text(rows), "cell_kpi_1h",
        {"cell_id": "Object Name", "period_start": "Result Time", "rrc_att": "L.RRC.ConnReq.Att",
            "rrc_succ": "L.RRC.ConnReq.Succ", "erab_att": "L.E-RAB.AttEst", "erab_succ": "L.E-RAB.SuccEst",
            "erab_abn_rel": "L.E-RAB.AbnormRel", "rrc_avg": "L.Traffic.User.Avg", "rrc_max": "L.Traffic.User.Max",
            "unavail_s": "L.Cell.Unavail.Dur.Sys"},
    )  # fmt: skip


def net_tests() -> Sample:
    rng = Random(407)
    rows: Rows = [heads(
        "open_uuid,open_test_uuid,time_utc,cat_technology,network_type,lat,long,loc_accuracy,download_kbit,"
        "upload_kbit,ping_ms,lte_rsrp,lte_rsrq,platform,model,network_mcc_mnc,network_name,speed")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(minutes=90), rng)):
        rows.append([
            f"P{i:08x}-11aa", f"O{i:08x}-22bb", f"{at:%Y-%m-%d %H:%M:%S}", rng.choice(["4G", "5G"]), "LTE",
            f"{48.1 + rng.random() / 5:.5f}", f"{16.3 + rng.random() / 5:.5f}", 12 + i % 9, rng.randrange(9000, 99999),
            rng.randrange(900, 40000), f"{20 + rng.random() * 9:.3f}", -80 - i % 30, -7 - i % 8, "Android", "SM-G991B",
            "232-01", rng.choice(["Net A", "Net B"]), f"{rng.random() * 30:.2f}",
        ])  # fmt: skip
    return Sample(
        "netztest-opendata.csv", text(rows), "drive_test",
        {"test_id": "open_test_uuid", "measured_at": "time_utc", "operator": "network_name", "rat": "cat_technology",
            "lon": "long", "lat": "lat", "speed_kmh": "speed", "rsrp_dbm": "lte_rsrp", "rsrq_db": "lte_rsrq",
            "dl_kbps": "download_kbit", "ul_kbps": "upload_kbit"},
    )  # fmt: skip


def zendesk() -> Sample:
    rng = Random(408)
    rows: Rows = [heads(
        "Id,Requester,Requester id,Requester email,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,"
        "Ticket type,Created at,Updated at,Assigned at,Organization,Due date,Initially assigned at,Solved at,"
        "Resolution time,Satisfaction Score,Reopens,Replies,First reply time in minutes")]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=5), rng)):
        rows.append([
            30100 + i, f"Person {i}", 3600000000 + i * 91, f"p{i}@example.com", f"Person {i}", f"Agent {i % 7}",
            rng.choice(["Billing team", "Network desk"]), f"{rng.choice(SAYS)}, call {i}", "mobile",
            rng.choice(["Closed", "Open"]),
            rng.choice(["High", "Normal", "Low"]), rng.choice(["Web", "Mail", "Chat"]),
            rng.choice(["Question", "Incident"]), f"{at:%Y-%m-%d %H:%M:%S}",
            f"{at + timedelta(days=3):%Y-%m-%d %H:%M:%S}", f"{at + timedelta(hours=3):%Y-%m-%d %H:%M:%S}", "-",
            f"{at + timedelta(days=5):%Y-%m-%d %H:%M:%S}", f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
            f"{at + timedelta(days=2):%Y-%m-%d %H:%M:%S}", rng.randrange(20, 60),
            rng.choice(["Good", "Bad", "Not Offered"]), rng.randrange(3), rng.randrange(6), rng.randrange(300),
        ])  # fmt: skip
    return Sample(
        "export-tickets.csv", text(rows), "ticket",
        {"ticket_id": "Id", "cust_key": "Requester id", "owner_dept": "Group", "summary_scrubbed": "Subject",
            "type_code": "Subject", "status": "Status", "is_solved": "Status", "priority": "Priority",
            "channel_code": "Via", "request_kind": "Ticket type", "accepted_at": "Created at",
            "exported_at": "Updated at", "dispatched_at": "Assigned at", "promise_due_at": "Due date",
            "resolved_at": "Solved at", "n_reopens": "Reopens"},
    )  # fmt: skip


def jira() -> Sample:
    rng = Random(409)
    rows: Rows = [["Summary", "Issue key", "Issue id", "Issue Type", "Status", "Project key", "Project name",
        "Priority", "Resolution", "Assignee", "Reporter", "Created", "Updated", "Last Viewed", "Resolved", "Due date",
        "Custom field (Request Type)", "Outward issue link (Relates)"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=8), rng)):
        rows.append([
            f"{rng.choice(SAYS)}, call {i}", f"CARE-{700 + i}", 18000 + i * 3,
            rng.choice(["Incident", "Service Request"]),
            rng.choice(["Done", "In Progress"]), "CARE", "Customer care", rng.choice(["High", "Medium"]), "Done",
            f"user{i % 6}", f"user{i % 11}", f"{at:%d/%b/%y} {at:%I:%M %p}".replace(" 0", " "),
            f"{at + timedelta(days=4):%d/%b/%y %I:%M %p}", "", f"{at + timedelta(days=3):%d/%b/%y %I:%M %p}",
            f"{at + timedelta(days=6):%d/%b/%y %I:%M %p}", rng.choice(["Billing", "Coverage"]), "",
        ])  # fmt: skip
    return Sample(
        "Jira Export CSV.csv", text(rows), "ticket",
        {"ticket_id": "Issue key", "summary_scrubbed": "Summary", "request_kind": "Issue Type", "status": "Status",
            "is_solved": "Status", "priority": "Priority", "accepted_at": "Created", "exported_at": "Updated",
            "resolved_at": "Resolved", "promise_due_at": "Due date", "type_code": "Custom field (Request Type)"},
    )  # fmt: skip


def nokia_report() -> Sample:
    """Month first with points, names of station and cell, percentages and volumes side by side."""
    rng = Random(410)
    rows: Rows = [["Period start time", "MRBTS/SBTS name", "LNBTS name", "LNCEL name", "DN", "Cell Avail (%)",
        "E-UTRAN RRC stp SR (%)", "E-RAB drop ratio (%)", "Avg UE distance (km)"]]  # fmt: skip
    for hour in range(40):
        for cell in (1, 2):
            at = datetime(2025, 3, 20) + timedelta(hours=hour)
            rows.append([
                f"{at:%m.%d.%Y %H:%M:%S}", "Hill", "Hill", f"Hill_{cell}", f"PLMN-PLMN/MRBTS-7/LNBTS-7/LNCEL-{cell}",
                f"{99 + rng.random():.2f}", f"{98 + rng.random():.2f}", f"{rng.random():.3f}", f"{rng.random():.3f}",
            ])  # fmt: skip
    return Sample(
        "LTE_System_Program_report.csv", text(rows, ";"), "kpi_value",
        {"scope_id": "LNCEL name", "period_start": "Period start time", "kpi_code": "kpi_name", "value": "kpi_value"},
        formats={"period_start": ["%m.%d.%Y %H:%M:%S"]},
        sources={"scope_kind": {"const": "cell"}},
    )  # fmt: skip
