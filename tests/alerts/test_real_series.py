"""Recorded series under the network rules: those without an anomaly stay quiet, and gaps are no drop."""

from __future__ import annotations

import csv
import math
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from alerts.backtest import Backtest, run
from alerts.rules import load_rules
from warehouse.canonical import tables

RULES = load_rules()
Series = dict[datetime, float]
CELL = {"cell_id": "C1", "site_id": "S1", "rat": "LTE", "region_code": "X", "town": "Y", "lon": 0.0, "lat": 0.0}


class OneCell:
    """A source with one cell, whose hours are given, and a calendar without holidays."""

    def __init__(self, hours: list[dict[str, Any]]) -> None:
        self.con = duckdb.connect()
        schema = tables()["cell_kpi_1h"].schema
        self._make("fact_cell_kpi_1h", pa.Table.from_pylist(hours, schema))
        self._make("dim_cell", pa.Table.from_pylist([{**CELL, "valid_from": datetime(2000, 1, 1).date()}]))
        words = {
            "dim_hall": ["hall_id", "region_code"],
            "dim_region": ["region_code"],
            "dim_site": ["site_id", "region_code"],
            "fact_change_event": ["change_id", "title", "kind", "system", "started_at", "scope_region"],
        }
        for name, columns in words.items():
            self._make(name, pa.schema([(c, pa.string()) for c in columns]).empty_table())
        place = [(n, pa.string()) for n in ("place_id", "region_code")]
        place += [(n, pa.float64()) for n in ("lon", "lat", "radius_m")]
        self._make("dim_place", pa.schema(place).empty_table())
        ticket = [("serving_cell_id", pa.string()), ("cust_key", pa.string()), ("accepted_at", pa.timestamp("us"))]
        ticket += [("type_l1", pa.string()), ("is_counted", pa.bool_())]
        self._make("fact_ticket", pa.schema(ticket).empty_table())
        first = min(h["period_start"] for h in hours).date() - timedelta(days=70)
        days = [first + timedelta(days=n) for n in range(400)]
        rows = [{"date_on": d, "is_workday": d.weekday() < 5, "is_holiday": False} for d in days]
        self._make("dim_date", pa.Table.from_pylist(rows))

    def _make(self, name: str, rows: pa.Table) -> None:
        self.con.from_arrow(rows).create(name)

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.con.execute(sql, dict(parameters)).df()


def told(rule_id: str, series: Series) -> Backtest:
    """What a rule says of a series, taken as the RSRP (dB about -95) or the speed (about 30 Mbit/s) of a cell."""
    middle = median(series.values())
    if rule_id == "RN01":
        rsrp = {at: -95 + 10 * math.log10(value / middle) for at, value in series.items()}
        hours = [
            {"mr_samples": 1000, "mr_weak": 10, "rsrp_sum_dbm": 1000 * v, "period_start": t} for t, v in rsrp.items()
        ]
    else:
        hours = [
            {"thp_num_mbit": 30 * 600 * v / middle, "thp_den_s": 600.0, "period_start": t} for t, v in series.items()
        ]
    source = OneCell([{"cell_id": "C1", **h} for h in hours])
    return run(RULES[rule_id], source, min(series) + timedelta(hours=1), max(series) + timedelta(hours=1))


def folder(name: str) -> Path:
    root = os.environ.get("LOOKOUT_DATA")
    if not root or not (Path(root) / name).is_dir():
        pytest.skip(f"LOOKOUT_DATA is not set or holds no {name}")
    return Path(root) / name


def hourly(path: Path) -> Series:
    """Hourly means of a series of five minutes."""
    found: dict[datetime, list[float]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found[datetime.fromisoformat(row["timestamp"]).replace(minute=0)].append(float(row["value"]))
    return {at: mean(values) for at, values in found.items()}


def repeated(series: Series, times: int) -> Series:
    """The two recorded weeks again and again, so that there is a history to compare with."""
    return {at + timedelta(weeks=2 * k): value for k in range(times) for at, value in series.items()}


@pytest.mark.parametrize("name", ["art_daily_small_noise", "art_noisy", "art_flatline"])
@pytest.mark.parametrize("rule_id", ["RN01", "RN03"])
def test_series_without_anomaly_stay_quiet(name: str, rule_id: str) -> None:
    series = repeated(hourly(folder("nab/artificialNoAnomaly") / f"{name}.csv"), 3)
    assert told(rule_id, series).episodes == []
    # The rule does look: the same series is not quiet once its last hours fall to a third.
    end = max(series).replace(hour=20)
    sunk = {at: v / 3 if end - timedelta(hours=8) <= at <= end else v for at, v in series.items()}
    assert len(told(rule_id, sunk).episodes) == 1


@pytest.fixture(scope="module")
def cellpad() -> Iterator[Series]:
    with (folder("cellpad_kpi") / "sd.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    yield {datetime.strptime(r["Time"], "%Y/%m/%d %H:%M"): float(r["KPI"]) for r in rows}


def test_gaps_of_weeks_raise_nothing(cellpad: Series) -> None:
    """An hourly KPI of a real network with gaps of 28 and 35 days: none begins in a gap or in the day after it."""
    times = sorted(cellpad)
    gaps = [(a, b) for a, b in zip(times, times[1:], strict=False) if b - a > timedelta(days=7)]
    assert len(gaps) == 2
    found = told("RN01", cellpad).episodes
    for begin, end in gaps:
        inside = [e for e in found if begin + timedelta(hours=1) < e.fired_at <= end + timedelta(hours=24)]
        assert inside == [], f"{begin} to {end}"


def test_cutting_hours_out_raises_nothing_new(cellpad: Series) -> None:
    """What is missing raises nothing: with every third day cut out there is no warning where there was none."""
    cut = {at: v for at, v in cellpad.items() if at.timetuple().tm_yday % 3}
    whole = {(e.scope, e.fired_at.date()) for e in told("RN01", cellpad).episodes}
    days = [day for _, day in whole]
    for episode in told("RN01", cut).episodes:
        assert any(abs((episode.fired_at.date() - day).days) <= 3 for day in days), episode
