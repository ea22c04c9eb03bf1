"""Which periods of a group are told, where weeks and months of few customers lie in runs that are told together only.

Nothing is asked here: `telling` counts and hides. No clock: the newest day of all data is passed in, or found in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from warehouse.analysis import runs
from warehouse.analysis.runs import Run
from warehouse.periods import Period

Key = tuple[Hashable, ...]
Steps = Mapping[date, tuple[int, int]]  # first day of a step -> what it counts, a least number of customers
Few = Mapping[date, frozenset[Hashable]]
Parts = Callable[[int], Sequence[tuple[int, int]]]
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


@dataclass(frozen=True)
class Together:
    """Several groups asked for as one sum, which is told where each of them is."""

    of: tuple[Course, ...]

    def is_told(self, period: Period) -> bool:
        """Whether the sum may be told in a period in which it is not small."""
        return all(one.is_told(period) for one in self.of)


Told = Course | Together


def is_settled(period: Period) -> bool:
    """Whether a period is one of whole weeks or whole months that are over; others grow from release to release."""
    first, end = period.first, period.end
    is_over = period.cutoff >= datetime.combine(end, time.min)
    is_month, is_week = first.day == end.day == 1, first.weekday() == end.weekday() == 0
    # Several whole weeks from the first of a month on are a month so far, too.
    return is_over and (is_month or (is_week and (first.day != 1 or (end - first).days == 7)))


def is_step(period: Period) -> bool:
    """Whether a period is one whole week within a month, or one whole month, that is over.

    Of these a reader learns which hold few people. A longer one that is kept back does not say whether it is small:
    four hidden weeks with people enough, two of them empty, would tell that the other two hold all of them. Nor does a
    week in which a month ends: where months tell its part on one side, the other would hold the rest of five.
    """
    first, end = period.first, period.end
    is_month = first.day == end.day == 1 and _month(end) - _month(first) == 1
    is_week = (end - first).days == 7 and _month(first) == _month(end - timedelta(1))
    return is_settled(period) and (is_month or is_week)


@dataclass(frozen=True)
class Counted:
    """What one group counts by step, and the customers of its small weeks and months."""

    week: Steps
    month: Steps
    day: Steps
    few_weeks: Few
    few_months: Few


def last_of(told: Mapping[Key, Counted]) -> date:
    """The newest day of all."""
    return max((d for one in told.values() for d in one.day), default=_FIRST)


def joint(told: Mapping[Key, Counted], least: int, last: date | None = None) -> dict[Key, Course]:
    """The courses of groups whose sum is told in every period. `last`: the newest day of all, if not one of theirs."""
    newest = last or last_of(told)
    days = {key: _Days(one.day, one.few_weeks, least) for key, one in told.items()}
    weeks = _runs(
        {k: (one.week, one.few_weeks, one.day, days[k].is_enough, days[k].parts) for k, one in told.items()},
        _week, newest, least,
    )  # fmt: skip
    exposing = _exposing({k: [m for m in one.month if _next(m) <= newest + timedelta(1)] for k, one in told.items()},
                         days, weeks)  # fmt: skip
    few_months = {k: {**{m: frozenset[Hashable]() for m in exposing[k]}, **one.few_months} for k, one in told.items()}
    months = _runs(
        {k: (one.month, few_months[k], one.day, _always, _none) for k, one in told.items()}, _month, newest, least
    )
    return {
        key: Course(weeks[key], months[key], frozenset(d for d, (_, n_sure) in one.day.items() if n_sure >= least))
        for key, one in told.items()
    }


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

    def parts(self, number: int) -> list[tuple[int, int]]:
        """What a week (its number) counts before and after the end of a month within it, each with its listed days."""
        monday = _monday(number)
        over = monday + timedelta(7)
        cut = (over - timedelta(1)).replace(day=1)
        return [self._sum(monday, cut), self._sum(cut, over)] if monday < cut else []

    def _sum(self, first: date, end: date) -> tuple[int, int]:
        counts = [n for k in range((end - first).days) if (n := self.day.get(first + timedelta(k), (0, 0))[0])]
        return sum(counts), len(counts)

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


def _exposing(
    over: Mapping[Key, Sequence[date]], days: Mapping[Key, _Days], weeks: Mapping[Key, Sequence[Run]]
) -> dict[Key, set[date]]:
    """The months of each group that would tell one of its weeks, or a week of another group.

    A month that ends with a week cuts runs of weeks in two. Whose run it does not cut is known up to there by weeks
    alone, and hides nobody: so of the groups that are cut all hide such a month, or none.
    """
    found = {key: {m for m in months if days[key].exposed_by(m, weeks[key])} for key, months in over.items()}
    for month in {m for months in found.values() for m in months if _next(m).weekday() == 0}:
        for key, months in over.items():
            if month in months and any(_lies_in(run, _next(month)) for run in weeks[key]):
                found[key].add(month)
    return found


def _always(first: int, end: int) -> bool:
    return True


def _none(step: int) -> list[tuple[int, int]]:
    return []


def _runs(
    groups: Mapping[Key, tuple[Steps, Few, Iterable[date], Callable[[int, int], bool], Parts]],
    number: Callable[[date], int],
    last: date,
    least: int,
) -> dict[Key, list[Run]]:
    """Runs over all steps that are over, from the first that counts anything, numbered as `number` says."""
    first, end = min((number(min(n)) for n, *_ in groups.values()), default=0), number(last + timedelta(1))

    def steps(
        n: Steps, few: Few, active: Iterable[date], is_enough: Callable[[int, int], bool], parts: Parts
    ) -> runs.Steps:
        by_number = {number(day): (count, few.get(day)) for day, (count, _) in n.items()}
        told = [by_number.get(at, (0, None)) for at in range(first, end)]
        on = Counter(number(day) for day in active)
        return runs.Steps(
            [count for count, _ in told],
            [who for _, who in told],
            [on[at] for at in range(first, end)],
            lambda a, b: is_enough(a + first, b + first),
            lambda at: parts(at + first),
        )

    found = runs.joint_runs([steps(*one) for one in groups.values()], least)
    return {
        key: [Run(r.first + first, None if r.end is None else r.end + first) for r in of]
        for key, of in zip(groups, found, strict=True)
    }


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
