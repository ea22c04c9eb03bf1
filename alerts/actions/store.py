"""Writing the register: one deed, one transaction, one line of history. Nothing is overwritten that nobody saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from alerts.actions.item import MOST_TEXT, Action, Draft, Event
from alerts.actions.states import NEEDS_REASON, RESULTS, Deed, after
from alerts.actions.texts import clean, person
from warehouse import ops
from warehouse.problems import from_validation, problem

# What an edit may change; dates are moved by a delay alone, which says why.
EDITABLE = (
    "problem", "measure", "kind", "level", "scope_kind", "scope_id", "owner_dept", "owner_person", "verify_measure",
    "verify_type", "verify_days", "control", "cost_yuan", "is_permanent",
)  # fmt: skip
_VALUES: Mapping[Deed, tuple[str, ...]] = {
    "accept": ("owner_person",),
    "reissue": ("owner_dept", "owner_person", "due_on"),
    "done": ("done_on",),
    "verify": ("result",),
    "delay": ("due_on",),
    "edit": EDITABLE,
}
_COLUMNS = {c.name: c.type for c in ops.action_item.columns}


class Unknown(LookupError):
    """No measure has this id."""


class Changed(RuntimeError):
    """Somebody else wrote in the meantime; `events` tell who changed what since, oldest first."""

    def __init__(self, action_id: str, events: list[Event]) -> None:
        done = "; ".join(f"{e.actor} {e.deed}" for e in events)
        super().__init__(f"{action_id} was changed meanwhile: {done}")
        self.events = events


def start(kept: sa.Engine, draft: Draft, actor: str, at: datetime, action_id: str = "") -> str:
    """Add a measure; gives its id. The same draft of the same day is the same measure, and changes nothing."""
    with ops.writing(kept) as con:
        return start_in(con, draft, actor, at, action_id)


def start_in(con: sa.Connection, draft: Draft, actor: str, at: datetime, action_id: str = "") -> str:
    """As `start`, inside a transaction: with the deed about the warning it comes of."""
    number = action_id or new_id(draft, at)
    if _row(con, number) is not None:
        return number
    values: dict[str, Any] = {
        **draft.model_dump(),
        "source_ref": draft.source_ref or None,
        "state": "waiting",
        "raised_by": actor,
        "raised_at": at,
        "first_due_on": draft.due_on,
    }
    con.execute(ops.action_item.insert().values(action_id=number, revision=0, **values))
    _tell(con, number, 0, at, actor, "raise", "", values)
    return number


def new_id(draft: Draft, at: datetime) -> str:
    """The same for the same words about the same thing on one day."""
    told = [draft.source, draft.source_ref, draft.scope_id, draft.problem, draft.measure, draft.owner_dept or ""]
    digest = hashlib.sha256("|".join([*told, at.date().isoformat()]).encode()).hexdigest()
    return f"A{at:%y%m%d}-{digest[:8]}"


def act(
    kept: sa.Engine, number: str, deed: Deed, actor: str, at: datetime, revision: int, note: str = "", **values: Any
) -> int:
    """A person does something about a measure of the `revision` that person saw; gives the new revision.

    The same deed sent twice is done once. Raises `Unknown`, `NotPossible`, `Changed`, and `Problems` for a reason or
    value that is missing or wrong; nothing is written then.
    """
    with ops.writing(kept) as con:
        return act_in(con, number, deed, actor, at, revision, note, **values)


def act_in(
    con: sa.Connection, number: str, deed: Deed, actor: str, at: datetime, revision: int, note: str = "", **values: Any
) -> int:
    """As `act`, inside a transaction."""
    said = clean(note, "reason", MOST_TEXT)
    if deed in NEEDS_REASON and not said:
        raise problem(f"{number}: {deed}", "has no reason", "say why in a few words")
    row = _row(con, number)
    if row is None:
        raise Unknown(number)
    since = _since(con, number, revision)
    if since:
        first = since[0]
        is_same = all(first.changes.get(k, v) == v for k, v in _asked(deed, values).items())
        if is_same and (first.actor, first.deed, first.note) == (actor, deed, said):
            return first.revision
        raise Changed(number, since)
    changes = _changes(row, deed, at, said, values)
    changed = con.execute(
        ops.action_item.update()
        .where(ops.action_item.c.action_id == number, ops.action_item.c.revision == revision)
        .values(revision=revision + 1, **changes)
    )
    if changed.rowcount != 1:
        raise Changed(number, _since(con, number, revision))
    _tell(con, number, revision + 1, at, actor, deed, said, changes)
    return revision + 1


def _changes(row: sa.RowMapping, deed: Deed, at: datetime, note: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a deed changes of a row. Raises `NotPossible` and `Problems`."""
    changes: dict[str, Any] = {"state": after(row["state"], deed), **_asked(deed, values)}
    where = f"{row['action_id']}: {deed}"
    if deed == "delay" and not (isinstance(changes.get("due_on"), date) and changes["due_on"] > row["due_on"]):
        raise problem(where, "needs a later day", f"choose one after {row['due_on']}")
    if changes.get("owner_person"):
        changes["owner_person"] = person(changes["owner_person"], where)
    if deed == "reissue":
        changes = {k: v for k, v in changes.items() if v is not None}
    if deed == "done":
        changes["done_on"] = min(changes.get("done_on") or at.date(), at.date())
        if changes["done_on"] < row["begins_on"]:
            raise problem(where, "was done before it began", f"choose a day from {row['begins_on']} on")
    if deed == "verify":
        if changes.get("result") not in RESULTS:
            raise problem(where, "has no result", f"use one of {', '.join(RESULTS)}")
        if changes["result"] != "effective" and not note:
            raise problem(where, "has no reason", "say what was seen instead of success")
    if deed == "edit":
        changes = _edited(row, changes)
    if deed in ("verify", "close"):
        changes |= {"closed_at": at, "result_note": note or None}
    if deed in ("done", "verify", "close") and row["source"] == "instruction" and row["replied_at"] is None:
        changes["replied_at"] = at  # what was done is the reply
    if deed == "reopen":
        changes |= {"closed_at": None, "done_on": None, "result": None, "result_note": None}
    if deed == "reply":
        changes["replied_at"] = at
    return {k: v for k, v in changes.items() if v != row[k]}


