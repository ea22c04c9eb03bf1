"""Complaint tickets, work orders and their logs as systems elsewhere export them; all made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.etl.infer.making import Rows, Sample, days, mobile, text, workbook


def us_crm() -> Sample:
    rng = Random(1)
    rows: Rows = [["Case Number", "Date Opened", "Date Closed", "Origin", "Case Type", "Account No", "Case Description",
        "State", "Priority", "Case Status", "Credit Amount"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=19), rng)):
        rows.append([
            f"C-{50000 + i}", at.strftime("%m/%d/%Y %I:%M %p"),
            (at + timedelta(hours=30)).strftime("%m/%d/%Y %I:%M %p"),
            rng.choice(["Phone", "Web Form", "Live Chat", "Retail Store"]),
            rng.choice(["Billing", "Coverage", "Device"]),
            f"A{rng.randrange(10**7):07d}", "The customer says that the line is noisy since " + str(i),
            rng.choice(["Ohio", "Maine"]),
            rng.choice(["High", "Medium", "Low"]), rng.choice(["Closed", "In Progress"]), f"${rng.randrange(40)}.50",
        ])  # fmt: skip
    return Sample(
        "crm_cases_2025-03.csv", text(rows), "ticket",
        {"ticket_id": "Case Number", "accepted_at": "Date Opened", "archived_at": "Date Closed",
            "channel_code": "Origin",
         "type_code": "Case Type", "cust_key": "Account No", "summary_scrubbed": "Case Description",
         "region_code": "State",
         "priority": "Priority", "status": "Case Status", "compensation_yuan": "Credit Amount",
         "is_solved": "Case Status"},
        formats={"accepted_at": ["%m/%d/%Y %I:%M %p"]},
    )  # fmt: skip


def uk_complaints() -> Sample:
    rng = Random(2)
    rows: Rows = [["Complaint ID", "Date Received", "Time Received", "Contact Method", "Category", "Customer Name",
        "Mobile Number", "Complaint Details", "Town", "County", "Date Resolved",
        "Date of First Response"]]  # fmt: skip
    for i, at in enumerate(days(40, timedelta(hours=26), rng)):
        rows.append([
            f"UK{i:05d}", at.strftime("%d/%m/%Y"), at.strftime("%H:%M"), rng.choice(["Telephone", "Email", "Letter"]),
            rng.choice(["Billing", "Coverage", "Roaming"]), "Somebody", f"+44 7700 900{i:03d}".replace(" ", ""),
            "Nothing works at home since last week, please help", rng.choice(["Dover", "Ashford"]),
            rng.choice(["Kent", "Essex"]),
            (at + timedelta(days=4)).strftime("%d/%m/%Y"), (at + timedelta(days=1)).strftime("%d/%m/%Y"),
        ])  # fmt: skip
    return Sample(
        "complaints_uk.csv", text(rows), "ticket",
        {"ticket_id": "Complaint ID", "accepted_at": ["Date Received", "Time Received"],
            "channel_code": "Contact Method",
         "type_code": "Category", "cust_key": "Mobile Number", "summary_scrubbed": "Complaint Details",
         "town": "Town",
         "region_code": "County", "resolved_at": "Date Resolved", "first_reply_at": "Date of First Response"},
        formats={"accepted_at": ["%d/%m/%Y %H:%M"]},
    )  # fmt: skip


def german() -> Sample:
    rng = Random(3)
    rows: Rows = [["Vorgangsnummer", "Eingangsdatum", "Kanal", "Kategorie", "Kundennummer", "Beschreibung", "Landkreis",
        "Abteilung", "Abschlussdatum", "Gutschrift", "Bearbeitungsstatus"]]  # fmt: skip
    for i, at in enumerate(days(40, timedelta(hours=30), rng)):
        rows.append([
            f"V{i:06d}", at.strftime("%d.%m.%Y %H:%M"), rng.choice(["Telefon", "E-Mail", "Filiale"]),
            rng.choice(["Rechnung", "Netzstörung", "Gerät"]), f"K{rng.randrange(10**6):06d}",
            "Kein Empfang in der Wohnung seit drei Tagen",
            rng.choice(["Fürth", "Göttingen"]), rng.choice(["Technik", "Service"]),
            (at + timedelta(hours=50)).strftime("%d.%m.%Y %H:%M"),
            f"{rng.randrange(90)},50", rng.choice(["offen", "erledigt"]),
        ])  # fmt: skip
    return Sample(
        "beschwerden_2025.csv", text(rows, ";", "cp1252"), "ticket",
        {"ticket_id": "Vorgangsnummer", "accepted_at": "Eingangsdatum", "channel_code": "Kanal",
            "type_code": "Kategorie",
         "cust_key": "Kundennummer", "summary_scrubbed": "Beschreibung", "region_code": "Landkreis",
         "owner_dept": "Abteilung",
         "archived_at": "Abschlussdatum", "compensation_yuan": "Gutschrift", "status": "Bearbeitungsstatus",
         "is_solved": "Bearbeitungsstatus"},
        formats={"accepted_at": ["%d.%m.%Y %H:%M"]}, settings={"decimal": ",", "delimiter": ";", "encoding": "cp1252"},
    )  # fmt: skip


def undecidable() -> Sample:
    rows: Rows = [["Ticket", "Created", "Category"], ["T1", "03/04/2025", "Billing"],
        ["T2", "09/07/2025", "Speed"], ["T3", "02/11/2025", "Speed"]]  # fmt: skip
    columns: dict[str, str | list[str]] = {"ticket_id": "Ticket", "accepted_at": "Created", "type_code": "Category"}
    return Sample("tickets.csv", text(rows), "ticket", columns, decide={"order_open"})


def early_days() -> Sample:
    """Only the first days of a month: no part above 12, but so written the days follow each other."""
    rng = Random(5)
    rows: Rows = [["投诉单号", "投诉时间", "投诉渠道", "投诉类型"]]
    for i in range(44):
        rows.append(
            [
                f"T{i:04d}",
                f"{i // 4 + 1}/6/2025 {8 + i % 4}:05",
                rng.choice(["热线", "营业厅"]),
                rng.choice(["网络", "资费"]),
            ]
        )
    return Sample(
        "投诉清单.csv", text(rows, encoding="gb18030"), "ticket",
        {"ticket_id": "投诉单号", "accepted_at": "投诉时间", "channel_code": "投诉渠道", "type_code": "投诉类型"},
        formats={"accepted_at": ["%d/%m/%Y %H:%M"]},
    )  # fmt: skip


def work_orders() -> Sample:
    rng = Random(9)
    rows: Rows = [["工单编号", "工单标题", "基站编号", "派单时间", "建单时间", "最迟结单时间", "重复派单数", "处理人",
        "回单时间", "结单时间", "故障原因", "工单状态", "联系人", "联系电话"]]  # fmt: skip
    for i, at in enumerate(days(60, timedelta(hours=11), rng)):
        stamp = lambda hours, at=at: f"{(at + timedelta(hours=hours)):%Y/%m/%d %H:%M:%S}"  # noqa: E731
        rows.append([
            f"EOMS-2025-{i:05d}", "某小区业务中断，用户反映无法上网", f"YZ{rng.randrange(300):04d}", stamp(1),
            stamp(0), stamp(48),
            rng.randrange(3), f"ZW{rng.randrange(40):04d}", stamp(9), stamp(20),
            rng.choice(["传输中断", "停电", "硬件故障"]),
            rng.choice(["待签单", "待处理", "待归档", "已归档"]), "某先生", mobile(i),
        ])  # fmt: skip
    return Sample(
        "EOMS工单_202503.xlsx", workbook(rows, ("EOMS 工单清单",), [["字段", "说明"], ["工单编号", "唯一"]]),
        "ticket",
        {"ticket_id": "工单编号", "summary_scrubbed": "工单标题", "accepted_at": "建单时间",
            "dispatched_at": "派单时间",
         "promise_due_at": "最迟结单时间", "n_reopens": "重复派单数", "intake_staff": "处理人",
         "resolved_at": "回单时间",
         "feedback_at": "结单时间", "cause_l2": "故障原因", "status": "工单状态", "type_code": "工单标题",
         "cust_key": "联系电话"},
        settings={"sheet": "数据"},
    )  # fmt: skip


def crm_wide() -> Sample:
    heads = {
        "ticket_id": "受理单号", "accepted_at": "受理时间", "cust_key": "手机号码", "channel_code": "投诉来源",
        "type_code": "现象二级",
        "type_detail": "现象三级", "summary_scrubbed": "受理内容", "home_region": "号码归属区县",
        "region_code": "投诉所在区县", "town": "投诉街镇",
        "branch": "网格", "urban_rural": "城乡属性", "place_name": "投诉地点", "occurred_at": "故障发生时间",
        "terminal_model": "终端型号",
        "cust_type": "客户类型", "star": "客户星级", "tenure_months": "网龄", "age_band": "年龄段",
        "vip": "是否要客", "package_name": "主套餐",
        "priority": "紧急程度", "escalation_tendency": "升级倾向", "dispatched_at": "派单时间",
        "first_reply_at": "首次响应时间",
        "owner_dept": "处理部门", "n_transfers": "转派次数", "n_chasers": "催单次数",
        "resolved_at": "处理完成时间", "feedback_at": "办结时间",
        "archived_at": "归档时间", "is_solved": "是否解决", "unresolved_reason": "未解决原因",
        "responsibility": "责任判定",
        "compensation_yuan": "补偿金额(元)",
    }  # fmt: skip
    rng = Random(10)
    rows: Rows = [["客户姓名", "身份证号", *heads.values()]]
    for i, at in enumerate(days(80, timedelta(hours=9), rng)):

        def stamp(hours: float, at: datetime = at) -> str:
            moved = at + timedelta(hours=hours)
            return f"{moved.year}年{moved.month}月{moved.day}日 {moved.hour}:{moved.minute:02d}"

        pick = rng.choice
        rows.append([
            "某某", "3210" + "0019" + f"9001{i % 28 + 1:02d}" + f"{i:04d}", f"SL{20250000 + i}", stamp(0),
            mobile(i + 500),
            pick(["10086热线", "手机APP", "线下营业厅", "12345政务热线"]),
            pick(["信号弱", "网速慢", "计费不准确"]), pick(["室内无信号", "夜间慢", "多扣费"]),
            "用户反映家里信号不好，要求尽快处理并回复", pick(["甲县", "乙区"]), pick(["甲县", "乙区"]),
            pick(["东镇", "西街道"]), pick(["一网格", "二网格"]),
            pick(["城镇", "农村"]), pick(["某小区", "某市场"]), stamp(-5), pick(["P40", "iP12"]),
            pick(["个人", "家庭", "政企"]), rng.randrange(8),
            rng.randrange(200), pick(["青年", "中年", "老年"]), pick(["是", "否"]),
            pick(["5G畅享128元", "4G飞享58元"]), pick(["一般", "紧急"]),
            pick(["有", "无"]), stamp(0.5), stamp(1), pick(["网络部", "客服部", "市场部"]), rng.randrange(4),
            rng.randrange(3), stamp(20), stamp(22),
            stamp(30), pick(["是", "否"]), pick(["", "规划中"]), pick(["有责", "无责"]), f"{rng.randrange(50)}元",
        ])  # fmt: skip
    rows.append(["合计", "", *["" for _ in heads]])
    return Sample(
        "客服投诉明细_2025年3月.csv",
        text(rows, encoding="gb18030", title=("客服投诉明细", "统计周期：2025年3月")), "ticket", dict(heads),
        formats={"accepted_at": ["%Y年%m月%d日 %H:%M"]}, settings={"totals": ["合计"]},
        sources={"compensation_yuan": {"strip_suffix": "元"}, "cust_key": {"as": "msisdn"}},
    )  # fmt: skip


def event_log() -> Sample:
    rng, rows = (
        Random(11),
        [["Ticket ID", "Step No", "Changed At", "Action", "From Team", "To Team", "Changed By", "Comment"]],
    )
    for ticket, at in enumerate(days(30, timedelta(hours=7), rng)):
        for step, action in enumerate(["Created", "Assigned", "In Progress", "Transferred", "Resolved", "Closed"]):
            rows.append([
                f"T-{ticket:05d}", step + 1, (at + timedelta(hours=step)).strftime("%d-%b-%Y %H:%M:%S"), action,
                rng.choice(["Care", "Network"]), rng.choice(["Care", "Network", "Billing"]),
                f"u{rng.randrange(30):03d}",
                rng.choice(["customer informed about the delay", "waiting for parts", ""]),
            ])  # fmt: skip
    return Sample(
        "ticket_history_Mar_2025.csv", text(rows), "ticket_event",
        {"ticket_id": "Ticket ID", "seq": "Step No", "event_at": "Changed At", "event": "Action",
            "from_dept": "From Team",
         "to_dept": "To Team", "staff_key": "Changed By", "note_scrubbed": "Comment"},
        formats={"event_at": ["%d-%b-%Y %H:%M:%S"]},
    )  # fmt: skip


def no_header() -> Sample:
    rng = Random(13)
    rows: Rows = []
    for i, at in enumerate(days(40, timedelta(hours=13), rng)):
        rows.append([
            f"TS{i:07d}", f"{at:%Y-%m-%d %H:%M:%S}", mobile(i + 900),
            rng.choice(["10086热线", "手机APP", "微信公众号"]),
            f"用户投诉手机上网速度很慢，希望尽快解决问题（第{i}次）", rng.choice(["处理中", "已归档"]),
        ])  # fmt: skip
    return Sample(
        "投诉导出.csv", text(rows, encoding="gb18030"), "ticket",
        {"ticket_id": "column1", "accepted_at": "column2", "cust_key": "column3", "channel_code": "column4",
         "summary_scrubbed": "column5", "type_code": "column5", "status": "column6"},
        settings={"header": 0}, decide={"guessed"},
    )  # fmt: skip


def points() -> Sample:
    rng = Random(14)
    rows: Rows = [["incident_number", "reported_at", "complaint_type", "geo", "borough"]]
    for i, at in enumerate(days(50, timedelta(hours=9), rng)):
        rows.append([
            880000 + i, f"{at:%Y-%m-%dT%H:%M:%S}+01:00", rng.choice(["No signal", "Slow data"]),
            f"POINT ({-0.1 + rng.random() / 10:.5f} {51.5 + rng.random() / 10:.5f})",
            rng.choice(["Camden", "Hackney"]),
        ])  # fmt: skip
    return Sample(
        "network_complaints.csv", text(rows), "ticket",
        {"ticket_id": "incident_number", "accepted_at": "reported_at", "type_code": "complaint_type",
            "lon": "geo", "lat": "geo",
         "region_code": "borough"},
        formats={"accepted_at": ["iso_offset"]},
    )  # fmt: skip


def compact_times() -> Sample:
    rng = Random(16)
    rows: Rows = [["流水号", "受理日期", "受理时刻", "受理方式", "问题类型", "区域"]]
    for i, at in enumerate(days(45, timedelta(hours=17), rng)):
        rows.append([
            f"{20250000000 + i}", f"{at:%Y%m%d}", f"{at:%H:%M:%S}", rng.choice(["电话", "网厅"]),
            rng.choice(["覆盖", "资费"]), rng.choice(["甲区", "乙区"])
        ])  # fmt: skip
    return Sample(
        "受理记录.csv", text(rows, "\t", "gb18030"), "ticket",
        {"ticket_id": "流水号", "accepted_at": ["受理日期", "受理时刻"], "channel_code": "受理方式",
            "type_code": "问题类型", "region_code": "区域"},
        formats={"accepted_at": ["%Y%m%d %H:%M:%S"]},
    )  # fmt: skip
