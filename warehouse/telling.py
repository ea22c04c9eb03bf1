"""Which figures of a fixed lattice are told in which periods, so that no period tells what another one hides.

A role of figures only sees weeks and months by district and level-1 type (domain reference 2.2). Weeks hidden because
of few customers lie in runs (`analysis.runs`), and so do months. A longer period is told where it holds runs whole; a
period that still grows, where each of the last days had customers enough, so that two releases never differ by few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.analysis.runs import Run, runs
from warehouse.periods import Period
from warehouse.scope import col, keep_back, least_of
from warehouse.selects import Filters, Levels
from warehouse.viewer import Viewer

LATTICE = frozenset({"region_code", "type_l1"})
BASE = "mart_ticket"
Ask = Callable[[sa.Select[Any]], pd.DataFrame]
Key = tuple[Hashable, ...]
Steps = Mapping[date, tuple[int, int]]  # first day of a step -> what it counts, a least number of customers
Few = Mapping[date, frozenset[Hashable]]
STEADY_DAYS = 28
_FIRST = date(2000, 1, 3)  # a Monday before all data


@dataclass(frozen=True)
class Course:
    """Runs of weeks and of months of one group, and the days on which it had customers enough."""

    weeks: Sequence[Run]
    months: Sequence[Run]
    full_days: frozenset[date]

    def is_told(self, period: Period) -> bool:
        """Whether the group may be told in a period in which it is not small."""
        first, end = period.first, period.end
        if not is_settled(period):
            before = (min(end, period.cutoff.date()) - timedelta(k) for k in range(1, STEADY_DAYS + 1))
            return self._is_whole(first, end) and all(day in self.full_days for day in before)
        if first.day == end.day == 1:
            a, b = _month(first), _month(end)
            return not any(run.holds(a) if b - a == 1 else run.cut_by(a) or run.cut_by(b) for run in self.months)
        if (end - first).days == 7:
            return not any(run.holds(_week(first)) for run in self.weeks)
        return self._is_whole(first, end)

    def _is_whole(self, first: date, end: date) -> bool:
        return not any(_lies_in(run, day) for run in self.weeks for day in (first, end))


def is_settled(period: Period) -> bool:
    """Whether a period is one of whole weeks or whole months that are over; others grow from release to release."""
    first, end = period.first, period.end
    is_over = period.cutoff >= datetime.combine(end, time.min)
    is_month, is_week = first.day == end.day == 1, first.weekday() == end.weekday() == 0
    # Several whole weeks from the first of a month on are a month so far, too.
    return is_over and (is_month or (is_week and (first.day != 1 or (end - first).days == 7)))


def applies(viewer: Viewer, base: str, basis: str, by: Sequence[str], where: Filters) -> bool:
    """Whether a question is one of the lattice, by a viewer who is bound to it."""
    asked = {*by, *(name for name, _ in where.values)}
    return viewer.level == "L1" and (base, basis) == (BASE, "accepted") and bool(asked) and asked <= LATTICE


def courses(ask: Ask, levels: Levels, viewer: Viewer, by: Sequence[str], where: Filters) -> dict[Key, Course]:
    """The course of every group that counts anything, over all complete weeks and months the release holds."""
    question = _Question(ask, levels, viewer, by, where)
    week, month, day = (question.counted(name) for name in ("week", "month", "day"))
    few_weeks, few_months, least = question.few("week"), question.few("month"), least_of(viewer)
    last = max((d for of in day.values() for d in of), default=_FIRST)
    return {
        key: course(week[key], month[key], days, few_weeks.get(key, {}), few_months.get(key, {}), last, least)
        for key, days in day.items()
    }


def course(week: Steps, month: Steps, day: Steps, few_weeks: Few, few_months: Few, last: date, least: int) -> Course:
    """What one group counts by step, the customers of its small weeks and months; `last`: the newest day of all."""
    counted = _Days(day, few_weeks, least)
    weeks = _runs(week, few_weeks, day, _week, last, least, counted.is_enough)
    over = {m: counted.exposed_by(m, weeks) for m in month if _next(m) <= last + timedelta(1)}
    exposing = {m: frozenset[Hashable]() for m, is_exposing in over.items() if is_exposing}
    return Course(
        weeks,
        _runs(month, {**exposing, **few_months}, day, _month, last, least),
        frozenset(d for d, (_, n_sure) in day.items() if n_sure >= least),
    )


@dataclass(frozen=True)
class _Days:
    """What months tell of weeks that are hidden together: where a month ends within a run, both sides have a sum."""

    day: Steps
    few_weeks: Few
    least: int

    def is_enough(self, first: int, end: int) -> bool:
        """Whether what a run of weeks (numbers) counts after the last month that ends within it tells no week."""
        begun, over = _monday(first), _monday(end)
        cut = (over - timedelta(1)).replace(day=1)
        return not (begun < cut and self._tells(cut, over))

    def exposed_by(self, month: date, weeks: Sequence[Run]) -> bool:
        """Whether a month, once it is over, would tell a week of a run that it ends in."""
        cut = _next(month)
        for run in weeks:
            if _lies_in(run, cut):
                begun = _monday(run.first)
                return any(self._tells(first, cut) for first in {begun, max(begun, month)})
        return False

    def _tells(self, first: date, end: date) -> bool:
        """Whether the sum of some days leaves no choice how they spread over weeks and parts of weeks."""
        total = floor = n_parts = n_whole = 0
        for number in range(_week(first), _week(end - timedelta(1)) + 1):
            monday = _monday(number)
            a, b = max(first, monday), min(end, monday + timedelta(7))
            counts = [n for k in range((b - a).days) if (n := self.day.get(a + timedelta(k), (0, 0))[0])]
            is_whole = (b - a).days == 7
            n_parts, n_whole, total = n_parts + bool(counts), n_whole + (is_whole and bool(counts)), total + sum(counts)
            is_many = is_whole and bool(counts) and monday not in self.few_weeks
            floor += max(len(counts), self.least) if is_many else len(counts)
        return n_whole == 1 if n_parts == 1 else bool(n_parts) and total <= floor


class _Question:
    """What a group counts, step by step, and who stands behind small steps."""

    def __init__(self, ask: Ask, levels: Levels, viewer: Viewer, by: Sequence[str], where: Filters) -> None:
        self._ask, self._by, self._least = ask, list(by), least_of(viewer)
        self._source = sa.table(BASE)
        self._inside = selects.inside(levels, BASE, viewer, where, self._source)
        self._groups = [col(self._source, name) for name in by]
        # A ticket without a number is one unknown customer.
        self._who = sa.func.coalesce(col(self._source, "cust_key"), col(self._source, "ticket_id"))

    def _sums(self, step: str) -> sa.Select[Any]:
        first = self._first(step)
        return (
            sa.select(
                *self._groups,
                first.label("first_on"),
                sa.func.count().label("n"),
                selects.buckets(self._who).label("n_sure"),
            )
            .select_from(self._source)
            .where(*self._inside)
            .group_by(*self._groups, first)
        )

    def _first(self, step: str) -> sa.ColumnElement[Any]:
        name: sa.ColumnElement[str] = sa.literal_column(f"'{step}'")
        return sa.cast(sa.func.date_trunc(name, col(self._source, "accepted_at")), sa.Date)

    def counted(self, step: str) -> dict[Key, dict[date, tuple[int, int]]]:
        """Group -> first day of a week, month or day -> what it counts, and a least number of customers."""
        out: dict[Key, dict[date, tuple[int, int]]] = {}
        for row in self._ask(self._sums(step)).itertuples(index=False):
            out.setdefault(self._key(row), {})[pd.Timestamp(row.first_on).date()] = (int(row.n), int(row.n_sure))
        return out

    def few(self, step: str) -> dict[Key, dict[date, frozenset[Hashable]]]:
        """Group -> first day -> all customers, of steps that have too few of them."""
        small = self._sums(step).having(selects.buckets(self._who) < self._least).subquery("small")
        same = [g.is_not_distinct_from(small.c[g.name]) for g in self._groups]
        rows = self._ask(
            sa.select(*self._groups, small.c.first_on, self._who.label("who"))
            .select_from(self._source.join(small, sa.and_(self._first(step) == small.c.first_on, *same)))
            .where(*self._inside)
            .group_by(*self._groups, small.c.first_on, self._who)
        )
        found: dict[Key, dict[date, set[Hashable]]] = {}
        for row in rows.itertuples(index=False):
            found.setdefault(self._key(row), {}).setdefault(pd.Timestamp(row.first_on).date(), set()).add(row.who)
        return {
            key: {day: frozenset(who) for day, who in of.items() if len(who) < self._least} for key, of in found.items()
        }

    def _key(self, row: Any) -> Key:
        return key_of(getattr(row, name) for name in self._by)


def hide(
    part: pd.DataFrame, told: Mapping[Key, Course], ids: Sequence[str], periods: Sequence[Period], by: Sequence[str]
) -> pd.DataFrame:
    """Without the numbers of groups that other periods would tell by; `is_kept_back` says which are not small."""
    at = {p.id: p for p in periods}
    keys = [key_of(row) for row in part[list(by)].itertuples(index=False)] if by else [()] * len(part)
    is_any = part["n_customers"].ne(0) if "n_customers" in part else part["is_small"].notna()  # none is none
    back = [
        any_here
        and key in told
        and not told[key].is_told(at[period])
        and not (is_small and is_settled(at[period]))  # of the others nobody learns which are small
        for key, period, is_small, any_here in zip(keys, part["period"], part["is_small"], is_any, strict=True)
    ]
    return keep_back(part, ids, pd.Series(back, index=part.index, dtype=bool))


def key_of(values: Iterable[Any]) -> Key:
    return tuple(None if pd.isna(value) else str(value) for value in values)


def _runs(
    n: Steps,
    few: Few,
    active: Iterable[date],
    number: Callable[[date], int],
    last: date,
    least: int,
    is_enough: Callable[[int, int], bool] = lambda first, end: True,
) -> list[Run]:
    """Runs over all steps that are over, from the first that counts anything, numbered as `number` says."""
    first, end = number(min(n)), number(last + timedelta(1))
    by_number = {number(day): (count, few.get(day)) for day, (count, _) in n.items()}
    steps = [by_number.get(at, (0, None)) for at in range(first, end)]
    on = Counter(number(day) for day in active)
    n_days = [on[at] for at in range(first, end)]
    counts, few_of = [count for count, _ in steps], [who for _, who in steps]
    found = runs(counts, few_of, n_days, least, lambda a, b: is_enough(a + first, b + first))
    return [Run(r.first + first, None if r.end is None else r.end + first) for r in found]


def _week(day: date) -> int:
    return (day - _FIRST).days // 7


def _monday(number: int) -> date:
    return _FIRST + timedelta(7 * number)


def _next(month: date) -> date:
    return (month + timedelta(31)).replace(day=1)


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _lies_in(run: Run, day: date) -> bool:
    """Whether a run of weeks has begun before a day and is not over by then."""
    begun, over = _monday(run.first), date.max if run.end is None else _monday(run.end)
    return begun < day < over
