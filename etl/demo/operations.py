"""What people decided in the last 26 weeks: warnings handled, rectification actions, weekly meetings.

True effects of actions are planned in `actions.py` and stand in the answer key only, not in the files.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from etl.demo import names, write
from etl.demo.actions import FIRST_MONDAY, OVERDUE_ACTION, Action
from etl.demo.clock import AS_OF, HOUR, at
from etl.demo.plant import Truth
from etl.demo.rng import Streams

WEEKS = 26
RETURNED = "W2025-12-001"
# What the engine says of this city over those weeks (`tests/alerts/recorded.py` writes it anew): a history of warnings
# that no engine raises would be a history of another city, so any other seed or size has none.
RECORDED = Path(__file__).with_name("recorded_warnings.csv")
RECORDED_SEED, RECORDED_SCALE = 20250331, 1
# rule -> what it is about, who handles it, how often it is right where nothing was planted
_RULES: dict[str, tuple[str, str, float]] = {
    "RC01": ("区县类型", "CARE", 0.55), "RC02": ("地点", "NET", 0.80), "RC05": ("工单", "SUPV", 0.95),
    "RC07": ("计费", "BIL", 0.40), "RC08": ("营业厅", "HALLMGT", 0.45), "RN02": ("地点", "NET", 0.74),
    "RN04": ("地点", "NET", 0.58), "RN07": ("站点", "NETMAINT", 0.92), "RS10": ("部门", "NET", 0.72),
    "RT01": ("部门", "CARE", 0.60), "RT02": ("部门", "BIL", 0.55), "RB01": ("业务", "TECH", 0.68),
}  # fmt: skip
RECORDED_RULES = tuple(_RULES)
# From the last Friday noon on nobody has dealt with anything.
_UNTOUCHED_FROM = at("2025-03-28 12:00")
_SEVERITY = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
_ACK_HOURS = {"red": 0.5, "orange": 2.0, "yellow": 24.0, "blue": 96.0}
_DECISIONS = ("立项整改", "持续观察", "误报关闭", "调整门限", "合并")


def _stamp(second: float) -> str:
    return str(np.datetime64(int(second), "s")).replace("T", " ")


def write_operations(streams: Streams, folder: Path, actions: list[Action], scale: int = 1) -> list[Truth]:
    """Write the three files; returns the true effects for the answer key."""
    is_known = streams.seed == RECORDED_SEED and scale == RECORDED_SCALE
    lines = _warnings(streams, recorded() if is_known else [])
    columns = {h: write.text([r[i] for r in lines]) for i, h in enumerate(_HEADER.split(","))}
    write.csv(folder / "运营历史_预警处置.csv", write.table(columns))
    _meetings(streams, folder, lines)
    truth = _actions(streams, folder, actions)
    if lines:
        quiet = "自行恢复且无人确认"
        truth.append(Truth("A-RETURNED", "returned_warning", "", f"warning:{RETURNED}", "2025-03-17", "", quiet))
    return truth


_HEADER = (
    "预警编号,周次,规则编号,对象类型,对象,对象编码,严重级别,触发时间,确认人工号,确认时间,"
    "责任部门,决定,决定时间,结论,误报原因,关闭时间,备注"
)


def recorded() -> list[dict[str, str]]:
    """The warnings of the weeks, by the time they fired."""
    with RECORDED.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _warnings(streams: Streams, rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """What people did about each: those of one week numbered in order."""
    rng = streams.get("operations", "warnings")
    lines: list[tuple[str, ...]] = []
    n_of_week: Counter[str] = Counter()
    for row in rows:
        year, number, _ = date.fromisoformat(row["fired_at"][:10]).isocalendar()
        week = f"{year}-{number:02d}"
        n_of_week[week] += 1
        warning = f"W{week}-{n_of_week[week]:03d}"
        kind, dept, precision = _RULES[row["rule_id"]]
        fired = at(row["fired_at"])
        acknowledged = fired + rng.lognormal(np.log(_ACK_HOURS[row["severity"]] * 0.45), 0.7) * HOUR
        decided = acknowledged + rng.lognormal(np.log(10), 0.8) * HOUR
        closed = decided + rng.lognormal(np.log(60), 0.8) * HOUR
        true = bool(rng.random() < precision) or row["is_planted"] == "1"
        decision = _DECISIONS[int(rng.random() >= 0.45)] if true else _DECISIONS[2 + int(rng.random() < 0.3)]
        outcome = ("属实未采取措施" if rng.random() < 0.2 else "属实") if true else "误报"
        reason = "" if true else ("季节波动", "数据迟到", "模板化申告", "门限过低")[int(rng.integers(4))]
        returned, untouched = warning == RETURNED, fired >= _UNTOUCHED_FROM
        assert not returned or row["cleared_at"], "the warning that returned must have cleared by itself"
        person = f"{dept}{100 + int(rng.integers(30)):04d}"
        seen, judged, over = (t <= AS_OF and not returned and not untouched for t in (acknowledged, decided, closed))
        lines.append((
            warning, f"{year}-W{number:02d}", row["rule_id"], kind, row["scope"], row["scope_id"],
            _SEVERITY[row["severity"]], _stamp(fired), person if seen else "", _stamp(acknowledged) if seen else "",
            names.DEPARTMENTS[dept], decision if judged else "", _stamp(decided) if judged else "",
            outcome if judged else "", reason if judged else "", _stamp(closed) if over else "",
            "自行恢复,未确认退回" if returned else "",
        ))  # fmt: skip
    return lines


def _actions(streams: Streams, folder: Path, actions: list[Action]) -> list[Truth]:
    rng = streams.get("operations", "actions")
    header = (
        "整改编号,来源,督办级别,问题,措施,责任部门,责任人工号,对象,开始日期,完成时限,完成日期,"
        "状态,验证指标,费用(元),根治,延期原因"
    )
    lines: list[tuple[str, ...]] = []
    truth: list[Truth] = []
    for n, action in enumerate(actions):
        overdue = action.action_id == OVERDUE_ACTION
        done = action.done_on
        verified = done is not None and done < date(2025, 2, 15)
        state = "已销项" if verified else "待验证" if done else "待签收" if n == len(actions) - 1 else "整改中"
        costly = action.measure in ("新建宏站", "载波扩容")
        cost = int(rng.integers(1, 30)) * 10_000 if costly else int(rng.integers(0, 20)) * 500
        lines.append((
            action.action_id, "上级督办" if overdue else ("预警", "周例会", "案例", "批示")[n % 4],
            "挂牌" if overdue else ("一般", "一般", "重点")[n % 3], f"{action.scope}{action.metric}偏高",
            action.measure, names.DEPARTMENTS[action.dept], f"{action.dept}{100 + int(rng.integers(30)):04d}",
            action.scope, f"{action.start_on}", f"{action.due_on}", f"{done}" if done else "", state,
            action.metric, str(cost), "是" if costly else "否", "物业协调未完成" if overdue else "",
        ))  # fmt: skip
        effect = f"真实效果{action.effect:+.3f}" if done else "未完成"
        subtypes = ";".join(action.subtypes) or "网络质量"
        truth.append(
            Truth(
                f"A-{action.action_id}", "action_effect" if done else "action_running", "",
                f"action:{action.action_id}", f"{done or action.start_on}", "",
                f"{effect}({action.scope}:{subtypes})",
            )
        )  # fmt: skip
    columns: dict[str, write.Column] = {h: write.text([r[i] for r in lines]) for i, h in enumerate(header.split(","))}
    write.csv(folder / "运营历史_整改.csv", write.table(columns))
    late = "挂牌督办逾期"
    truth.append(Truth("A-OVERDUE-ACTION", "overdue_action", "", f"action:{OVERDUE_ACTION}", "2025-03-21", "", late))
    return truth


def _meetings(streams: Streams, folder: Path, warnings: list[tuple[str, ...]]) -> None:
    rng = streams.get("operations", "meetings")
    header = "周次,定版时间,召开时间,主持,参会部门,新发预警数,确认及时数,误报数,整改到期数,整改完成数,决定,纪要定稿时间"
    lines: list[tuple[str, ...]] = []
    for week in range(WEEKS - 1):
        monday = FIRST_MONDAY + timedelta(days=7 * week)
        year, number, _ = monday.isocalendar()
        meeting = at(f"{monday + timedelta(days=7)} 09:00")
        mine = [dict(zip(_HEADER.split(","), w, strict=True)) for w in warnings if w[1] == f"{year}-W{number:02d}"]
        due = int(rng.integers(1, 6))
        lines.append((
            f"{year}-W{number:02d}", _stamp(meeting), _stamp(meeting + HOUR), "SUPV0101",
            "客服管理部;网络优化部;计费中心;市场部;营业厅管理部",
            str(len(mine)), str(sum(_is_in_time(w) for w in mine)), str(sum(w["结论"] == "误报" for w in mine)),
            str(due),
            str(int(rng.binomial(due, 0.8))),
            f"{_DECISIONS[int(rng.integers(2))]}{int(rng.integers(1, 4))}项", _stamp(meeting + 6 * HOUR),
        ))  # fmt: skip
    columns: dict[str, write.Column] = {h: write.text([r[i] for r in lines]) for i, h in enumerate(header.split(","))}
    write.csv(folder / "运营历史_例会.csv", write.table(columns))
    assert at(f"{FIRST_MONDAY + timedelta(days=7 * (WEEKS - 1))} 00:00") < AS_OF


def _is_in_time(row: dict[str, str]) -> bool:
    """Whether a warning was acknowledged within its severity's time."""
    hours = {zh: _ACK_HOURS[en] for en, zh in _SEVERITY.items()}[row["严重级别"]]
    return bool(row["确认时间"]) and at(row["确认时间"]) - at(row["触发时间"]) <= hours * HOUR


__all__ = ["OVERDUE_ACTION", "RETURNED", "write_operations"]
