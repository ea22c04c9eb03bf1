"""Hotspots: a year of weekly snapshots of a million located complaints, with cells, evidence and maps."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from bench.measure import ratio, run
from bench.results import Figure
from warehouse.canonical import tables
from warehouse.hotspots import step
from warehouse.hotspots.settings import defaults
from warehouse.hours import SOURCES
from warehouse.lake import Pinned, empty
from warehouse.lattice import h3_cells, local_lonlat

TICKETS, QUICK_TICKETS = 1_000_000, 100_000
GOAL_S, ROUNDS = 20.0, 3
ORIGIN, DAYS, SITES = (119.412, 32.394), 730, 700
START = np.datetime64("2023-04-03", "s")
HERE = Path(__file__).parent


def measure(work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """The whole step by the clock, on tables in memory; making the tickets is not in it."""
    n = QUICK_TICKETS if is_quick else TICKETS
    told = work / "hotspots.txt"
    taken, worked = [], []
    for _ in range(1 if is_quick else ROUNDS):
        used = run(["-m", "bench.hotspots", str(n), str(told)])
        seconds, cpu, found = told.read_text(encoding="utf-8").split()
        taken.append(float(seconds))
        worked.append(float(cpu))
        say(f"hotspots: {taken[-1]:.1f} s, {worked[-1]:.1f} CPU s, {found} hotspot weeks, {used.peak_mib:.0f} MiB")
    cost = ratio([(seconds, 1.0) for seconds in taken])
    note = f"{n:,} located complaints of {DAYS} days, 60 weekly snapshots, {3 * SITES} cells with daily counters"
    note += f"; {min(worked):.1f} to {max(worked):.1f} CPU s on two cores"
    is_met = cost.value <= GOAL_S
    return [Figure("hotspots", "find a year of hotspots", cost, f"≤ {GOAL_S:g} s", is_met, "s", note)]


def city(n: int) -> duckdb.DuckDBPyConnection:
    """Complaints around 60 town centres and at 300 estates, and cells at random in the towns."""
    rng = np.random.default_rng(11)
    con = duckdb.connect()
    centres = rng.uniform(-45_000, 45_000, (60, 2))
    town = rng.integers(0, 60, n)
    is_urban = town < 30
    points = centres[town] + rng.normal(0, 1, (n, 2)) * np.where(is_urban, 1500.0, 2600.0)[:, None]
    estates = centres[rng.integers(0, 60, 300)] + rng.normal(0, 1000, (300, 2))
    at_estate = rng.random(n) < 0.2
    points[at_estate] = (estates[rng.integers(0, 300, n)] + rng.normal(0, 120, (n, 2)))[at_estate]
    ix, iy = (np.floor(points / 50).astype(np.int64) + (1 << 19)).T
    seconds = np.sort(rng.integers(0, DAYS * 86_400, n))
    columns = {
        "number": np.arange(n), "customer": rng.integers(0, n, n),
        "accepted_at": START + seconds.astype("timedelta64[s]"),
        "grid50": (np.int64(50) << 40) | (ix << 20) | iy, "hexagon": (ix // 18) * 100_000 + iy // 18, "town": town,
        "is_urban": is_urban, "site": rng.integers(0, SITES, n), "chance": rng.random(n),
    }  # fmt: skip
    con.from_arrow(pa.table(columns)).create("drawn")
    codes = np.unique(columns["hexagon"])
    lon, lat = local_lonlat(
        (codes // 100_000 - (1 << 19) // 18) * 900.0, (codes % 100_000 - (1 << 19) // 18) * 900.0, ORIGIN
    )
    con.from_arrow(pa.table({"hexagon": codes, "h3_8": h3_cells(lon, lat, 8)})).create("hexagon_of")
    where = (centres[rng.integers(0, 60, SITES)] + rng.normal(0, 1500, (SITES, 2))) / [94_071.0, 110_892.0] + ORIGIN
    con.from_arrow(pa.table({"site": np.arange(SITES), "lon": where[:, 0], "lat": where[:, 1]})).create("mast")
    for statement in (HERE / "hotspots.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            con.execute(statement)
    live = pa.schema({"file_id": pa.string(), "loaded_at": pa.timestamp("us")})
    con.from_arrow(live.empty_table()).create("live_file")
    return con


def main(n: int, told: Path) -> None:
    """One run; writes down seconds and rows."""
    con = city(n)
    hours = {name: Pinned(name, -1, ()) for name in SOURCES}
    asked = step.Asked(defaults(), ORIGIN, date(2025, 3, 31), hours)
    begun, worked = time.perf_counter(), time.process_time()
    step.digest(con, asked)
    made = step.make(con, asked, list, lambda name, pin: con.from_arrow(empty(tables()[pin.table])).create(name))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    told.write_text(f"{seconds} {cpu} {made['made_hotspot'].num_rows}", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
