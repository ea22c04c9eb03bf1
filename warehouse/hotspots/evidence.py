"""What lay behind each hotspot at the hours of its complaints: cells, counters, alarms, works, tests. Reads tables.

The selects of `sql/` run over the tables of a release and a few given here; DuckDB alone, beside whatever engine made
the tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from warehouse.hotspots.cells import candidates
from warehouse.hotspots.city import CELL_M, City
from warehouse.hotspots.history import unpacked
from warehouse.hotspots.weekly import Found
from warehouse.lattice import local_metres

SQL = Path(__file__).with_name("sql")
LONGEST_AGO = np.timedelta64(30, "D")  # an occurrence longer ago than this, or after the complaint, is not believed
Pair = tuple[float, float]
GIVEN = ("hot_spot", "hot_ticket", "hot_cell", "hot_grid", "hot_all")


@dataclass(frozen=True)
class Evidence:
    """By hotspot (its position in the list of found ones): frames with a column spot_no."""

    spots: pd.DataFrame
    tickets: pd.DataFrame
    cells: pd.DataFrame
    radio: pd.DataFrame
    others: dict[str, dict[int, dict[str, Any]]]


def select(con: duckdb.DuckDBPyConnection, name: str, given: Mapping[str, Any]) -> pd.DataFrame:
    """Run one file of `sql/` with those of the named values that it asks for."""
    text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$([a-z0-9_]+)", re.sub(r"--[^\n]*", "", text)))
    return con.execute(text, {key: value for key, value in given.items() if key in asked}).df()


def gather(
    con: duckdb.DuckDBPyConnection, city: City, found: Sequence[Found], origin: Pair, until: datetime
) -> Evidence:
    """Everything about `found`. `con` has the tables of the release and `hot_hour`, the hours of cells; `city.tickets`
    holds the columns of `sql/tickets.sql` besides its own.
    """
    rules = city.settings
    tickets = _tickets(city, found)
    spots = _spots(con, city, found, tickets, origin)
    cells = select(con, "cells", {})
    cells["x"], cells["y"] = local_metres(cells["lon"].to_numpy(float), cells["lat"].to_numpy(float), origin)
    served = tickets[tickets["serving_cell_id"].notna()].rename(columns={"serving_cell_id": "cell_id"})
    served = served.groupby(["spot_no", "cell_id"], as_index=False).agg(n=("ticket_id", "size"))
    near = candidates(spots, served, cells, rules.cells)
    grids = _grids(city, found)
    everything = city.tickets[["terminal_model"]]
    for name, frame in zip(GIVEN, (spots, tickets, near, grids, everything), strict=True):
        con.register(name, frame)
    values = {
        "pattern": rules.cause.outage_alarm,
        "kinds": rules.cause.works,
        "after_s": int(rules.evidence.hours_before * 3600),
        "until": until,
    }
    try:
        others = {name: _by_spot(select(con, name, values)) for name in ("outage", "works", "onsite", "terminals")}
        others["coverage"] = {}
        for is_urban in (True, False):
            zone = {"cells": rules.zone(is_urban).grid_m // CELL_M, "is_urban": is_urban}
            others["coverage"] |= _by_spot(select(con, "coverage", zone))
        probed = select(con, "demarcation", {})
        others["demarcation"] = {
            int(no): dict(zip(rows["cause_code"], rows["n"], strict=True)) for no, rows in probed.groupby("spot_no")
        }
        radio = near.merge(select(con, "radio", {}), on=["spot_no", "cell_id"], how="left")
    finally:
        for name in GIVEN:
            con.unregister(name)
    return Evidence(spots, tickets, near, radio, others)


def _tickets(city: City, found: Sequence[Found]) -> pd.DataFrame:
    """Each hotspot's tickets with the time that each speaks of."""
    rows = np.concatenate([f.rows for f in found]) if found else np.zeros(0, np.int64)
    numbers = np.repeat(np.arange(len(found)), [len(f.rows) for f in found])
    columns = ["ticket_id", "customer", "accepted_at", "occurred_at", "serving_cell_id", "terminal_model"]
    out = city.tickets.iloc[rows][columns].reset_index(drop=True)
    out.insert(0, "spot_no", numbers.astype(np.int64))
    rule = city.settings.evidence
    around, before = (pd.Timedelta(hours=h) for h in (rule.hours_around, rule.hours_before))
    ago = out["accepted_at"] - out["occurred_at"]
    is_known = out["occurred_at"].notna() & (ago >= pd.Timedelta(0)) & (ago <= pd.Timedelta(LONGEST_AGO))
    out["from_at"] = (out["occurred_at"] - around).where(is_known, out["accepted_at"] - before)
    # Told times are rough: what was bad between the trouble and the call, up to a day later, may be what was meant.
    last = pd.DataFrame({"call": out["accepted_at"], "day": out["occurred_at"] + before}).min(axis=1)
    near = pd.DataFrame({"told": out["occurred_at"] + around, "last": last}).max(axis=1)
    out["until_at"] = near.where(is_known, out["accepted_at"])
    return out


