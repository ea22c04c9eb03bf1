"""Files that people take away: which need leave, who gives it, how many rows a role may have, how long leave holds.

Files of figures need none. Where rows of customers leave the house, somebody else has looked at the request first.
Times are UTC and passed in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from warehouse import audit, ops
from warehouse.access import AccessSettings, Person
from warehouse.audit import Event
from warehouse.problems import problem
from warehouse.viewer import Role, Viewer
from warehouse.watermark import DIGITS

State = Literal["asked", "approved", "refused", "expired"]
Why = Literal["own", "role", "scope", "decided", "not_approved", "expired", "too_many", "limit", "unknown"]
# A column of these makes a file one of rows of customers; `raw_row` stands for rows as their source wrote them.
PERSONAL = frozenset({"ticket_id", "cust_key", "raw_row"})
# Rows of one file by role, unless the workspace says otherwise. L1 roles have none: they see no rows either.
MOST_ROWS: dict[Role, int] = {
    "manager": 0, "duty": 2_000, "analyst": 50_000, "planner": 20_000, "handler": 500, "supervisor": 20_000,
    "auditor": 0, "engineer": 2_000, "wall": 0,
}  # fmt: skip
WAITS, HOLDS = timedelta(days=7), timedelta(hours=24)
MORE = 1.1  # rows come while a request waits: so many times what was approved, and no more


class Refused(Exception):
    """What was wished is not for this person, or not now. `why` is one of `Why`, for words of the viewer's language."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"the export is refused: {why}")
        self.why: Why = why


@dataclass(frozen=True)
class Standing:
    """Where the newest request of a person for a file stands. `until`: approved, it holds; asked, it waits."""

    export_id: str
    state: State
    at: datetime
    until: datetime | None
    note: str
    decided_by: str


def needs_leave(columns: Collection[Any]) -> bool:
    """Whether a file with these columns holds rows of customers."""
    return bool(PERSONAL & set(columns))


def most_rows(role: Role, settings: AccessSettings) -> int:
    return settings.export_rows.get(role, MOST_ROWS[role])


