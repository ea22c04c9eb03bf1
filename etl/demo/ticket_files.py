"""Ticket and event-log files of the care system. Summary columns are computed from the event log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.demo import names, write
from etl.demo.city import City
from etl.demo.clock import AS_OF, DAY, HOUR, MONTHS, month_bounds
from etl.demo.course import Course, limits, team_of
from etl.demo.event_rows import OP, OPERATIONS, Log
from etl.demo.geo import wgs84_to_gcj02
from etl.demo.plant import Plant
from etl.demo.rng import Streams
from etl.demo.texts import contents
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

TITLES = ("客户投诉工单明细报表", "模拟数据 仅供演示", "统计单位:扬州 导出系统:客服工单系统")
_PREFIXES = (
    "134", "135", "136", "137", "138", "139", "150", "151", "152", "157", "158", "159", "182", "183", "184",
    "187", "188",
)  # fmt: skip
EXPORT_LAG = 45 * DAY
_CAUSES: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("网络原因", "覆盖不足", "弱覆盖"), ("网络原因", "容量不足", "小区拥塞"), ("网络原因", "设备故障",
     "基站退服"),
     ("网络原因", "干扰", "上行干扰"), ("用户原因", "终端问题", "终端设置")),
    (("人员原因", "服务意识", "态度不佳"), ("人员原因", "业务技能", "解答错误"), ("流程原因", "排队拥挤",
     "人力不足")),
    (("计费原因", "系统差错", "批价错误"), ("流程原因", "资费宣传", "解释不清"), ("用户原因", "使用超量",
     "套外费用")),
    (("流程原因", "手续繁琐", "材料要求"), ("人员原因", "操作失误", "办理错误"), ("合作商原因", "施工延误",
     "装机延误")),
    (("终端原因", "硬件故障", "主板故障"), ("合作商原因", "备件延误", "光猫缺货"), ("用户原因", "使用不当",
     "设置错误")),
)  # fmt: skip
_UNSOLVED = ("客户联系不上", "客户不接受方案", "客户要求过高", "另约时间处理", "根治方案未完成")
_LATE = ("部门处理超时", "转派超时", "合作商超时", "节假日无人处理", "需现场处理")
_TENDENCY = ("", "曝光倾向", "监管倾向", "其他升级倾向")


def phone_numbers(customers: Ints) -> list[str]:
    """Distinct invented 11-digit numbers, one per customer."""
    tail = (customers.astype(np.int64) * 48_271_849 + 12_345_679) % 10**8
    return [f"{_PREFIXES[c % len(_PREFIXES)]}{t:08d}" for c, t in zip(customers, tail, strict=True)]


@dataclass
class Summary:
    """What the event log says about each ticket at as-of; -1 where it has not happened."""

    dispatched: Ints
    replied: Ints
    resolved: Ints
    fed_back: Ints
    archived: Ints
    transfers: Ints
    urges: Ints
    reopens: Ints
    owner: Ints


def summarise(log: Log, n: int) -> Summary:
    def first(code: str) -> Ints:
        rows = np.flatnonzero(log.op == OP[code])[::-1]
        result = np.full(n, -1)
        result[log.ticket[rows]] = log.when[rows]
        return result

    def last(code: str) -> Ints:
        rows = np.flatnonzero(log.op == OP[code])
        result = np.full(n, -1)
        result[log.ticket[rows]] = log.when[rows]
        return result

    def count(code: str) -> Ints:
        return np.bincount(log.ticket[log.op == OP[code]], minlength=n)

    reopened = last("REOPEN")
    resolved, fed_back = last("RES"), last("FBK")
    moves = np.flatnonzero(np.isin(log.op, [OP[c] for c in ("DSP", "TRANSFER", "REJECT")]))
    owner = np.full(n, names.DEPT_OF["CARE"])
    owner[log.ticket[moves]] = log.to[moves]
    return Summary(
        first("DSP"), first("FRS"), np.where(resolved > reopened, resolved, -1),
        np.where(fed_back > reopened, fed_back, -1),
        last("ARC"), count("TRANSFER"), count("URGE"), count("REOPEN"), owner,
    )  # fmt: skip


def export_time(month: str) -> int:
    """Version of a month's file: late enough that its tickets are finished, never after as-of."""
    return min(month_bounds(month)[1] + EXPORT_LAG + 6 * HOUR, AS_OF)


