"""What the engine found, kept in the operations store: how far a rule came, which warnings it began, raised and ended.

What people do about warnings is `store.py`'s.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
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
AT_ONCE = 500  # ids asked for in one statement
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
        began = [n.event for n in outcome.noted if n.event.action == "fire"]
        fired = [store.warning_id(rule.id, event.scope, event.at) for event in began]
        book = _Book(con, rule, known_at or to, region, fired)
        for noted in outcome.noted:
            book.add(noted)
        n_new = book.write()
        _refresh(con, rule, outcome)
        _remember(con, rule, outcome, to, release_id)
    return n_new


class _Book:
    """What one run writes about the warnings of a rule: kept here, then written all at once, as a large workspace has
    ten thousands of them a day."""

    def __init__(self, con: sa.Connection, rule: Rule, known_at: datetime, region: Region, fired: list[str]) -> None:
        self._con, self._rule, self._known_at, self._region = con, rule, known_at, region
        w = ops.warning.c
        open_ = con.execute(
            sa.select(ops.warning).where(w.rule_id == rule.id, w.condition != "cleared").order_by(w.fired_at)
        )
        self._open: dict[str, list[dict[str, Any]]] = {}  # by scope, the newest last
        for row in open_.mappings():
            self._open.setdefault(row["scope_id"], []).append(dict(row))
        self._known: set[str] = set()
        for first in range(0, len(fired), AT_ONCE):
            some = fired[first : first + AT_ONCE]
            self._known |= set(con.execute(sa.select(w.warning_id).where(w.warning_id.in_(some))).scalars())
        self._new: dict[str, dict[str, Any]] = {}
        self._changed: dict[str, dict[str, Any]] = {}
        self._told: list[dict[str, Any]] = []

    def add(self, noted: Noted) -> None:
        """One event of the engine."""
        event = noted.event
        if event.action == "fire":
            self._fire(noted)
            return
        rows = self._open.get(event.scope)
        if not rows:
            return
        row = rows.pop() if event.action == "clear" else rows[-1]
        values: dict[str, Any] = {"revision": row["revision"] + 1}
        if event.action in _CONDITION:
            values["condition"] = _CONDITION[event.action]
        if event.action == "clear":
            values |= {"cleared_at": event.at, "last_breach_at": event.met_at, "value": event.met_value}
        if event.action == "raise":
            assert event.severity is not None
            values |= {
                "severity": event.severity,
                "threshold": _threshold(self._rule, event.severity),
                "handling": handling.after(row["handling"], "raise"),
                "evidence_json": store.json_of(noted.evidence),
                "ack_by": None,
                "ack_at": None,
            }
        row |= values
        if row["warning_id"] not in self._new:
            self._changed.setdefault(row["warning_id"], {}).update(values)
        self._tell(row["warning_id"], noted)

    def _fire(self, noted: Noted) -> None:
        rule, event, evidence = self._rule, noted.event, noted.evidence
        number = store.warning_id(rule.id, event.scope, event.at)
        if number in self._known:
            return
        assert event.severity is not None
        row = {
            "warning_id": number,
            "rule_id": rule.id,
            "rule_version": rule.version,
            "scope_kind": rule.scope,
            "scope_id": event.scope,
            "severity": event.severity,
            "condition": "firing",
            "handling": "new",
            "is_trial": rule.standing != "sending",
            "first_breach_at": event.began_at or event.at,
            "fired_at": event.at,
            "last_breach_at": event.met_at,
            "cleared_at": None,
            "value": event.value,
            "threshold": _threshold(rule, event.severity),
            "baseline": evidence.get("baseline"),
            "n": evidence.get("n"),
            "evidence_json": store.json_of(evidence),
            "owner_dept": str(evidence.get("owner_dept") or rule.owner),
            "ack_by": None,
            "ack_at": None,
            "region_code": evidence.get("region_code") or self._region(rule, event.scope),
            "known_at": self._known_at,
            "revision": 0,
        }
        self._known.add(number)
        self._new[number] = row
        self._open.setdefault(event.scope, []).append(row)
        self._tell(number, noted)

    def _tell(self, number: str, noted: Noted) -> None:
        event, evidence = noted.event, noted.evidence
        self._told.append(
            {
                "warning_id": number,
                "happened_at": event.at,
                "actor": store.ENGINE,
                "action": event.action,
                "note": "",
                "detail_json": store.json_of(evidence) if evidence else None,
            }
        )

    def write(self) -> int:
        """Gives how many warnings began."""
        if self._new:
            self._con.execute(ops.warning.insert(), list(self._new.values()))
        _update(self._con, self._changed)
        if self._told:
            self._con.execute(ops.warning_event.insert(), self._told)
        return len(self._new)


def _update(con: sa.Connection, changed: Mapping[str, Mapping[str, Any]]) -> None:
    """Set columns of warnings, by id; those that change alike in one go."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, values in changed.items():
        alike.setdefault(tuple(sorted(values)), []).append({"number": number, **{f"to_{k}": values[k] for k in values}})
    for names, rows in alike.items():
        to: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
        con.execute(ops.warning.update().where(ops.warning.c.warning_id == sa.bindparam("number")).values(to), rows)


def _threshold(rule: Rule, severity: Severity) -> float:
    """The threshold that was passed: one that other reasons made worse passed the rule's own worst."""
    passed = [rule.steps[s] for s in SEVERITIES[: SEVERITIES.index(severity) + 1] if s in rule.steps]
    return passed[-1] if passed else next(iter(rule.steps.values()))


def _refresh(con: sa.Connection, rule: Rule, outcome: Outcome) -> None:
    """The newest value of what still fires."""
    values = {
        store.warning_id(rule.id, scope, i.fired_at): {"value": i.met_value, "last_breach_at": i.met_at}
        for scope, i in outcome.instances.items()
        if i.state == "firing" and i.fired_at is not None
    }
    _update(con, values)


def _remember(con: sa.Connection, rule: Rule, outcome: Outcome, to: datetime, release_id: str) -> None:
    con.execute(ops.rule_instance.delete().where(ops.rule_instance.c.rule_id == rule.id))
    rows = [
        {"rule_id": rule.id, "scope_id": scope, "instance_json": store.json_of(vars(instance))}
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
