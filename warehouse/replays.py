"""Tickets to replay under other rules, all scoped: all that are asked for, or a random sample of them.

What a replay makes of them is `analysis/replay.py`. Samples of a sixteenth and less are read from tables of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.flow import accepted_in
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.scope import check_question, col
from warehouse.viewer import Viewer

KEYS = 16**4  # how many sample keys there are
FEW_KEYS = 16**3  # of them those of mart_replay_sample
REPLAYED = "mart_replay_ticket"


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
    inside = [*selects.inside(reader.levels, table, viewer, where, tickets), *accepted_in(tickets, period)]
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
    kept = (col(stays, "dept").in_(sorted({*depts, *partners})), *accepted_in(stays, period), ticket_id.in_(asked))
    return sa.select(ticket_id, *sums).select_from(stays).where(*kept).group_by(ticket_id).subquery()


def first_line(reader: Reader, viewer: Viewer, until: datetime, most: int) -> pd.DataFrame:
    """type_l1 and took_s of tickets the first line settled itself, of all time; a random sample of about `most`."""
    tickets = sa.table(REPLAYED)
    n = _count(reader, tickets, _settled_at_once(reader, tickets, viewer, until))
    key, table, _ = _sample(reader, most, n)
    tickets = sa.table(table)
    inside = _settled_at_once(reader, tickets, viewer, until)
    if key is not None:
        inside.append(col(tickets, "sample_key") < key)
    return reader.run(
        sa.select(col(tickets, "type_l1"), col(tickets, "took_s"))
        .select_from(tickets)
        .where(*inside)
        .order_by(col(tickets, "ticket_id"))
    )


def _settled_at_once(
    reader: Reader, tickets: sa.TableClause, viewer: Viewer, until: datetime
) -> list[sa.ColumnElement[bool]]:
    return [
        *selects.inside(reader.levels, str(tickets.name), viewer, Filters(), tickets),
        col(tickets, "is_first_line"),
        col(tickets, "took_s").is_not(None),
        col(tickets, "accepted_at") <= until,
    ]
