"""Names of partitions: months ("2025-03") and days ("2025-03-31"). A month names all its days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d\d")


def days(parts: Iterable[str]) -> frozenset[str]:
    """Months as their days; what is no month stays."""
    return frozenset(day for part in parts for day in (_days_of(part) if _MONTH.fullmatch(part) else [part]))


def months(parts: Iterable[str]) -> frozenset[str]:
    """Days as their months; what is no day stays."""
    return frozenset(part[: len("2025-03")] if _DAY.fullmatch(part) else part for part in parts)


def touching(parts: Iterable[str]) -> frozenset[str]:
    """Every name that has a day in common with one of `parts`, whether a table is kept by month or by day."""
    named = frozenset(parts)
    return named | days(named) | months(named)


def around(parts: Iterable[str], before: int, after: int) -> frozenset[str]:
    """Days and months as their days, with so many days before and after each; what is neither stays."""
    named = days(parts)
    known = {date.fromisoformat(day) for day in named if _DAY.fullmatch(day)}
    reached = {day + timedelta(n) for day in known for n in range(-before, after + 1)}
    return named | {day.isoformat() for day in reached}


def _days_of(month: str) -> list[str]:
    n_days = monthrange(int(month[:4]), int(month[5:]))[1]
    return [f"{month}-{day:02d}" for day in range(1, n_days + 1)]
