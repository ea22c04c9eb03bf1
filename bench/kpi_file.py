"""Hourly counter files of any length, written a day at a time. How they are loaded is `ingest.py`'s.

The columns, headers and value ranges are the demo city's; only the number of cells is that of a large city.
Data are simulated (模拟数据).
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from etl.demo.clock import DAY, HOUR, day_number
from etl.demo.kpi import COUNTERS, Radio, draw_counters
from etl.demo.write import instants

FIRST_DAY = date(2024, 7, 1)
DAYS = 28


def cells_for(rows: int, days: int = DAYS) -> int:
    """Cells whose hours over `days` days make at least `rows` rows."""
    return -(-rows // (24 * days))


def write_days(path: Path, n_cells: int, first: date, days: int, seed: int = 1) -> int:
    """Write one file of `days` days; returns its number of rows. Time first, then cell, as exports run."""
    radio, is_nr = _character(n_cells, seed)
    cgi = pa.array([f"460-00-{900_000 + i // 3}-{i % 3 + 1}" for i in range(n_cells)])
    cells = np.arange(n_cells)
    with path.open("wb") as handle:
        handle.write((",".join(["开始时间", "CGI", *COUNTERS.values()]) + "\n").encode())
        options = csv.WriteOptions(include_header=False, quoting_style="none")
        for offset in range(days):
            table = _day(first + timedelta(days=offset), cells, cgi, radio, is_nr, seed)
            csv.write_csv(table, handle, options)
    return n_cells * 24 * days


def _character(n_cells: int, seed: int) -> tuple[Radio, np.ndarray]:
    rng = np.random.default_rng(seed)
    is_nr = rng.random(n_cells) < 0.3
    radio = Radio(
        load=rng.uniform(0.1, 0.45, n_cells),
        weak=rng.uniform(0.01, 0.12, n_cells),
        rsrp=rng.normal(-92, 5, n_cells),
        scene=np.zeros(n_cells, dtype=np.int64),
        prb=np.where(is_nr, 273, 100),
        intf=rng.normal(-115.5, 1.2, n_cells),
    )
    return radio, is_nr


def _day(day: date, cells: np.ndarray, cgi: pa.Array, radio: Radio, is_nr: np.ndarray, seed: int) -> pa.Table:
    rng = np.random.default_rng((seed, day_number(day)))
    starts = day_number(day) * DAY + np.arange(24) * HOUR
    rhythm = 0.15 + 0.85 * np.sin(np.pi * (np.arange(24) + 1) / 25) ** 2
    load = radio.load[:, None] * rhythm[None, :] * np.exp(rng.normal(0, 0.06, (len(cells), 24)))
    values = draw_counters(rng, radio, is_nr, cells, load, starts, HOUR, [])
    columns: dict[str, pa.Array] = {
        "time": instants(np.repeat(starts, len(cells))),
        "cgi": cgi.take(pa.array(np.tile(cells, 24))),
    }
    columns |= {key: pa.array(values[key].T.ravel()) for key in COUNTERS}
    return pa.table(columns)
