"""Meetings that were held before this program, taken over from a CSV file (past.toml).

Such a week is closed, with who led it, which departments came, the counts of its register as its minutes and its
decisions; its figures were never sealed here, so they are shown as the release has them now. Imported twice, the second
time changes nothing, and a week that was begun or sealed here stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts.registers import Taken, has_column, records
from alerts.sources import NAMES, Release
from warehouse import ops
from warehouse.analysis.calendar_compare import week_start

FORMAT = Path(__file__).with_suffix(".toml")
ITEM = "register"
ITEM_ZH, ITEM_EN = "原例会台账记{n}项", "{n} in the earlier register of meetings"
MOST = 9999
_PERSON = re.compile(r"[A-Z]{2,10}\d{1,6}")
_DECISION = re.compile(r"(\D+?)(\d{1,3})项")


@dataclass(frozen=True)
class Held:
    """A line of the file. `decided` is how often what was decided."""

    week: str
    sealed_at: datetime
    minutes_at: datetime
    leader: str
    attendees: str
    minutes: str
    decided: tuple[tuple[str, int], ...]


def is_register(path: Path) -> bool:
    """Whether the file looks like a register of meetings."""
    columns = _format()["columns"]
    return all(has_column(path, _format()["encoding"], columns[c]) for c in ("week", "held_at", "decided"))


def take(kept: sa.Engine, release: Release, path: Path) -> Taken:
    """Add the meetings of weeks that the store does not have; none where a line is wrong. Raises `Problems`."""
    frame = release.select(NAMES.read_text(encoding="utf-8"), {})
    found = read(path, {str(r.zh) for r in frame.itertuples() if r.kind == "dept"})
    taken = Taken()
    with ops.writing(kept) as con:
        known = set(con.execute(sa.select(ops.review.c.week)).scalars())
        for held in found:
            if held.week in known:
                taken.n_known += 1
            else:
                _add(con, held)
                taken.n_new += 1
    return taken


def read(path: Path, depts: set[str]) -> list[Held]:
    """The meetings of a file; `depts` are the names of the departments that there are."""
    return records(path, _format(), lambda row: _held(row, depts), "week", "week")


def _held(row: Mapping[str, str], depts: set[str]) -> Held:
    """Raises ValueError, which names the column and never what stands there."""
    columns = _format()["columns"]
    try:
        ends = week_start(row["week"])
    except ValueError:
        raise ValueError(f"{columns['week']} is no week such as 2025-W13") from None
    sealed, held, minutes = (_time(row, c) for c in ("sealed_at", "held_at", "minutes_at"))
    if not ends < sealed.date() or not sealed <= held <= minutes:
        raise ValueError(f"{columns['sealed_at']}, {columns['held_at']} and {columns['minutes_at']} are out of order")
    if not _PERSON.fullmatch(row["leader"]):
        raise ValueError(f"{columns['leader']} is no number of a person")
    came = [name for name in row["depts"].split(";") if name]
    if not set(came) <= depts:
        raise ValueError(f"{columns['depts']} has a department that this city has not")
    new, in_time, false, due, done = (_count(row, c) for c in ("n_new", "n_in_time", "n_false", "n_due", "n_done"))
    told = f"新发预警{new}条，确认及时{in_time}条，误报{false}条；整改到期{due}项，完成{done}项"
    at = f"{held.month}月{held.day}日 {held:%H:%M}"
    return Held(
        row["week"], sealed, minutes, row["leader"], "、".join(came), f"{at}召开。原台账：{told}。", _decided(row)
    )


def _decided(row: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    told = _format()
    found = []
    for part in (p.strip() for p in re.split("[;；、]", row["decided"])):
        match = _DECISION.fullmatch(part)
        if part and (match is None or match.group(1) not in told["decision"]):
            raise ValueError(f"{told['columns']['decided']} has a word that past.toml does not know")
        found += [(str(told["decision"][match.group(1)]), int(match.group(2)))] if match else []
    return tuple(found)


def _add(con: sa.Connection, held: Held) -> None:
    con.execute(
        ops.review.insert().values(
            week=held.week, sealed_at=held.sealed_at, sealed_by=held.leader, minutes_sealed_at=held.minutes_at,
            minutes_sealed_by=held.leader, attendees=held.attendees, minutes=held.minutes, revision=1,
        )
    )  # fmt: skip
    for decision, n in held.decided:
        con.execute(
            ops.review_decision.insert().values(
                week=held.week, item_id=f"{ITEM}_{decision}", item_zh=ITEM_ZH.format(n=n), item_en=ITEM_EN.format(n=n),
                source="", decision=decision, text="", decided_by=held.leader, decided_at=held.minutes_at,
            )
        )  # fmt: skip


def _time(row: Mapping[str, str], column: str) -> datetime:
    try:
        found = datetime.fromisoformat(row[column])
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise ValueError(f"{_format()['columns'][column]} is no local time")
    return found


def _count(row: Mapping[str, str], column: str) -> int:
    text = row[column]
    if not (text.isascii() and text.isdigit() and int(text) <= MOST):
        raise ValueError(f"{_format()['columns'][column]} is no count")
    return int(text)


@cache
def _format() -> dict[str, Any]:
    return tomllib.loads(FORMAT.read_text(encoding="utf-8"))
