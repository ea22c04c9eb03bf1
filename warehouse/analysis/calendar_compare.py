"""Which days may be compared with which: weeks, last year's weeks, month to date, holidays.

Does not belong here: what the clock says (callers pass the day), which days are holidays (the calendars under
``dimensions``), any figure.

A week is ISO: Monday to Sunday, named ``2025-W01`` after the year of its Thursday. ``DayKinds`` maps the days
that are not what their weekday says to ``"holiday"`` or ``"makeup"`` (a weekend day worked in exchange).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

DayKinds: TypeAlias = Mapping[date, str]
DayKind = Literal["workday", "weekend", "holiday", "makeup"]
Mismatch = Literal["length_mismatch", "holiday_mismatch", "workday_mismatch"]


@dataclass(frozen=True, slots=True)
class Comparable:
    """Whether two sets of days are alike, and the first reason if not; working days for the caption."""

    ok: bool
    reason: Mismatch | None
    n_workdays_a: int
    n_workdays_b: int


@dataclass(frozen=True, slots=True)
class WeekLastYear:
    """The week of the same number one year earlier, or none with the reason."""

    week: str | None
    reason: Literal["week_53"] | None


@dataclass(frozen=True, slots=True)
class MonthToDate:
    """Days of a month so far and as many of the month before (both ends included).

    ``is_cut``: the month before is too short, so its whole length stands against more days.
    """

    start: date
    end: date
    before_start: date
    before_end: date
    is_cut: bool

    @property
    def n_days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def n_days_before(self) -> int:
        return (self.before_end - self.before_start).days + 1


def iso_week(day: date) -> str:
    """Label of the day's ISO week: 2024-12-30 lies in ``2025-W01``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def week_start(week: str) -> date:
    """Monday of a week label; `ValueError` for anything else, also for a week 53 the year does not have."""
    if not re.fullmatch(r"[0-9]{4}-W[0-9]{2}", week):
        raise ValueError(f'expected an ISO week such as "2025-W01", got "{week}"')
    try:
        return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    except ValueError:
        raise ValueError(f'"{week}": {week[:4]} has no week {int(week[6:])}') from None


def days_of_week(week: str) -> list[date]:
    """The seven days, Monday first."""
    return days_between(week_start(week), week_start(week) + timedelta(days=6))


def days_between(start: date, end: date) -> list[date]:
    """All days from start to end, both included; empty if end is earlier."""
    return [start + timedelta(days=at) for at in range((end - start).days + 1)]


def previous_week(week: str) -> str:
    """The week before, across the turn of the year."""
    return iso_week(week_start(week) - timedelta(days=7))


def same_week_last_year(week: str) -> WeekLastYear:
    """The week of the same number in the year before; week 53 rarely has one."""
    week_start(week)
    year, number = int(week[:4]) - 1, int(week[6:])
    try:
        date.fromisocalendar(year, number, 1)
    except ValueError:
        return WeekLastYear(None, "week_53")
    return WeekLastYear(f"{year:04d}-W{number:02d}", None)


def kind_of(day: date, day_kind: DayKinds) -> DayKind:
    """What the day is for people at work: the calendar's word, else its weekday's."""
    match day_kind.get(day):
        case None:
            return "weekend" if day.weekday() >= 5 else "workday"
        case "holiday":
            return "holiday"
        case "makeup":
            return "makeup"
        case other:
            raise ValueError(f'{day}: expected day kind "holiday" or "makeup", got "{other}"')


def is_workday(day: date, day_kind: DayKinds) -> bool:
    """True for working days, make-up days included."""
    return kind_of(day, day_kind) in ("workday", "makeup")


def comparable(days_a: Iterable[date], days_b: Iterable[date], day_kind: DayKinds) -> Comparable:
    """Whether two periods are like for like.

    Reasons, the first that applies: ``length_mismatch`` (another number of days), ``holiday_mismatch``
    (another number of holidays or of make-up days: Spring Festival moves), ``workday_mismatch`` (same
    holidays, but the weekdays fall differently, as in months). Two empty periods are comparable.
    """
    a = [kind_of(day, day_kind) for day in days_a]
    b = [kind_of(day, day_kind) for day in days_b]
    n_work_a, n_work_b = (sum(kind in ("workday", "makeup") for kind in kinds) for kinds in (a, b))
    reason: Mismatch | None = None
    if len(a) != len(b):
        reason = "length_mismatch"
    elif any(a.count(kind) != b.count(kind) for kind in ("holiday", "makeup")):
        reason = "holiday_mismatch"
    elif n_work_a != n_work_b:
        reason = "workday_mismatch"
    return Comparable(reason is None, reason, n_work_a, n_work_b)


def comparable_weeks(week_a: str, week_b: str, day_kind: DayKinds) -> Comparable:
    """`comparable` of two ISO weeks."""
    return comparable(days_of_week(week_a), days_of_week(week_b), day_kind)


def month_to_date(day: date) -> MonthToDate:
    """The month up to and including ``day`` against the same number of days of the month before."""
    start = day.replace(day=1)
    last_before = start - timedelta(days=1)
    before_end = last_before.replace(day=min(day.day, last_before.day))
    return MonthToDate(start, day, last_before.replace(day=1), before_end, day.day > last_before.day)


def folded_month_factor(week: str) -> float:
    """What a weekly count is multiplied by to read as a month (折月): days of the month ÷ 7.

    The month is that of the week's Thursday, as ISO gives a week to the year of its Thursday.
    """
    thursday = week_start(week) + timedelta(days=3)
    return calendar.monthrange(thursday.year, thursday.month)[1] / 7
