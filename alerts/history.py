"""A history of warnings that people handled before this product was there: the engine raises them again, the file says
what was done about each.

Does not belong here: the file's other halves (actions, meetings), how rules are evaluated (live.py).

The engine replays the rules that the file names, from the Monday of its first week on. A record belongs to the warning
of the same rule, scope and time of firing; one that the engine does not raise is told, not kept, as nothing would stand
behind it (past.py takes over a register whose warnings cannot be raised anew). Imported twice, the second time changes
nothing.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from alerts import found, live, store
from alerts.adopt import LOOK_BACK, adopt
from alerts.handling import Decision
from alerts.past import FORMAT, OTHER
from alerts.rules import Rule
from alerts.sources import Release
from alerts.state import Severity
from warehouse import ops
from warehouse.problems import Problem, Problems, from_validation, problem

# Columns of the register (past.toml) that are read, the code of the object besides.
COLUMNS = {
    "number": "number", "rule": "rule_id", "severity": "severity", "fired_at": "fired_at", "ack_by": "person",
    "ack_at": "ack_at", "decision": "decision", "decided_at": "decided_at", "outcome": "outcome", "reason": "reason",
    "closed_at": "closed_at",
}  # fmt: skip
OBJECT_CODE = "对象编码"
OUTCOMES = {"属实": "true", "误报": "false", "属实未采取措施": "no_action"}


class Record(BaseModel):
    """One warning of the file and what was done about it; times are local, None where nothing was done."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    number: str
    rule_id: str
    scope: str
    severity: Severity
    fired_at: datetime
    person: str | None = None
    ack_at: datetime | None = None
    decision: Decision | None = None
    decided_at: datetime | None = None
    outcome: str | None = None
    reason: str | None = None
    closed_at: datetime | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @model_validator(mode="after")
    def _deeds_come_in_order(self) -> Record:
        times = [t for t in (self.fired_at, self.ack_at, self.decided_at, self.closed_at) if t is not None]
        if times != sorted(times):
            raise ValueError("times run backwards: a warning fires, is acknowledged, decided, closed")
        if (self.decided_at or self.closed_at) and self.ack_at is None:
            raise ValueError("was decided or closed, but nobody acknowledged it")
        if self.ack_at is not None and self.person is None:
            raise ValueError("was acknowledged by nobody")
        if (self.decision is None) != (self.decided_at is None):
            raise ValueError("a decision needs its time, and a time its decision")
        return self

    @property
    def warning_id(self) -> str:
        return store.warning_id(self.rule_id, self.scope, self.fired_at)


@dataclass
class Imported:
    """What became of the records: `unraised` are those that the engine does not raise, `unrecorded` the warnings of the
    same rules and weeks that the file does not have."""

    n_records: int = 0
    n_handed: int = 0
    n_before: int = 0
    unraised: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def summary(self) -> str:
        return (
            f"{self.n_records} records: {self.n_handed} handed to their warnings, {self.n_before} were there before, "
            f"{len(self.unraised)} are of no warning that the engine raises; "
            f"{len(self.unrecorded)} warnings have no record"
        )


def read(path: Path) -> list[Record]:
    """The records of a file, UTF-8 with or without a mark. Raises `Problems` with every fault of every row."""
    told = tomllib.loads(FORMAT.read_text(encoding="utf-8"))
    if not path.exists():
        raise problem(str(path), "is not there", "name the file with the handled warnings")
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            wanted = [*(told["columns"][c] for c in COLUMNS), OBJECT_CODE]
            missing = [c for c in wanted if c not in (reader.fieldnames or ())]
            if missing:
                raise problem(path.name, f"has no column {', '.join(missing)}", "export the file with all its columns")
            rows = list(reader)
    except UnicodeDecodeError:
        raise problem(path.name, "is no UTF-8", "save it as UTF-8") from None
    faults: list[Problem] = []
    found: dict[str, Record] = {}
    for n, row in enumerate(rows, start=2):
        where = f"{path.name} line {n}"
        try:
            record = Record(**_values(row, told))
        except ValidationError as error:
            faults.extend(from_validation(error, where).problems)
            continue
        if record.warning_id in found:
            same = found[record.warning_id].number
            faults.append(Problem(where, f"{record.number} is the same warning as {same}", "keep one of them"))
        found[record.warning_id] = record
    if faults:
        raise Problems(faults)
    return list(found.values())


