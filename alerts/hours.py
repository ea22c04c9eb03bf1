"""Hourly counters as a source of signals: opened in parts that fit into memory, prepared once for all rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from alerts.signals import relation
from warehouse.hours import Pins, open_hours
from warehouse.sealed import select

# What a signal at one instant may look back at: two days of hours, and eight weeks before the week of the first.
LOOK_BACK, USUAL_FROM = timedelta(days=2), timedelta(weeks=8)
PREPARED = ("cell_area", "cell_hour", "cell_usual")
# Hours of so much Parquet are prepared at once; in memory they take about five times as much.
PART_BYTES = 256 << 20
MEMORY, SECONDS = "2GB", 900.0


@dataclass(frozen=True)
class Hours:
    """Some hours, open: the relations of `PREPARED` are tables here."""

    con: duckdb.DuckDBPyConnection

    @classmethod
    def prepare(cls, release: Path, lake: Path, pins: Pins, first: datetime, last: datetime) -> Hours:
        """Open the hours that signals at instants from `first` to `last` look at."""
        con = open_hours(release, lake, pins.between(*days_of(first, last)), MEMORY)
        ends = {"instants": [first, last]}
        for name in PREPARED:
            text = relation(name, PREPARED[: PREPARED.index(name)])
            con.execute("create table " + name + " as " + text, ends if "$instants" in text else {})
        return cls(con)

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run one select with named parameters."""
        return select(self.con, sql, dict(parameters), SECONDS)


def whole_days(instants: Sequence[datetime]) -> tuple[datetime, datetime]:
    """The days that some instants, in order, lie in: so rules of any rhythm look at the same hours."""
    first, last = (datetime.combine(at.date(), time()) for at in (instants[0], instants[-1]))
    return first, last if last == instants[-1] > first else last + timedelta(days=1)


def days_of(first: datetime, last: datetime) -> tuple[date, date]:
    """The first and last day of hours that signals from `first` to `last` look at."""
    begin = first - LOOK_BACK
    monday = begin.date() - timedelta(days=begin.weekday())
    return monday - USUAL_FROM, last.date()


def parts(instants: Sequence[datetime], pins: Pins) -> Iterator[list[datetime]]:
    """The instants week by week, as many weeks together as `PART_BYTES` of files allow."""
    bytes_of: dict[str, int] = {}
    for pin in pins.files.values():
        for path, part in pin.files:
            size = Path(path).stat().st_size if Path(path).exists() else 0
            bytes_of[part or ""] = bytes_of.get(part or "", 0) + size
    together: list[datetime] = []
    week: date | None = None
    size = 0
    for at in instants:
        monday = at.date() - timedelta(days=at.weekday())
        if monday != week:
            added = sum(bytes_of.get((monday + timedelta(days=n)).isoformat(), 0) for n in range(7))
            if together and size + added > PART_BYTES:
                yield together
                together, size = [], 0
            week, size = monday, size + added
        together.append(at)
    if together:
        yield together
