"""`python -m bench hours`: hundreds of millions of hourly counters, their cost to a release and the network's views.

`python -m bench.hours_many measure WORK CITY ROWS` does it for another number of rows, to be told but not recorded.

Cells of the demo city that send hours are copied under other names, straight into the lake, with all their days: a
network of as many cells as wanted, with as many months. Nothing is shipped. All data are simulated (模拟数据).
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.measure import Ratio, ratio, run
from bench.results import Figure, rows
from bench.views import GOAL, NETWORK
from warehouse.canonical import tables
from warehouse.lake import Lake

ROWS, QUICK_ROWS = 500_000_000, 20_000_000
DAY_GOAL_S = 20.0
HOURS = "cell_kpi_1h"
KEPT = ("lake", "*.toml", "*.csv", "*.geojson", "secret.key")
LAST, NEXT = (
    "2025-03-30",
    "2025-03-31",
)  # the demo city's last day of hours, at the end of its month, and the one to come
HERE = Path(__file__).parent


def measure(folder: Path, city: Path, n_rows: int, say: Callable[[str], None], rounds: int = 3) -> list[Figure]:
    """`city` is a built demo city. A home of `n_rows` hours is made in `folder`, unless one is there."""
    home = folder / f"hours-{n_rows}"
    costs = _built(home, city, n_rows, say)
    env = {"LOOKOUT_HOME": str(home)}
    # Twice, so that the day that comes is the same one.
    run(["-m", "bench.hours_many", "day", str(home)])
    day = run(["-m", "warehouse", "build"], env)
    say(f"one day more: {day.cpu_s:.1f} CPU s, {day.wall_s:.1f} s, {day.peak_mib:,.0f} MiB")
    told = folder / "hours-views.json"
    run(["-m", "bench.views", str(home), str(city), str(rounds), str(told), "network"])
    seconds = json.loads(told.read_text(encoding="utf-8"))["seconds"]
    size = f"{n_rows:,} hours"
    found = [
        Figure("hours", f"seconds by the clock of a release for one day more, {size}", _alone(day.wall_s),
               f"≤ {DAY_GOAL_S:g}", day.wall_s <= DAY_GOAL_S, "s", f"{day.cpu_s:.1f} CPU s, {day.peak_mib:,.0f} MiB"),
    ]  # fmt: skip
    if costs:
        slope = costs[0] / n_rows * 1e6
        note = f"{costs[0]:.0f} CPU s, {costs[1]:.0f} s, {costs[2]:,.0f} MiB, the demo city's other tables with it"
        found.append(
            Figure("hours", f"build from nothing a million hours, {size}", _alone(slope), "", True, "CPU s", note)
        )
    for view in NETWORK:
        cost = ratio([(ours, floor) for ours, floor in seconds[view.name]])
        name = f"CPU of a view not asked for before, {size} ÷ the demo city's: {view.name}"
        found.append(Figure("hours", name, cost, f"≤ {GOAL:g}", cost.value <= GOAL, "CPU s"))
        say(f"{view.name}: {cost.value:.2f}")
    return found


def _alone(value: float) -> Ratio:
    return Ratio(value, value, value, value, 1, 1)


def _built(home: Path, city: Path, n_rows: int, say: Callable[[str], None]) -> tuple[float, float, float] | None:
    """CPU seconds, seconds and peak of the build from nothing; None where the home was there."""
    if (home / "releases" / "CURRENT").exists():
        return None
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for pattern in KEPT:
        for path in city.glob(pattern):
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, home / path.name)
    say(f"hours: writing {n_rows:,} rows")
    written = run(["-m", "bench.hours_many", "copies", str(home), str(n_rows)])
    say(f"hours: written in {written.wall_s:.0f} s, {written.peak_mib:,.0f} MiB")
    built = run(["-m", "warehouse", "build"], {"LOOKOUT_HOME": str(home)})
    say(f"hours: built in {built.cpu_s:.0f} CPU s, {built.wall_s:.0f} s, {built.peak_mib:,.0f} MiB")
    return built.cpu_s, built.wall_s, built.peak_mib


def copies(home: Path, n_rows: int) -> None:
    """Add copies of the cells that send hours until the lake holds about `n_rows` of them.

    A month is one append, and its days come one after another: of no more than a day is held at a time.
    """
    lake = Lake(home / "lake")
    files = [(path, str(part)) for path, part in lake.pin(HOURS).files]
    days = sorted({part for _, part in files})
    with _connected() as con:
        _offer(con, [path for path, _ in files])
        con.from_arrow(lake.read("cell")).create("cell")
        have = con.table("hour").count("*").fetchall()[0][0]
        copied: dict[str, object] = {"first": 1, "last": max(1, round(n_rows / have))}
        _append(lake, "cell", _rows(con, "cell", copied))
        for _, month in groupby(days, lambda day: day[:7]):
            rows = chain.from_iterable(_day(con, [p for p, part in files if part == day], copied) for day in month)
            _append(lake, HOURS, rows)


def day(home: Path) -> None:
    """Add one day to every cell: the last one again, a day later."""
    lake = Lake(home / "lake")
    with _connected() as con:
        _offer(con, [path for path, part in lake.pin(HOURS).files if part == LAST])
        _append(lake, HOURS, _rows(con, "day", {"part": NEXT}))


def _connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("set memory_limit = '500MB'")
    con.execute("set threads = 2")
    con.execute("set preserve_insertion_order = false")
    return con


def _offer(con: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
    con.read_parquet(paths, hive_partitioning=True, union_by_name=True).create_view("hour", replace=True)


def _day(con: duckdb.DuckDBPyConnection, paths: list[str], copied: dict[str, object]) -> Iterator[pa.RecordBatch]:
    _offer(con, paths)
    yield from _rows(con, "hour", copied)


def _rows(con: duckdb.DuckDBPyConnection, what: str, values: dict[str, object]) -> Iterator[pa.RecordBatch]:
    sql = (HERE / f"hours_many_{what}.sql").read_text(encoding="utf-8")
    schema = tables()["cell" if what == "cell" else HOURS].schema
    yield from con.sql(sql, params=values).select(*schema.names).to_arrow_reader(100_000).cast(schema)


def _append(lake: Lake, name: str, rows: Iterable[pa.RecordBatch]) -> None:
    lake.append(name, pa.RecordBatchReader.from_batches(tables()[name].schema, rows), {"copies": "simulated"})


if __name__ == "__main__":
    if sys.argv[1] == "measure":
        work, city, n_rows = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
        print("\n".join(rows(measure(work.resolve(), city.resolve(), n_rows, lambda text: print(text, flush=True)))))
    elif sys.argv[1] == "copies":
        copies(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        day(Path(sys.argv[2]))
