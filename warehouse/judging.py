"""Any tickets judged by any policy, stage by stage, on demand. What a limit is stands in `policies.toml`.

Whole weeks or months narrowed by the fixed lattice are read from `mart_sla`, everything else is judged then and there
by the same select over just those tickets. No rate is formed here but those of the catalogue: M05 of the rules in
force, M03 and M04 of a stage under any rule.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.analysis.intervals import wilson
from warehouse.catalog import models
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.query import Reader
from warehouse.scope import check_question, col
from warehouse.selects import Filters
from warehouse.viewer import Viewer

STATES = ("n_on_time", "n_late", "n_overdue", "n_soon_due", "n_running")
BY = ("type_l1", "owner_dept", "region_code")
_LATTICE = {"type_l1", "owner_dept", "region_code", "priority"}
_COUNTS = ("n", *STATES, "M05_num", "M05_den")


def judged(
    reader: Reader,
    viewer: Viewer,
    period: Period,
    where: Filters,
    by: Sequence[str] = (),
    policies: Collection[str] | None = None,
    in_force: bool = False,
) -> pd.DataFrame:
    """Tickets accepted in the period by state, per policy, stage and group: policy_id, stage, *by, n, `STATES`, and
    M05_num, M05_den of the rules in force.

    `by` are names of `BY`. `in_force` leaves each ticket with the policy in force at its acceptance only, and then
    policy_id is no group. Judged at the instant of the release. Figures of few tickets are not hidden here: who asks
    for a viewer of figures only hides them (`least_customers`).
    """
    check_question(viewer, [name for name, _ in where.values], by)
    keys = [*([] if in_force else ["policy_id"]), "stage", *by]
    if fits(period, where):
        found = _from_mart(reader, viewer, period, where, keys, in_force)
    else:
        found = _on_demand(reader, viewer, period, where)
        found = found[found["is_in_force"].eq(True)] if in_force else found
    if policies is not None:
        found = found[found["policy_id"].isin(list(policies))]
    summed = found.groupby(keys, as_index=False, observed=True)[list(_COUNTS)].sum()
    return summed.astype({name: "int64" for name in _COUNTS})


def with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """Add M05, strict (on time ÷ all, M03) and matured (on time ÷ all but open and not yet due, M04) under any rule,
    each with n and interval."""
    out = add_values(table, ["M05"])
    top = out["n_on_time"].astype(float)
    bases = {"strict": out["n"].astype(float)}
    bases["matured"] = bases["strict"] - out["n_soon_due"] - out["n_running"]
    for name, base in bases.items():
        out[f"{name}_n"] = base
        out[name] = (top / base.where(base > 0)).astype(float)
        out[f"{name}_low"], out[f"{name}_high"] = wilson(top.to_numpy(), base.to_numpy())
    return out


def least_customers(n: pd.Series, n_tickets: pd.Series | float, n_customers: pd.Series | float) -> pd.Series:
    """How many customers `n` tickets of a group have at least, when the whole group has so many of each.

    Every ticket beyond one per customer may be among the `n`. Marts hold no customers, so this is what is known.
    """
    return n - (n_tickets - n_customers)


def fits(period: Period, where: Filters) -> bool:
    """Whether `mart_sla` can answer: the period ends and begins with a week or a month, filters are of the lattice."""
    whole = all(day.weekday() == 0 or day.day == 1 for day in (period.first, period.end))
    return whole and {name for name, _ in where.values} <= _LATTICE


def _from_mart(
    reader: Reader,
    viewer: Viewer,
    period: Period,
    where: Filters,
    by: Sequence[str] = ("policy_id", "stage", "is_in_force", *BY),
    in_force: bool = False,
) -> pd.DataFrame:
    mart = sa.table("mart_sla")
    keys = [col(mart, name) for name in by]
    begun = sa.func.greatest(col(mart, "week_start"), col(mart, "month_start"))
    inside = selects.inside(reader.levels, "mart_sla", viewer, where, mart)
    sums = [sa.func.sum(col(mart, name)).label(name) for name in ("n", *STATES)]
    sums += _stage_rate()
    if in_force:
        inside.append(col(mart, "is_in_force"))
    chosen = sa.select(*keys, *sums).select_from(mart).where(*inside, begun >= period.first, begun < period.end)
    return reader.run(chosen.group_by(*keys))


def _on_demand(reader: Reader, viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    """The select of the mart over the tickets asked for: a common table of the same name stands before the whole."""
    clocks = sa.table("fact_ticket_clock")
    at = col(clocks, "accepted_at")
    inside = selects.inside(reader.levels, "fact_ticket_clock", viewer, where, clocks)
    when = (at >= sa.literal(period.first), at < sa.literal(period.end))
    asked = sa.select(sa.literal_column("*")).select_from(clocks).where(*inside, *when).cte("fact_ticket_clock")
    keys: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("policy_id", "stage", "is_in_force", *BY)]
    sums: list[sa.ColumnClause[Any]] = [sa.column(name) for name in ("n", *STATES)]
    told = sa.text(models()["mart_sla"].sql).columns(*keys, *sums).add_cte(asked).subquery("told")
    of = [col(told, c.name) for c in keys]
    counted = [sa.func.sum(col(told, c.name)).label(c.name) for c in sums]
    return reader.run(sa.select(*of, *counted, *_stage_rate()).group_by(*of))


def _stage_rate() -> list[sa.Label[Any]]:
    """Both parts of M05 as its definition has them; other rules than those in force have none."""
    entry = measures()["M05"]
    parts = {"M05_num": entry.numerator, "M05_den": str(entry.denominator)}
    return [sa.func.coalesce(sa.literal_column(text), 0).label(name) for name, text in parts.items()]


def closings(reader: Reader, viewer: Viewer, period: Period, where: Filters, last_hour: int) -> pd.DataFrame:
    """type_l1, hour, n_closed, n_open of the tickets accepted in the period, for `survival.open_share`.

    Closed within the hour that ends at `hour`; open: aged at least `hour` hours at the instant of the release. What
    lasted longer than `last_hour` counts as open then.
    """
    check_question(viewer, [name for name, _ in where.values], ())
    clocks = sa.table("fact_ticket_clock")
    at, closed, still = (col(clocks, name) for name in ("accepted_at", "fbk_s", "open_s"))
    ended = sa.func.greatest(1, sa.func.ceil(closed / sa.literal_column("3600.0")))
    aged = sa.func.floor(still / sa.literal_column("3600.0"))
    hour = sa.func.least(sa.func.coalesce(ended, aged), last_hour).label("hour")
    in_time = sa.and_(closed.is_not(None), ended <= last_hour)
    statement = (
        sa.select(
            col(clocks, "type_l1"),
            hour,
            sa.func.count_if(in_time).label("n_closed"),
            sa.func.count_if(sa.not_(in_time)).label("n_open"),
        )
        .select_from(clocks)
        .where(
            *selects.inside(reader.levels, "fact_ticket_clock", viewer, where, clocks),
            at >= sa.literal(period.first),
            at < sa.literal(period.end),
            sa.func.coalesce(closed, still).is_not(None),
        )
        .group_by(col(clocks, "type_l1"), sa.literal_column("hour"))
    )
    return reader.run(statement)
