"""Rows of the hand-over views: tickets that went astray, and tickets that lie still. All scoped.

Figures of those views come from `Reader.figures`; tickets to replay are `replays.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.scope import NotAllowed, check_question, col
from warehouse.viewer import Viewer

Detour = Literal["loop", "bounce", "thrice", "rejected", "reopened"]
DETOURS: tuple[Detour, ...] = get_args(Detour)
DETOUR_COLUMNS = (
    "ticket_id", "accepted_at", "type_code", "region_code", "owner_dept", "n_transfers", "n_rejects", "n_loops",
    "n_reopens", "handling_hours",
)  # fmt: skip
STUCK_COLUMNS = (
    "ticket_id", "accepted_at", "type_code", "region_code", "dept", "priority", "last_event_at", "idle_min",
    "allowed_min", "due_at", "is_unsigned",
)  # fmt: skip
ARRIVAL_COLUMNS = (
    "ticket_id", "accepted_at", "first_reply_at", "type_code", "region_code", "owner_dept", "priority", "feedback_at",
)  # fmt: skip


_IS: dict[Detour, Callable[[sa.TableClause], sa.ColumnElement[bool]]] = {
    "loop": lambda mart: col(mart, "n_loops") > 0,
    "bounce": lambda mart: col(mart, "n_bounces") > 0,
    "thrice": lambda mart: col(mart, "n_transfers") >= 3,
    "rejected": lambda mart: col(mart, "n_rejects") > 0,
    "reopened": lambda mart: col(mart, "n_reopens") > 0,
}


def detours(
    reader: Reader,
    viewer: Viewer,
    period: Period,
    where: Filters,
    kind: Detour,
    page: int,
    size: int,
    dept: str = "",
) -> tuple[pd.DataFrame, int]:
    """One page of tickets accepted in the period that went astray in one way, longest first; and how many there are.

    `dept`: only those that were there. Columns: DETOUR_COLUMNS and path, the departments in the order they had it,
    joined by " → ".
    """
    # A release made before there was the shorter table has the whole one.
    mart = sa.table("mart_ticket_astray" if "mart_ticket_astray" in reader.levels else "mart_ticket")
    stays = sa.table("fact_ticket_handover")
    found = [*accepted_in(mart, period), _IS[kind](mart)]
    way = [name for name in ("way",) if name in reader.levels.get(str(mart.name), {})]
    if dept and way:
        found.append(sa.func.contains(col(mart, "way"), f"<{dept}>"))
    elif dept:
        there = sa.select(col(stays, "ticket_id")).select_from(stays).where(col(stays, "dept") == dept)
        found.append(col(mart, "ticket_id").in_(there))
    order = [col(mart, "handling_hours").desc(), col(mart, "ticket_id")]
    rows, n = _page(reader, viewer, mart, [*DETOUR_COLUMNS, *way], where, found, order, page, size)
    paths = [_walked(stays) for stays in rows.pop("way")] if way else _paths(reader, list(rows["ticket_id"]))
    return rows.assign(path=paths), n


def stuck(
    reader: Reader, viewer: Viewer, where: Filters, page: int, size: int, dept: str = ""
) -> tuple[pd.DataFrame, int]:
    """One page of open tickets that nothing has happened to for too long, worst against its allowance first.

    `dept`: only those that lie there.
    """
    mart = sa.table("mart_flow_stuck")
    order = [(col(mart, "idle_min") / col(mart, "allowed_min")).desc(), col(mart, "ticket_id")]
    lying = [col(mart, "is_stuck"), *([col(mart, "dept") == dept] if dept else [])]
    return _page(reader, viewer, mart, STUCK_COLUMNS, where, lying, order, page, size)


def arrivals(
    reader: Reader,
    viewer: Viewer,
    period: Period,
    where: Filters,
    moment: tuple[int, bool],
    page: int,
    size: int,
    dept: str = "",
) -> tuple[pd.DataFrame, int]:
    """One page of tickets that came at one hour of working days or of other days, who waited longest first.

    Those whose wait for the first reply M29 counts. `moment`: hour (0–23) and whether on a working day. `dept`: only
    those first sent there. Columns: ARRIVAL_COLUMNS.
    """
    mart, ways = sa.table("mart_ticket"), sa.table("mart_ticket_flow")
    hour, is_workday = moment
    chosen = [
        *selects.inside(reader.levels, "mart_ticket_flow", viewer, where, ways),
        *accepted_in(ways, period),
        col(ways, "reply_class").is_not(None),
        sa.func.coalesce(col(ways, "priority"), "") != "P1",
        col(ways, "hour_of_day") == hour,
        col(ways, "is_workday") == is_workday,
        *([col(ways, "dept") == dept] if dept else []),
    ]
    theirs = sa.select(col(ways, "ticket_id")).select_from(ways).where(*chosen)
    inside = [*accepted_in(mart, period), col(mart, "ticket_id").in_(theirs)]
    waited = col(mart, "first_reply_at") - col(mart, "accepted_at")
    return _page(
        reader, viewer, mart, ARRIVAL_COLUMNS, where, inside, [waited.desc(), col(mart, "ticket_id")], page, size
    )


def _page(
    reader: Reader,
    viewer: Viewer,
    table: sa.TableClause,
    columns: Sequence[str],
    where: Filters,
    conditions: Sequence[sa.ColumnElement[bool]],
    order: Sequence[sa.ColumnElement[Any]],
    page: int,
    size: int,
) -> tuple[pd.DataFrame, int]:
    if not viewer.sees_rows:
        raise NotAllowed("rows belong to analysts, planners, handlers and supervisors")
    check_question(viewer, [name for name, _ in where.values], ())
    inside = [*selects.inside(reader.levels, str(table.name), viewer, where, table), *conditions]
    shown = (
        sa.select(*(col(table, name) for name in columns))
        .select_from(table)
        .where(*inside)
        .order_by(*order)
        .limit(size)
        .offset(max(page, 0) * size)
    )
    counted = sa.select(sa.func.count().label("n")).select_from(table).where(*inside)
    return reader.run(shown), int(reader.run(counted)["n"].iloc[0])


def _walked(stays: str | None) -> str:
    """Department after department, as `mart_ticket_astray` holds them."""
    return " → ".join(re.findall(r"<(.*?)>", stays)) if isinstance(stays, str) else ""


def _paths(reader: Reader, tickets: Sequence[str]) -> list[str]:
    """Department after department of each ticket, as codes."""
    if not tickets:
        return []
    stays = sa.table("fact_ticket_handover")
    asked = (
        sa.select(col(stays, "ticket_id"), col(stays, "dept"))
        .select_from(stays)
        .where(col(stays, "ticket_id").in_(list(tickets)))
        .order_by(col(stays, "ticket_id"), col(stays, "visit_no"))
    )
    walked = reader.run(asked).groupby("ticket_id")["dept"].agg(list)
    return [" → ".join(walked.get(ticket, [])) for ticket in tickets]


def accepted_in(table: sa.TableClause, period: Period) -> list[sa.ColumnElement[bool]]:
    """Rows accepted in the period, known at its cut-off."""
    at = col(table, "accepted_at")
    return [at >= period.first, at < period.end, at <= period.cutoff]
