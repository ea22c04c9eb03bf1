"""Rows of the hand-over views: tickets that went astray, tickets that lie still, and tickets to replay. All scoped.

Figures of those views come from `Reader.figures`; what a replay makes of the tickets is `analysis/replay.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
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
KEYS = 16**4  # how many sample keys there are
FEW_KEYS = 16**3  # of them those of mart_replay_sample
REPLAYED = "mart_replay_ticket"

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
    found = [*_accepted_in(mart, period), _IS[kind](mart)]
    if dept:
        there = sa.select(col(stays, "ticket_id")).select_from(stays).where(col(stays, "dept") == dept)
        found.append(col(mart, "ticket_id").in_(there))
    order = [col(mart, "handling_hours").desc(), col(mart, "ticket_id")]
    rows, n = _page(reader, viewer, mart, DETOUR_COLUMNS, where, found, order, page, size)
    return rows.assign(path=_paths(reader, list(rows["ticket_id"]))), n


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
        *_accepted_in(ways, period),
        col(ways, "reply_class").is_not(None),
        sa.func.coalesce(col(ways, "priority"), "") != "P1",
        col(ways, "hour_of_day") == hour,
        col(ways, "is_workday") == is_workday,
        *([col(ways, "dept") == dept] if dept else []),
    ]
    theirs = sa.select(col(ways, "ticket_id")).select_from(ways).where(*chosen)
    inside = [*_accepted_in(mart, period), col(mart, "ticket_id").in_(theirs)]
    waited = col(mart, "first_reply_at") - col(mart, "accepted_at")
    return _page(
        reader, viewer, mart, ARRIVAL_COLUMNS, where, inside, [waited.desc(), col(mart, "ticket_id")], page, size
    )


def to_replay(
    reader: Reader,
    viewer: Viewer,
    period: Period,
    where: Filters,
    depts: Collection[str],
    partners: Collection[str],
    most: int,
    policy: str = "",
) -> tuple[pd.DataFrame, int]:
    """Tickets for `analysis.replay`, and how many there are; a random sample of about `most` where there are more.

    off_s and n_off_days: weekends and holidays spent at `depts`; partner_s: all time spent at `partners`. allowed_s is
    that of the limit in force, or of `policy`, whose tickets alone are then taken. Rows are for computing with; what of
    them is shown is the caller's to decide.
    """
    check_question(viewer, [name for name, _ in where.values], ())
    asked = _asked(reader, REPLAYED, viewer, period, where, policy)
    n = _count(reader, asked.source, asked.inside)
    key, table, stays = _sample(reader, most, n)
    if table != REPLAYED:
        asked = _asked(reader, table, viewer, period, where, policy)
    tickets = asked.tickets
    inside = [*asked.inside, *([] if key is None else [col(tickets, "sample_key") < key])]
    columns = [
        "ticket_id", "type_l1", "type_code", "region_code", "owner_dept", "priority", "took_s", "approval_s",
        "is_first_line", "draw_key",
    ]  # fmt: skip
    chosen_ids = sa.select(col(tickets, "ticket_id")).select_from(tickets).where(*inside)
    lain = _lain(stays, depts, partners, period, chosen_ids)
    added = [sa.func.coalesce(lain.c[name], 0).label(name) for name in ("off_s", "n_off_days", "partner_s")]
    chosen = (
        sa.select(*(col(tickets, name) for name in columns), asked.allowed_s, asked.is_due, *added)
        .select_from(asked.source.outerjoin(lain, lain.c.ticket_id == col(tickets, "ticket_id")))
        .where(*inside)
        .order_by(col(tickets, "ticket_id"))
    )
    return reader.run(chosen), n


@dataclass(frozen=True)
class _Asked:
    """Tickets that may be replayed, with what they are allowed, and which of them are asked for."""

    tickets: sa.TableClause
    source: sa.FromClause
    inside: list[sa.ColumnElement[bool]]
    allowed_s: sa.ColumnElement[Any]
    is_due: sa.ColumnElement[Any]


def _asked(reader: Reader, table: str, viewer: Viewer, period: Period, where: Filters, policy: str) -> _Asked:
    tickets = sa.table(table)
    inside = [*selects.inside(reader.levels, table, viewer, where, tickets), *_accepted_in(tickets, period)]
    source, allowed_s, is_due = _limited(tickets, policy)
    return _Asked(tickets, source, inside, allowed_s, is_due)


def _count(reader: Reader, source: sa.FromClause, inside: Sequence[sa.ColumnElement[bool]]) -> int:
    counted = sa.select(sa.func.count().label("n")).select_from(source).where(*inside)
    return int(reader.run(counted)["n"].iloc[0])


def _sample(reader: Reader, most: int, n: int) -> tuple[str | None, str, sa.TableClause]:
    """The key below which about `most` of `n` tickets lie (None: all), and the shortest tables that hold them."""
    if n <= most:
        return None, REPLAYED, sa.table("mart_stay")
    keys = KEYS * most // n
    # A release made before there were the shorter tables has the whole ones.
    if keys <= FEW_KEYS and reader.levels.keys() >= {"mart_replay_sample", "mart_replay_stay"}:
        return format(keys, "04x"), "mart_replay_sample", sa.table("mart_replay_stay")
    return format(keys, "04x"), REPLAYED, sa.table("mart_stay")


def policies_to_replay(reader: Reader) -> list[str]:
    """Policies that limit the result told in natural time from the acceptance, by id; others cannot be replayed."""
    limits = sa.table("dim_limit")
    asked = sa.select(col(limits, "policy_id")).select_from(limits).where(*_natural(limits)).distinct()
    return sorted(reader.run(asked)["policy_id"])


def _natural(limits: sa.TableClause) -> list[sa.ColumnElement[bool]]:
    return [col(limits, "stage") == "FBK", col(limits, "reading").in_(["FBK", "FBK-PAUSED"])]


def _limited(
    tickets: sa.TableClause, policy: str
) -> tuple[sa.FromClause, sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The tickets with what they are allowed: by the limit in force, or by another policy with the pauses it grants."""
    if not policy:
        return tickets, col(tickets, "allowed_s"), col(tickets, "is_due")
    clocks, limits = sa.table("fact_ticket_clock"), sa.table("dim_limit")
    is_open = col(clocks, "open_s").is_not(None)
    paused = sa.case((is_open, col(clocks, "open_paused_s")), else_=col(clocks, "fbk_paused_s"))
    allowed = col(limits, "limit_s") + sa.case((col(limits, "is_pausable"), paused), else_=0)
    rule = sa.and_(
        col(limits, "kind_key") == col(clocks, "kind_key"), col(limits, "policy_id") == policy, *_natural(limits)
    )
    source = tickets.join(clocks, col(clocks, "ticket_id") == col(tickets, "ticket_id")).join(limits, rule)
    is_due = sa.or_(sa.not_(is_open), col(clocks, "open_s") > allowed)
    return source, allowed.label("allowed_s"), is_due.label("is_due")


