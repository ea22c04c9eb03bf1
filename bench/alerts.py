"""`alerts`: the network rules over a whole network's hours, against a bare scan of the same files.

`python -m bench.alerts make HOME DAYS` writes a home with 20,000 cells and a release that pins their hours;
`python -m bench.alerts scan|whole|hour HOME` does one side and prints the processor seconds of the work alone, all
threads, without starting Python and importing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench.measure import ROOT, ChildFailed, alternate, ratio
from bench.results import Figure
from warehouse.canonical import tables
from warehouse.catalog import models
from warehouse.engines.duckdb import DuckEngine
from warehouse.hotspots import tables as hotspots
from warehouse.hours import pins_of
from warehouse.lake import Lake
from warehouse.layers import MANIFEST
from warehouse.release import Releases
from warehouse.seeds import seed_tables
from warehouse.workspace import load_workspace

N_CELLS, DAYS, QUICK_DAYS = 20_000, 28, 7
BEGIN = datetime(2025, 3, 3)
LOADED = datetime(2025, 4, 1)
GOAL_WHOLE, GOAL_HOUR = 15.0, 1.0
TABLE = "cell_kpi_1h"
IS_NR = np.arange(N_CELLS) // 3 % 3 == 0
SPEED = np.where(IS_NR, 120.0, 30.0)  # Mbit/s, above the limit of either generation
THREADS = 2
DAYS_INTO = """insert into release.main.fact_cell_kpi_1d (cell_id, period_on, mr_samples, mr_weak, rsrp_sum_dbm, part)
select cell_id, period_on, mr_samples, mr_weak, rsrp_sum_dbm, part from memory.main.made_days"""


def measure(work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Both figures: all hours, and the newest alone."""
    days = QUICK_DAYS if is_quick else DAYS
    home = work / f"network-{days}"
    if not (home / "releases" / "CURRENT").exists():
        say(f"alerts: writing {N_CELLS * days * 24 / 1e6:.1f} M rows")
        _child("make", home, str(days))
    say("alerts: the whole range")
    whole = ratio(alternate(lambda: _child("whole", home), lambda: _child("scan", home), 1))
    say("alerts: the newest hour")
    hour = ratio(alternate(lambda: _child("hour", home), lambda: _child("scan", home), 1 if is_quick else 3))
    name = f"network rules over {N_CELLS:,} cells, {days} days of hours"
    return [
        Figure("alerts", name, whole, f"<= {GOAL_WHOLE:g}", whole.value <= GOAL_WHOLE, "CPU s", "floor: a bare scan"),
        Figure(
            "alerts_hour", "the newest hour of them alone", hour, f"<= {GOAL_HOUR:g}", hour.value <= GOAL_HOUR, "CPU s",
            "floor: a bare scan of all days; what is usual was computed in the same week",
        ),
    ]  # fmt: skip