def _edited(row: sa.RowMapping, changes: dict[str, Any]) -> dict[str, Any]:
    """Held against the contract of a new measure, as a whole."""
    fields = {name: row[name] for name in Draft.model_fields} | {"source_ref": row["source_ref"] or ""}
    try:
        told = Draft(**(fields | {k: v for k, v in changes.items() if k in EDITABLE})).model_dump()
    except ValidationError as error:
        raise from_validation(error, row["action_id"]) from None
    return {"state": changes["state"], **{k: told[k] for k in changes if k in EDITABLE}}


def _asked(deed: Deed, values: Mapping[str, Any]) -> dict[str, Any]:
    strange = sorted(set(values) - set(_VALUES.get(deed, ())))
    if strange:
        raise problem(deed, f"cannot change {', '.join(strange)}", "use another deed for it")
    return dict(values)


def _row(con: sa.Connection, number: str) -> sa.RowMapping | None:
    query = sa.select(ops.action_item).where(ops.action_item.c.action_id == number)
    return con.execute(query).mappings().first()


def _since(con: sa.Connection, number: str, revision: int) -> list[Event]:
    e = ops.action_event.c
    query = sa.select(ops.action_event).where(e.action_id == number, e.revision > revision).order_by(e.revision)
    return [event(row) for row in con.execute(query).mappings()]


def _tell(
    con: sa.Connection, number: str, revision: int, at: datetime, actor: str, deed: str, note: str,
    changes: Mapping[str, Any],
) -> None:  # fmt: skip
    con.execute(
        ops.action_event.insert().values(
            action_id=number, revision=revision, happened_at=at, actor=actor, deed=deed, note=note,
            changes_json=json.dumps(changes, ensure_ascii=False, sort_keys=True, default=_iso),
        )
    )  # fmt: skip


def event(row: sa.RowMapping) -> Event:
    """A line of history with its values as they were written."""
    raw = json.loads(row["changes_json"])
    return Event(
        row["action_id"], row["revision"], row["happened_at"], row["actor"], row["deed"], row["note"],
        {name: _back(name, value) for name, value in raw.items()},
    )  # fmt: skip


def item(row: sa.RowMapping | Mapping[str, Any]) -> Action:
    """A row as plain values."""
    return Action(**{**row, "source_ref": row["source_ref"] or "", "is_permanent": bool(row["is_permanent"])})


def _iso(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot keep a {type(value).__name__}")


def _back(name: str, value: Any) -> Any:
    kind = _COLUMNS.get(name)
    if value is None or kind is None:
        return value
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, sa.Date) else value
