"""Periods and the instants up to which their outcomes are known. No clock: everything starts from `as_of`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

PeriodKind = Literal["week", "yesterday", "wtd", "mtd", "month", "weeks4", "weeks13", "year", "all"]
KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)


@dataclass(frozen=True, order=True)
class Period:
    """Days from `first` up to, not including, `end`; outcomes count up to `cutoff`."""

    id: str
    first: date
    end: date
    cutoff: datetime

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def last(self) -> date:
        return self.end - timedelta(1)

    def moved(self, days: int, id: str) -> Period:
        """The same period some days later (negative: earlier), known at the same age."""
        step = timedelta(days)
        return Period(id, self.first + step, self.end + step, self.cutoff + step)


@dataclass(frozen=True)
class Comparison:
    """A period with the one before it and the one a year earlier (None where there is none)."""

    now: Period
    before: Period
    year_ago: Period | None

    @property
    def periods(self) -> list[Period]:
        return [p for p in (self.now, self.before, self.year_ago) if p is not None]


def compare(kind: PeriodKind, as_of: datetime, first_day: date | None = None) -> Comparison:
    """The period of a kind at `as_of`, with its like-for-like predecessors.

    Weeks are compared with the week of the same ISO number last year; a week 53 has none. Days are compared with
    the same weekday 52 weeks back. `first_day` is the first day with data, for kind "all".
    """
    today = as_of.date()
    monday = today - timedelta(today.weekday())
    month = today.replace(day=1)
    if kind == "yesterday":
        now = Period("now", today - timedelta(1), today, as_of)
        return Comparison(now, now.moved(-7, "before"), now.moved(-364, "year_ago"))
    if kind == "week":
        return _weeks(monday - timedelta(7), monday, as_of, 7)
    if kind == "wtd":
        return _weeks(monday, today + timedelta(1), as_of, 7)
    if kind == "weeks4":
        return _weeks(monday - timedelta(28), monday, as_of, 28)
    if kind == "weeks13":
        return _weeks(monday - timedelta(91), monday, as_of, 91)
    if kind == "month":
        last = month - timedelta(1)
        return _months(last.replace(day=1), month, as_of)
    if kind == "mtd":
        return _months(month, today if today > month else today + timedelta(1), as_of)
    if kind == "year":
        start = date(today.year - 1, 1, 1)
        now = Period("now", start, date(today.year, 1, 1), as_of)
        return Comparison(now, _year_back(now, "before"), None)
    first = first_day or today - timedelta(365)
    now = Period("now", first, today + timedelta(1), as_of)
    return Comparison(now, now.moved(-now.days, "before"), None)


def weeks(as_of: datetime, n: int) -> list[Period]:
    """The last n complete weeks, oldest first, each known at the same age as the newest."""
    newest = compare("week", as_of).now
    return [newest.moved(-7 * back, (newest.first - timedelta(7 * back)).isoformat()) for back in range(n - 1, -1, -1)]


def days(now: Period, n: int) -> list[Period]:
    """The last n days up to the end of a period, each known at the same age."""
    last = Period("day", now.last, now.end, now.cutoff)
    return [last.moved(-back, (last.first - timedelta(back)).isoformat()) for back in range(n - 1, -1, -1)]


def cut(period: Period, step: Callable[[date], date]) -> list[Period]:
    """A period cut into calendar pieces; `step` gives the first day of the next piece. All share the cut-off."""
    pieces = []
    first = period.first
    while first < period.end:
        following = min(step(first), period.end)
        pieces.append(Period(first.isoformat(), first, following, period.cutoff))
        first = following
    return pieces


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(32)).replace(day=1)


def next_monday(day: date) -> date:
    return day + timedelta(7 - day.weekday())


def _weeks(first: date, end: date, as_of: datetime, back: int) -> Comparison:
    """Weeks from a Monday on; the newest one decides which week of last year they are compared with."""
    now = Period("now", first, end, as_of)
    monday = now.last - timedelta(now.last.weekday())
    year, week, _ = monday.isocalendar()
    away: int | None
    try:
        away = (monday - date.fromisocalendar(year - 1, week, 1)).days
    except ValueError:
        # Week 53: alone it has no counterpart, as the end of several weeks it may be compared 52 weeks back.
        away = 364 if back > 7 else None
    return Comparison(now, now.moved(-back, "before"), None if away is None else now.moved(-away, "year_ago"))


def _months(first: date, end: date, as_of: datetime) -> Comparison:
    now = Period("now", first, end, as_of)
    start = (first - timedelta(1)).replace(day=1)
    is_whole = end == next_month(first)
    stop = first if is_whole else min(start + (end - first), first)
    return Comparison(now, _same_age(now, start, stop, "before"), _year_back(now, "year_ago"))


def _year_back(period: Period, id: str) -> Period:
    """The same days of last year. The end is the day after the same last day, unless a month ends with it."""
    is_whole = period.end.day == 1
    end = _last_year(period.end) if is_whole else _last_year(period.last) + timedelta(1)
    return _same_age(period, _last_year(period.first), end, id)


def _same_age(period: Period, first: date, end: date, id: str) -> Period:
    """Other days, with as much time after their end as `period` has had."""
    age = period.cutoff - datetime.combine(period.end, time.min)
    return Period(id, first, end, datetime.combine(end, time.min) + age)


def _last_year(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
