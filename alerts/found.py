"""What the engine found, kept in the operations store: how far a rule came, which warnings it began, raised and ended.

What people do about warnings is `store.py`'s.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alerts import handling, store
from alerts.engine import Noted, Outcome
from alerts.rules import Rule
from alerts.state import SEVERITIES, Instance, Severity
from warehouse import ops

# The district that a scope of a rule is about, where it is about one.
Region = Callable[[Rule, str], str | None]
_TIMES = ("active_at", "fired_at", "stopped_at", "met_at")
# What happens to the condition of a warning at each event of the engine.
_CONDITION = {"fire": "firing", "raise": "firing", "clear": "cleared", "missing": "missing", "back": "firing"}


def where_it_stands(kept: sa.Engine, rule: Rule) -> tuple[dict[str, Instance], datetime | None]:
    """The instances of a rule and the instant they were evaluated at."""
    with kept.connect() as con:
        run = con.execute(sa.select(ops.rule_run).where(ops.rule_run.c.rule_id == rule.id)).mappings().first()
        if run is None:
            return {}, None
        rows = con.execute(sa.select(ops.rule_instance).where(ops.rule_instance.c.rule_id == rule.id)).mappings()
        return {r["scope_id"]: _instance(r["instance_json"]) for r in rows}, run["evaluated_to"]


def record(
    kept: sa.Engine,
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
    with ops.writing(kept) as con:
        done = con.execute(sa.select(ops.rule_run.c.evaluated_to).where(ops.rule_run.c.rule_id == rule.id)).scalar()
        if done != before:
            raise store.Stale(f"{rule.id} was evaluated up to {done} meanwhile")
        n_new = sum(_apply(con, rule, noted, known_at or to, region) for noted in outcome.noted)
        _refresh(con, rule, outcome)
        _remember(con, rule, outcome, to, release_id)
    return n_new


def _apply(con: sa.Connection, rule: Rule, noted: Noted, known_at: datetime, region: Region) -> bool:
    """One event of the engine; True when a warning began."""
    event, evidence = noted.event, noted.evidence
    w = ops.warning.c
    if event.action == "fire":
        number = store.warning_id(rule.id, event.scope, event.at)
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
                evidence_json=store.json_of(evidence),
                owner_dept=str(evidence.get("owner_dept") or rule.owner),
                region_code=evidence.get("region_code") or region(rule, event.scope),
                known_at=known_at,
            )
        )
        store.tell(con, number, event.at, store.ENGINE, event.action, "", evidence)
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
            "evidence_json": store.json_of(evidence),
            "ack_by": None,
            "ack_at": None,
        }
    con.execute(ops.warning.update().where(w.warning_id == row["warning_id"]).values(**values))
    store.tell(con, row["warning_id"], event.at, store.ENGINE, event.action, "", evidence)
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
        number = store.warning_id(rule.id, scope, instance.fired_at)
        con.execute(ops.warning.update().where(w.warning_id == number).values(**values))


def _remember(con: sa.Connection, rule: Rule, outcome: Outcome, to: datetime, release_id: str) -> None:
    con.execute(ops.rule_instance.delete().where(ops.rule_instance.c.rule_id == rule.id))
    rows = [
        {"rule_id": rule.id, "scope_id": scope, "instance_json": store.json_of(asdict(instance))}
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


def _instance(text: str) -> Instance:
    raw: dict[str, Any] = json.loads(text)
    filled: dict[str, Any] = {k: datetime.fromisoformat(v) if k in _TIMES and v else v for k, v in raw.items()}
    return Instance(**filled)
