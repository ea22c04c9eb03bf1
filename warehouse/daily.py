"""Sums of tickets per day: which figures they can answer instead of the tickets themselves, and the answers.

What a ticket counts may change until some day; it is taken from the sums from then on, and from the ticket before. So
a figure is the same to the last ticket whichever way it is asked, and long periods cost what their last days do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, Protocol

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
    for good; `known` is the first day of that `step`, and None where no moment counts but the day of acceptance.
    `sums`: measure -> numerator and denominator over the sums."""

    table: str
    base: str
    known: str | None
    known_of_row: str
    sums: Mapping[str, tuple[str, str | None]]
    step: Literal["day", "week"] = "day"

    def begun(self, period: Period) -> date:
        """First day of the step in which a period is cut off: of what became known before, the sums tell."""
        day = period.cutoff.date()
        return day - timedelta(day.weekday()) if self.step == "week" else day


def _sum(column: str) -> str:
    return f"cast(sum({column}) as bigint)"


_N = _sum("n")
_COUNTS: Mapping[str, tuple[str, str | None]] = {"M01": (_N, None), "M02": (_N, None), "M54": (_N, None)}
_REPEATS: Mapping[str, tuple[str, str | None]] = {"M14_N": (_sum("n_repeat"), None)}
_YES, _RATED, _ASKED = _sum("n_yes"), _sum("n_rated"), _sum("n_asked")
_ANSWERS: Mapping[str, tuple[str, str | None]] = {"M09": (_YES, _RATED), "M10": (_RATED, _ASKED)}
_ANSWERED = "greatest(accepted_at, coalesce(surveyed_at, accepted_at))"
_TOLD = "greatest(accepted_at, coalesce(feedback_at, accepted_at), coalesce(surveyed_at, accepted_at))"
_REPLIES: Mapping[str, tuple[str, str | None]] = {"M29": (_sum("n_replied"), None)}
_SENT: Mapping[str, tuple[str, str | None]] = {"M28_WAIT": (_sum("n_sent"), None)}
_PARTNERS = "case when dept in (select dept_code from dim_dept where kind = 'PARTNER')"
_PICKS: Mapping[str, tuple[str, str | None]] = {"M37_PICK": (_sum("n_picks"), None)}
_STAYS: Mapping[str, tuple[str, str | None]] = {
    "M25_PASS": ("sum(n_passed_on)", "sum(n_stays)"),
    "M26": ("sum(dwell_min) / 60", "sum(n_stays)"),
    "M26_N": ("sum(n_stays)", None),
    "M36": (f"sum({_PARTNERS} then dwell_min end) / 60", f"sum({_PARTNERS} then n_stays end)"),
}
_HANDLED: Mapping[str, tuple[str, str | None]] = {
    "A1_SPEED": (_sum("n_quick"), _sum("n_limited")),
    "A2_SOLVED": (_sum("n_solved"), _sum("n_answered")),
    "A2_HOURS": ("cast(sum(own_s) as double) / 3600", _sum("n_timed")),
    "A3_SATISFIED": (_YES, _RATED),
    "A4_INFORMED": (_sum("n_informed"), _sum("n_watched")),
    "A5_KEPT": (_sum("n_kept"), _sum("n_told")),
}
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
            "M42": ("cast(coalesce(sum(n) filter (where type_code = 'TAR02'), 0) as bigint)", None),
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
            "M16": (_sum("n_first_7d"), _sum("n_judged_7d")),
        },
    ),
    Daily("mart_answer_day", "mart_ticket", "known_week", _ANSWERED, _ANSWERS, "week"),
    Daily("mart_answer_channel", "mart_ticket", "known_week", _ANSWERED, _ANSWERS, "week"),
    Daily(
        "mart_voice_day",
        "mart_voice",
        "known_week",
        _TOLD,
        {
            "M08": (_sum("n_confirmed"), _sum("n_said")),
            "M09_BY": (_YES, _RATED),
            "M10_SENT": (_ASKED, _sum("n_closed")),
            "M10_GONE": (_sum("n_gone"), _sum("n_called")),
        },
        "week",
    ),
    Daily(
        "mart_voice_cause",
        "mart_voice",
        "known_week",
        _ANSWERED,
        {"M09_BY": (_YES, _RATED), "M09_BAD": (_sum("n_bad"), None)},
        "week",
    ),
    Daily(
        "mart_done_day",
        "mart_ticket",
        "known_week",
        "greatest(accepted_at, coalesce(feedback_at, due_at, accepted_at))",
        {
            "M01": _COUNTS["M01"],
            "M03": (_sum("n_on_time"), _N),
            "M04": (_sum("n_on_time"), _sum("n_due")),
            "M06": ("cast(sum(done_s) as double) / 3600", _sum("n_done")),
            "M06_NET": ("cast(sum(net_s) as double) / 3600", _sum("n_done")),
        },
        "week",
    ),
    Daily(
        "mart_handled_day",
        "mart_handled",
        "known_week",
        "greatest(accepted_at, coalesce(answered_at, accepted_at), coalesce(feedback_at, accepted_at), "
        "coalesce(reopened_at, accepted_at), coalesce(surveyed_at, accepted_at))",
        _HANDLED,
        "week",
    ),
    Daily(
        "mart_template_day",
        "mart_repeat",
        "known_week",
        "greatest(matured_at, coalesce(feedback_at, matured_at))",
        {"M14_BACK": (_sum("n_back"), _sum("n_answered")), "M58": (_sum("n_by_template"), _sum("n_told"))},
        "week",
    ),
    Daily("mart_flow_reply_hour", "mart_ticket_flow", None, "", _REPLIES),
    Daily("mart_flow_reply", "mart_ticket_flow", None, "", _REPLIES),
    Daily("mart_flow_sent", "mart_ticket_flow", None, "", _SENT),
    Daily("mart_flow_sent_hour", "mart_ticket_flow", None, "", _SENT),
    Daily("mart_flow_dwell", "mart_flow_stay", None, "", _STAYS),
    Daily("mart_flow_pick", "mart_stay", None, "", _PICKS),
)