def ticket_table(
    streams: Streams, city: City, tickets: Tickets, course: Course, log: Log, plants: list[Plant], twin: bool = False
) -> pa.Table:
    """All tickets with the columns of the export, ordered by acceptance. The twin writes down when and where."""
    rng = streams.get("export", "tickets")
    n = len(tickets)
    done = summarise(log, n)
    is_open = done.fed_back < 0
    plant = {int(row): plants[tickets.plant[row]] for row in np.flatnonzero(tickets.plant >= 0)}
    l1 = tickets.l1
    town_names = [t.name for t in names.TOWNS]
    named = tickets.estate >= 0
    estate_names = np.array(city.estates.names, dtype=object)
    where = np.where(
        named, estate_names[np.maximum(tickets.estate, 0)], np.array(town_names, dtype=object)[tickets.town]
    )
    text = contents(streams, tickets, list(where), {row: p.text for row, p in plant.items() if p.text})
    h1 = tickets.accepted < month_bounds("202407")[0]
    team = team_of(streams, n)
    careful = np.where(team % 6 == 0, 0.55, 0.88) + np.where(h1, -0.08, 0.06)
    careful = np.full(n, 0.99) if twin else careful
    occurred_known = rng.random(n) < careful
    occurred = tickets.accepted - (rng.gamma(1.2, 5, n) * HOUR).astype(np.int64) // 300 * 300
    place_known = named & (rng.random(n) < careful + 0.1)
    place_known |= (tickets.grade == 1) | np.isin(np.arange(n), list(plant))
    place_known &= named
    lon, lat = wgs84_to_gcj02(tickets.lon, tickets.lat)
    has_point = np.isfinite(lon)
    deadline = tickets.accepted + limits(tickets, course.priority)
    overdue = np.where(is_open, deadline < AS_OF, done.fed_back > deadline) & (tickets.merged_into < 0)
    closed = ~is_open & (tickets.merged_into < 0)
    solved = course.solved & closed
    cause_at = rng.integers(0, 10**6, n)
    causes = [_CAUSES[code][c % len(_CAUSES[code])] for code, c in zip(l1, cause_at, strict=True)]
    amount = np.where(closed | np.isin(np.arange(n), list(plant)), course.compensation, 0.0)
    gift = np.where(solved & (l1 == names.NET) & (rng.random(n) < 0.06), rng.choice([1, 2, 5, 10], n), 0)
    promised = (amount > 0) & closed & (rng.random(n) < 0.5)
    promise = np.where(promised, np.maximum(done.resolved, 0) // DAY * DAY + 3 * DAY + 18 * HOUR, -1)
    tendency = np.where(rng.random(n) < np.where(tickets.is_repeat, 0.10, 0.015), rng.integers(1, 4, n), 0)
    template = np.zeros(n, dtype=bool)
    for row, p in plant.items():
        tendency[row] = _TENDENCY.index(p.tendency)
        template[row] = p.is_template
        causes[row] = p.cause or causes[row]
        if p.promise_due is not None:
            promise[row] = p.promise_due
    late_reason = rng.integers(0, len(_LATE), n)
    unsolved_reason = rng.integers(0, len(_UNSOLVED), n)
    at_fault = rng.random(n) < np.array([0.55, 0.7, 0.5, 0.6, 0.35])[l1]
    packages = [p[0] for p in names.PACKAGES]
    terminals = [t[0] for t in names.TERMINALS]
    terminal_5g = np.array([t[1] for t in names.TERMINALS])[np.maximum(tickets.terminal, 0)]
    merged_ids = [tickets.ids[m] if m >= 0 else None for m in tickets.merged_into]
    months = tickets.accepted.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) - 54 * 12
    exported = np.array([export_time(m) for m in MONTHS])[months]
    third_of = [[third for third in s.thirds] for s in names.SUBTYPES]
    yes_no = ("否", "是")
    return write.table({
        "工单流水号": tickets.ids,
        "上级工单编号": pa.nulls(n, pa.string()),
        "业务号码": phone_numbers(tickets.customer),
        "受理时间": write.instants(tickets.accepted),
        "发生时间": write.instants(np.where(occurred_known, occurred, -1)),
        "受理渠道": write.labels(tickets.channel, names.CHANNEL_NAMES),
        "受理工号": [f"CARE{100 + t:04d}" for t in team],
        "请求类别": write.labels(tickets.kind, ("投诉", "故障", "咨询")),
        "有效性": write.labels(tickets.validity, ("无效", "普通", "重点")),
        "投诉现象一级": write.labels(l1, names.TYPES),
        "投诉现象二级": write.labels(tickets.subtype, [s.name for s in names.SUBTYPES]),
        "投诉现象三级": [third_of[s][t] for s, t in zip(tickets.subtype, tickets.third, strict=True)],
        "投诉内容": text,
        "归属区县": write.labels(tickets.home, names.DISTRICT_NAMES),
        "投诉区县": write.labels(tickets.district, names.DISTRICT_NAMES),
        "投诉街镇": write.labels(tickets.town, town_names),
        "支局(网格)": [f"{town_names[t].removesuffix('街道').removesuffix('镇')}支局" for t in tickets.town],
        "城乡标识": write.labels(np.array([int(t.urban) for t in names.TOWNS])[tickets.town], ("农村",
        "城镇")),
        "投诉地点": write.labels(np.where(place_known, tickets.estate, -1), city.estates.names),
        "经度": write.optional(np.round(np.where(has_point, lon, 0), 6), has_point),
        "纬度": write.optional(np.round(np.where(has_point, lat, 0), 6), has_point),
        "定位方式": write.labels(tickets.grade, ("设备", "小区名匹配", "街道质心", "归属地")),
        "服务小区": write.labels(tickets.cell, city.cells.cgi),
        "终端型号": write.labels(tickets.terminal, terminals),
        "5G终端": write.labels(np.where(tickets.terminal >= 0, terminal_5g.astype(int), -1), yes_no),
        "客户类型": write.labels(tickets.customer_kind, ("个人", "家庭", "政企")),
        "用户星级": tickets.star,
        "网龄(月)": tickets.tenure,
        "年龄段": write.labels(tickets.age, names.AGES),
        "是否VIP": write.labels(tickets.vip.astype(int), yes_no),
        "套餐": write.labels(tickets.package, packages),
        "紧急程度": write.labels(course.priority, names.PRIORITIES),
        "紧急原因": write.labels(np.where(course.reason > 0, course.reason, -1), names.REASONS),
        "升级倾向": write.labels(np.where(tendency > 0, tendency, -1), _TENDENCY),
        "派单时间": write.instants(done.dispatched),
        "首次响应时间": write.instants(done.replied),
        "处理部门": write.labels(done.owner, names.DEPT_NAMES),
        "转派次数": done.transfers,
        "催单次数": done.urges,
        "重开次数": done.reopens,
        "处理完成时间": write.instants(done.resolved),
        "反馈时间": write.instants(done.fed_back),
        "归档时间": write.instants(np.where(is_open & (tickets.merged_into < 0), -1, done.archived)),
        "是否超时": write.labels(overdue.astype(int), yes_no),
        "超时原因": write.labels(np.where(overdue & closed, late_reason, -1), _LATE),
        "是否重复": write.labels(tickets.is_repeat.astype(int), yes_no),
        "是否越级": write.labels((tickets.channel >= names.HEIMAO).astype(int), yes_no),
        "是否解决": write.labels(np.where(closed, solved.astype(int), -1), yes_no),
        "未解决原因": write.labels(np.where(closed & ~solved, unsolved_reason, -1), _UNSOLVED),
        "原因一级": write.optional([c[0] for c in causes], closed),
        "原因二级": write.optional([c[1] for c in causes], closed),
        "原因三级": write.optional([c[2] for c in causes], closed),
        "责任定性": write.labels(np.where(closed, at_fault.astype(int), -1), ("企业无责", "企业有责")),
        "补偿金额": write.optional(amount, amount > 0),
        "补偿流量GB": write.optional(gift, gift > 0),
        "承诺到期时间": write.instants(promise),
        "营业厅编号": write.labels(tickets.hall, city.halls.ids),
        "是否模板化": write.labels(template.astype(int), yes_no),
        "合并至工单": pa.array(merged_ids, pa.string()),
        "统计截止时间": write.instants(exported),
        "是否模拟": ["是"] * n,
    })  # fmt: skip


