"""Weeks whose inputs are as they were: their rows from the release before, and what they left for the weeks after.

A week hangs on its own inputs and on weeks before it, never on later ones. So when something of an ended week changes,
the weeks before that stand as they are, and only from there on all is found anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import ColumnExpression, ConstantExpression

from warehouse.hotspots.city import City
from warehouse.hotspots.history import DAYS
from warehouse.hotspots.identity import GONE, Track
from warehouse.hotspots.judged import EXCESS
from warehouse.hotspots.tables import COLUMNS, schema

Made = dict[str, pa.Table]


@dataclass(frozen=True)
class Before:
    """The tables of the release before, `mart_…` for `made_…`: rows of weeks before `until`, and of all tickets."""

    tables: Made
    until: date

    @classmethod
    def read(cls, con: duckdb.DuckDBPyConnection, changed: date, window_days: int) -> Before:
        """What of the release in `con` stands when the inputs of the week `changed` are the first that are not as they
        were. Where it knew none of the weeks from then on, all of it: a week has ended.
        """
        [(last,)] = con.table("mart_hotspot_ticket").max("week_last").fetchall()
        until = changed if last is None or last < changed else begin_of(changed, window_days)
        return cls({name: _rows(con, name, until) for name in COLUMNS}, until)

    def go_on(self, city: City) -> dict[str, Track]:
        """Tell a city which of its grids were hot; returns the hotspots there were, by name."""
        spots = self.tables["made_hotspot"].to_pandas(date_as_object=False)
        spots = spots[spots["state"] != GONE]
        spots = spots.assign(
            week=_weeks(spots["week_start"], city.day0), first_week=_weeks(spots["first_week_on"], city.day0)
        ).sort_values(["week", "hotspot_id"])
        grids = self._grids()
        last = (self.until - city.day0).days // DAYS - 1
        tracks: dict[str, Track] = {}
        for row in spots.to_dict("records"):
            name, week = str(row["hotspot_id"]), int(row["week"])
            is_urban, own = bool(row["is_urban"]), grids[name, row["week_start"]]
            if row["gate"] == EXCESS:
                begin = week - -(-int(row["window_days"]) // DAYS) + 1
                city.history[is_urban].heat(own, begin, week)
            track = tracks.get(name)
            if track is None or track.first_week != row["first_week"]:
                track = tracks[name] = Track(name, is_urban, frozenset(), 0.0, 0.0, int(row["first_week"]), week)
            track.is_urban, track.grids = is_urban, frozenset(own.tolist())
            track.x, track.y, track.last_week = float(row["x_m"]), float(row["y_m"]), week
            track.counts.append(int(row["n_customers_week"]))
            track.is_alive = week == last
        return tracks

    def with_(self, made: Made, city: City) -> Made:
        """These weeks and those made anew. A ticket's row spans weeks, and so may lie in both."""
        told = {table: pa.concat_tables([self.tables[table], made[table]]) for table in COLUMNS}
        name = "made_hotspot_ticket"
        old, ids = self.tables[name], city.tickets["ticket_id"]
        earlier = pa.array(ids[city.at < np.datetime64(self.until, "s")], pa.string())
        is_over = pc.less(old["week_last"], pa.scalar(self.until, pa.date32()))
        rows = pa.concat_tables([old.filter(pc.or_(is_over, pc.is_in(old["ticket_id"], earlier))), made[name]])
        weeks = [("week_first", "min"), ("week_last", "max")]
        merged = rows.group_by(["hotspot_id", "ticket_id"], use_threads=False).aggregate(weeks)
        told[name] = merged.rename_columns(list(COLUMNS[name])).cast(schema(name))
        return told

    def _grids(self) -> dict[tuple[str, pd.Timestamp], np.ndarray]:
        """Packed squares by hotspot and week."""
        rows = self.tables["made_hotspot_grid"].to_pandas(date_as_object=False)
        column, row = (rows[name].to_numpy(np.int64) for name in ("column_no", "row_no"))
        rows = rows.assign(grid=(column << np.int64(32)) + row + np.int64(1 << 31))
        return {
            (str(name), week): np.sort(own.to_numpy(np.int64))
            for (name, week), own in rows.groupby(["hotspot_id", "week_start"])["grid"]
        }


def _rows(con: duckdb.DuckDBPyConnection, name: str, until: date) -> pa.Table:
    """Rows of one table that speak of weeks before a day; of tickets, all: which of them count, `with_` says."""
    rows = con.table(name.replace("made_", "mart_"))
    if "week_start" in COLUMNS[name]:
        rows = rows.filter(ColumnExpression("week_start") < ConstantExpression(until))
    return rows.select(*COLUMNS[name]).to_arrow_table().cast(schema(name))


def _weeks(days: pd.Series, day0: date) -> pd.Series:
    return (pd.to_datetime(days) - pd.Timestamp(day0)).dt.days // DAYS


def first_changed(before: Mapping[str, str], now: Mapping[str, str]) -> str | None:
    """The first of some weeks whose inputs are not what they were; None where all are."""
    return min((week for week in before.keys() | now.keys() if before.get(week) != now.get(week)), default=None)


def begin_of(changed: date, window_days: int) -> date:
    """From where weeks are found anew: a window before what changed, as a ticket's weeks are told in one row."""
    return changed - timedelta(days=DAYS * -(-window_days // DAYS))
