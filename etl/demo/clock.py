"""Days, holidays and working time of the demo city. No clock is read here: the demo's now is a constant.

Instants are int64 seconds since 1970-01-01 in naive local time; days are counted from the same origin.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

DAY = 86_400
HOUR = 3_600
EPOCH = date(1970, 1, 1)
START = date(2024, 1, 1)
LAST_DAY = date(2025, 3, 30)
MONTHS: tuple[str, ...] = tuple(
    f"{year}{month:02d}" for year in (2024, 2025) for month in range(1, 13) if (year, month) <= (2025, 3)
)
WEEKEND_RATE = 0.05
"""Share of normal speed at which office departments work on non-working days (the weekend gap)."""


def at(text: str) -> int:
    """Seconds of `YYYY-MM-DD[ HH:MM[:SS]]`."""
    return int(np.datetime64(text.strip().replace(" ", "T"), "s").astype(np.int64))


AS_OF = at("2025-03-31 08:30")
NEW_YEAR = at("2025-01-01")


def day_number(day: date) -> int:
    return (day - EPOCH).days


def month_bounds(month: str) -> tuple[int, int]:
    """First second of `YYYYMM` and first second of the month after."""
    first = date(int(month[:4]), int(month[4:]), 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return day_number(first) * DAY, day_number(after) * DAY


def month_days(month: str) -> list[date]:
    """Days of the month that the demo covers (to the last data day)."""
    low, high = month_bounds(month)
    days = [EPOCH + timedelta(days=n) for n in range(low // DAY, high // DAY)]
    return [d for d in days if d <= LAST_DAY]


@lru_cache(maxsize=4096)
def is_workday(day: date) -> bool:
    """Public calendar of China, make-up working days included; known 2021 to 2025."""
    return bool(chinese_calendar.is_workday(day))


@lru_cache(maxsize=4096)
def is_statutory_holiday(day: date) -> bool:
    return bool(chinese_calendar.is_holiday(day)) and chinese_calendar.get_holiday_detail(day)[1] is not None


@lru_cache(maxsize=4)
def days_between(first: date = START, last: date = LAST_DAY) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def is_month_edge(day: date) -> bool:
    """First three or last three days of a month."""
    return day.day <= 3 or (day + timedelta(days=3)).month != day.month


@lru_cache(maxsize=1)
def _work_curve() -> tuple[FloatArray, FloatArray]:
    days = days_between(date(2023, 12, 25), date(2025, 7, 31))
    bounds = np.array([day_number(d) * DAY for d in days] + [day_number(days[-1]) * DAY + DAY], dtype=float)
    speed = np.array([1.0 if is_workday(d) else WEEKEND_RATE for d in days])
    return bounds, np.concatenate([[0.0], np.cumsum(speed * DAY)])


def work_seconds(instants: NDArray[np.generic]) -> FloatArray:
    """Working seconds of an office department from a fixed origin to each instant."""
    bounds, curve = _work_curve()
    return np.interp(np.asarray(instants, dtype=float), bounds, curve)


def from_work_seconds(work: FloatArray) -> FloatArray:
    """Inverse of `work_seconds`."""
    bounds, curve = _work_curve()
    return np.interp(work, curve, bounds)
