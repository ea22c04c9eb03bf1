"""Peak factor at the turn of the month (月初月末系数, measure M40).

Does not belong here: what is counted and by which subtype (the marts), which months are whole (the caller).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from warehouse.analysis.calendar_compare import days_between
from warehouse.analysis.intervals import rate_ratio_interval

EDGE_DAYS = 3


@dataclass(frozen=True, slots=True)
class PeakFactor:
    """Mean daily count of the first and last three days ÷ mean of the other days, with its 95 % interval.

    ``n_*`` are events, ``days_*`` calendar days. NaN without events or without days on either side; infinite
    when all events fall on peak days.
    """

    factor: float
    low: float
    high: float
    n_peak: int
    n_rest: int
    days_peak: int
    days_rest: int


def is_month_edge(day: date) -> bool:
    """True for the first three and the last three days of a month."""
    return day.day <= EDGE_DAYS or (day + timedelta(days=EDGE_DAYS)).month != day.month


def peak_factor(counts: Mapping[date, int], start: date, end: date) -> PeakFactor:
    """M40 over the days from start to end (both included); a day missing from ``counts`` counts 0.

    Give whole months: half a month has one edge only. The interval is that of the ratio of two Poisson rates,
    so it is too narrow where complaints come in batches.
    """
    days = days_between(start, end)
    edge = [is_month_edge(day) for day in days]
    n_peak = int(sum(counts.get(day, 0) for day, peak in zip(days, edge, strict=True) if peak))
    n_rest = int(sum(counts.get(day, 0) for day, peak in zip(days, edge, strict=True) if not peak))
    days_peak, days_rest = sum(edge), len(edge) - sum(edge)
    factor = low = high = float("nan")
    if days_peak and days_rest:
        factor, low, high = rate_ratio_interval(n_peak, days_peak, n_rest, days_rest)
    return PeakFactor(factor, low, high, n_peak, n_rest, days_peak, days_rest)


def peak_factors(daily: pd.DataFrame, by: list[str], day: str, value: str, start: date, end: date) -> pd.DataFrame:
    """M40 for each group of ``by``: columns ``by``, then the fields of `PeakFactor`; highest factor first.

    ``daily`` has one row per group and day (several are added up) with the day as date or timestamp; days
    without a row count 0, rows outside start–end are left out. Groups without a row in the period are absent.
    """
    rows = daily.assign(**{day: pd.to_datetime(daily[day]).dt.date})
    rows = rows[(rows[day] >= start) & (rows[day] <= end)]
    found = []
    for key, group in rows.groupby(by, dropna=False, observed=True, sort=True):
        counts = {d: int(n) for d, n in group.groupby(day)[value].sum().items()}
        result = peak_factor(counts, start, end)
        fields = {name: getattr(result, name) for name in PeakFactor.__slots__}
        found.append({**dict(zip(by, key, strict=True)), **fields})
    table = pd.DataFrame(found, columns=[*by, *PeakFactor.__slots__])
    return table.sort_values("factor", ascending=False, kind="stable", ignore_index=True)