def _spots(
    con: duckdb.DuckDBPyConnection, city: City, found: Sequence[Found], tickets: pd.DataFrame, origin: Pair
) -> pd.DataFrame:
    """Where each hotspot lies: town, named place, window."""
    ends = [city.monday(f.week + 1) for f in found]
    spots = pd.DataFrame(
        {
            "spot_no": np.arange(len(found), dtype=np.int64),
            "x": [f.x for f in found],
            "y": [f.y for f in found],
            "is_urban": [f.is_urban for f in found],
            "region_code": [f.region for f in found],
            "on": [end - timedelta(days=1) for end in ends],
            "window_from": [end - timedelta(days=f.window_days) for end, f in zip(ends, found, strict=True)],
            "window_until": ends,
        }
    )
    rows = city.tickets.iloc[np.concatenate([f.rows for f in found])] if found else city.tickets.iloc[:0]
    held = pd.DataFrame({"spot_no": tickets["spot_no"].to_numpy()})
    for name in ("town", "place_name"):
        held[name] = rows[name].to_numpy()
    spots["town"] = _commonest(held, "town", 0.0, len(spots))
    spots["place_name"] = _commonest(held, "place_name", 0.3, len(spots))
    places = select(con, "places", {})
    spots["place_id"], spots["scene"] = None, None
    if len(places) and len(spots):
        x, y = local_metres(places["lon"].to_numpy(float), places["lat"].to_numpy(float), origin)
        apart = np.hypot(spots["x"].to_numpy()[:, None] - x, spots["y"].to_numpy()[:, None] - y)
        # A hotspot lies at a place when its middle does, or nearly.
        beyond = apart - (places["radius_m"].fillna(300).to_numpy(float) + 100.0)
        nearest = beyond.argmin(axis=1)
        inside = beyond[np.arange(len(spots)), nearest] <= 0
        for name in ("place_id", "place_name", "scene"):
            values = places[name].to_numpy(object)[nearest]
            spots[name] = np.where(inside, values, spots[name].to_numpy(object))
    return spots


def _commonest(held: pd.DataFrame, column: str, least: float, n: int) -> list[str | None]:
    """Of each hotspot's tickets the commonest value, if so large a share of them has it; the first by name on a tie."""
    out: list[str | None] = [None] * n
    size = held.groupby("spot_no").size().to_dict()
    counts = held[held[column].notna()].groupby(["spot_no", column]).size().rename("n").reset_index()
    counts = counts.sort_values(["spot_no", "n", column], ascending=[True, False, True]).drop_duplicates("spot_no")
    rows = (counts[c].to_list() for c in ("spot_no", column, "n"))
    for no, name, k in zip(*rows, strict=True):
        if k >= least * size[no]:
            out[int(no)] = str(name)
    return out


def _grids(city: City, found: Sequence[Found]) -> pd.DataFrame:
    """The squares of each hotspot, by column and row."""
    packed = [np.array(sorted(f.grids), np.int64) for f in found]
    ids = np.concatenate(packed) if packed else np.zeros(0, np.int64)
    column, row = unpacked(ids)
    numbers = np.repeat(np.arange(len(found), dtype=np.int64), [len(p) for p in packed])
    return pd.DataFrame({"spot_no": numbers, "column_no": column, "row_no": row, "grid": ids})


def _by_spot(rows: pd.DataFrame) -> dict[int, dict[str, Any]]:
    return {int(row["spot_no"]): {str(k): v for k, v in row.items()} for row in rows.to_dict("records")}


def first_day(found: Sequence[Found], city: City) -> date | None:
    """The earliest day that any ticket of `found` speaks of."""
    if not found:
        return None
    first = min(city.monday(f.week + 1) - timedelta(days=f.window_days) for f in found)
    return first - timedelta(days=2)