def question(what: str, viewer: Viewer, asked: Mapping[str, Any]) -> str:
    """What a request is for: the list, who may see what of it, and how it was narrowed. 64 hex digits."""
    told = json.dumps([what, viewer.key, asked], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def may_decide(viewer: Viewer, settings: AccessSettings) -> bool:
    return viewer.role in settings.export_approvers


def ask(
    store: sa.Engine,
    person: Person,
    what: str,
    key: str,
    n_rows: int,
    reason: str,
    at: datetime,
    settings: AccessSettings,
) -> str:
    """Ask for a file; gives the number of the request. What waits or holds already is not asked twice.

    Raises `Refused` for more rows than the role may have, `Problems` without a reason.
    """
    viewer = person.viewer
    if n_rows > most_rows(viewer.role, settings):
        raise Refused("limit")
    if not reason.strip():
        raise problem("export", "no reason is given", "say what the file is for")
    e = ops.export_request
    with ops.writing(store) as con:
        there = _newest(con, person.name, key)
        if there is not None and state_of(there, at) in ("asked", "approved"):
            return str(there["export_id"])
        row = {
            "export_id": f"E{secrets.token_hex(5)}",
            "asked_by": person.name[:120],
            "role": viewer.role,
            "asked_at": at.replace(microsecond=0),
            "what": what[:60],
            "question": key,
            "n_rows": n_rows,
            "purpose": reason.strip()[:200],
            "state": "asked",
            "note": "",
            "expires_at": at.replace(microsecond=0) + WAITS,
            "regions_json": _limit(viewer.regions),
            "departments_json": _limit(viewer.departments),
        }
        con.execute(e.insert().values(**row))
        detail = {"export": row["export_id"], "reason": row["purpose"]}
        event = Event("export_asked", person.name, viewer.role, what, detail, n_rows)
        audit.record_in(con, event, at)
    return str(row["export_id"])


def decide(
    store: sa.Engine,
    export_id: str,
    person: Person,
    is_approved: bool,
    note: str,
    at: datetime,
    settings: AccessSettings,
) -> None:
    """Approve or refuse a request. Raises `Refused`: never one's own, nor beyond one's scope, nor what is decided."""
    e, viewer = ops.export_request, person.viewer
    with ops.writing(store) as con:
        row = _one(con, export_id)
        if not may_decide(viewer, settings):
            raise Refused("role")
        if row["asked_by"].casefold() == person.name[:120].casefold():
            raise Refused("own")
        if not (_covers(viewer.regions, row["regions_json"]) and _covers(viewer.departments, row["departments_json"])):
            raise Refused("scope")
        if state_of(row, at) != "asked":
            raise Refused("decided")
        given = {
            "state": "approved" if is_approved else "refused",
            "decided_by": person.name[:120],
            "decided_at": at.replace(microsecond=0),
            "note": note.strip()[:200],
            "expires_at": at.replace(microsecond=0) + HOLDS if is_approved else None,
        }
        changed = con.execute(e.update().where(e.c.export_id == export_id, e.c.state == "asked").values(**given))
        if changed.rowcount != 1:
            raise Refused("decided")
        detail = {"export": export_id, "decision": given["state"], "asked_by": row["asked_by"], "note": given["note"]}
        event = Event("export_decided", person.name, viewer.role, row["what"], detail, row["n_rows"])
        audit.record_in(con, event, at)


def take(
    store: sa.Engine,
    export_id: str,
    person: Person,
    key: str,
    event: Event,
    at: datetime,
    settings: AccessSettings,
) -> None:
    """Note that a file leaves: `event` with its hash, mark and customers. Both are kept or none.

    Raises `Refused` where nothing is approved for this person and question, where leave is over, or where there are
    more rows than were approved; the file must not be handed out then.
    """
    e = ops.export_request
    with ops.writing(store) as con:
        row = _one(con, export_id)
        n_rows = int(event.n_rows or 0)
        state = state_of(row, at)
        if row["asked_by"] != person.name[:120] or row["question"] != key or state in ("asked", "refused"):
            raise Refused("not_approved")
        if state == "expired":
            raise Refused("expired")
        if n_rows > row["n_rows"] * MORE:
            raise Refused("too_many")
        if n_rows > most_rows(person.viewer.role, settings):
            raise Refused("limit")
        detail = {**(event.detail or {}), "export": export_id, "approved_by": row["decided_by"]}
        whole = Event(event.kind, event.actor, event.role, event.subject, detail, n_rows, event.purpose, event.keys)
        audit.record_in(con, whole, at)
        given = {"file_hash": detail.get("sha256"), "taken_at": at.replace(microsecond=0)}
        con.execute(e.update().where(e.c.export_id == export_id).values(**given))


def standing(store: sa.Engine, name: str, key: str, at: datetime) -> Standing | None:
    """The newest request of a person for a question."""
    with store.connect() as con:
        row = _newest(con, name, key)
    if row is None:
        return None
    told = row["decided_at"] or row["asked_at"]
    return Standing(
        row["export_id"], state_of(row, at), told, row["expires_at"], row["note"] or "", row["decided_by"] or ""
    )


def listed(store: sa.Engine, at: datetime, most: int = 200) -> list[dict[str, Any]]:
    """Requests with their `state` now, what waits first, then the newest."""
    e = ops.export_request
    with store.connect() as con:
        found = con.execute(sa.select(e).order_by(e.c.asked_at.desc(), e.c.export_id).limit(most)).mappings()
        rows = [{**row, "state": state_of(dict(row), at)} for row in found]
    return sorted(rows, key=lambda row: row["state"] != "asked")


def state_of(row: Mapping[str, Any], at: datetime) -> State:
    """`expired`: nobody decided in time, or leave is over."""
    over = row["expires_at"] is not None and at >= row["expires_at"]
    return "expired" if over and row["state"] in ("asked", "approved") else row["state"]


def new_mark() -> str:
    """An id for one file."""
    return secrets.token_hex(DIGITS // 2)


def _newest(con: sa.Connection, name: str, key: str) -> dict[str, Any] | None:
    e = ops.export_request
    chosen = sa.select(e).where(e.c.asked_by == name[:120], e.c.question == key)
    row = con.execute(chosen.order_by(e.c.asked_at.desc(), e.c.export_id).limit(1)).mappings().first()
    return dict(row) if row else None


def _one(con: sa.Connection, export_id: str) -> dict[str, Any]:
    e = ops.export_request
    row = con.execute(sa.select(e).where(e.c.export_id == export_id)).mappings().first()
    if row is None:
        raise Refused("unknown")
    return dict(row)


def _limit(codes: frozenset[str] | None) -> str | None:
    return None if codes is None else json.dumps(sorted(codes))


def _covers(own: frozenset[str] | None, asked: str | None) -> bool:
    """Whether somebody with these limits may speak for somebody with those asked."""
    return own is None or (asked is not None and set(json.loads(asked)) <= own)
