"""What was done about complaints outside the ticket system: contacts, visits, demarcation, incidents, the bulletin.

Everything follows from tickets, their log and their course; only measured figures are drawn here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from etl.demo import names, write
from etl.demo.city import City
from etl.demo.clock import AS_OF, DAY, HOUR, MONTHS, at, month_bounds
from etl.demo.course import Course
from etl.demo.event_rows import OP, Log
from etl.demo.outbreaks import OUTAGE_END, OUTAGE_START, POWER_END, POWER_START
from etl.demo.outcome import NO_ANSWER, SATISFIED
from etl.demo.outside_files import stamp
from etl.demo.rng import Streams
from etl.demo.side_files import text_csv, users_by_district
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]

ONSITE_SHARE = 0.06
DEMARCATED_FROM = at("2025-01-01")
CITIES = 13
# level 3 cause on site and its code at the probe system: weak coverage, congestion, interference, terminal, none found
VERDICTS = ("弱覆盖", "容量不足", "上行干扰", "终端问题", "测试正常")
PROBE_CODES = ("COVERAGE", "CONGESTION", "INTERFERENCE", "TERMINAL", "UNKNOWN")
_CONTACTS = {
    "FRS": ("呼出", "首次"),
    "URGE": ("呼入", "催单"),
    "PROGRESS": ("呼出", "进度告知"),
    "SAT": ("呼出", "回访"),
}
_WEAK_PLACES = (names.KANGLE, names.NEW_ESTATE, names.CAODIAN, names.JIESHOU)


def write_field_files(
    streams: Streams, folder: Path, city: City, tickets: Tickets, course: Course, log: Log, scale: int, twin: bool
) -> None:
    _contacts(folder, tickets, course, log)
    _tests(streams, folder, city, tickets, course)
    _demarcation(streams, folder, city, tickets)
    _incidents(folder, twin)
    _bulletin(streams, folder, tickets, course, scale)


def _contacts(folder: Path, tickets: Tickets, course: Course, log: Log) -> None:
    """Every call about a ticket, by month of the call; a call-back may find nobody."""
    wanted = np.flatnonzero(np.isin(log.op, [OP[op] for op in _CONTACTS]))
    wanted = wanted[np.argsort(log.when[wanted], kind="stable")]
    by_code = {OP[op]: words for op, words in _CONTACTS.items()}
    when = log.when[wanted]
    for month in MONTHS:
        low, high = np.searchsorted(when, month_bounds(month))
        lines = []
        for number, row in enumerate(wanted[int(low) : int(high)]):
            ticket = int(log.ticket[row])
            direction, kind = by_code[int(log.op[row])]
            is_missed = kind == "回访" and course.answer[ticket] == NO_ANSWER
            seen = (f"LX{month}{number:06d}", tickets.ids[ticket], stamp(int(log.when[row])), direction, kind)
            lines.append((*seen, "否" if is_missed else "是"))
        text_csv(
            folder / f"客户联系记录_{month}.csv",
            "联系编号,工单流水号,联系时间,方向,联系类别,是否接通",
            lines,
            encoding="gb18030",
            crlf=True,
        )


def _verdict(rng: np.random.Generator, estate: int) -> int:
    """Weak places have weak coverage, busy ones too little capacity; elsewhere anything may be found."""
    if estate in _WEAK_PLACES:
        share = [0.78, 0.04, 0.05, 0.05, 0.08]
    elif estate in (names.WENCHANG, names.JINGHUA):
        share = [0.08, 0.66, 0.08, 0.08, 0.10]
    else:
        share = [0.34, 0.14, 0.10, 0.22, 0.20]
    return int(rng.choice(5, p=share))


def _tests(streams: Streams, folder: Path, city: City, tickets: Tickets, course: Course) -> None:
    """Visits by day to customers with network complaints, after the day of acceptance and before the feedback."""
    rng = streams.get("field", "tests")
    end = np.minimum(np.where(course.feedback > 0, course.feedback, AS_OF), AS_OF)
    n_days = (end // DAY - tickets.accepted // DAY).astype(np.int64) - 1  # whole days between the two
    can_visit = (tickets.l1 == names.NET) & (tickets.estate >= 0) & tickets.counted & (n_days > 0)
    rows = np.flatnonzero(can_visit & (rng.random(len(tickets)) < ONSITE_SHARE))
    header = (
        "测试编号", "工单流水号", "测试时间", "测试人工号", "服务小区", "RSRP(dBm)", "SINR(dB)", "下行速率(Mbps)",
        "上行速率(Mbps)", "测试结论",
    )  # fmt: skip
    lines: dict[int, list[tuple[object, ...]]] = {2024: [], 2025: []}
    for row in rows:
        day = int(tickets.accepted[row]) // DAY + 1 + int(rng.integers(n_days[row]))
        when = day * DAY + int(rng.integers(9 * HOUR, 18 * HOUR))
        found = _verdict(rng, int(tickets.estate[row]))
        rsrp = rng.normal((-114.0, -91.0, -96.0, -90.0, -89.0)[found], 3.0)
        sinr = rng.normal((-1.0, 5.0, -2.5, 14.0, 15.0)[found], 2.0)
        down = max(0.2, rng.normal((3.0, 4.5, 5.0, 9.0, 42.0)[found], 2.0))
        cell = int(tickets.cell[row])
        year = int(stamp(when)[:4])
        lines[year].append((
            f"XC{stamp(when)[:10].replace('-', '')}{row:06d}", tickets.ids[row], stamp(when),
            f"NETMAINT{101 + row % 24:04d}", city.cells.cgi[cell] if cell >= 0 else None, round(float(rsrp), 1),
            round(float(sinr), 1), round(float(down), 1), round(float(down) * 0.2, 1), VERDICTS[found],
        ))  # fmt: skip
    for year, some in lines.items():
        if not some:
            continue  # nobody exports an empty sheet, and loading one is a fault
        ordered = sorted(some, key=lambda line: str(line[2]))
        write.xlsx(folder / f"上门测试_{year}.xlsx", "明细", header, ordered, ("上门测试记录(模拟数据)",))


def _demarcation(streams: Streams, folder: Path, city: City, tickets: Tickets) -> None:
    """What the probe system says of network complaints whose serving cell is known, one JSON object a line."""
    rng = streams.get("field", "demarcation")
    known = (tickets.l1 == names.NET) & (tickets.cell >= 0) & tickets.counted & (tickets.accepted >= DEMARCATED_FROM)
    for month in MONTHS[-3:]:
        low, high = month_bounds(month)
        lines = []
        for row in np.flatnonzero(known & (tickets.accepted >= low) & (tickets.accepted < high)):
            found = _verdict(rng, int(tickets.estate[row]))
            accepted = int(tickets.accepted[row])
            evidence = [
                {"name": "rsrp_dbm", "value": round(float(rng.normal((-113, -92, -97, -91, -90)[found], 3)), 1)},
                {"name": "prb_dl", "value": round(float(rng.normal((0.3, 0.85, 0.4, 0.3, 0.3)[found], 0.04)), 3)},
            ]
            entry = {
                "ticket_id": tickets.ids[row], "system": "端到端探针", "judged_at": stamp(min(accepted + 900, AS_OF)),
                "cgi": city.cells.cgi[int(tickets.cell[row])],
                "window": {"start": stamp(accepted - 2 * HOUR), "end": stamp(accepted)},
                "cause": PROBE_CODES[found], "confidence": round(float(rng.uniform(0.55, 0.97)), 2),
                "evidence": evidence,
            }  # fmt: skip
            lines.append(json.dumps(entry, ensure_ascii=False))
        with write.replacing(folder / f"定界结果_{month}.jsonl") as temporary:
            temporary.write_bytes(("\n".join(lines) + "\n").encode() if lines else b"")


def _incidents(folder: Path, twin: bool) -> None:
    """The big events that many complaints share."""
    header = "事件编号,事件类别,说明,影响区县,影响对象,开始时间,恢复时间,原因,预计恢复时间,群发告知时间"
    header += ",告知客服时间,填报时间"
    rows = [
        ("SJ20240417-01", "网络故障", "割接后掉线", "江都区", "仙女镇", at("2024-04-17 02:00"),
         at("2024-04-17 16:00"), "割接", at("2024-04-17 12:00"), 0, at("2024-04-17 09:30")),
        ("SJ20240619-01", "退服", "市电停电三站退服", "高邮市", "界首镇", POWER_START, POWER_END, "停电",
         POWER_START + 4 * HOUR, POWER_START + 2 * HOUR, POWER_START + HOUR),
        ("SJ20240729-01", "计费差错", "计费升级后批价错误", "全市", "计费系统V7.2", at("2024-07-28 06:00"),
         at("2024-08-08 18:00"), "版本缺陷", at("2024-08-02 18:00"), at("2024-08-05 10:00"), at("2024-08-02 09:00")),
        ("SJ20241120-01", "网络故障", "割接后网速慢", "邗江区", "邗上街道", at("2024-11-20 02:00"),
         at("2024-11-20 22:00"), "割接", at("2024-11-20 18:00"), 0, at("2024-11-20 08:15")),
        ("SJ20241224-01", "拥塞", "商圈节日拥塞", "邗江区", "京华城商圈", at("2024-12-24 17:00"),
         at("2024-12-24 23:00"), "容量不足", at("2024-12-24 23:00"), 0, at("2024-12-24 18:40")),
        ("SJ20250330-01", "退服", "市电停电三站退服", "广陵区", "四季园小区", OUTAGE_START, OUTAGE_END, "停电",
         OUTAGE_START + 3 * HOUR, 0, 0),
    ]  # fmt: skip
    lines = [] if twin else [(*r[:5], *(stamp(t) if t else "" for t in r[5:7]), r[7],
                              *(stamp(t) if t else "" for t in r[8:]), stamp(min(r[6] + HOUR, AS_OF)))
                             for r in rows]  # fmt: skip
    text_csv(folder / "重大事件.csv", header, lines, encoding="gb18030", crlf=True)


def _bulletin(streams: Streams, folder: Path, tickets: Tickets, course: Course, scale: int) -> None:
    """The province's bulletin of each month that is over: our figure, the mean of all cities, our rank (1 is best)."""
    rng = streams.get("field", "bulletin")
    lines: dict[str, list[tuple[object, ...]]] = {"2024": [], "2025": []}
    answered = (course.answer == SATISFIED) | (course.answer > SATISFIED)
    for index, month in enumerate(MONTHS[:-1]):
        low, high = month_bounds(month)
        mine = tickets.counted & (tickets.accepted >= low) & (tickets.accepted < high)
        users = users_by_district(index, scale)[1].sum()
        figures = (
            ("投诉处理及时率(%)", 100 * float((~course.is_late[mine]).mean()), 80.0, 1),
            ("投诉解决率(%)", 100 * float(course.confirmed[mine].mean()), 83.0, 1),
            ("投诉满意率(%)", 100 * float((course.answer[mine & answered] == SATISFIED).mean()), 78.0, 1),
            ("万投比(件/万户)", float(mine.sum() / users * 10_000), 6.2, -1),
        )
        for name, value, centre, good in figures:
            spread = 0.05 * centre
            others = rng.normal(centre, spread, CITIES - 1)
            every = np.append(others, value)
            rank = 1 + int((good * others > good * value).sum())
            shown = (month, name, round(value, 2), round(float(every.mean()), 2), rank, CITIES)
            lines[month[:4]].append(shown)
    header = ("月份", "指标", "本市", "全省均值", "全省排名", "参评地市数")
    for year, some in lines.items():
        write.xlsx(folder / f"省公司通报_{year}.xlsx", "通报", header, some, ("全省投诉服务通报(模拟数据)",))
