"""Periods and what they are compared with, at the edges of weeks, months and years."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.periods import KINDS, Comparison, Period, PeriodKind, compare, cut, days, next_monday, next_month, weeks


def spans(kind: PeriodKind, as_of: str) -> list[str | None]:
    """First and last day of now, before, a year ago."""
    found = compare(kind, datetime.fromisoformat(as_of))
    return [None if p is None else f"{p.first}..{p.last}" for p in (found.now, found.before, found.year_ago)]


@pytest.mark.parametrize(
    ("kind", "as_of", "expected"),
    [
        ("yesterday", "2025-03-01T08", ["2025-02-28..2025-02-28", "2025-02-21..2025-02-21", "2024-03-01..2024-03-01"]),
        ("yesterday", "2024-03-01T08", ["2024-02-29..2024-02-29", "2024-02-22..2024-02-22", "2023-03-02..2023-03-02"]),
        ("yesterday", "2025-01-01T00", ["2024-12-31..2024-12-31", "2024-12-24..2024-12-24", "2024-01-02..2024-01-02"]),
        # 2025-W13 with 2025-W12 and 2024-W13.
        ("week", "2025-03-31T08:30", ["2025-03-24..2025-03-30", "2025-03-17..2025-03-23", "2024-03-25..2024-03-31"]),
        # 2025-W01 begins in 2024.
        ("week", "2025-01-06T00:00", ["2024-12-30..2025-01-05", "2024-12-23..2024-12-29", "2024-01-01..2024-01-07"]),
        # A week 53 has no counterpart; after it the numbers, not 52 weeks, decide.
        ("week", "2021-01-04T08:00", ["2020-12-28..2021-01-03", "2020-12-21..2020-12-27", None]),
        ("week", "2021-01-11T08:00", ["2021-01-04..2021-01-10", "2020-12-28..2021-01-03", "2019-12-30..2020-01-05"]),
        ("week", "2020-12-28T08:00", ["2020-12-21..2020-12-27", "2020-12-14..2020-12-20", "2019-12-23..2019-12-29"]),
        ("wtd", "2025-03-31T08:30", ["2025-03-31..2025-03-31", "2025-03-24..2025-03-24", "2024-04-01..2024-04-01"]),
        ("wtd", "2021-01-02T08:30", ["2020-12-28..2021-01-02", "2020-12-21..2020-12-26", None]),
        ("wtd", "2025-01-01T08:30", ["2024-12-30..2025-01-01", "2024-12-23..2024-12-25", "2024-01-01..2024-01-03"]),
        ("weeks4", "2025-03-31T08:30", ["2025-03-03..2025-03-30", "2025-02-03..2025-03-02", "2024-03-04..2024-03-31"]),
        ("weeks4", "2021-01-04T08:30", ["2020-12-07..2021-01-03", "2020-11-09..2020-12-06", "2019-12-09..2020-01-05"]),
        ("weeks13", "2025-03-31T08:30", ["2024-12-30..2025-03-30", "2024-09-30..2024-12-29", "2024-01-01..2024-03-31"]),
        ("month", "2025-03-31T08:30", ["2025-02-01..2025-02-28", "2025-01-01..2025-01-31", "2024-02-01..2024-02-29"]),
        ("month", "2024-03-01T00:00", ["2024-02-01..2024-02-29", "2024-01-01..2024-01-31", "2023-02-01..2023-02-28"]),
        ("month", "2025-01-15T08:30", ["2024-12-01..2024-12-31", "2024-11-01..2024-11-30", "2023-12-01..2023-12-31"]),
        ("mtd", "2025-03-31T08:30", ["2025-03-01..2025-03-30", "2025-02-01..2025-02-28", "2024-03-01..2024-03-30"]),
        ("mtd", "2025-03-01T08:30", ["2025-03-01..2025-03-01", "2025-02-01..2025-02-01", "2024-03-01..2024-03-01"]),
        ("mtd", "2025-01-01T08:30", ["2025-01-01..2025-01-01", "2024-12-01..2024-12-01", "2024-01-01..2024-01-01"]),
        ("mtd", "2024-02-29T08:30", ["2024-02-01..2024-02-28", "2024-01-01..2024-01-28", "2023-02-01..2023-02-28"]),
        ("mtd", "2025-02-15T08:30", ["2025-02-01..2025-02-14", "2025-01-01..2025-01-14", "2024-02-01..2024-02-14"]),
        ("year", "2025-03-31T08:30", ["2024-01-01..2024-12-31", "2023-01-01..2023-12-31", None]),
        ("year", "2024-02-29T08:30", ["2023-01-01..2023-12-31", "2022-01-01..2022-12-31", None]),
    ],
)  # fmt: skip
def test_what_is_compared_with_what(kind: PeriodKind, as_of: str, expected: list[str | None]) -> None:
    assert spans(kind, as_of) == expected


def age(period: Period) -> timedelta:
    return period.cutoff - datetime.combine(period.end, datetime.min.time())


@given(st.sampled_from(KINDS), st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)))
def test_compared_periods_are_known_at_the_same_age(kind: PeriodKind, as_of: datetime) -> None:
    found = compare(kind, as_of, first_day=date(2014, 12, 30))
    assert found.now.cutoff == as_of
    assert {age(p) for p in found.periods} == {age(found.now)}
    for period in found.periods:
        assert period.days > 0
    assert found.before.end <= found.now.first
    if found.year_ago:
        assert found.year_ago.end <= found.before.end


@given(
    st.sampled_from(["week", "wtd", "yesterday", "weeks4", "weeks13"]),
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),
)
def test_weeks_and_days_keep_their_weekdays(kind: PeriodKind, as_of: datetime) -> None:
    found = compare(kind, as_of)
    assert len({(p.first.weekday(), p.days) for p in found.periods}) == 1


@given(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)))
def test_a_week_is_compared_with_its_number_or_with_nothing(as_of: datetime) -> None:
    found: Comparison = compare("week", as_of)
    year, number, _ = found.now.first.isocalendar()
    if found.year_ago is None:
        assert number == 53
    else:
        assert found.year_ago.first.isocalendar()[:2] == (year - 1, number)


def test_everything_is_compared_with_as_long_before() -> None:
    found = compare("all", datetime(2025, 3, 31, 8), first_day=date(2025, 3, 1))
    assert (found.now.first, found.now.last) == (date(2025, 3, 1), date(2025, 3, 31))
    assert (found.before.first, found.before.last) == (date(2025, 1, 29), date(2025, 2, 28))
    assert found.year_ago is None


def test_past_weeks_and_days_are_as_old_as_the_newest() -> None:
    as_of = datetime(2025, 3, 31, 8, 30)
    last = weeks(as_of, 3)
    assert [p.first for p in last] == [date(2025, 3, 10), date(2025, 3, 17), date(2025, 3, 24)]
    assert {age(p) for p in last} == {timedelta(hours=8, minutes=30)}
    assert [p.first for p in days(last[-1], 2)] == [date(2025, 3, 29), date(2025, 3, 30)]


def test_a_period_is_cut_at_the_edges_of_the_calendar() -> None:
    quarter = Period("q", date(2025, 1, 15), date(2025, 3, 10), datetime(2025, 4, 1))
    assert [(p.first.month, p.days) for p in cut(quarter, next_month)] == [(1, 17), (2, 28), (3, 9)]
    assert {p.first.weekday() for p in cut(quarter, next_monday)[1:]} == {0}
    assert sum(p.days for p in cut(quarter, next_monday)) == quarter.days
