"""Weeks, last year's weeks, holidays and months, at their awkward corners."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.analysis.calendar_compare import (
    WeekLastYear,
    comparable,
    comparable_weeks,
    days_between,
    days_of_week,
    folded_month_factor,
    is_workday,
    iso_week,
    kind_of,
    month_to_date,
    previous_week,
    same_week_last_year,
    week_start,
)

SPRING_2024 = {date(2024, 2, 4): "makeup", date(2024, 2, 18): "makeup"} | {
    day: "holiday" for day in days_between(date(2024, 2, 10), date(2024, 2, 17))
}


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2024, 12, 29), "2024-W52"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2025, 3, 30), "2025-W13"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day, week):
    assert iso_week(day) == week


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_week_labels_and_their_days_agree(day):
    days = days_of_week(iso_week(day))
    assert len(days) == 7 and day in days and days[0].weekday() == 0
    assert previous_week(iso_week(day)) == iso_week(day - timedelta(days=7))


@pytest.mark.parametrize("label", ["2025W01", "2025-W1", "2025-1", "", "2025-W01\n"])
def test_what_is_no_week_is_refused(label):
    with pytest.raises(ValueError, match='expected an ISO week such as "2025-W01"'):
        week_start(label)


def test_a_week_53_that_does_not_exist_is_refused():
    assert week_start("2020-W53") == date(2020, 12, 28)
    with pytest.raises(ValueError, match='"2025-W53": 2025 has no week 53'):
        week_start("2025-W53")


def test_previous_week_crosses_the_year():
    assert previous_week("2025-W01") == "2024-W52"
    assert previous_week("2021-W01") == "2020-W53"


def test_the_same_week_last_year_and_week_53_has_none():
    assert same_week_last_year("2025-W13") == WeekLastYear("2024-W13", None)
    assert same_week_last_year("2020-W53") == WeekLastYear(None, "week_53")


def test_kinds_of_days():
    assert kind_of(date(2024, 2, 4), SPRING_2024) == "makeup" and is_workday(date(2024, 2, 4), SPRING_2024)
    assert kind_of(date(2024, 2, 12), SPRING_2024) == "holiday"
    assert not is_workday(date(2024, 2, 12), SPRING_2024)
    assert kind_of(date(2024, 2, 3), SPRING_2024) == "weekend"
    assert kind_of(date(2024, 2, 5), SPRING_2024) == "workday"
    with pytest.raises(ValueError, match='2024-02-05: expected day kind "holiday" or "makeup", got "holliday"'):
        kind_of(date(2024, 2, 5), {date(2024, 2, 5): "holliday"})


def test_two_ordinary_weeks_are_comparable():
    result = comparable_weeks("2024-W11", "2024-W12", SPRING_2024)
    assert (result.ok, result.reason, result.n_workdays_a, result.n_workdays_b) == (True, None, 5, 5)


@pytest.mark.parametrize("week", ["2024-W05", "2024-W06", "2024-W07"])
def test_weeks_with_holidays_or_make_up_days_are_not(week):
    result = comparable_weeks(week, "2024-W12", SPRING_2024)
    assert (result.ok, result.reason) == (False, "holiday_mismatch")


def test_spring_festival_moves_so_last_years_week_is_not_comparable():
    spring_2025 = {day: "holiday" for day in days_between(date(2025, 1, 28), date(2025, 2, 4))}
    last = same_week_last_year("2025-W07").week
    assert last == "2024-W07"
    assert comparable_weeks("2025-W07", last, SPRING_2024 | spring_2025).reason == "holiday_mismatch"


def test_other_lengths_and_other_weekdays_are_not_comparable():
    ten, nine = (days_between(date(2024, 3, 1), date(2024, 3, end)) for end in (10, 9))
    assert comparable(ten, nine, {}).reason == "length_mismatch"
    april = days_between(date(2024, 4, 1), date(2024, 4, 10))
    result = comparable(ten, april, {})
    assert (result.reason, result.n_workdays_a, result.n_workdays_b) == ("workday_mismatch", 6, 8)


def test_month_to_date_takes_as_many_days_of_the_month_before():
    mtd = month_to_date(date(2025, 3, 9))
    assert (mtd.start, mtd.end) == (date(2025, 3, 1), date(2025, 3, 9))
    assert (mtd.before_start, mtd.before_end) == (date(2025, 2, 1), date(2025, 2, 9))
    assert mtd.n_days == mtd.n_days_before == 9 and not mtd.is_cut


def test_a_short_month_before_is_taken_whole_and_marked():
    mtd = month_to_date(date(2025, 3, 30))
    assert mtd.before_end == date(2025, 2, 28) and mtd.is_cut
    assert (mtd.n_days, mtd.n_days_before) == (30, 28)


def test_january_looks_back_to_december():
    assert month_to_date(date(2025, 1, 31)).before_start == date(2024, 12, 1)


@pytest.mark.parametrize(
    ("week", "days"),
    [("2025-W10", 31), ("2025-W07", 28), ("2024-W06", 29), ("2025-W01", 31), ("2025-W14", 30)],
)
def test_a_week_is_folded_to_the_month_of_its_thursday(week, days):
    assert folded_month_factor(week) == pytest.approx(days / 7)
