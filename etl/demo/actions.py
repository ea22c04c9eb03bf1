"""Rectification actions with true effects, fixed before any ticket is drawn so that tickets obey them.

An effect moves complaints of the action's subtypes out of its scope after completion: to other parts of the
district for a place, to other districts for a district. City-wide quotas stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.clock import DAY, day_number
from etl.demo.rng import Streams

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIRST_MONDAY = date(2024, 9, 30)
N_ACTIONS = 46
RUNNING = 4
"""The last actions of the list, still running at as-of."""
OVERDUE_ACTION = "ZG2025-001"
_LAST_DONE = date(2025, 3, 28)
_PLACES = (names.WENCHANG, names.JINGHUA, names.SIJIYUAN, names.CAODIAN, names.JIESHOU)
# measure, department, subtypes (empty = every network subtype at a place)
_MEASURES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("新建宏站", "NET", ()),
    ("参数优化", "NET", ()),
    ("载波扩容", "NET", ()),
    ("天馈调整", "NETMAINT", ()),
    ("营业厅培训", "HALLMGT", ("营业厅态度差/顶撞", "客服态度差")),
    ("账前稽核", "BIL", ("计费不准确",)),
    ("资费说明优化", "MKT", ("资费过高/结构复杂",)),
    ("简化办理流程", "MKT", ("流程繁琐", "办理错误")),
    ("热线增员", "CARE", ("服务不及时/等待久",)),
    ("合作商考核", "PARTNER", ("宽带办理", "移动宽带设备故障")),
    ("答复模板", "CARE", ("解答不准确", "解决问题能力不足")),
    ("套餐变更上线", "MKT", ("套餐变更不合理/手续繁",)),
)


@dataclass(frozen=True)
class Action:
    """One action. `effect` is the true relative change of complaints in scope from `done_on`; 0 = none."""

    action_id: str
    measure: str
    dept: str
    subtypes: tuple[str, ...]
    place: int  # -1 when the scope is a district
    district: int  # -1 when the scope is a place
    start_on: date
    due_on: date
    done_on: date | None
    effect: float

    @property
    def scope(self) -> str:
        return names.PLACES[self.place].name if self.place >= 0 else names.DISTRICT_NAMES[self.district]

    @property
    def metric(self) -> str:
        return f"{self.subtypes[0] if self.subtypes else '网络'}投诉量"


def plan_actions(streams: Streams) -> list[Action]:
    rng = streams.get("actions", "plan")
    drafts: list[Action] = []
    for n in range(N_ACTIONS):
        measure, dept, subtypes = _MEASURES[n % len(_MEASURES)]
        start = FIRST_MONDAY + timedelta(days=int(n * 3.6) + int(rng.integers(0, 3)))
        due = start + timedelta(days=int(rng.integers(10, 30)))
        if n >= N_ACTIONS - RUNNING:
            due = date(2025, 4, 10) + timedelta(days=n % 7)
        done = due + timedelta(days=int(rng.integers(-6, 3)))
        at_place = not subtypes
        place = _PLACES[(n + n // 12) % len(_PLACES)] if at_place else -1
        district = -1 if at_place else n % len(names.DISTRICTS)
        effect = -float(np.round(rng.uniform(0.30, 0.60), 3))
        identity = f"ZG{start.year}-{n + 1:03d}"
        if n == 0:
            identity, start, due, done = (
                OVERDUE_ACTION,
                date(2025, 2, 17),
                date(2025, 3, 21),
                date(2025, 4, 30),
            )
            place = names.CAODIAN
        finished = done <= _LAST_DONE and n < N_ACTIONS - RUNNING
        drafts.append(
            Action(
                identity, measure, dept, subtypes, place, district, start, due,
                done if finished else None, effect if finished else 0.0,
            )
        )  # fmt: skip
    return _with_zeros(rng, drafts)


def _with_zeros(rng: np.random.Generator, drafts: list[Action]) -> list[Action]:
    """A third of the finished actions change nothing; a place keeps one effective action at most."""
    finished = [i for i, a in enumerate(drafts) if a.done_on is not None]
    first_at = {drafts[i].place: i for i in reversed(finished) if drafts[i].place >= 0}
    zero = {i for i in finished if drafts[i].place >= 0 and first_at[drafts[i].place] != i}
    rest = [i for i in finished if drafts[i].district >= 0]
    missing = round(len(finished) / 3) - len(zero)
    zero |= set(rng.choice(rest, max(missing, 0), replace=False).tolist())
    return [Action(**{**vars(a), "effect": 0.0}) if i in zero else a for i, a in enumerate(drafts)]


def place_factor(actions: list[Action], place: int, when: Ints) -> Floats:
    """Factor on the share of network complaints that fall on a place, at each instant."""
    factor = np.ones(len(when))
    for action in actions:
        if action.place == place and action.done_on is not None:
            factor[when >= day_number(action.done_on) * DAY] *= 1 + action.effect
    return factor


def move_districts(
    rng: np.random.Generator, actions: list[Action], what: Ints, when: Ints, district: Ints, free: Bools
) -> Ints:
    """Districts after the effect of district actions; only `free` rows move."""
    moved = district.copy()
    weights = np.array(names.ALL_WEIGHTS, dtype=float)
    for action in actions:
        if action.district < 0 or action.done_on is None or not action.effect:
            continue
        touched = free & (district == action.district) & (when >= day_number(action.done_on) * DAY)
        touched &= np.isin(what, [names.SUBTYPE_OF[s] for s in action.subtypes])
        rows = np.flatnonzero(touched & (rng.random(len(what)) < -action.effect))
        odds = weights.copy()
        odds[action.district] = 0
        moved[rows] = rng.choice(len(odds), len(rows), p=odds / odds.sum())
    return moved
