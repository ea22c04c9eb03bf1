"""Warnings in the operations store: what the engine found, and what people did about it. One transaction a deed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alerts import handling
from alerts.aftermath import one_worse
from alerts.engine import Noted, Outcome
from alerts.handling import Deed
from alerts.rules import Rule
from alerts.state import SEVERITIES, Instance, Severity
from warehouse import ops

ENGINE = "engine"
# The district that a scope of a rule is about, where it is about one.
Region = Callable[[Rule, str], str | None]
_TIMES = ("active_at", "fired_at", "stopped_at", "met_at")
# What happens to the condition of a warning at each event of the engine.
_CONDITION = {"fire": "firing", "raise": "firing", "clear": "cleared", "missing": "missing", "back": "firing"}


class Unknown(LookupError):
    """No warning has this id."""


class Stale(RuntimeError):
    """Somebody else was faster: another engine evaluated the rule, or another person changed the warning."""


def warning_id(rule_id: str, scope: str, fired_at: datetime) -> str:
    """The same episode has the same id whoever computes it."""
    digest = hashlib.sha256(f"{rule_id}|{scope}|{fired_at.isoformat()}".encode()).hexdigest()
    return f"{rule_id}-{digest[:10]}"


def where_it_stands(store: sa.Engine, rule: Rule) -> tuple[dict[str, Instance], datetime | None]:
    """The instances of a rule and the instant they were evaluated at."""
    with store.connect() as con:
        run = con.execute(sa.select(ops.rule_run).where(ops.rule_run.c.rule_id == rule.id)).mappings().first()
        if run is None:
            return {}, None
        rows = con.execute(sa.select(ops.rule_instance).where(ops.rule_instance.c.rule_id == rule.id)).mappings()
        return {r["scope_id"]: _instance(r["instance_json"]) for r in rows}, run["evaluated_to"]


def record(
    store: sa.Engine,
    outcome: Outcome,
    before: datetime | None,
    release_id: str,
    region: Region = lambda *_: None,
    known_at: datetime | None = None,
) -> int:
    """Keep what a run found; gives how many warnings began. `before` is the instant the run started from, `known_at`
    the one it speaks at (default: the last it evaluated).

    Raises `Stale` when another run got there first; nothing is written then.
    """
    rule, to = outcome.rule, outcome.evaluated_to
    if to is None:
        return 0
    with ops.writing(store) as con:
        done = con.execute(sa.select(ops.rule_run.c.evaluated_to).where(ops.rule_run.c.rule_id == rule.id)).scalar()
        if done != before:
            raise Stale(f"{rule.id} was evaluated up to {done} meanwhile")
        n_new = sum(_apply(con, rule, noted, known_at or to, region) for noted in outcome.noted)
        _refresh(con, rule, outcome)
        _remember(con, rule, outcome, to, release_id)
    return n_new


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


def _apply(con: sa.Connection, rule: Rule, noted: Noted, known_at: datetime, region: Region) -> bool:
    """One event of the engine; True when a warning began."""
    event, evidence = noted.event, noted.evidence
    w = ops.warning.c
    if event.action == "fire":
        number = warning_id(rule.id, event.scope, event.at)
        if con.execute(sa.select(w.warning_id).where(w.warning_id == number)).first():
            return False
        assert event.severity is not None
        con.execute(
            ops.warning.insert().values(
                warning_id=number,
                rule_id=rule.id,
                rule_version=rule.version,
                scope_kind=rule.scope,
                scope_id=event.scope,
                severity=event.severity,
                condition="firing",
                handling="new",
                is_trial=rule.standing != "sending",
                first_breach_at=event.began_at or event.at,
                fired_at=event.at,
                last_breach_at=event.met_at,
                value=event.value,
                threshold=_threshold(rule, event.severity),
                baseline=evidence.get("baseline"),
                n=evidence.get("n"),
                evidence_json=_json(evidence),
                owner_dept=str(evidence.get("owner_dept") or rule.owner),
                region_code=evidence.get("region_code") or region(rule, event.scope),
                known_at=known_at,
            )
        )
        tell(con, number, event.at, ENGINE, event.action, "", evidence)
        return True
    open_ = con.execute(
        sa.select(ops.warning)
        .where(w.rule_id == rule.id, w.scope_id == event.scope, w.condition != "cleared")
        .order_by(w.fired_at.desc())
    )
    row = open_.mappings().first()
    if row is None:
        return False
    values: dict[str, Any] = {"revision": row["revision"] + 1}
    if event.action in _CONDITION:
        values["condition"] = _CONDITION[event.action]
    if event.action == "clear":
        values |= {"cleared_at": event.at, "last_breach_at": event.met_at, "value": event.met_value}
    if event.action == "raise":
        assert event.severity is not None
        values |= {
            "severity": event.severity,
            "threshold": _threshold(rule, event.severity),
            "handling": handling.after(row["handling"], "raise"),
            "evidence_json": _json(evidence),
            "ack_by": None,
            "ack_at": None,
        }
    con.execute(ops.warning.update().where(w.warning_id == row["warning_id"]).values(**values))
    tell(con, row["warning_id"], event.at, ENGINE, event.action, "", evidence)
    return False


def _threshold(rule: Rule, severity: Severity) -> float:
    """The threshold that was passed: one that other reasons made worse passed the rule's own worst."""
    passed = [rule.steps[s] for s in SEVERITIES[: SEVERITIES.index(severity) + 1] if s in rule.steps]
    return passed[-1] if passed else next(iter(rule.steps.values()))


def _refresh(con: sa.Connection, rule: Rule, outcome: Outcome) -> None:
    """The newest value of what still fires."""
    w = ops.warning.c
    for scope, instance in outcome.instances.items():
        if instance.state != "firing" or instance.fired_at is None:
            continue
        values = {"value": instance.met_value, "last_breach_at": instance.met_at}
        number = warning_id(rule.id, scope, instance.fired_at)
        con.execute(ops.warning.update().where(w.warning_id == number).values(**values))


def _remember(con: sa.Connection, rule: Rule, outcome: Outcome, to: datetime, release_id: str) -> None:
    con.execute(ops.rule_instance.delete().where(ops.rule_instance.c.rule_id == rule.id))
    rows = [
        {"rule_id": rule.id, "scope_id": scope, "instance_json": _json(asdict(instance))}
        for scope, instance in outcome.instances.items()
    ]
    if rows:
        con.execute(ops.rule_instance.insert(), rows)
    con.execute(ops.rule_run.delete().where(ops.rule_run.c.rule_id == rule.id))
    con.execute(
        ops.rule_run.insert().values(
            rule_id=rule.id, rule_version=rule.version, evaluated_to=to, release_id=release_id, fault=None
        )
    )


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
            detail_json=_json(detail) if detail else None,
        )
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _instance(text: str) -> Instance:
    raw: dict[str, Any] = json.loads(text)
    filled: dict[str, Any] = {k: datetime.fromisoformat(v) if k in _TIMES and v else v for k, v in raw.items()}
    return Instance(**filled)


def numbers(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of warnings."""
    return [str(row["warning_id"]) for row in rows]