def _child(what: str, home: Path, *more: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "bench.alerts", what, str(home), *more], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise ChildFailed(f"alerts {what}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return float(json.loads(done.stdout.splitlines()[-1])["cpu_s"])


def make(home: Path, days: int) -> None:
    """The lake of hours, and a release that names its files; what else a release holds is empty or made up too."""
    rng = np.random.default_rng(20250303)
    for folder in ("lake", "releases", "tmp"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    schema = tables()[TABLE].schema
    batches = (hour(rng, BEGIN + timedelta(hours=n)) for n in range(days * 24))
    lake = Lake(home / "lake")
    lake.append(TABLE, pa.RecordBatchReader.from_batches(schema, batches), {})
    release(home, lake, days)


def cell_ids() -> list[str]:
    return [f"460-00-{700_000 + n // 3}-{n % 3}" for n in range(N_CELLS)]


def hour(rng: np.random.Generator, at: datetime) -> pa.RecordBatch:
    """One hour of all cells, in the columns of the lake. Every cell has a level of its own; one hour in 500 is bad."""
    n = N_CELLS
    level = np.random.default_rng(7).normal(-92, 4, n)
    busy = 0.35 + 0.3 * np.sin((at.hour - 8) / 24 * 2 * np.pi)
    attempts = rng.integers(200, 2000, n)
    samples = rng.integers(500, 4000, n)
    bad = rng.random(n) < 0.002
    values: dict[str, Any] = {
        "file_id": np.full(n, f"f{at:%m%d}"),
        "row_no": np.arange(n) + at.hour * n,
        "file_on": np.full(n, f"{at:%Y-%m-%d}"),
        "loaded_at": pa.array([LOADED] * n, pa.timestamp("us")),
        "cell_id": cell_ids(),
        "period_start": pa.array([at] * n, pa.timestamp("us")),
        "part": np.full(n, f"{at:%Y-%m-%d}"),
        "mr_samples": samples,
        "mr_weak": (samples * rng.uniform(0.01, 0.06, n)).astype(np.int64),
        "rsrp_sum_dbm": np.round(samples * (level + rng.normal(0, 0.5, n) - 6 * bad)),
        "thp_num_mbit": np.round(attempts * SPEED * np.exp(rng.normal(0, 0.06, n)) * np.where(bad, 0.4, 1), 1),
        "thp_den_s": attempts.astype(float),
        "erab_abn_rel": (attempts * np.where(bad, 0.08, 0.002)).astype(np.int64),
        "erab_norm_rel": attempts,
        "ul_intf_dbm": np.round(rng.normal(-115, 1, n), 2),
        "unavail_s": np.where(rng.random(n) < 0.0001, 2400.0, 0.0),
        "completeness": np.ones(n),
        "prb_avail_dl": np.full(n, 360_000.0),
        "prb_used_dl": np.round(360_000 * np.clip(busy + rng.normal(0, 0.08, n), 0.01, 0.99)),
    }
    for field in tables()[TABLE].schema:
        if field.name in values:
            continue
        if field.name.endswith("_succ"):
            values[field.name] = (attempts * 0.997).astype(np.int64)
        elif pa.types.is_integer(field.type):
            values[field.name] = attempts
        else:
            values[field.name] = np.round(attempts * rng.uniform(1, 2, n), 2)
    schema = tables()[TABLE].schema
    return pa.record_batch([pa.array(values[f.name]).cast(f.type) for f in schema], schema=schema)


def release(home: Path, lake: Lake, days: int) -> None:
    """A release whose dimensions are those of the cells, with a day of every cell and day."""
    workspace = load_workspace(ROOT / "workspaces" / "demo")
    end = BEGIN + timedelta(days=days)
    path = home / "releases" / f"{end:%Y%m%dT%H%M}-bench.duckdb"
    with tempfile.TemporaryDirectory() as scratch:
        engine = DuckEngine(path, Path(scratch))
        for name, rows in seed_tables(workspace, end).items():
            engine.give(name, rows)
        for table in tables().values():
            engine.give(f"lake_{table.name}", cells() if table.name == "cell" else table.schema.empty_table())
        engine.give("live_file", pa.table({"file_id": ["none"], "loaded_at": pa.array([LOADED], pa.timestamp("us"))}))
        for name, rows in hotspots.empty().items():
            engine.give(name, rows)
        for model in models().values():
            engine.run(model)
        engine.con.from_arrow(daily(days)).create("memory.main.made_days")
        engine.con.execute(DAYS_INTO)
        pin = lake.pin(TABLE)
        state = {
            "files": {TABLE: {Path(p).name: part for p, part in pin.files}},
            "versions": {TABLE: pin.version},
            "live": {f"f{BEGIN + timedelta(days=n):%m%d} {LOADED}": TABLE for n in range(days)},
        }
        info = {"workspace_id": "bench", "as_of": end, "state": json.dumps(state)}
        engine.store("release_info", pa.Table.from_pylist([info]))
        engine.store(MANIFEST, engine.stack.manifest())
        engine.checkpoint()
        engine.close()
    Releases(home / "releases").use(path.stem)


def cells() -> pa.Table:
    """One snapshot of all cells, three to a site, all over the city."""
    rng = np.random.default_rng(11)
    n_sites = -(-N_CELLS // 3)
    site = np.arange(N_CELLS) // 3
    regions = np.array(["321002", "321003", "321012", "321023", "321081", "321084", "321071"])
    columns: dict[str, Any] = {
        "file_id": ["none"] * N_CELLS,
        "row_no": np.arange(N_CELLS),
        "loaded_at": pa.array([LOADED] * N_CELLS, pa.timestamp("us")),
        "cell_id": cell_ids(),
        "snapshot_on": pa.array([datetime(2024, 1, 1).date()] * N_CELLS),
        "site_id": [f"S{n}" for n in site],
        "cell_name": cell_ids(),
        "rat": np.where(IS_NR, "NR", "LTE"),
        "region_code": regions[rng.integers(0, len(regions), n_sites)][site],
        "lon": rng.uniform(119.2, 119.6, n_sites)[site],
        "lat": rng.uniform(32.2, 33.3, n_sites)[site],
        "vendor": ["V"] * N_CELLS,
    }
    schema = tables()["cell"].schema
    filled = [
        pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(N_CELLS, f.type) for f in schema
    ]
    return pa.table(filled, schema=schema)


def daily(days: int) -> pa.Table:
    """A day of counters of every cell and day."""
    rng = np.random.default_rng(5)
    n = N_CELLS * days
    on = [(BEGIN + timedelta(days=d)).date() for d in range(days)]
    samples = rng.integers(20_000, 60_000, n)
    return pa.table(
        {
            "cell_id": pa.array(cell_ids() * days),
            "period_on": pa.array(np.repeat(np.array(on, "datetime64[D]"), N_CELLS)),
            "mr_samples": samples,
            "mr_weak": (samples * rng.beta(2, 40, n)).astype(np.int64),
            "rsrp_sum_dbm": samples * rng.normal(-92, 4, n),
            "part": pa.array(np.repeat(np.array([f"{d:%Y-%m}" for d in on]), N_CELLS)),
        }
    )


def work(what: str, home: Path) -> float:
    """One side; returns the processor seconds it took."""
    from alerts.live import run
    from alerts.rules import load_rules
    from alerts.sources import Release
    from warehouse import ops
    from warehouse.home import Home

    source = Release.current(Home(home), keeps=what == "hour")
    rules = {k: r for k, r in load_rules().items() if k.startswith("RN") or k == "RC02"}
    kept = ops.open_ops("sqlite://")
    now = source.as_of - (timedelta(hours=9) if what == "hour" else timedelta(0))
    if what == "hour":
        # What runs every hour: all rules stand where they were an hour ago.
        run(kept, source, rules, now - timedelta(hours=1), now - timedelta(hours=2))
        source = Release.current(Home(home), keeps=what == "hour")
    started = time.process_time()
    done = run(kept, source, rules, now, now - timedelta(hours=1) if what == "hour" else BEGIN)
    spent = time.process_time() - started
    if done.faults:
        raise SystemExit(str(done.faults))
    print(done.as_dict(), file=sys.stderr)
    return spent


def scan(home: Path) -> float:
    """Every counter of every row read once."""
    path = Releases(home / "releases").path(str(Releases(home / "releases").current()))
    paths = pins_of(path, home / "lake").paths
    started = time.process_time()
    with duckdb.connect() as con:
        con.execute("set threads = ?", [THREADS])
        rows = con.read_parquet(paths)
        columns = tables()[TABLE].columns.items()
        counters = [name for name, column in columns if column.type in ("int", "real")]
        rows.aggregate("count(cell_id), min(period_start), " + ", ".join("sum(" + c + ")" for c in counters)).fetchall()
    return time.process_time() - started


if __name__ == "__main__":
    side, where, *rest = sys.argv[1:]
    if side == "make":
        make(Path(where), int(rest[0]))
    else:
        print(json.dumps({"cpu_s": scan(Path(where)) if side == "scan" else work(side, Path(where))}))
