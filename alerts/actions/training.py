"""Trainings of halls that took place, taken over from a CSV file (training.toml) as measures that are done.

They keep their own numbers, and their source is "own": nobody ordered them, so they are no rectification (M53), but
whether they helped is judged as of any measure. Imported twice, the second time changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts.actions import past
from alerts.actions.item import Draft
from alerts.actions.kinds import kinds
from alerts.actions.past import Record
from alerts.registers import Taken, has_column, records
from alerts.sources import NAMES, Release

FORMAT = Path(__file__).with_suffix(".toml")
KIND = "hall_training"
PROBLEM = "营业厅服务能力"
MOST_TOPIC = 60
_NUMBER = re.compile(r"[A-Z]{1,4}[0-9][0-9-]{2,16}")


def is_register(path: Path) -> bool:
    """Whether the file looks like records of trainings."""
    return has_column(path, _format()["encoding"], _format()["columns"]["number"])


def take(kept: sa.Engine, release: Release, path: Path) -> Taken:
    """Add the trainings that the register does not have; none where a line is wrong. Raises `Problems`."""
    frame = release.select(NAMES.read_text(encoding="utf-8"), {})
    halls = {str(r.code) for r in frame.itertuples() if r.kind == "hall"}
    depts = {str(r.code) for r in frame.itertuples() if r.kind == "dept"}
    return past.keep(kept, read(path, halls, depts))


def read(path: Path, halls: set[str], depts: set[str]) -> list[Record]:
    """The trainings of a file; a hall that this city has not is a fault."""
    told = _format()
    owner = told["dept"] if told["dept"] in depts else None
    return records(path, told, lambda row: _record(row, halls, owner), "number", "number")


def _record(row: Mapping[str, str], halls: set[str], owner: str | None) -> Record:
    """Raises ValueError, which names the column and never what stands there."""
    columns = _format()["columns"]
    if not _NUMBER.fullmatch(row["number"]):
        raise ValueError(f"{columns['number']} does not look like one")
    if row["hall"] not in halls:
        raise ValueError(f"{columns['hall']} is no hall of this city")
    if not row["topic"] or len(row["topic"]) > MOST_TOPIC:
        raise ValueError(f"{columns['topic']} is empty or longer than {MOST_TOPIC} characters")
    begins, done = (_date(row, c) for c in ("begins_on", "done_on"))
    parts = [f"{_number(row, 'people'):.0f}人"] if row["people"] else []
    parts += [f"平均{_number(row, 'score'):g}分"] if row["score"] else []
    draft = Draft(
        source="own", problem=PROBLEM, measure=f"培训：{row['topic']}" + (f"（{'，'.join(parts)}）" if parts else ""),
        kind=KIND, scope_kind="hall", scope_id=row["hall"], owner_dept=owner, begins_on=begins, due_on=done,
        verify_type=kinds()[KIND].aims or None,
    )  # fmt: skip
    return Record(row["number"], draft, "closed", done, "")


def _date(row: Mapping[str, str], column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        raise ValueError(f"{_format()['columns'][column]} is no day") from None


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        found = float(row[column])
    except ValueError:
        found = -1.0
    if not 0 <= found < 100_000:
        raise ValueError(f"{_format()['columns'][column]} is no number") from None
    return found


@cache
def _format() -> dict[str, Any]:
    return tomllib.loads(FORMAT.read_text(encoding="utf-8"))
