"""Warnings in the operations store: what the engine found, and what people did about it. One transaction a deed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alerts import handling
from alerts.aftermath import one_worse
from alerts.handling import Deed
from warehouse import ops

ENGINE = "engine"


class Unknown(LookupError):
    """No warning has this id."""


class Stale(RuntimeError):
    """Somebody else was faster: another engine evaluated the rule, or another person changed the warning."""


def warning_id(rule_id: str, scope: str, fired_at: datetime) -> str:
    """The same episode has the same id whoever computes it."""
    digest = hashlib.sha256(f"{rule_id}|{scope}|{fired_at.isoformat()}".encode()).hexdigest()
    return f"{rule_id}-{digest[:10]}"


def act(
    store: sa.Engine,
    number: str,
    deed: Deed,
    actor: str,
    at: datetime,
    note: str = "",
    *,
    revision: int | None = None,
    **detail: Any,
) -> None:
    """A person does something about a warning. `revision` is the one that person saw.

    Raises `Unknown`, `NotPossible` when its state does not allow it, and `Stale` when it was changed meanwhile.
    """
    with ops.writing(store) as con:
        row = con.execute(sa.select(ops.warning).where(ops.warning.c.warning_id == number)).mappings().first()
        if row is None:
            raise Unknown(number)
        if revision is not None and row["revision"] != revision:
            raise Stale(f"{number} was changed meanwhile")
        act_in(con, row, deed, actor, at, note, detail)


def act_in(
    con: sa.Connection, row: sa.RowMapping, deed: Deed, actor: str, at: datetime, note: str, detail: dict[str, Any]
) -> None:
    """A deed about the warning of `row`, inside a transaction. Raises `NotPossible`."""
    values: dict[str, Any] = {"handling": handling.after(row["handling"], deed), "revision": row["revision"] + 1}
    if values["handling"] != row["handling"] and row["ack_at"] is None:
        values |= {"ack_by": actor, "ack_at": at}  # who deals with it has seen it
    if deed == "decide":
        values |= {"decision": detail["decision"], "decision_at": at, "decision_by": actor}
        if detail["decision"] == "false_alarm":
            values["false_reason"] = note
    elif deed == "assign":
        values |= {k: detail[k] for k in ("owner_dept", "owner_person") if k in detail}
    con.execute(ops.warning.update().where(ops.warning.c.warning_id == row["warning_id"]).values(**values))
    tell(con, row["warning_id"], at, actor, deed, note, detail)


def after_changes(store: sa.Engine) -> list[dict[str, Any]]:
    """The warnings that began after a change: change_id, rule_id, scope_id, severity when they began, at."""
    w, e = ops.warning.c, ops.warning_event.c
    with store.connect() as con:
        rows = con.execute(
            sa.select(w.rule_id, w.scope_id, e.happened_at, e.detail_json)
            .join_from(ops.warning_event, ops.warning)
            .where(e.action == "fire", e.detail_json.like('%"raised_from"%'))
        ).mappings()
        told = [(r, json.loads(r["detail_json"])) for r in rows]
    return [
        {
            "change_id": seen["change_id"],
            "rule_id": r["rule_id"],
            "scope_id": r["scope_id"],
            "severity": one_worse(seen["raised_from"]),
            "at": r["happened_at"],
        }
        for r, seen in told
    ]


def silenced(con: sa.Connection, rule_id: str, scope_id: str, at: datetime) -> bool:
    """Whether somebody asked for quiet about this, for a time that has not ended."""
    s = ops.silence.c
    found = con.execute(
        sa.select(s.silence_id).where(
            sa.or_(s.rule_id.is_(None), s.rule_id == rule_id),
            sa.or_(s.scope_id.is_(None), s.scope_id == scope_id),
            s.begins_at <= at,
            s.ends_at > at,
            sa.or_(s.lifted_at.is_(None), s.lifted_at > at),
        )
    ).first()
    return found is not None


def warnings(store: sa.Engine, *conditions: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Warnings that meet all conditions, newest first."""
    query = sa.select(ops.warning).where(*conditions).order_by(ops.warning.c.fired_at.desc(), ops.warning.c.warning_id)
    with store.connect() as con:
        return [dict(row) for row in con.execute(query).mappings()]


def history(store: sa.Engine, number: str) -> list[dict[str, Any]]:
    """Everything that happened to a warning, in order."""
    e = ops.warning_event
    query = sa.select(e).where(e.c.warning_id == number).order_by(e.c.happened_at, e.c.event_no)
    with store.connect() as con:
        return [dict(row) for row in con.execute(query).mappings()]


def tell(
    con: sa.Connection, number: str, at: datetime, actor: str, action: str, note: str, detail: Mapping[str, Any]
) -> None:
    """Add to the history of a warning."""
    con.execute(
        ops.warning_event.insert().values(
            warning_id=number,
            happened_at=at,
            actor=actor,
            action=action,
            note=note,
            detail_json=json_of(detail) if detail else None,
        )
    )


def json_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def numbers(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of warnings."""
    return [str(row["warning_id"]) for row in rows]
