"""Sums of tickets per day: which figures they can answer instead of the tickets themselves, and the answers.

What a ticket counts may change until some day; it is taken from the sums from then on, and from the ticket before. So
a figure is the same to the last ticket whichever way it is asked, and long periods cost what their last days do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.scope import col
from warehouse.selects import Filters, Levels, People
from warehouse.viewer import Viewer

Run = Callable[[sa.Select[Any]], pd.DataFrame]


@dataclass(frozen=True)
class Daily:
    """A table of sums over `base`. `known` of its rows and `known_of_row` of the base's: when a ticket's part is known
    for good. `sums`: measure -> numerator and denominator over the sums."""

    table: str
    base: str
    known: str
    known_of_row: str
    sums: Mapping[str, tuple[str, str | None]]


def _sum(column: str) -> str:
    return f"cast(sum({column}) as bigint)"


_N = _sum("n")
_COUNTS: Mapping[str, tuple[str, str | None]] = {"M01": (_N, None), "M02": (_N, None), "M54": (_N, None)}
_REPEATS: Mapping[str, tuple[str, str | None]] = {"M14_N": (_sum("n_repeat"), None)}
# The smaller ones first.
TABLES = (
    Daily(
        "mart_ticket_day",
        "mart_ticket",
        "accepted_on",
        "accepted_at",
        {
            **_COUNTS,
            "M14": (_sum("n_repeat"), _N),
            "M18": (_sum("n_escalated"), _N),
            "M18_N": (_sum("n_escalated"), None),
            "M56_GEO": (_sum("n_graded"), _N),
            "M56_LOC": (_sum("n_located"), _N),
        },
    ),
    Daily("mart_ticket_hour", "mart_ticket", "accepted_on", "accepted_at", _COUNTS),
    Daily("mart_repeat_before", "mart_repeat", "accepted_on", "accepted_at", _REPEATS),
    Daily(
        "mart_repeat_day",
        "mart_repeat",
        "known_on",
        "greatest(matured_at, coalesce(answered_7d_at, matured_at))",
        {
            **_REPEATS,
            "M14_BACK": (_sum("n_back"), _sum("n_answered")),
            "M14_7D": (_sum("n_back_7d"), _sum("n_answered_7d")),
        },
    ),
)


def figures(
    run: Run,
    levels: Levels,
    entries: Sequence[Measure],
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Filters,
    people: People,
) -> pd.DataFrame | None:
    """What the select of `selects.figures` gives for measures of one table and basis; None where sums cannot tell.

    `n_customers` is a least number of them.
    """
    found = None if people == "all" or not periods else _chosen(levels, entries, viewer, by, where)
    if found is None:
        return None
    ours = [_over(found, entry) for entry in entries]
    settled: sa.ColumnElement[bool] = sa.literal_column(f"{found.known} < cast(cutoff_at as date)")
    told = selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people, [settled])
    since = _unknown_since(run, found, periods)
    late = [replace(p, first=max(p.first, since[p.id])) for p in periods if since.get(p.id, p.end) < p.end]
    if not late:
        return run(told)
    known: sa.ColumnElement[Any] = sa.literal_column(found.known_of_row)
    still_open = [known >= sa.literal_column("cast(cutoff_at as date)")]
    rest = selects.figures(levels, entries, found.base, "accepted", viewer, late, by, where, people, still_open)
    both = sa.union_all(told, rest).subquery("parts")
    keys = [col(both, name) for name in ("period", *by)]
    totals = [
        sa.cast(sa.func.sum(col(both, c.name)), sa.BigInteger).label(c.name)
        if c.name != "n_customers"
        else sa.func.max(col(both, c.name)).label(c.name)
        for c in both.columns
        if c.name not in ("period", *by)
    ]
    return run(sa.select(*keys, *totals).select_from(both).group_by(*keys))


def _unknown_since(run: Run, daily: Daily, periods: Sequence[Period]) -> dict[str, date]:
    """Period -> the first day of acceptance, or an earlier one, of which not all is known at its cut-off; if any."""
    if daily.known == "accepted_on":
        return {p.id: p.cutoff.date() for p in periods}
    sums, earliest = sa.table(daily.table), min(p.cutoff for p in periods).date()
    asked = sa.select(sa.func.min(col(sums, "accepted_on")).label("first_on")).select_from(sums)
    [first] = run(asked.where(col(sums, daily.known) >= sa.bindparam(None, earliest, unique=True)))["first_on"]
    return {} if pd.isna(first) else dict.fromkeys((p.id for p in periods), pd.Timestamp(first).date())


def _chosen(
    levels: Levels, entries: Sequence[Measure], viewer: Viewer, by: Sequence[str], where: Filters
) -> Daily | None:
    """The first table that has the measures, the groups, the filters and what the viewer is limited by."""
    limits = [("region_code", viewer.regions), ("owner_dept", viewer.departments)]
    asked = {*by, *(name for name, _ in where.values), *(name for name, allowed in limits if allowed is not None)}
    for daily in TABLES:
        needed = asked & levels.get(daily.base, {}).keys()
        if (
            daily.table in levels
            and all(e.base == daily.base and e.basis == "accepted" and e.id in daily.sums for e in entries)
            and needed <= levels[daily.table].keys()
        ):
            return daily
    return None


def _over(daily: Daily, entry: Measure) -> Measure:
    """The measure as it is told from sums."""
    numerator, denominator = daily.sums[entry.id]
    told = {"numerator": numerator} if denominator is None else {"numerator": numerator, "denominator": denominator}
    return entry.model_copy(update=told)