def write_ticket_csv(path: Path, rows: pa.Table, *, totals: bool = True, **options: Any) -> None:
    """The export's own shape: GB18030, CRLF, title lines, a totals row below."""
    trailer = [",".join(["合计", *[""] * 6, f"{rows.num_rows}件", *[""] * (rows.num_columns - 8)])] if totals else []
    settings: dict[str, Any] = {"encoding": "gb18030", "titles": TITLES, "trailer": trailer, "crlf": True}
    write.csv(path, rows, **{**settings, **options})


def write_tickets(folder: Path, rows: pa.Table, accepted: Ints) -> None:
    for month in MONTHS:
        low, high = np.searchsorted(accepted, month_bounds(month))
        write_ticket_csv(folder / f"投诉工单_{month}.csv", rows.slice(int(low), int(high - low)))


def write_log(folder: Path, tickets: Tickets, log: Log) -> None:
    """Event-log files by month of the event, UTF-8 with byte-order mark."""
    starts = np.searchsorted(log.ticket, log.ticket)
    sequence = np.arange(len(log.ticket)) - starts + 1
    operations = list(OPERATIONS.values())
    staff_names = [f"{code}{100 + i:04d}" for code in names.DEPT_CODES for i in range(100)]
    for month in MONTHS:
        low, high = month_bounds(month)
        rows = np.flatnonzero((log.when >= low) & (log.when < high))
        rows = rows[np.lexsort((sequence[rows], log.ticket[rows], log.when[rows]))]
        table = write.table({
            "工单流水号": pa.DictionaryArray.from_arrays(pa.array(log.ticket[rows], pa.int32()),
            pa.array(tickets.ids)).cast(pa.string()),
            "序号": sequence[rows],
            "操作时间": write.instants(log.when[rows]),
            "操作": write.labels(log.op[rows], operations),
            "转出部门": write.labels(log.came_from[rows], names.DEPT_NAMES),
            "转入部门": write.labels(log.to[rows], names.DEPT_NAMES),
            "处理人工号": write.labels(log.staff[rows], staff_names),
            "是否实质进展": write.labels(log.substantive[rows].astype(int), ("否", "是")),
            "备注": write.labels(log.note[rows], log.notes),
        })  # fmt: skip
        write.csv(folder / f"工单流转日志_{month}.csv", table, encoding="utf-8-sig")
