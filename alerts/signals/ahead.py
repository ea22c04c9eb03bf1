"""The kind of signal that looks ahead: the calls of the next days against the shifts planned for them. A pure function.

The forecast and what the shifts can bear are those of the weekly review (warehouse/analysis/forecast.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from warehouse.analysis.calendar_compare import DayKinds
from warehouse.analysis.forecast import forecast, most_load

DAYS = 3
WEEK = timedelta(days=7)
COLUMNS = (
    "seen_at", "scope_id", "value", "n", "load", "most", "hours", "day_zh", "day_en", "most_zh", "most_en",
    "planned_zh", "planned_en",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ahead(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """How many times what the shifts can bear the busiest of three days will be, the day of the instant the first.

    In: one row per day, as the select says. Out: one row per instant; none where too little is known to forecast, or
    no shifts are known. Only days before the instant's own are looked back at. Where a day has no plan yet, that of the
    same weekday a week before stands for it. Adds `n` (calls forecast of that day), load and `most` (calls per
    person-hour), hours.
    """
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    days = found.assign(day_on=pd.to_datetime(found["day_on"]).dt.date).set_index("day_on")
    kinds: DayKinds = {
        d: "holiday" if holiday else "makeup"
        for d, holiday, makeup in zip(days.index, days["is_holiday"], days["is_makeup"], strict=True)
        if holiday or makeup
    }
    rows = []
    for day, asked in days["seen_ats"].items():
        told = _day(days, day, kinds, float(given["aim"])) if _has(asked) else None
        if told is not None:
            rows += [{"seen_at": pd.Timestamp(at), "scope_id": "CITY", **told} for at in asked]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _day(days: pd.DataFrame, day: Any, kinds: DayKinds, aim: float) -> dict[str, Any] | None:
    past = days[[d < day for d in days.index]]
    calls = past["n_calls"].astype(float).dropna()
    there = past[past["n_present"].astype(float).gt(0) & past["n_calls"].astype(float).gt(0)].astype(
        {"n_calls": float, "n_present": float, "n_answered": float}
    )
    most, is_seen = most_load(
        there["n_calls"] / there["n_present"], there["n_answered"] / there["n_calls"], there["n_calls"], aim
    )
    told = forecast(calls, day, kinds, backtests=0)
    if told is None or not most:
        return None
    worst: tuple[float, date, float, float, bool] | None = None
    plan = days["n_planned"].astype(float)
    for ahead_by in range(DAYS):
        on = day + timedelta(ahead_by)
        hours, is_planned = _hours(plan, on), True
        if hours is None:
            hours, is_planned = _hours(plan, on - WEEK), False
        if hours is None:
            continue
        load = told.by_day[ahead_by] / hours
        if worst is None or load > worst[0]:
            worst = (load, on, told.by_day[ahead_by], hours, is_planned)
    if worst is None:
        return None
    load, on, n, hours, is_planned = worst
    return {
        # To the thousandth: a plan that fits exactly is none that falls short.
        "value": round(load / most, 3), "n": round(n), "load": load, "most": most, "hours": hours,
        "day_zh": f"{on.month}月{on.day}日", "day_en": f"{on.day} {_MONTHS[on.month - 1]}",
        "most_zh": "接得住的上限" if is_seen else "以往见过的最高值",
        "most_en": "can be answered in time" if is_seen else "was the most ever seen",
        "planned_zh": "排班" if is_planned else "按上周同日排班",
        "planned_en": "planned" if is_planned else "planned as a week before",
    }  # fmt: skip


def _hours(plan: pd.Series, on: date) -> float | None:
    value = plan.get(on)
    return float(value) if value is not None and value == value and value > 0 else None


def _has(asked: Any) -> bool:
    return isinstance(asked, list | np.ndarray) and len(asked) > 0


KINDS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]] = {"ahead": ahead}
