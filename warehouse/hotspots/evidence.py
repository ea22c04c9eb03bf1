"""What lay behind each hotspot at the hours of its complaints: cells, counters, alarms, works, tests. Reads tables.

The selects of `sql/` run over the tables of a release and a few given here; DuckDB alone, beside whatever engine made
the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.hotspots.cells import candidates
from warehouse.hotspots.city import CELL_M, City
from warehouse.hotspots.history import unpacked
from warehouse.hotspots.weekly import Found, squares
from warehouse.lattice import local_metres

SQL = Path(__file__).with_name("sql")
LONGEST_AGO = np.timedelta64(30, "D")  # an occurrence longer ago than this, or after the complaint, is not believed
Pair = tuple[float, float]
GIVEN = ("hot_spot", "hot_ticket", "hot_stretch", "hot_cell", "hot_grid", "hot_all", "hot_model")
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Evidence:
    """By hotspot (its position in the list of found ones): frames with a column spot_no."""

    spots: pd.DataFrame
    cells: pd.DataFrame
    radio: pd.DataFrame
    others: dict[str, dict[int, dict[str, Any]]]


def select(con: duckdb.DuckDBPyConnection, name: str, given: Mapping[str, Any]) -> pd.DataFrame:
    """Run one file of `sql/` with those of the named values that it asks for."""
    text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$([a-z0-9_]+)", re.sub(r"--[^\n]*", "", text)))
    found = con.sql(text, params={key: value for key, value in given.items() if key in asked})
    # By way of Arrow: words of a million rows are not made into objects first.
    return found.to_arrow_table().to_pandas(date_as_object=False)


def gather(
    con: duckdb.DuckDBPyConnection,
    city: City,
    found: Sequence[Found],
    origin: Pair,
    until: datetime,
    hours: Callable[[], None],
) -> Evidence:
    """Everything about `found`. `con` has the tables of the release, and `hours` puts `hot_hour` there: the hours of
    the cells that then stand in `hot_cell`; `city.tickets` holds the columns of `sql/tickets.sql` besides its own.
    """
    rules = city.settings
    rows = np.concatenate([f.rows for f in found]) if found else np.zeros(0, np.int64)
    spot = np.repeat(np.arange(len(found), dtype=np.int64), [len(f.rows) for f in found])
    spots = _spots(con, city, found, (spot, rows), origin)
    cells = select(con, "cells", {})
    cells["x"], cells["y"] = local_metres(cells["lon"].to_numpy(float), cells["lat"].to_numpy(float), origin)
    near = candidates(spots, _served(city, spot, rows), cells, rules.cells)
    grids = _grids(city, found)
    model, names = pd.factorize(city.tickets["terminal_model"], sort=True)
    model = model.astype(np.int32)
    from_at, until_at = _spoken_of(city)
    tickets = pd.DataFrame(
        {
            "spot_no": spot, "ticket_no": rows, "customer": city.customer[rows], "model_no": model[rows],
            "from_at": from_at[rows], "until_at": np.minimum(until_at[rows], _ends(city, found)[spot]),
        }
    )  # fmt: skip
    numbers = np.arange(len(model), dtype=np.int64)
    everything = pd.DataFrame(
        {"ticket_no": numbers, "ticket_id": city.tickets["ticket_id"], "model_no": model, "week_no": city.week}
    )
    models = pd.DataFrame({"model_no": np.arange(len(names), dtype=np.int32), "terminal_model": np.asarray(names)})
    stretches = _stretches(spot, tickets["from_at"].to_numpy(), tickets["until_at"].to_numpy())
    given = (spots, tickets, stretches, near, grids, everything, models)
    for name, frame in zip(GIVEN, given, strict=True):
        con.register(name, frame)
    values = {
        "pattern": rules.cause.outage_alarm,
        "kinds": rules.cause.works,
        "after_s": int(rules.evidence.hours_before * 3600),
        "until": until,
        "weeks": rules.gate.look_back_weeks,
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
        hours()
        radio = near.merge(select(con, "radio", {}), on=["spot_no", "cell_id"], how="left")
    finally:
        for name in GIVEN:
            con.unregister(name)
    return Evidence(spots, near, radio, others)


def _spoken_of(city: City) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """From when until when each ticket of the city speaks of."""
    accepted, occurred = (city.tickets[c].to_numpy("datetime64[us]") for c in ("accepted_at", "occurred_at"))
    rule = city.settings.evidence
    around, before = (np.timedelta64(round(h * 3_600_000_000), "us") for h in (rule.hours_around, rule.hours_before))
    ago = accepted - occurred
    is_known = (ago >= np.timedelta64(0, "us")) & (ago <= LONGEST_AGO)
    # Told times are rough: what was bad between the trouble and the call, up to a day later, may be what was meant.
    until = np.maximum(occurred + around, np.minimum(accepted, occurred + before))
    return np.where(is_known, occurred - around, accepted - before), np.where(is_known, until, accepted)


def _ends(city: City, found: Sequence[Found]) -> NDArray[np.datetime64]:
    """The last instant of each hotspot's week: what comes later changes no week that is over."""
    after = np.array([city.monday(f.week + 1) for f in found], "datetime64[us]")
    return np.asarray(after - np.timedelta64(1, "us"), "datetime64[us]")


