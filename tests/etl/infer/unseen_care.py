"""Complaints, logs and surveys of sources that `infer` was not written with in view; all made up."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, mobile, text, workbook


def log_without_numbers() -> Sample:
    """A Chinese log of steps, several a second, none of them numbered."""
    rng = Random(101)
    rows: Rows = [["受理单号", "操作时间", "环节动作", "转出班组", "接收班组", "处理意见"]]
    for i, at in enumerate(days(40, timedelta(hours=5), rng)):
        steps = ["派单", "接单", "转派", "回单", "归档"] if i % 3 else ["派单", "接单", "退单", "派单", "回单"]
        for step, action in enumerate(steps):
            rows.append([
                f"SL{i:08d}", f"{at + timedelta(minutes=17 * step):%Y/%m/%d %H:%M:%S}", action,
                rng.choice(["客服班", "无线班"]), rng.choice(["无线班", "传输班", "客服班"]),
                rng.choice(["已联系用户并说明处理进度", "现场测试信号正常", ""]),
            ])  # fmt: skip
    return Sample(
        "工单操作明细.csv", text(rows, encoding="gb18030"), "ticket_event",
        {"ticket_id": "受理单号", "event_at": "操作时间", "event": "环节动作", "from_dept": "转出班组",
            "to_dept": "接收班组", "note_scrubbed": "处理意见"},
    )  # fmt: skip


def log_in_two_columns() -> Sample:
    """An American log: day and time of day apart, month first, cut by bars."""
    rng = Random(102)
    rows: Rows = [["Case #", "Activity Date", "Activity Time", "Activity", "From Queue", "To Queue", "Comment"]]
    for i, at in enumerate(days(30, timedelta(hours=19), rng)):
        for step, action in enumerate(["Opened", "Assigned", "Transferred", "Resolved", "Closed"]):
            moment = at + timedelta(minutes=41 * step)
            rows.append([
                f"C{70000 + i}", f"{moment:%m/%d/%Y}", f"{moment:%I:%M %p}", action, rng.choice(["Tier 1", "NOC"]),
                rng.choice(["NOC", "Field", "Tier 1"]), rng.choice(["left a message for the caller", "tower checked"]),
            ])  # fmt: skip
    return Sample(
        "case_activity.txt", text(rows, "|"), "ticket_event",
        {"ticket_id": "Case #", "event_at": ["Activity Date", "Activity Time"], "event": "Activity",
            "from_dept": "From Queue", "to_dept": "To Queue", "note_scrubbed": "Comment"},
        formats={"event_at": ["%m/%d/%Y %I:%M %p"]}, settings={"delimiter": "|"},
    )  # fmt: skip


def regulator_letters() -> Sample:
    """Complaints to a regulator: the day of the trouble beside the day of the letter, a state, a point as text."""
    rng = Random(103)
    rows: Rows = [["Complaint ID", "Received", "Issue Date", "Issue Time", "Filed Via", "Problem", "Subscriber Phone",
        "Town", "State", "Zip", "Zip Centre"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=31), rng)):
        before = at - timedelta(hours=rng.randrange(3, 60))
        rows.append([
            f"R-{i:06d}", f"{at:%m/%d/%Y %I:%M:%S %p}", f"{before:%m/%d/%Y}", f"{before:%I:%M %p}",
            rng.choice(["Phone", "Internet", "Fax"]), rng.choice(["Dropped calls", "Billing", "Slow speed"]),
            "(555) 010-" + f"{i:04d}", rng.choice(["Springfield", "Salem"]),
            rng.choice(["Illinois", "Oregon"]), "00000",
            f"({38 + rng.random():.4f}, {-89 - rng.random():.4f})",
        ])  # fmt: skip
    return Sample(
        "CGB_consumer_complaints.csv", text(rows), "ticket",
        {"ticket_id": "Complaint ID", "accepted_at": "Received", "occurred_at": ["Issue Date", "Issue Time"],
            "channel_code": "Filed Via", "type_code": "Problem", "cust_key": "Subscriber Phone", "town": "Town",
            "region_code": "State", "lon": "Zip Centre", "lat": "Zip Centre"},
        formats={"accepted_at": ["%m/%d/%Y %I:%M:%S %p"]},
    )  # fmt: skip


def city_requests() -> Sample:
    """A city's requests, day first with month names, semicolons, coordinates by other words, in UTF-16."""
    rng = Random(104)
    rows: Rows = [["SR_NUMBER", "SR_TYPE", "SR_SHORT_CODE", "CREATED_DATE", "CLOSED_DATE", "STATUS", "ORIGIN", "WARD",
        "OWNER_DEPARTMENT", "Y", "X"]]  # fmt: skip
    for i, at in enumerate(days(55, timedelta(hours=7), rng)):
        is_open = rng.random() < 0.2
        rows.append([
            f"SR{25000000 + i}", rng.choice(["Pothole", "Street Light Out", "Graffiti Removal"]), "PHF",
            f"{at:%d-%b-%Y %H:%M}", "" if is_open else f"{at + timedelta(days=3):%d-%b-%Y %H:%M}",
            "Open" if is_open else "Completed", rng.choice(["Phone Call", "Mobile Device", "Internet"]),
            f"Ward {rng.randrange(1, 9)}", rng.choice(["Transport", "Streets"]), f"{53.3 + rng.random() / 10:.6f}",
            f"{-6.3 + rng.random() / 10:.6f}",
        ])  # fmt: skip
    return Sample(
        "service_requests.csv", text(rows, ";", "utf-16"), "ticket",
        {"ticket_id": "SR_NUMBER", "type_code": "SR_TYPE", "accepted_at": "CREATED_DATE",
            "archived_at": "CLOSED_DATE", "status": "STATUS", "is_solved": "STATUS", "channel_code": "ORIGIN",
            "region_code": "WARD", "owner_dept": "OWNER_DEPARTMENT", "lon": "X", "lat": "Y"},
        formats={"accepted_at": ["%d-%b-%Y %H:%M"]}, settings={"delimiter": ";", "encoding": "utf-16"},
    )  # fmt: skip


