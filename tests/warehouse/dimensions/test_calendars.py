"""The seeded calendars against the library, the rules and the published points."""

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pandas as pd
import pytest
from pandas.tseries.holiday import USFederalHolidayCalendar

import warehouse

DIMENSIONS = Path(warehouse.__file__).parent / "dimensions"


def read(name: str) -> dict[date, dict[str, str]]:
    with (DIMENSIONS / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    table = {date.fromisoformat(row["date"]): row for row in rows}
    assert len(table) == len(rows), "a date occurs twice"
    assert list(table) == sorted(table)
    return table


CHINA, UNITED_STATES = read("calendar_cn.csv"), read("calendar_us.csv")


def all_days(first_year: int, last_year: int) -> list[date]:
    start, end = date(first_year, 1, 1), date(last_year, 12, 31)
    return [start + timedelta(days=at) for at in range((end - start).days + 1)]


@pytest.mark.parametrize("year", range(2021, 2027))
def test_every_day_of_the_chinese_years_is_worked_or_not_as_the_library_says(year):
    for day in all_days(year, year):
        kind = CHINA.get(day, {}).get("day_kind")
        works = kind == "makeup" or (kind is None and day.weekday() < 5)
        assert works == chinese_calendar.is_workday(day), day


def test_chinese_holidays_carry_the_librarys_names():
    for day in all_days(2021, 2026):
        is_off, name = chinese_calendar.get_holiday_detail(day)
        if is_off and name:
            assert CHINA[day]["name_en"] == name, day


def test_only_holidays_and_make_up_days_are_listed():
    assert {row["day_kind"] for row in CHINA.values()} == {"holiday", "makeup"}
    assert all(day.weekday() >= 5 for day, row in CHINA.items() if row["day_kind"] == "makeup")
    assert {row["day_kind"] for row in UNITED_STATES.values()} == {"holiday"}
    assert all(row["name_zh"] and row["name_en"] for row in [*CHINA.values(), *UNITED_STATES.values()])


@pytest.mark.parametrize("month_day", ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"])
def test_working_weekends_of_2024(month_day):
    assert CHINA[date.fromisoformat(f"2024-{month_day}")]["day_kind"] == "makeup"


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2024-10-01", "2024-10-07", "国庆节"),
        ("2025-10-01", "2025-10-08", None),
        ("2026-02-15", "2026-02-23", "春节"),
    ],
)
def test_published_holidays(first, last, name):
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    for at in range((end - start).days + 1):
        row = CHINA[start + timedelta(days=at)]
        assert row["day_kind"] == "holiday" and name in (None, row["name_zh"])
    outside = (CHINA.get(start - timedelta(days=1)), CHINA.get(end + timedelta(days=1)))
    assert all(row is None or row["day_kind"] == "makeup" for row in outside)


def test_american_days_off_equal_the_federal_rule():
    ours = {day for day in UNITED_STATES if day.weekday() < 5}
    rule = USFederalHolidayCalendar().holidays(start="2014-01-01", end="2026-12-31")
    assert ours == {day.date() for day in pd.DatetimeIndex(rule)}


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2015-04-03", None),
        ("2015-05-25", "Memorial Day"),
        ("2015-07-03", "Independence Day (observed)"),
        ("2015-07-04", "Independence Day"),
        ("2020-06-19", None),
        ("2021-06-18", "Juneteenth National Independence Day (observed)"),
        ("2021-12-31", "New Year's Day (observed)"),
        ("2024-11-28", "Thanksgiving Day"),
    ],
)
def test_single_american_days(day, name):
    assert UNITED_STATES.get(date.fromisoformat(day), {}).get("name_en") == name
