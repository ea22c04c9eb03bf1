"""Medians and the like of long periods: sums say near which complaint one lies, and only those near it are read.

The value is the very one that all complaints would give. What is asked by group, under a filter or by a viewer of a
part is asked of the complaints themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.scope import SMALL_CELL, col

Run = Callable[[sa.Select[Any]], pd.DataFrame]
LONG_DAYS = 62  # complaints of fewer days are read as quickly
BASE = "mart_ticket"
LAST_HOUR = 400  # of the tables of sums, and all that took longer


@dataclass(frozen=True)
class Clock:
    """A table of sums by full hours, one of complaints in the order of their lengths, the instant that ends the clock,
    and the column of its length (`unit` an hour)."""

    table: str
    rows: str
    done: str
    value: str
    unit: int


DONE = Clock("mart_done_hour", "mart_ticket_done", "feedback_at", "handling_hours", 1)
FIRST = Clock("mart_first_hour", "mart_ticket_first", "first_reply_at", "reply_minutes", 60)
QUANTILES = {"M06_P50": (DONE, 0.5), "M06_P90": (DONE, 0.9), "M13": (FIRST, 0.5), "M13_P90": (FIRST, 0.9)}
CLOCKS = frozenset(clock.table for clock, _ in QUANTILES.values())
TABLES = CLOCKS | {clock.rows for clock, _ in QUANTILES.values()}  # an older release is asked of all its complaints


@dataclass(frozen=True)
class _Place:
    """Where a quantile lies: among the `n` complaints of an hour, at this share of them."""

    hour: int
    n: int
    share: float


def fits(entries: Sequence[Measure], periods: Sequence[Period]) -> bool:
    """Whether these figures of these periods are asked for in vain of all complaints."""
    return all(e.id in QUANTILES for e in entries) and bool(periods) and all(p.days > LONG_DAYS for p in periods)


def figures(run: Run, entries: Sequence[Measure], periods: Sequence[Period], crowd: int) -> pd.DataFrame | None:
    """What `selects.figures` gives without groups, `n_customers` a least number; None where sums cannot tell.

    More than `crowd` complaints come from five customers at least.
    """
    rows = []
    for period in periods:
        row: dict[str, Any] = {"period": period.id}
        for clock in dict.fromkeys(QUANTILES[e.id][0] for e in entries):
            ours = [e.id for e in entries if QUANTILES[e.id][0] == clock]
            hours = _hours(run, clock, period)
            n = int(hours.sum())
            if n <= crowd:
                return None
            places = [_place(hours, QUANTILES[i][1]) for i in ours]
            known = [p for p in places if p is not None]
            values = _values(run, clock, period, known) if len(known) == len(places) else None
            if values is None:
                return None
            for name, value in zip(ours, values, strict=True):
                row |= {f"{name}_num": value, f"{name}_den": n}
        rows.append(row | {"n_customers": SMALL_CELL})
    return pd.DataFrame(rows)


def _hours(run: Run, clock: Clock, period: Period) -> pd.Series:
    """Full hours -> complaints of the period that took so long, at its cut-off: by sums, or what they know later."""
    sums = sa.table(clock.table)
    begun = period.cutoff.date() - timedelta(period.cutoff.weekday())
    is_late = (col(sums, "known_week") >= begun).label("is_late")
    hour, on = col(sums, "n_hours"), col(sums, "accepted_on")
    told = run(
        sa.select(hour, is_late, sa.func.sum(col(sums, "n")).label("n"), sa.func.min(on).label("first_on"))
        .select_from(sums)
        .where(on >= period.first, on < period.end)
        .group_by(hour, sa.literal_column("is_late"))
    )
    late = told["is_late"].astype(bool)
    found = told.loc[~late].groupby("n_hours")["n"].sum()
    if late.any():
        first = pd.Timestamp(told.loc[late, "first_on"].min()).date()
        found = found.add(_hours_since(run, clock, period, max(first, period.first), begun), fill_value=0)
    return found.astype("int64").sort_index()


def _hours_since(run: Run, clock: Clock, period: Period, first: date, begun: date) -> pd.Series:
    """The same of what came to its end in the week of the cut-off, by the complaints themselves."""
    mart = sa.table(BASE)
    at, done, value = (col(mart, name) for name in ("accepted_at", clock.done, clock.value))
    hour = sa.func.least(sa.func.greatest(sa.func.floor(value / sa.literal(clock.unit)), 0), LAST_HOUR).label("n_hours")
    told = run(
        sa.select(hour, sa.func.count().label("n"))
        .select_from(mart)
        .where(at >= first, *_inside(mart, clock, period), sa.func.greatest(at, done) >= begun)
        .group_by(sa.literal_column("n_hours"))
    )
    return told.astype({"n_hours": "int64"}).set_index("n_hours")["n"]


def _inside(mart: sa.TableClause, clock: Clock, period: Period, hour: int = LAST_HOUR) -> list[sa.ColumnElement[bool]]:
    """What of a period had come to its end by its cut-off; of those that took `hour` full hours only where another
    column has to be read for that."""
    at, done = col(mart, "accepted_at"), col(mart, clock.done)
    inside: list[sa.ColumnElement[bool]] = [at >= period.first, at < period.end]
    end = datetime.combine(period.end, time.min)
    if period.cutoff < end:
        inside.append(at <= period.cutoff)
    if hour >= LAST_HOUR or end + timedelta(hours=hour + 2) > period.cutoff:
        inside.append(done <= period.cutoff)
    return inside


def _place(hours: pd.Series, share: float) -> _Place | None:
    """The hour that both neighbours of a quantile lie in; None where they do not lie in one."""
    place = share * (int(hours.sum()) - 1)
    ends = hours.cumsum()
    hour = int(ends.index[int((ends > math.floor(place)).to_numpy().argmax())])
    n = int(hours.loc[hour])
    within = place - (int(ends.loc[hour]) - n)
    if within > n - 1:
        return None
    return _Place(hour, n, within / (n - 1) if n > 1 else 0.0)


def _values(run: Run, clock: Clock, period: Period, places: Sequence[_Place]) -> list[float] | None:
    """The quantiles themselves; None where an hour holds other complaints than the sums say."""
    mart = sa.table(clock.rows)
    value = col(mart, clock.value)
    # Each band by itself: its bounds then sift rows where they are read, as no alternative of two does.
    bands = [
        sa.select(
            sa.func.count().label(f"n_{k}"),
            sa.func.percentile_cont(place.share).within_group(value).label(f"value_{k}"),
        )
        .select_from(mart)
        .where(*_inside(mart, clock, period, place.hour), *_band(value, clock, place.hour))
        .subquery(f"band_{k}")
        for k, place in enumerate(places)
    ]
    row = run(sa.select(*(column for band in bands for column in band.c))).iloc[0]
    if any(row[f"n_{k}"] != place.n for k, place in enumerate(places)):
        return None
    return [float(row[f"value_{k}"]) for k in range(len(places))]


def _band(value: sa.ColumnClause[Any], clock: Clock, hour: int) -> list[sa.ColumnElement[bool]]:
    low = [value >= hour * clock.unit] if hour > 0 else []
    high = [value < (hour + 1) * clock.unit] if hour < LAST_HOUR else []
    return [*low, *high] or [value.is_not(None)]
