"""红橙预警: the warnings of the week by severity, and each red or orange one with its evidence.

A weekly rule speaks at midnight after Sunday, so the week ends with that instant. Rules on trial are left out; the
lists of a day (what is due at a department) are one line, for they are a queue and no warnings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alerts import board, listing, store
from alerts.board import Matter, Row
from alerts.incidents import SPOT
from alerts.review import scoped
from alerts.review.asked import Asked
from alerts.review.bundle import Column, Item, Screen, Table, Words
from alerts.review.texts import joined, listed, moment, say, sentence, word
from alerts.rules import Rule
from alerts.sentence import WITHHELD, Names, scope_name
from alerts.sentence import sentence as said_by
from alerts.state import SEVERITIES
from warehouse import ops
from warehouse.analysis.calendar_compare import is_workday

LOUD = ("red", "orange")
MOST = 8  # matters looked at one by one; the others stand in the table
# Evidence that names tickets: pseudonymous rows, which do not belong in an issue.
TICKETS = ("worst", "tickets")


@dataclass(frozen=True)
class Warned:
    """The warnings of a week: `rows` each, `lists` those of daily lists, `matters` the red and orange ones, open
    first."""

    rows: tuple[Row, ...]
    lists: tuple[Row, ...]
    matters: tuple[Matter, ...]

    @property
    def waiting(self) -> list[Matter]:
        """What nobody has decided yet."""
        return [m for m in self.matters if is_open(m)]


def is_open(matter: Matter) -> bool:
    return any(r["handling"] in ("new", "acknowledged", "in_progress") for r in matter.rows)


def of_week(asked: Asked) -> Warned | None:
    """None where the rules were never evaluated."""
    kept = asked.sources.kept
    if kept is None or listing.last_run(kept) is None:
        return None
    w = ops.warning.c
    rows = store.warnings(kept, w.fired_at > asked.begins, w.fired_at <= asked.ends, w.is_trial.is_(False))
    rows = [_without_tickets(r) for r in scoped.warnings(asked.viewer, rows)]
    of_lists = {i for i, r in asked.sources.rules.items() if r.is_list}
    lists = [r for r in rows if r["rule_id"] in of_lists]
    own = [r for r in rows if r["rule_id"] not in of_lists]
    matters = board.matters(own, _workday(asked), listing.raised(kept, own))
    loud = [m for m in matters if m.severity in LOUD]
    loud.sort(key=_order)
    return Warned(tuple(own), tuple(lists), tuple(loud))


def _order(matter: Matter) -> tuple[Any, ...]:
    """What waits before what is decided, the worst first, what most warnings point to before what stands alone."""
    worst, many = -SEVERITIES.index(matter.severity), -len(matter.rows)
    return not is_open(matter), worst, many, not matter.is_firing, matter.waits_since, matter.id


def screen(asked: Asked, told: Warned | None) -> Screen:
    title = say("screen_warnings")
    if told is None:
        return Screen(name="warnings", title=title, finding=say("warnings_never"), items=())
    found = finding(told)
    summary = Item(id="severities", finding=found, tables=(_severities(asked, told), _decided(asked, told)))
    items = [_item(asked, m) for m in told.waiting[:MOST]]
    return Screen(name="warnings", title=title, finding=found, items=(summary, *items))


def finding(told: Warned) -> Words:
    """How many there were, and how many red and orange matters wait for a decision."""
    if not told.rows and not told.lists:
        return say("warnings_none")
    n = {s: sum(r["severity"] == s for r in told.rows) for s in SEVERITIES}
    parts = [say("warnings_finding", n=len(told.rows), red=n["red"], orange=n["orange"])]
    waiting = told.waiting
    parts.append(say("warnings_waiting", n=len(waiting)) if waiting else say("warnings_settled"))
    return sentence(parts)


def _severities(asked: Asked, told: Warned) -> Table:
    """Per severity: issued, acknowledged in time of those that must be, closed, false, open."""
    workday = _workday(asked)
    rows: list[tuple[Any, ...]] = []
    for severity in reversed(SEVERITIES):
        mine = [r for r in told.rows if r["severity"] == severity]
        rows.append(_line(word("severity", severity), mine, workday))
    rows.append(_line(say("severity_all"), list(told.rows), workday))
    if told.lists:
        rows.append(_line(say("severity_lists"), list(told.lists), workday))
    columns = (
        Column(name="severity", title=say("column_severity")),
        Column(name="severity_en", title=say("column_severity")),
        Column(name="issued", title=say("column_issued"), kind="count"),
        Column(name="in_time", title=say("column_in_time"), kind="count"),
        Column(name="to_see", title=say("column_to_see"), kind="count"),
        Column(name="closed", title=say("column_closed"), kind="count"),
        Column(name="false", title=say("column_false"), kind="count"),
        Column(name="open", title=say("column_open"), kind="count"),
    )
    return Table(title=say("severities_table"), columns=columns, rows=tuple(rows), note=say("severities_note"))


def _line(name: Words, rows: Sequence[Row], workday: Callable[[date], bool]) -> tuple[Any, ...]:
    limits = [(r, board.seen_by(r["severity"], _known(r), workday)) for r in rows]
    to_see = [(r, limit) for r, limit in limits if limit is not None]
    in_time = sum(r["ack_at"] is not None and r["ack_at"] <= limit for r, limit in to_see)
    closed = sum(r["handling"] == "closed" for r in rows)
    wrong = sum(r["decision"] == "false_alarm" or bool(r["false_reason"]) for r in rows)
    still = sum(r["handling"] in ("new", "acknowledged", "in_progress") for r in rows)
    return name.zh, name.en, len(rows), in_time, len(to_see), closed, wrong, still


def _decided(asked: Asked, told: Warned) -> Table:
    """Every red and orange matter in a line, those that wait first."""
    rows: list[tuple[Any, ...]] = []
    for m in told.matters:
        said, dept = headline(asked, m), asked.name("dept", m.lead["owner_dept"])
        severity = word("severity", m.severity)
        state = word("decision", m.lead["decision"]) if m.lead["decision"] else word("state", m.state)
        at = m.lead["fired_at"].isoformat()
        rows.append((severity.zh, severity.en, said.zh, said.en, at, dept.zh, dept.en, state.zh, state.en))
    columns = (
        Column(name="severity", title=say("column_severity")),
        Column(name="severity_en", title=say("column_severity")),
        Column(name="warning", title=say("column_warning")),
        Column(name="warning_en", title=say("column_warning")),
        Column(name="at", title=say("column_at"), kind="instant"),
        Column(name="dept", title=say("column_dept")),
        Column(name="dept_en", title=say("column_dept")),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
    )
    return Table(title=say("decided_table"), columns=columns, rows=tuple(rows))


def _item(asked: Asked, matter: Matter) -> Item:
    """One matter that waits: what was seen, what belongs to it, whose it is, what to do."""
    lead, rule = matter.lead, asked.sources.rules.get(matter.lead["rule_id"])
    dept = asked.name("dept", lead["owner_dept"])
    evidence = [say("warning_since", at=moment(lead["first_breach_at"]), dept=dept, state=word("state", matter.state))]
    if rule is not None:
        unit = Words(zh=rule.unit.zh, en=rule.unit.en)
        name = Words(zh=rule.zh, en=rule.en)
        evidence.append(
            say(
                "warning_rule",
                id=rule.id,
                name=name,
                version=lead["rule_version"],
                value=lead["value"],
                threshold=lead["threshold"],
                unit=unit,
            )  # fmt: skip
        )
        evidence.append(say("warning_why", why=Words(zh=rule.rationale.zh, en=rule.rationale.en)))
        evidence.append(say("warning_do", what=Words(zh=rule.runbook.zh, en=rule.runbook.en)))
    others = [_said(asked, r) for r in matter.rows[1:]]
    if others:
        evidence.append(say("warning_also", n=len(others), what=joined(others[:4], "；", "; ")))
    severity: Any = matter.severity
    return Item(
        id=matter.id, finding=headline(asked, matter), source=f"warning:{matter.id}", severity=severity,
        evidence=tuple(evidence), wants_decision=True,
    )  # fmt: skip


def headline(asked: Asked, matter: Matter) -> Words:
    """The sentence of a matter; of an incident what happened where, and how many customers complain of it."""
    rule = asked.sources.rules.get(matter.lead["rule_id"])
    if not matter.is_incident or rule is None:
        return _said(asked, matter.lead)
    area = _seen(matter.lead).get("area_id")
    named = _names(asked)
    where = Words(
        zh=named("area", area, "zh") if area else scope_name(rule.scope, matter.lead["scope_id"], named, "zh"),
        en=named("area", area, "en") if area else scope_name(rule.scope, matter.lead["scope_id"], named, "en"),
    )
    customers = max((int(r["value"] or 0) for r in matter.rows if r["rule_id"] == SPOT), default=0)
    what = Words(zh=rule.zh, en=rule.en)
    kinds = list(dict.fromkeys(r["rule_id"] for r in matter.rows[1:] if r["rule_id"] != matter.lead["rule_id"]))
    also = listed([_rule_name(asked.sources.rules, i) for i in kinds])
    told = say("warning_customers" if customers else "warning_incident", where=where, rule=what, n=customers)
    return joined([told, say("warning_with", what=also)] if kinds else [told])


def _rule_name(rules: Mapping[str, Rule], rule_id: str) -> Words:
    rule = rules.get(rule_id)
    return Words(zh=rule.zh, en=rule.en) if rule else Words(zh=rule_id, en=rule_id)


def _said(asked: Asked, row: Row) -> Words:
    rule, seen, named = asked.sources.rules.get(row["rule_id"]), _seen(row), _names(asked)
    if rule is None:
        return Words(zh=f"{row['rule_id']} {row['scope_id']}", en=f"{row['rule_id']} {row['scope_id']}")
    if "value" not in seen:
        where = Words(
            zh=scope_name(row["scope_kind"], row["scope_id"], named, "zh"),
            en=scope_name(row["scope_kind"], row["scope_id"], named, "en"),
        )
        return say("warning_named", rule=Words(zh=rule.zh, en=rule.en), scope=where)
    if row["rule_id"] == SPOT and row["value"]:
        seen["n"] = row["value"]
    zh, en = (said_by(rule, row["scope_id"], seen, named, lang) for lang in ("zh", "en"))
    return Words(zh=zh, en=en)


def _names(asked: Asked) -> Names:
    """Codes in words; the number of a ticket is nobody's business here."""

    def name(kind: str, code: str, lang: str) -> str:
        return say("a_ticket").of(lang) if kind == "ticket" else asked.sources.names(kind, code, lang)

    return name


def _seen(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["evidence_json"] or "{}")
    return found


def _without_tickets(row: dict[str, Any]) -> dict[str, Any]:
    seen = _seen(row)
    hidden = {name: WITHHELD for name in TICKETS if seen.get(name)}
    return {**row, "evidence_json": json.dumps({**seen, **hidden}, ensure_ascii=False)} if hidden else row


def _workday(asked: Asked) -> Callable[[date], bool]:
    return lambda day: is_workday(day, asked.days)


def _known(row: Row) -> datetime:
    at: datetime = max(row["fired_at"], row["known_at"] or row["fired_at"])
    return at
