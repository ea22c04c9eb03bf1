"""Warnings that were handled before this engine ran, taken over from a register in a CSV file (past.toml).

They keep their own numbers and are known as warnings without figures: rule, object, who did what when. Their condition
is not known any more, so none of them is firing.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts import store
from alerts.rules import BEFORE
from alerts.sources import NAMES, Release
from warehouse import ops
from warehouse.problems import Problem, Problems, problem

FORMAT = Path(__file__).with_suffix(".toml")
OTHER, UNKNOWN = "other", "unknown"
# What numbers of warnings, rules and people look like; anything else may be somebody's telephone.
_NUMBER, _RULE, _PERSON = (
    re.compile(p) for p in (r"[A-Z][0-9A-Z-]{0,19}", r"[A-Z]{2}[0-9A-Z-]{2,10}", r"[A-Z]{2,10}\d{1,6}")
)


@dataclass
class Taken:
    """What came of a register: rows that are new, and rows that were there."""

    n_new: int = 0
    n_known: int = 0


def take(kept: sa.Engine, release: Release, path: Path) -> Taken:
    """Add the warnings of a register that the store does not have; none where a line is wrong.

    Raises `Problems` with every fault.
    """
    rows = read(path)
    codes = _codes(release)
    faults: list[Problem] = []
    ready = []
    for line, row in enumerate(rows, 2):
        try:
            ready.append(_warning(row, codes))
        except ValueError as error:
            where = f"{path.name} line {line}"
            faults.append(Problem(where, f"cannot be read: {error}", "correct that line, or add its word to past.toml"))
    if faults:
        raise Problems(faults)
    taken = Taken()
    with ops.writing(kept) as con:
        for warning, events in ready:
            number = warning["warning_id"]
            if con.execute(sa.select(ops.warning.c.warning_id).where(ops.warning.c.warning_id == number)).first():
                taken.n_known += 1
                continue
            con.execute(ops.warning.insert().values(**warning))
            for at, actor, action, note, detail in events:
                store.tell(con, number, at, actor, action, note, detail)
            taken.n_new += 1
    return taken


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a register under our names. Raises `Problems`."""
    told = _format()
    try:
        with path.open(encoding=told["encoding"], newline="") as file:
            raw = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise problem(str(path), f"cannot be read: {error}", "name a register in CSV, UTF-8") from None
    missing = [c for c in told["columns"].values() if raw and c not in raw[0]]
    if missing:
        raise problem(path.name, f"has no column {', '.join(missing)}", "name them so, or change alerts/past.toml")
    return [{ours: (row[theirs] or "").strip() for ours, theirs in told["columns"].items()} for row in raw]


def _warning(
    row: Mapping[str, str], codes: Mapping[tuple[str, str], str]
) -> tuple[dict[str, Any], list[tuple[datetime, str, str, str, dict[str, Any]]]]:
    """One row as a warning with its history. Raises ValueError, which names the column and never what stands there."""
    told = _format()
    kind, severity = _word(row, "kind"), _word(row, "severity")
    scope = codes.get((kind, row["object"]), UNKNOWN)
    fired, acked, decided, closed = (_time(row, c) for c in ("fired_at", "ack_at", "decided_at", "closed_at"))
    if fired is None:
        raise ValueError(f"{told['columns']['fired_at']} is empty")
    if not _NUMBER.fullmatch(row["number"]) or not _RULE.fullmatch(row["rule"]):
        raise ValueError(f"{told['columns']['number']} or {told['columns']['rule']} does not look like one")
    person = row["ack_by"] if _PERSON.fullmatch(row["ack_by"]) else UNKNOWN if row["ack_by"] else ""
    decision = _word(row, "decision") if row["decision"] else None
    is_wrong = bool(row["outcome"]) and _word(row, "outcome") == "wrong"
    reason = told["reason"].get(row["reason"], OTHER) if is_wrong else None
    owner = codes.get(("dept", row["owner"]), UNKNOWN)
    handling = "closed" if closed else "decided" if decision else "acknowledged" if acked else "new"
    warning = {
        "warning_id": f"P-{row['number']}", "rule_id": row["rule"], "rule_version": BEFORE, "scope_kind": kind,
        "scope_id": scope, "severity": severity, "condition": "cleared", "handling": handling, "is_trial": False,
        "first_breach_at": fired, "fired_at": fired, "known_at": fired, "cleared_at": closed or fired,
        "evidence_json": None, "owner_dept": owner, "ack_by": person or None, "ack_at": acked,
        "decision": decision, "decision_at": decided, "decision_by": person or None, "false_reason": reason,
        "region_code": scope if kind == "district" else None,
    }  # fmt: skip
    events: list[tuple[datetime, str, str, str, dict[str, Any]]] = [(fired, store.ENGINE, "fire", "", {})]
    if acked:
        events.append((acked, person, "ack", "", {}))
    if decided and decision:
        events.append((decided, person, "decide", reason or "", {"decision": decision}))
    if closed:
        events.append((closed, person or store.ENGINE, "close", "", {}))
    return warning, events


def _codes(release: Release) -> dict[tuple[str, str], str]:
    """Name -> code of every dimension, by its Chinese name and by its code."""
    frame = release.select(NAMES.read_text(encoding="utf-8"), {})
    found = {(r.kind, str(r.zh)): str(r.code) for r in frame.itertuples()}
    return found | {(r.kind, str(r.code)): str(r.code) for r in frame.itertuples()}


def _word(row: Mapping[str, str], column: str) -> str:
    """Our word for what stands in a column."""
    told = _format()
    found: str | None = told[column].get(row[column])
    if found is None:
        raise ValueError(f"{told['columns'][column]} has a word that past.toml does not know")
    return found


def _time(row: Mapping[str, str], column: str) -> datetime | None:
    try:
        return datetime.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        raise ValueError(f"{_format()['columns'][column]} is no time") from None


@cache
def _format() -> dict[str, Any]:
    return tomllib.loads(FORMAT.read_text(encoding="utf-8"))