def _lain(
    stays: sa.TableClause, depts: Collection[str], partners: Collection[str], period: Period, asked: sa.Select[Any]
) -> sa.Subquery:
    """Per ticket of `asked`: the time off it spent at `depts`, and all its time at `partners`."""
    here, there = col(stays, "dept").in_(sorted(depts)), col(stays, "dept").in_(sorted(partners))
    parts = {"off_s": (here, "off_s"), "n_off_days": (here, "n_off_days"), "partner_s": (there, "told_s")}
    sums = [sa.func.sum(sa.case((at, col(stays, name)), else_=0)).label(key) for key, (at, name) in parts.items()]
    ticket_id = col(stays, "ticket_id")
    kept = (col(stays, "dept").in_(sorted({*depts, *partners})), *_accepted_in(stays, period), ticket_id.in_(asked))
    return sa.select(ticket_id, *sums).select_from(stays).where(*kept).group_by(ticket_id).subquery()


def first_line(reader: Reader, viewer: Viewer, until: datetime, most: int) -> pd.DataFrame:
    """type_l1 and took_s of tickets the first line settled itself, of all time; a random sample of about `most`."""
    n = _count(reader, sa.table(REPLAYED), _settled_at_once(reader, REPLAYED, viewer, until))
    key, table, _ = _sample(reader, most, n)
    tickets, inside = sa.table(table), _settled_at_once(reader, table, viewer, until)
    if key is not None:
        inside.append(col(tickets, "sample_key") < key)
    return reader.run(
        sa.select(col(tickets, "type_l1"), col(tickets, "took_s"))
        .select_from(tickets)
        .where(*inside)
        .order_by(col(tickets, "ticket_id"))
    )


def _settled_at_once(reader: Reader, table: str, viewer: Viewer, until: datetime) -> list[sa.ColumnElement[bool]]:
    tickets = sa.table(table)
    return [
        *selects.inside(reader.levels, table, viewer, Filters(), tickets),
        col(tickets, "is_first_line"),
        col(tickets, "took_s").is_not(None),
        col(tickets, "accepted_at") <= until,
    ]


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


def _accepted_in(table: sa.TableClause, period: Period) -> list[sa.ColumnElement[bool]]:
    at = col(table, "accepted_at")
    return [at >= period.first, at < period.end, at <= period.cutoff]
