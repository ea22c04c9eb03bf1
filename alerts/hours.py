"""Hourly counters as a source of signals: opened in parts that fit into memory, prepared once for all rules."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from alerts.signals import relation
from alerts.usual import DAYS, Grid, first_day, usual_rows
from warehouse.hours import Pins, loads_in, open_hours
from warehouse.sealed import select

# What a signal at one instant may look back at: a cell's newest hour of the last day, the six hours before that one,
# and the eight weeks before the week of the first. As in relations/cell_hour.sql.
LOOK_BACK, USUAL_FROM = timedelta(hours=32), timedelta(weeks=8)
OPEN_BACK = timedelta(hours=73)  # of what reads counters themselves: as in sql/hours_missing_of_area.sql
BUSY_BACK = timedelta(days=7)  # as in relations/cell_busy.sql
EACH = Path(__file__).with_name("usual_hours.sql")
AGAIN = Path(__file__).with_name("usual_prepared.sql")
DEPENDS = Path(__file__).with_name("usual_depends.sql")
AREA, USUAL, BUSY = "cell_area", "cell_usual", "cell_busy"
PREPARED = (AREA, "cell_hour", USUAL)
# Cells and areas as numbers: millions of hours are joined by them. What reports without being in the network counts
# nowhere.
CELLS = "select distinct cell_id from dim_cell where cell_id is not null order by cell_id"
CODES = "create type cell_code as enum (" + CELLS + ")"
AREA_CODES = """create type area_code as enum (select distinct area_id from cell_area order by area_id);
    alter table cell_area alter area_id type area_code"""
CODED = "select * replace (try_cast(cell_id as cell_code) as cell_id) from "
KEPT, KEPT_FILES, KEPT_WEEKS = "usual-", 4, 2
# Of so many rows hours are prepared at once; in memory they take some 1.3 GB (reckoned), however small files are.
PART_ROWS = 30_000_000
BATCH = 250_000  # rows
MEMORY, SECONDS = "2GB", 900.0


@dataclass
class Known:
    """What one source found of weeks, for the weeks that follow: what is usual in each, the hours that the newest rests
    on, and how busy cells were by day."""

    weeks: dict[date, pa.Table] = field(default_factory=dict)
    grid: Grid | None = None
    busy: dict[date, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Hours:
    """Some hours, open: the relations of `PREPARED` are tables here."""

    con: duckdb.DuckDBPyConnection
    span: tuple[datetime, datetime] | None = None  # of the hours that are prepared

    @classmethod
    def prepare(
        cls,
        release: Path,
        lake: Path,
        pins: Pins,
        first: datetime,
        last: datetime,
        scratch: Path | None = None,
        known: Known | None = None,
    ) -> Hours:
        """Open the hours that signals at instants from `first` to `last` look at.

        What is usual in a week is the same all week: weeks that are `known` are not computed again, and of few weeks it
        is kept in `scratch`, for the next run.
        """
        con = open_hours(release, lake, pins.between((first - LOOK_BACK).date(), last.date()), MEMORY)
        ends = {"instants": [first, last]}
        con.execute(CODES)
        for name in PREPARED[:2]:
            text = relation(name, PREPARED[: PREPARED.index(name)])
            con.execute("create table " + name + " as " + CODED + "(" + text + ")", ends if "$instants" in text else {})
            if name == AREA:
                con.execute(AREA_CODES)
        weeks = weeks_of(first, last)
        known = known or Known()
        for old in known.weeks.keys() - set(weeks):
            del known.weeks[old]
        for week in weeks:
            if week not in known.weeks:
                kept = _kept(con, pins, scratch, week) if scratch and len(weeks) <= KEPT_WEEKS else None
                known.weeks[week] = usual(release, lake, pins, week, kept, known, con)
        con.from_arrow(pa.concat_tables([known.weeks[week] for week in weeks])).create_view("usual_of_weeks")
        con.execute("create table " + USUAL + " as " + CODED + "usual_of_weeks")
        con.execute("drop view usual_of_weeks")
        return cls(con, (first - LOOK_BACK, last))

    def hand_on(self, known: Known) -> None:
        """Before these hours are closed: what is usual in the week after them rests on them too, so that nobody reads
        them once more."""
        grid = known.grid
        if grid is None or self.span is None:
            return
        first, since = grid.first + timedelta(weeks=1), grid.end
        if self.span[0] <= datetime.combine(since, time()) and self.span[1].date() >= since + timedelta(weeks=1):
            grid.begin_on(first)
            asked = {"first": first, "since": since}
            grid.fill(self.con.sql(AGAIN.read_text(encoding="utf-8"), params=asked).to_arrow_reader(BATCH))

    @classmethod
    def counters(cls, release: Path, lake: Path, pins: Pins, instants: Sequence[datetime]) -> Hours:
        """The hours themselves that signals at some instants read, nothing prepared."""
        first, last = (instants[0] - OPEN_BACK).date(), instants[-1].date()
        return cls(open_hours(release, lake, pins.between(first, last), MEMORY))

    @classmethod
    def of_days(
        cls, release: Path, lake: Path, pins: Pins, instants: Sequence[datetime], known: Known | None = None
    ) -> Hours:
        """How busy cells were on the days before the first instant and up to the last; of days that are `known` already
        no hours are read again."""
        known = known or Known()
        first, end = instants[0].date() - BUSY_BACK, instants[-1].date()
        for old in [day for day in known.busy if day < first]:
            del known.busy[old]
        days = [first + timedelta(days=n) for n in range((end - first).days)]
        unread = [day for day in days if day not in known.busy]
        con = open_hours(
            release, lake, pins.between(unread[0], unread[-1]) if unread else pins.between(end, first), MEMORY
        )
        if unread:
            ends = [datetime.combine(day, time()) for day in (unread[0] + BUSY_BACK, unread[-1] + timedelta(days=1))]
            rows = con.sql(relation(BUSY), params={"instants": ends}).to_arrow_table()
            known.busy |= {day: rows.filter(pc.equal(rows["day_on"], pa.scalar(day))) for day in unread}
        con.from_arrow(pa.concat_tables([known.busy[day] for day in days])).create(BUSY)
        return cls(con)

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run one select with named parameters."""
        return select(self.con, sql, dict(parameters), SECONDS)