def citizens_letters() -> Sample:
    """Letters to a mayor's box with a subject and a body, two title lines, dates without leading zeros."""
    rng = Random(105)
    rows: Rows = [
        ["序号", "来信编号", "写信人", "来信标题", "来信时间", "来信正文", "问题属地", "承办单位", "办理状态"]
    ]
    for i, at in enumerate(days(50, timedelta(hours=29), rng)):
        rows.append([
            i + 1, f"XF{2025000 + i}", f"网友{i:04d}",
            rng.choice(["小区手机没有信号", "宽带经常掉线", "资费与宣传不符"]),
            f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute:02d}",
            f"我们小区地下车库和电梯里手机一直没有信号，反映多次没有解决，请尽快处理（{i}）",
            rng.choice(["甲区", "乙县", "丙市"]), rng.choice(["移动公司", "工信局"]), rng.choice(["办理中", "已办结"]),
        ])  # fmt: skip
    return Sample(
        "市长信箱来信_202503.xlsx", workbook(rows, ("市长信箱来信汇总表", "统计区间：2025年3月")), "ticket",
        {"ticket_id": "来信编号", "accepted_at": "来信时间", "summary_scrubbed": ["来信标题", "来信正文"],
            "region_code": "问题属地", "owner_dept": "承办单位", "status": "办理状态", "is_solved": "办理状态",
            "type_code": "来信正文"},
    )  # fmt: skip


