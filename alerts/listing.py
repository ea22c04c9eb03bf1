"""Reading warnings for people: the open ones, a page of all by filters, counts. SQL only, nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alerts.rules import BEFORE
from warehouse import ops
from warehouse.viewer import Viewer

W = ops.warning.c
_OPEN = ("new", "acknowledged", "in_progress")


@dataclass(frozen=True)
class Wanted:
    """Which warnings: an empty choice means all. `states` are those of `board.state_of`."""

    states: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    since: datetime | None = None
    with_trial: bool = False

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """As SQL."""
        found: list[sa.ColumnElement[bool]] = [] if self.with_trial else [sa.not_(W.is_trial)]
        for column, values in (
            (W.severity, self.severities),
            (W.rule_id, self.rules),
            (W.owner_dept, self.owners),
            (W.region_code, self.regions),
        ):
            if values:
                found.append(column.in_(values))
        if self.states:
            found.append(_state().in_(self.states))
        if self.since is not None:
            found.append(W.fired_at >= self.since)
        return found


def _state() -> sa.ColumnElement[str]:
    """`board.state_of` in SQL."""
    return sa.case(
        (W.handling == "closed", "closed"),
        (W.condition == "missing", "missing"),
        (sa.and_(W.handling == "new", W.condition == "cleared"), "returned"),
        else_=W.handling,
    )


def within(viewer: Viewer | None) -> list[sa.ColumnElement[bool]]:
    """What lies within the limits of a viewer, as `review.scoped.is_own` says: what is of no district or department (a
    warning about the whole city) is not for who is confined to one. None: everything."""
    if viewer is None:
        return []
    limits = ((W.region_code, viewer.regions), (W.owner_dept, viewer.departments))
    return [column.in_(sorted(allowed)) for column, allowed in limits if allowed is not None]


def open_ones(store: sa.Engine, viewer: Viewer | None = None, lists: Collection[str] = ()) -> list[dict[str, Any]]:
    """What nobody has finished with and what still fires; of rules that are lists (`lists`) only today's,
    as `board.waits` says: what is left of earlier days is on it, and they are most of what is kept."""
    fires = sa.and_(W.handling == "decided", W.condition != "cleared")
    kept = [sa.or_(W.handling.in_(_OPEN), fires), *within(viewer)]
    if lists:
        earlier = sa.and_(W.rule_id.in_(sorted(lists)), W.condition == "cleared", W.rule_version != BEFORE)
        kept.append(sa.not_(earlier))
    query = sa.select(ops.warning).where(*kept)
    return _rows(store, query.order_by(W.fired_at, W.warning_id))


def with_their_incidents(
    store: sa.Engine, rows: Sequence[Mapping[str, Any]], viewer: Viewer | None = None
) -> list[dict[str, Any]]:
    """The warnings and all others of their incidents that the viewer may see, each once."""
    known = {r["warning_id"]: dict(r) for r in rows}
    incidents = {r["incident_id"] for r in rows if r["incident_id"]}
    if incidents:
        query = sa.select(ops.warning).where(W.incident_id.in_(incidents), *within(viewer))
        query = query.order_by(W.fired_at, W.warning_id)
        known |= {r["warning_id"]: r for r in _rows(store, query)}
    return list(known.values())


def raised(store: sa.Engine, rows: Sequence[Mapping[str, Any]]) -> dict[str, datetime]:
    """When warnings last got worse, by id; those that never did are not in it."""
    ids = [r["warning_id"] for r in rows]
    e = ops.warning_event.c
    query = (
        sa.select(e.warning_id, sa.func.max(e.happened_at).label("at"))
        .where(e.action == "raise", e.warning_id.in_(ids))
        .group_by(e.warning_id)
    )
    return {r["warning_id"]: r["at"] for r in _rows(store, query)} if ids else {}


def page(
    store: sa.Engine, wanted: Wanted, number: int, size: int, viewer: Viewer | None = None
) -> tuple[list[dict[str, Any]], int]:
    """One page of warnings, newest first, and how many there are in all."""
    conditions = [*wanted.conditions(), *within(viewer)]
    with store.connect() as con:
        total = con.execute(sa.select(sa.func.count()).select_from(ops.warning).where(*conditions)).scalar_one()
    query = (
        sa.select(ops.warning)
        .where(*conditions)
        .order_by(W.fired_at.desc(), W.warning_id)
        .limit(size)
        .offset(number * size)
    )
    return _rows(store, query), int(total)


def since(
    store: sa.Engine, at: datetime, with_trial: bool = False, viewer: Viewer | None = None
) -> list[dict[str, Any]]:
    """What the load report counts of every warning that began since an instant."""
    columns = (W.warning_id, W.rule_id, W.severity, W.condition, W.handling, W.is_trial, W.owner_dept, W.scope_id,
               W.fired_at, W.cleared_at, W.ack_at, W.decision, W.decision_at, W.false_reason, W.incident_id,
               W.known_at, W.rule_version)  # fmt: skip
    kept = [W.fired_at >= at, *within(viewer), *([] if with_trial else [sa.not_(W.is_trial)])]
    return _rows(store, sa.select(*columns).where(*kept).order_by(W.fired_at, W.warning_id))


def raised_by_rule(store: sa.Engine, at: datetime, viewer: Viewer | None = None) -> dict[str, int]:
    """How many warnings each rule began since an instant."""
    query = sa.select(W.rule_id, sa.func.count().label("n")).where(W.fired_at >= at, *within(viewer))
    query = query.group_by(W.rule_id)
    return {r["rule_id"]: int(r["n"]) for r in _rows(store, query)}


def choices(store: sa.Engine, viewer: Viewer | None = None) -> dict[str, Collection[str]]:
    """The rules, owners and districts that warnings have: rule_id, owner_dept, region_code."""
    found: dict[str, Collection[str]] = {}
    for column in (W.rule_id, W.owner_dept, W.region_code):
        query = sa.select(column).where(column.is_not(None), *within(viewer)).distinct().order_by(column)
        rows = _rows(store, query)
        found[column.name] = [str(r[column.name]) for r in rows]
    return found


def last_run(store: sa.Engine) -> datetime | None:
    """The instant up to which some rule was evaluated."""
    with store.connect() as con:
        at: datetime | None = con.execute(sa.select(sa.func.max(ops.rule_run.c.evaluated_to))).scalar()
    return at


def _rows(store: sa.Engine, query: sa.Select[Any]) -> list[dict[str, Any]]:
    with store.connect() as con:
        found = con.execute(query)
        names = tuple(found.keys())
        return [dict(zip(names, r, strict=True)) for r in found.all()]