def usual(
    release: Path,
    lake: Path,
    pins: Pins,
    week: date,
    kept: Path | None = None,
    known: Known | None = None,
    con: duckdb.DuckDBPyConnection | None = None,
) -> pa.Table:
    """What is usual in the week that begins on `week`, a Monday; from the file `kept` if it is there, else put into it.
    Of hours that are `known` already none are read again; then `con`, the open release, is enough."""
    if kept is not None and kept.exists():
        return pq.read_table(kept)
    begin = first_day(week)
    grid = known.grid if known else None
    unread = grid.begin_on(begin) if grid is not None and grid.first <= begin else None
    past = pins.between(unread or begin, week - timedelta(days=1))
    if con is None or past.paths:
        con = open_hours(release, lake, past, MEMORY)
    cells = [cell for (cell,) in con.execute(CELLS).fetchall()]
    if grid is None or unread is None:
        grid, unread = Grid.empty(begin, len(cells)), begin
    days = dict(con.execute("select date_on, is_workday from dim_date").fetchall())
    is_workday = np.array([bool(days.get(begin + timedelta(days=n))) for n in range(DAYS)])
    if past.paths:
        asked = {"cells": cells, "first": begin, "since": unread}
        grid.fill(con.sql(EACH.read_text(encoding="utf-8"), params=asked).to_arrow_reader(BATCH))
    if known is not None:
        known.grid = grid
    rows = usual_rows(grid, is_workday, cells, week)
    if kept is not None:
        _keep(kept, rows)
    return rows


def _kept(con: duckdb.DuckDBPyConnection, pins: Pins, scratch: Path, week: date) -> Path:
    """The file for what is usual in a week; its name hangs on all that it is made from. `con` has the release."""
    past = pins.between(week - USUAL_FROM, week - timedelta(days=1))
    files = sorted(Path(path).name for path in past.paths)
    loads = sorted(loads_in(past.paths) & set(past.loads))
    ends = {"since": week - USUAL_FROM, "until": week - timedelta(days=1)}
    days = con.execute(DEPENDS.read_text(encoding="utf-8"), ends).fetchall()
    made_from = json.dumps([relation(USUAL), str(week), files, loads, days], default=str)
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


def weeks_of(first: datetime, last: datetime) -> list[date]:
    """The weeks of the hours that signals at instants from `first` to `last` look at, by their Mondays."""
    week, end = monday_of(first - LOOK_BACK), monday_of(last - timedelta(microseconds=1))
    found = []
    while week <= end:
        found.append(week)
        week += timedelta(weeks=1)
    return found


def monday_of(at: datetime) -> date:
    """The first day of the week of an instant."""
    return at.date() - timedelta(days=at.weekday())


def parts(instants: Sequence[datetime], pins: Pins) -> Iterator[list[datetime]]:
    """The instants week by week, as many weeks together as `PART_ROWS` of their days' files allow."""
    files: dict[str, list[str]] = {}
    for pin in pins.files.values():
        for path, part in pin.files:
            files.setdefault(part or "", []).append(path)
    together: list[datetime] = []
    week: date | None = None
    size = 0
    for at in instants:
        # A full hour ends the one before it, and with it its week.
        monday = monday_of(at - timedelta(microseconds=1))
        if monday != week:
            days = ((monday + timedelta(days=n)).isoformat() for n in range(7))
            # One that is gone is told by who opens it.
            added = sum(
                pq.read_metadata(path).num_rows for day in days for path in files.get(day, []) if Path(path).exists()
            )
            if together and size + added > PART_ROWS:
                yield together
                together, size = [], 0
            week, size = monday, size + added
        together.append(at)
    if together:
        yield together
