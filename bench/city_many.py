"""The demo city many times over: millions of complaints with event log, surveys and calls, straight into the lake.

Copies keep hours, weekdays, chains and what is open, and are spread over the same months. They carry no points of the
map, and the network stays that of one city: this is for views of complaints. All data are simulated (模拟数据).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from bench.measure import run
from warehouse.canonical import tables
from warehouse.lake import Lake

COPIES, QUICK_COPIES = 168, 5  # with the city itself 5 million complaints, and 180,000
START, AS_OF = datetime(2024, 1, 1), datetime(2025, 3, 31, 8, 30)
MOVED = ("ticket", "ticket_event", "satisfaction", "contact")
BESIDE = ("survey", "opinion")
STEP = 10  # copies written at once
KEPT = ("lake", "*.toml", "*.csv", "*.geojson", "secret.key")


def home_of(folder: Path, city: Path, is_quick: bool, say: Callable[[str], None]) -> Path:
    """A built home of the demo city in `city` and copies of it, kept in `folder` for the next time."""
    n_copies = QUICK_COPIES if is_quick else COPIES
    home = folder / f"many-{n_copies}"
    if (home / "releases" / "CURRENT").exists():
        return home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for pattern in KEPT:
        for path in city.glob(pattern):
            if path.is_dir():
                shutil.copytree(path, home / path.name)
            else:
                shutil.copy2(path, home / path.name)
    say(f"views: writing {n_copies} more of the demo city")
    run(["-m", "bench.city_many", str(home), str(n_copies)])
    built = run(["-m", "warehouse", "build"], {"LOOKOUT_HOME": str(home)})
    say(f"views: built in {built.cpu_s:.0f} CPU s, {built.wall_s:.0f} s, {built.peak_mib:,.0f} MiB")
    return home


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"city_many{name}.sql").read_text(encoding="utf-8")


def main(home: Path, n_copies: int) -> None:
    """Add copies to the lake of a home; what it holds so far is what is copied."""
    lake = Lake(home / "lake")
    with duckdb.connect() as con:
        con.execute("set memory_limit = '2GB'")
        con.execute("set threads = 2")
        con.execute("set preserve_insertion_order = false")
        for name in (*MOVED, *BESIDE):
            con.from_arrow(lake.read(name)).create(f"lake_{name}")
        for first in range(1, n_copies + 1, STEP):
            copies = {"first": first, "last": min(first + STEP, n_copies + 1)}
            con.execute("drop table if exists moved")
            con.sql(_sql(""), params={**copies, "start": START, "as_of": AS_OF}).create("moved")
            for name in (*MOVED, *BESIDE):
                told = con.sql(_sql(f"_{name}"), params=copies if name in BESIDE else None)
                lake.append(name, told.to_arrow_reader(100_000).cast(tables()[name].schema), {"copies": str(first)})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
