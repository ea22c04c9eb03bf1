"""What happened to every file: the register in the lake, whose rows decide which loaded rows count."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pyarrow as pa

from etl.privacy import hide_numbers
from warehouse.canonical import tables
from warehouse.lake import Lake

State = Literal["loaded", "failed", "unmatched", "elsewhere", "withdrawn", "replaced"]
SETTLED: tuple[State, ...] = ("loaded", "withdrawn", "replaced")


@dataclass(frozen=True)
class Outcome:
    """What one file came to, as `etl status` and the data page show it."""

    file_id: str
    file_name: str
    state: State
    loaded_at: datetime
    contract: str | None = None
    contract_hash: str | None = None
    target_table: str | None = None
    encoding: str | None = None
    datum: str | None = None
    n_bytes: int = 0
    n_rows: int = 0
    n_loaded: int = 0
    n_rejected: int = 0
    n_flagged: int = 0
    n_dropped: int = 0
    cadence_hours: float | None = None
    first_period: datetime | None = None
    last_period: datetime | None = None
    message: str = ""
    message_zh: str | None = None
    corrects: str | None = None
    is_over_limit: bool = False


class Register:
    """The `etl_file` table: append-only, the last settled row of a file is its state."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    def outcomes(self) -> list[Outcome]:
        """The newest outcome of every file, by name."""
        newest = {o.file_id: o for o in self._history()}
        return sorted(newest.values(), key=lambda o: (o.file_name, o.loaded_at))

    def settled(self) -> dict[str, Outcome]:
        """By file id, the row that decides which of its rows count."""
        return {o.file_id: o for o in self._history() if o.state in SETTLED}

    def said(self) -> dict[tuple[str, str], Outcome]:
        """The newest outcome of every file id under every name it came by."""
        return {(o.file_id, o.file_name): o for o in self._history()}

    def loads(self) -> set[tuple[str, datetime]]:
        """(file_id, loaded_at) of every load that was ever registered."""
        return {(o.file_id, o.loaded_at) for o in self._history() if o.state == "loaded"}

    def after(self, now: datetime) -> datetime:
        """`now`, or a moment after the newest known outcome where a clock ran ahead: what comes later counts later."""
        return max([now, *(o.loaded_at + timedelta(microseconds=1) for o in self._history())])

    def loads_of(self, file_id: str) -> list[datetime]:
        """When a file was loaded, however often."""
        return [o.loaded_at for o in self._history() if o.file_id == file_id and o.state == "loaded"]

    def _history(self) -> list[Outcome]:
        rows = sorted(self.lake.read("etl_file").to_pylist(), key=lambda r: r["loaded_at"])
        return [Outcome(**row) for row in rows]

    def add(self, outcomes: list[Outcome]) -> None:
        """Commit outcomes. For loaded files this is the instant their rows begin to count."""
        if outcomes:
            schema = tables()["etl_file"].schema
            rows = pa.Table.from_pylist([vars(o) for o in outcomes], schema)
            self.lake.append("etl_file", rows, {"files": str(len(outcomes))})


def shown_name(path: Path) -> str:
    """The file's name as it is kept and said; a number of somebody in it is not."""
    return hide_numbers(path.name)


def name_id(path: Path) -> str:
    """Identity of a file that cannot be read."""
    return hashlib.sha256(b"unreadable:" + os.fsencode(path.name)).hexdigest()[:20]


def file_id(path: Path) -> str:
    """Identity of a file: its content, whatever it is called."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:20]
