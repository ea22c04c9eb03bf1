"""Measures that were kept in a register before this one, taken over from a CSV file (past.toml).

They keep their own numbers. What the file does not say is not made up: a measure closed there without a result is
closed here with the result "unclear", on the day it was done. Imported twice, the second time changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts.actions import store
from alerts.actions.item import WHOLE, Draft
from alerts.actions.kinds import of_words
from alerts.actions.states import Deed, State
from alerts.registers import Taken, has_column, records
from alerts.sources import NAMES, Release
from warehouse import ops

FORMAT = Path(__file__).with_suffix(".toml")
BEFORE = "register"  # who did it where the file does not say
ALIASES = "select place_id, place_name, aliases from dim_place where aliases is not null"
VOLUME = "投诉量"
NOTES: Mapping[Deed, str] = {"verify": "原台账已销项，未记验证结果", "refuse": "原台账记为退回"}
_NUMBER = re.compile(r"[A-Z]{1,4}[0-9][0-9-]{2,16}")
_STEPS: Mapping[State, tuple[Deed, ...]] = {
    "waiting": (),
    "returned": ("refuse",),
    "doing": ("accept",),
    "verifying": ("accept", "done"),
    "closed": ("accept", "done", "verify"),
}


@dataclass(frozen=True)
class Record:
    """A line of the file: the measure, how far it came, when it was done, why it was late."""

    number: str
    draft: Draft
    state: State
    done_on: date | None
    reason: str


def is_register(path: Path) -> bool:
    """Whether the file looks like a register of measures: its first line names the column of their numbers."""
    return has_column(path, _format()["encoding"], _format()["columns"]["number"])


def take(kept: sa.Engine, release: Release, path: Path) -> Taken:
    """Add the measures that the register does not have; none where a line is wrong. Raises `Problems`."""
    return keep(kept, read(path, _codes(release)))


def keep(kept: sa.Engine, found: Sequence[Record]) -> Taken:
    """Add the records whose numbers the register does not have."""
    taken = Taken()
    with ops.writing(kept) as con:
        known = set(con.execute(sa.select(ops.action_item.c.action_id)).scalars())
        for record in found:
            if record.number in known:
                taken.n_known += 1
            else:
                _add(con, record)
                taken.n_new += 1
    return taken


def read(path: Path, codes: Mapping[tuple[str, str], str]) -> list[Record]:
    """The records of a file. `codes` maps (kind, name) to the code of a department, place, district or type."""
    return records(path, _format(), lambda row: _record(row, codes), "number", "number")


def _record(row: Mapping[str, str], codes: Mapping[tuple[str, str], str]) -> Record:
    """Raises ValueError, which names the column and never what stands there."""
    columns = _format()["columns"]
    if not _NUMBER.fullmatch(row["number"]):
        raise ValueError(f"{columns['number']} does not look like one")
    begins, due, done = (_date(row, c) for c in ("begins_on", "due_on", "done_on"))
    if begins is None or due is None:
        raise ValueError(f"{columns['begins_on']} or {columns['due_on']} is empty")
    state: State = _word(row, "state")
    if state in ("verifying", "closed") and done is None:
        raise ValueError(f"{columns['done_on']} is empty, but it was done")
    source = _word(row, "source")
    dept = codes.get(("dept", row["dept"]))
    if dept is None:
        raise ValueError(f"{columns['dept']} is no department of this city")
    scope_kind, scope_id = _scope(row["scope"], codes)
    draft = Draft(
        source=source, level=_word(row, "level"), problem=row["problem"], measure=row["measure"],
        kind=of_words(row["measure"]), scope_kind=scope_kind, scope_id=scope_id, owner_dept=dept,
        owner_person=row["person"] or None, begins_on=begins, due_on=due,
        reply_by=due if source == "instruction" else None, verify_type=_type(row["verify"], codes),
        cost_yuan=float(row["cost"]) if row["cost"] else None, is_permanent=_word(row, "permanent"),
    )  # fmt: skip
    return Record(row["number"], draft, state, done, row["reason"])


def _add(con: sa.Connection, record: Record) -> None:
    """A measure with the deeds that brought it where it stands, none of them later than the file knows."""
    draft, who = record.draft, record.draft.owner_person or BEFORE
    begun = datetime.combine(draft.begins_on, time(9))
    store.start_in(con, draft, BEFORE, begun, record.number)
    revision = 0
    for deed in _STEPS[record.state]:
        at = begun if deed in ("accept", "refuse") or record.done_on is None else _evening(record.done_on, begun)
        values: dict[str, Any] = {"result": "unclear"} if deed == "verify" else {}
        note = NOTES.get(deed, "")
        actor = BEFORE if deed == "verify" else who
        revision = store.act_in(con, record.number, deed, actor, at, revision, note, **values)
    if record.reason:
        store.act_in(con, record.number, "comment", who, begun, revision, record.reason)


def _evening(day: date, begun: datetime) -> datetime:
    return max(datetime.combine(day, time(18)), begun)


def _scope(words: str, codes: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """A place before a district before a hall; all of it where nothing is named. Raises ValueError."""
    if not words:
        return WHOLE, ""
    for kind, ours in (("place", "place"), ("district", "region"), ("hall", "hall"), ("dept", "dept")):
        if (kind, words) in codes:
            return ours, codes[kind, words]
    raise ValueError(f"{_format()['columns']['scope']} is nothing that this city has")


def _type(words: str, codes: Mapping[tuple[str, str], str]) -> str | None:
    """The type or group of complaints that a measure is judged by: "网络投诉量" is NET. None: all."""
    name = words.removesuffix(VOLUME)
    if name in ("", "全部"):
        return None
    for kind in ("subtype", "type"):
        for (of, zh), code in codes.items():
            if of == kind and (zh == name or kind == "type" and zh.startswith(name)):
                return code
    raise ValueError(f"{_format()['columns']['verify']} names no type of complaint")


def _codes(release: Release) -> dict[tuple[str, str], str]:
    """(kind, name or code) -> code, other names of places too."""
    frame = release.select(NAMES.read_text(encoding="utf-8"), {})
    found = {(r.kind, str(r.code)): str(r.code) for r in frame.itertuples()}
    found |= {(r.kind, str(r.zh)): str(r.code) for r in frame.itertuples()}
    for row in release.select(ALIASES, {}).itertuples():
        found |= {("place", alias): str(row.place_id) for alias in str(row.aliases).split(";") if alias}
    return found


def _word(row: Mapping[str, str], column: str) -> Any:
    told = _format()
    if row[column] not in told[column]:
        raise ValueError(f"{told['columns'][column]} has a word that past.toml does not know")
    return told[column][row[column]]


def _date(row: Mapping[str, str], column: str) -> date | None:
    try:
        return date.fromisoformat(row[column]) if row[column] else None
    except ValueError:
        raise ValueError(f"{_format()['columns'][column]} is no day") from None


@cache
def _format() -> dict[str, Any]:
    return tomllib.loads(FORMAT.read_text(encoding="utf-8"))
