"""Sums of tickets per day: which figures they can answer instead of the tickets themselves, and the answers.

What a ticket counts may change until some day; it is taken from the sums from then on, and from the ticket before. So
a figure is the same to the last ticket whichever way it is asked, and long periods cost what their last days do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.daily_tables import TABLES, Daily
from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.scope import col
from warehouse.selects import Filters, Levels, People
from warehouse.viewer import Viewer

__all__ = ["TABLES", "Asked", "Daily", "Release", "figures"]


@dataclass(frozen=True)
class Known:
    """In which step (day or week) what was accepted on which days became known for good."""

    step: date
    first_on: date


@dataclass(frozen=True)
class Asked:
    """What a release was asked once: the steps of a table, and whether anything became known in the last step of a
    period of it before the cut-off."""

    steps: dict[str, list[Known]] = field(default_factory=dict)
    woken: dict[tuple[str, date, date, datetime], bool] = field(default_factory=dict)


class Release(Protocol):
    """What is asked of a release; the levels are those of its tables."""

    @property
    def levels(self) -> Levels: ...

    @property
    def asked(self) -> Asked: ...

    @property
    def info(self) -> Mapping[str, Any]: ...

    def run(self, statement: sa.Select[*tuple[Any, ...]]) -> pd.DataFrame: ...


def figures(
    release: Release,
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
    run, levels = release.run, release.levels
    found = None if people == "all" or not periods else _chosen(release, entries, viewer, periods, by, where)
    if found is None:
        return None
    ours = [_over(found, entry) for entry in entries]
    if found.known is None:
        return run(selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people))
    if found.step == "hour":
        until: list[sa.ColumnElement[bool]] = [sa.literal_column(f"{found.known} <= cast(cutoff_at as date)")]
        return run(selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people, until))
    begun = f"cast(date_trunc('{found.step}', cutoff_at) as date)"
    settled: sa.ColumnElement[bool] = sa.literal_column(f"{found.known} < {begun}")
    told = selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people, [settled])
    since = _unknown_since(release, found, periods)
    late = [replace(p, first=max(p.first, since[p.id])) for p in periods if since.get(p.id, p.end) < p.end]
    if found.only_known:
        late = _woken(release, found, late)
    if not late:
        return run(told)
    still_open: sa.ColumnElement[bool] = sa.literal_column(f"{found.known_of_row} >= {begun}")
    also = [still_open, _not_told(found, late)]
    rest = selects.figures(levels, entries, found.base, "accepted", viewer, late, by, where, people, also)
    both = sa.union_all(told, rest).subquery("parts")
    keys = [col(both, name) for name in ("period", *by)]
    means = {f"{entry.id}_num" for entry in entries if entry.kind == "mean" or entry.id in found.measured}
    totals = [_added(col(both, c.name), c.name in means) for c in both.columns if c.name not in ("period", *by)]
    return run(sa.select(*keys, *totals).select_from(both).group_by(*keys))


def _added(column: sa.ColumnClause[Any], is_measured: bool) -> sa.Label[Any]:
    """Both parts together: customers at least as many as in either, counts whole, hours as they are."""
    if column.name == "n_customers":
        return sa.func.max(column).label(column.name)
    total = sa.func.sum(column)
    return (total if is_measured else sa.cast(total, sa.BigInteger)).label(column.name)


def _unknown_since(release: Release, daily: Daily, periods: Sequence[Period]) -> dict[str, date]:
    """Period -> the first day of acceptance, or an earlier one, of which not all is known at its cut-off; if any."""
    if daily.known == "accepted_on":
        return {p.id: p.cutoff.date() for p in periods}
    steps = _steps(release, daily)
    first = {p.id: [known.first_on for known in steps if known.step >= daily.begun(p)] for p in periods}
    return {period: min(days) for period, days in first.items() if days}


def _steps(release: Release, daily: Daily) -> list[Known]:
    """All steps of a table with their first days of acceptance: some hundred, the same for every question."""
    if daily.table not in release.asked.steps:
        sums = sa.table(daily.table)
        known: sa.ColumnElement[Any] = sa.column(str(daily.known))
        asked = sa.select(known.label("known"), sa.func.min(col(sums, "accepted_on")).label("first_on"))
        rows = release.run(asked.select_from(sums).where(known.is_not(None)).group_by(known)).itertuples(index=False)
        found = [Known(pd.Timestamp(row.known).date(), pd.Timestamp(row.first_on).date()) for row in rows]
        release.asked.steps[daily.table] = found
    return release.asked.steps[daily.table]


def _woken(release: Release, daily: Daily, late: Sequence[Period]) -> list[Period]:
    """The periods of which anything became known between the begin of the step and the cut-off: of the others the sums
    tell all. A cut-off on a Monday morning has nearly always none. Groups in which nothing is known yet are then left
    out, and customers who did not answer yet may be."""
    keys = {p.id: (daily.table, p.first, p.end, p.cutoff) for p in late}
    new = [p for p in late if keys[p.id] not in release.asked.woken]
    if new:
        known: sa.ColumnElement[Any] = sa.literal_column(daily.known_of_row)
        at: sa.ColumnElement[Any] = sa.literal_column("accepted_at")
        inside = [sa.and_(at >= p.first, at < p.end, known >= daily.begun(p), known <= p.cutoff) for p in new]
        counts = [sa.func.count_if(within).label(f"n_{n}") for n, within in enumerate(inside)]
        row = release.run(sa.select(*counts).select_from(sa.table(daily.base)).where(_not_told(daily, new))).iloc[0]
        release.asked.woken.update({keys[p.id]: bool(row[f"n_{n}"]) for n, p in enumerate(new)})
    return [p for p in late if release.asked.woken[keys[p.id]]]


def _not_told(daily: Daily, late: Sequence[Period]) -> sa.ColumnElement[bool]:
    """What may not have been known at the cut-offs, as plain bounds: most rows then go before they are joined."""
    known: sa.ColumnElement[Any] = sa.literal_column(daily.known_of_row)
    at: sa.ColumnElement[Any] = sa.literal_column("accepted_at")
    spans: dict[date, list[Period]] = {}
    for period in late:
        spans.setdefault(daily.begun(period), []).append(period)
    return sa.or_(
        *(
            sa.and_(at >= min(p.first for p in same), at < max(p.end for p in same), known >= begun)
            for begun, same in spans.items()
        )
    )


def _chosen(
    release: Release,
    entries: Sequence[Measure],
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Filters,
) -> Daily | None:
    """The first table that has the measures, the groups, the filters, what the viewer is limited by, and the hours."""
    for daily in TABLES:
        if (
            daily.table in release.levels
            and all(e.base == daily.base and e.basis == "accepted" and e.id in daily.sums for e in entries)
            and has_columns(release.levels, daily.table, daily.base, viewer, by, where)
            and (daily.step != "hour" or are_at_the_hour(release, periods))
        ):
            return daily
    return None


def has_columns(levels: Levels, table: str, base: str, viewer: Viewer, by: Sequence[str], where: Filters) -> bool:
    """Whether a table of sums has every column of its base that a question groups by, filters by or is limited by."""
    limits = [("region_code", viewer.regions), ("owner_dept", viewer.departments)]
    asked = {*by, *(name for name, _ in where.values), *(name for name, allowed in limits if allowed is not None)}
    return asked & levels.get(base, {}).keys() <= levels[table].keys()


def are_at_the_hour(release: Release, periods: Sequence[Period]) -> bool:
    """Whether all cut-offs lie at the hour of the release, as those that pages ask for do."""
    hour = release.info["as_of"].time()
    return hour.microsecond == 0 and all(p.cutoff.time() == hour for p in periods)


def _over(daily: Daily, entry: Measure) -> Measure:
    """The measure as it is told from sums."""
    numerator, denominator = daily.sums[entry.id]
    told = {"numerator": numerator} if denominator is None else {"numerator": numerator, "denominator": denominator}
    return entry.model_copy(update=told)
