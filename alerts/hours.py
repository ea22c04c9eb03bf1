"""Hourly counters as a source of signals: opened in parts that fit into memory, prepared once for all rules."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from alerts.signals import relation
from warehouse.hours import Pins, open_hours
from warehouse.sealed import select

# What a signal at one instant may look back at: a cell's newest hour of the last day, the six hours before that one,
# and the eight weeks before the week of the first. As in relations/cell_hour.sql.
LOOK_BACK, USUAL_FROM = timedelta(hours=32), timedelta(weeks=8)
BUSY_BACK = timedelta(days=7)  # the busy hours of a week
PREPARED = ("cell_area", "cell_hour", "cell_usual")
DEPENDS = Path(__file__).with_name("usual_depends.sql")
USUAL = "cell_usual"
KEPT, KEPT_FILES = "usual-", 4
# Hours of so much Parquet are prepared at once; in memory they take about five times as much.
PART_BYTES = 256 << 20
MEMORY, SECONDS = "2GB", 900.0


@dataclass(frozen=True)
class Hours:
    """Some hours, open: the relations of `PREPARED` are tables here."""

    con: duckdb.DuckDBPyConnection

    @classmethod
    def prepare(
        cls, release: Path, lake: Path, pins: Pins, first: datetime, last: datetime, scratch: Path | None = None
    ) -> Hours:
        """Open the hours that signals at instants from `first` to `last` look at.

        What is usual in a week is the same all week; of few weeks it is kept in `scratch`, for the next run.
        """
        con = open_hours(release, lake, pins.between((first - LOOK_BACK).date(), last.date()), MEMORY)
        ends = {"instants": [first, last]}
        for name in PREPARED[:2]:
            text = relation(name, PREPARED[: PREPARED.index(name)])
            con.execute("create table " + name + " as " + text, ends if "$instants" in text else {})
        con.from_arrow(usual(release, lake, pins, first, last, scratch)).create(USUAL)
        return cls(con)

    @classmethod
    def plain(cls, release: Path, lake: Path, pins: Pins, instants: Sequence[datetime]) -> Hours:
        """The hours of a week before the first instant and up to the last, with nothing prepared."""
        days = pins.between((instants[0] - BUSY_BACK).date(), instants[-1].date())
        return cls(open_hours(release, lake, days, MEMORY))

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run one select with named parameters."""
        return select(self.con, sql, dict(parameters), SECONDS)


def usual(
    release: Path, lake: Path, pins: Pins, first: datetime, last: datetime, scratch: Path | None = None
) -> pa.Table:
    """What is usual from `first` to `last`, from `scratch` if it is there. Some cells after others, to save memory."""
    text = relation(USUAL)
    past = pins.between(*days_of(first, last))
    con = open_hours(release, lake, past, MEMORY)
    kept = _kept(con, past, scratch, text, first, last) if scratch else None
    if kept is not None and kept.exists():
        return pq.read_table(kept)
    cells = [cell for (cell,) in con.execute("select distinct cell_id from dim_cell order by cell_id").fetchall()]
    size = sum(Path(path).stat().st_size for path in past.paths)
    step = max(1, len(cells) * PART_BYTES // max(size, PART_BYTES))
    found = []
    for n in range(0, max(len(cells), 1), step):
        con = open_hours(release, lake, past, MEMORY, cells[n : n + step])
        found.append(con.sql(text, params={"instants": [first, last]}).to_arrow_table())
    rows = pa.concat_tables(found)
    if kept is not None:
        _keep(kept, rows)
    return rows


def _kept(
    con: duckdb.DuckDBPyConnection, pins: Pins, scratch: Path, text: str, first: datetime, last: datetime
) -> Path | None:
    """The file for what is usual from `first` to `last`; its name hangs on all that it is made from."""
    begin, end = monday_of(first - LOOK_BACK), monday_of(last - timedelta(microseconds=1))
    if end - begin > timedelta(weeks=1):
        return None
    since, until = begin - USUAL_FROM, end - timedelta(days=1)
    files = sorted(Path(path).name for path in pins.between(since, until).paths)
    about = con.execute(DEPENDS.read_text(encoding="utf-8"), {"since": since, "until": until}).fetchall()
    made_from = json.dumps([text, str(begin), str(end), files, about], default=str)
    return scratch / f"{KEPT}{hashlib.sha256(made_from.encode()).hexdigest()[:16]}.parquet"


def _keep(path: Path, rows: pa.Table) -> None:
    """Write it where the next run looks, and remove all but the newest few."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    pq.write_table(rows, draft)
    draft.replace(path)
    for old in sorted(path.parent.glob(f"{KEPT}*.parquet"), key=lambda p: p.stat().st_mtime)[:-KEPT_FILES]:
        old.unlink(missing_ok=True)


def whole_hours(instants: Sequence[datetime]) -> tuple[datetime, datetime]:
    """The hours that instants, in order, lie in, so that rules of any rhythm share them. A full hour ends one."""
    moment, hour = timedelta(microseconds=1), timedelta(hours=1)
    first, last = ((at - moment).replace(minute=0, second=0, microsecond=0) for at in (instants[0], instants[-1]))
    return first, last + hour


def days_of(first: datetime, last: datetime) -> tuple[date, date]:
    """The first and last day of hours that signals from `first` to `last` look at."""
    return monday_of(first - LOOK_BACK) - USUAL_FROM, last.date()


def monday_of(at: datetime) -> date:
    """The first day of the week of an instant."""
    return at.date() - timedelta(days=at.weekday())


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
        monday = monday_of(at)
        if monday != week:
            added = sum(bytes_of.get((monday + timedelta(days=n)).isoformat(), 0) for n in range(7))
            if together and size + added > PART_BYTES:
                yield together
                together, size = [], 0
            week, size = monday, size + added
        together.append(at)
    if together:
        yield together