def voice_survey() -> Sample:
    """A survey of voice service with options spread over columns, in the words of another institute."""
    rng = Random(106)
    rows: Rows = [["受访者ID", "您对通话服务的总体评价", "网络覆盖评分", "通话清晰度评分", "通话稳定性评分",
        "是否遇到网络问题", "居民小区", "办公室", "高校", "地铁", "手机没有信号",
        "通话中突然中断", "客户星级"]]  # fmt: skip
    for i in range(80):
        rows.append([
            f"Q{i:05d}", rng.randrange(1, 11), rng.randrange(1, 11), rng.randrange(1, 11), rng.randrange(1, 11),
            rng.choice(["是", "否"]), *(rng.choice(["1", "0"]) for _ in range(6)),
            rng.choice(["三星", "四星", "五星"]),
        ])  # fmt: skip
    return Sample(
        "语音满意度问卷.csv", text(rows, encoding="gb18030"), "survey",
        {"survey_id": "受访者ID", "score_10": "您对通话服务的总体评价", "score_coverage": "网络覆盖评分",
            "score_clarity": "通话清晰度评分", "score_stability": "通话稳定性评分", "has_problem": "是否遇到网络问题",
            "scenes": ["居民小区", "办公室", "高校", "地铁"], "problems": ["手机没有信号", "通话中突然中断"],
            "segment": "客户星级"},
    )  # fmt: skip


def call_ratings() -> Sample:
    """Ratings from an app as packed JSON lines, epoch seconds, 0 0 for nowhere."""
    rng = Random(107)
    lines = []
    for i in range(90):
        is_nowhere = i % 6 == 0
        lines.append(json.dumps({
            "ts": 1741000000 + 977 * i, "operatorName": rng.choice(["Airwave", "Bluecell"]),
            "networkType": rng.choice(["4G", "5G"]), "whereCalled": rng.choice(["Indoor", "Outdoor", "Travelling"]),
            "stars": rng.randrange(1, 6), "callOutcome": rng.choice(["Satisfactory", "Call Dropped", "Poor Voice"]),
            "geo": {"lat": 0 if is_nowhere else round(19 + rng.random(), 5),
                    "lng": 0 if is_nowhere else round(72.8 + rng.random(), 5)},
            "circle": rng.choice(["Maharashtra", "Gujarat"]),
        }))  # fmt: skip
    return Sample(
        "call_ratings.jsonl.gz", gzip.compress("\n".join(lines).encode()), "experience_rating",
        {"rated_at": "ts", "operator": "operatorName", "network": "networkType", "situation": "whereCalled",
            "rating": "stars", "category": "callOutcome", "region_code": "circle", "lon": "geo.lng",
            "lat": "geo.lat"},
        formats={"rated_at": ["epoch_s"]},
    )  # fmt: skip


def hotline_export() -> Sample:
    """A hotline's export with an apostrophe before ids, a phone, blanks around values and group names above."""
    rng = Random(108)
    rows: Rows = [
        ["基本信息", "", "", "", "诉求信息", "", "", "办理信息", "", ""],
        [
            "工单编码",
            "来电号码",
            "来电时间",
            "诉求来源",
            "诉求类别",
            "诉求描述",
            "所属区域",
            "主办单位",
            "办结时间",
            "满意情况",
        ],
    ]
    for i, at in enumerate(days(48, timedelta(hours=11), rng)):
        rows.append([
            f"'2025030{i:09d}", mobile(i + 300), f"{at:%Y-%m-%d %H:%M:%S}", rng.choice(["电话", "微信", "网站"]),
            rng.choice(["信号覆盖", "资费争议", "服务态度"]) + " ", f"来电人反映所在小区信号差影响通话（第{i}件）",
            rng.choice(["甲区", "乙区"]), rng.choice(["网络部", "市场部"]),
            f"{at + timedelta(days=2):%Y-%m-%d %H:%M:%S}", rng.choice(["满意", "不满意", "未评价"]),
        ])  # fmt: skip
    return Sample(
        "热线工单导出20250401.csv", text(rows, encoding="gb18030"), "ticket",
        {"ticket_id": "工单编码", "cust_key": "来电号码", "accepted_at": "来电时间", "channel_code": "诉求来源",
            "type_code": "诉求类别", "summary_scrubbed": "诉求描述", "region_code": "所属区域",
            "owner_dept": "主办单位", "feedback_at": "办结时间"},
    )  # fmt: skip