def _stretches(spot: Ints, from_at: NDArray[np.datetime64], until_at: NDArray[np.datetime64]) -> pd.DataFrame:
    """The hours that tickets of each hotspot speak of, put together: spot_no, first_at and last_at, both included.

    `spot` ascends. Stretches of tickets of one hotspot overlap a lot; those made here do not.
    """
    first, last = (v.astype("datetime64[h]").astype(np.int64) for v in (from_at, until_at))
    held = until_at.astype("datetime64[us]") >= first.astype("datetime64[h]").astype("datetime64[us]")
    span = np.int64(1 << 32)
    # Hours since 1970 fit into half a number, so that a hotspot's end before the next one begins.
    begins = np.sort(spot[held] * span + first[held])
    order = np.argsort(spot[held] * span + first[held], kind="stable")
    ends = np.maximum.accumulate((spot[held] * span + last[held])[order])
    is_new = np.r_[True, begins[1:] > ends[:-1]][: len(begins)]
    at = np.flatnonzero(is_new)
    until = ends[np.r_[at[1:] - 1, len(ends) - 1][: len(at)]]
    hours = {"first_at": begins[at] % span, "last_at": until % span}
    told = {name: v.astype("datetime64[h]").astype("datetime64[us]") for name, v in hours.items()}
    return pd.DataFrame({"spot_no": begins[at] // span, **told})


def _served(city: City, spot: Ints, rows: Ints) -> pd.DataFrame:
    """How many tickets of each hotspot name each cell: spot_no, cell_id, n."""
    code, names = pd.factorize(city.tickets["serving_cell_id"], sort=True)
    told = code[rows].astype(np.int64)
    keys, n = np.unique((spot * (len(names) + 1) + told)[told >= 0], return_counts=True)
    cell = np.asarray(names, object)[keys % (len(names) + 1)]
    return pd.DataFrame({"spot_no": keys // (len(names) + 1), "cell_id": cell, "n": n})


def _spots(
    con: duckdb.DuckDBPyConnection, city: City, found: Sequence[Found], tickets: tuple[Ints, Ints], origin: Pair
) -> pd.DataFrame:
    """Where each hotspot lies: town, named place, window. `tickets`: hotspot and row of each of their tickets."""
    ends = [city.monday(f.week + 1) for f in found]
    spots = pd.DataFrame(
        {
            "spot_no": np.arange(len(found), dtype=np.int64),
            "week_no": np.array([f.week for f in found], np.int64),
            "x": [f.x for f in found],
            "y": [f.y for f in found],
            "is_urban": [f.is_urban for f in found],
            "region_code": [f.region for f in found],
            "on": [end - timedelta(days=1) for end in ends],
            "window_from": [end - timedelta(days=f.window_days) for end, f in zip(ends, found, strict=True)],
            "window_until": ends,
        }
    )
    for name, least in (("town", 0.0), ("place_name", 0.3)):
        spots[name] = _commonest(*tickets, city.tickets[name], least, len(spots))
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


def _commonest(spot: Ints, rows: Ints, column: pd.Series, least: float, n: int) -> list[str | None]:
    """Of each hotspot's tickets the commonest value, if so large a share of them has it; the first by name on a tie."""
    out: list[str | None] = [None] * n
    code, names = pd.factorize(column, sort=True)
    told, size = code[rows].astype(np.int64), np.bincount(spot, minlength=n)
    keys, counts = np.unique((spot * (len(names) + 1) + told)[told >= 0], return_counts=True)
    of, what = keys // (len(names) + 1), keys % (len(names) + 1)
    order = np.lexsort((what, -counts, of))
    first = order[np.unique(of[order], return_index=True)[1]]
    for no, name, k in zip(of[first].tolist(), what[first].tolist(), counts[first].tolist(), strict=True):
        if k >= least * size[no]:
            out[no] = str(names[name])
    return out


def _grids(city: City, found: Sequence[Found]) -> pd.DataFrame:
    """The squares of each hotspot, by column and row."""
    numbers, ids = squares(found)
    column, row = unpacked(ids)
    return pd.DataFrame({"spot_no": numbers, "column_no": column, "row_no": row, "grid": ids})


def _by_spot(rows: pd.DataFrame) -> dict[int, dict[str, Any]]:
    return {int(row["spot_no"]): {str(k): v for k, v in row.items()} for row in rows.to_dict("records")}


def first_day(found: Sequence[Found], city: City) -> date | None:
    """The earliest day that any ticket of `found` speaks of."""
    if not found:
        return None
    first = min(city.monday(f.week + 1) - timedelta(days=f.window_days) for f in found)
    return first - timedelta(days=2)