def bring_in(
    kept: sa.Engine, release: Release, rules: Mapping[str, Rule], records: list[Record], as_of: datetime
) -> Imported:
    """Replay what was never evaluated and hand every record to its warning. Raises `Problems` for unknown rules."""
    unknown = sorted({r.rule_id for r in records} - set(rules))
    if unknown:
        raise problem(", ".join(unknown), "are no rules", "correct the file, or add the rules to the home's rules/")
    done = Imported(n_records=len(records))
    if not records:
        return done
    begin = week_of(min(r.fired_at for r in records))
    named = {r.rule_id: rules[r.rule_id] for r in records}
    fresh = {name: rule for name, rule in named.items() if found.where_it_stands(kept, rule)[1] is None}
    if fresh:
        done.faults = live.run(kept, release, fresh, as_of, begin).faults
        at = begin
        while (at := at + LOOK_BACK) < as_of:
            adopt(kept, release, at)
    w = ops.warning.c
    end = week_of(max(r.fired_at for r in records)) + timedelta(weeks=1)
    raised = store.warnings(kept, w.rule_id.in_(sorted(named)), w.fired_at > begin, w.fired_at < end)
    states = {row["warning_id"]: row["handling"] for row in raised}
    _known_then(kept, [r.warning_id for r in records if r.warning_id in states])
    for record in records:
        if record.warning_id not in states:
            done.unraised.append(record.number)
        elif states[record.warning_id] != "new" or record.ack_at is None:
            done.n_before += states[record.warning_id] != "new"
        else:
            _hand(kept, record)
            done.n_handed += 1
    known = {r.warning_id for r in records}
    done.unrecorded = sorted(number for number in states if number not in known)
    return done


def _known_then(kept: sa.Engine, numbers: list[str]) -> None:
    """People knew of what they recorded when it fired, however late the engine tells of it again."""
    w = ops.warning.c
    with ops.writing(kept) as con:
        for number in numbers:
            con.execute(ops.warning.update().where(w.warning_id == number).values(known_at=w.fired_at))


def week_of(at: datetime) -> datetime:
    """The Monday that begins the week of an instant."""
    return datetime.combine(at.date() - timedelta(days=at.weekday()), time())


def _hand(kept: sa.Engine, record: Record) -> None:
    """All deeds of a record in one transaction: whoever breaks it off finds none of them."""
    assert record.person is not None and record.ack_at is not None
    deeds: list[tuple[Any, datetime | None, str, dict[str, Any]]] = [
        ("ack", record.ack_at, "", {"record": record.number}),
        ("decide", record.decided_at, record.reason or "", {"decision": record.decision, "outcome": record.outcome}),
        ("close", record.closed_at, "", {}),
    ]
    with ops.writing(kept) as con:
        for deed, at, note, detail in deeds:
            if at is None:
                continue
            row = _row(con, record.warning_id)
            store.act_in(con, row, deed, record.person, at, note, detail)
        if record.outcome == "false":  # whatever was decided about it
            w = ops.warning.c
            con.execute(
                ops.warning.update()
                .where(w.warning_id == record.warning_id)
                .values(false_reason=record.reason or OTHER)
            )


def _row(con: sa.Connection, number: str) -> sa.RowMapping:
    return con.execute(sa.select(ops.warning).where(ops.warning.c.warning_id == number)).mappings().one()


def _values(row: Mapping[str, str | None], told: Mapping[str, Any]) -> dict[str, Any]:
    """A row under our names, its words as codes; a word that is not known stays, so that the fault shows it."""
    seen = {ours: (row[told["columns"][theirs]] or "").strip() for theirs, ours in COLUMNS.items()}
    words = {**{name: told[name] for name in ("severity", "decision")}, "outcome": OUTCOMES}
    coded = {name: words.get(name, {}).get(text, text) for name, text in seen.items()}
    # Why it was false is one of a few reasons: what else people wrote may name somebody.
    coded["reason"] = told["reason"].get(seen["reason"], OTHER) if seen["reason"] else ""
    return {**coded, "scope": (row[OBJECT_CODE] or "").strip()}