@dataclass(frozen=True)
class Known:
    """In which step (day or week) what was accepted on which days became known for good."""

    step: date
    first_on: date


class Release(Protocol):
    """What is asked of a release; the levels are those of its tables, and `known` keeps what `steps_of` told."""

    @property
    def levels(self) -> Levels: ...

    @property
    def known(self) -> dict[str, list[Known]]: ...

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
    found = None if people == "all" or not periods else _chosen(levels, entries, viewer, by, where)
    if found is None:
        return None
    ours = [_over(found, entry) for entry in entries]
    if found.known is None:
        return run(selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people))
    begun = f"cast(date_trunc('{found.step}', cutoff_at) as date)"
    settled: sa.ColumnElement[bool] = sa.literal_column(f"{found.known} < {begun}")
    told = selects.figures(levels, ours, found.table, "accepted", viewer, periods, by, where, people, [settled])
    since = _unknown_since(release, found, periods)
    late = [replace(p, first=max(p.first, since[p.id])) for p in periods if since.get(p.id, p.end) < p.end]
    if not late:
        return run(told)
    still_open: sa.ColumnElement[bool] = sa.literal_column(f"{found.known_of_row} >= {begun}")
    also = [still_open, _not_told(found, late)]
    rest = selects.figures(levels, entries, found.base, "accepted", viewer, late, by, where, people, also)
    both = sa.union_all(told, rest).subquery("parts")
    keys = [col(both, name) for name in ("period", *by)]
    means = {f"{entry.id}_num" for entry in entries if entry.kind == "mean"}
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
    if daily.table not in release.known:
        sums = sa.table(daily.table)
        known: sa.ColumnElement[Any] = sa.column(str(daily.known))
        asked = sa.select(known.label("known"), sa.func.min(col(sums, "accepted_on")).label("first_on"))
        rows = release.run(asked.select_from(sums).where(known.is_not(None)).group_by(known)).itertuples(index=False)
        found = [Known(pd.Timestamp(row.known).date(), pd.Timestamp(row.first_on).date()) for row in rows]
        release.known[daily.table] = found
    return release.known[daily.table]


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
