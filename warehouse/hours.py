"""The door to hourly counters: they stay in the lake, and a release names the files they consist of.

Opens a release like `sealed.py`, with `fact_cell_kpi_1h` and what it is made of beside the published tables: the same
models over exactly the pinned files of some days, and nothing else of the lake.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.canonical import PARTITION, tables
from warehouse.catalog import models
from warehouse.engines.newest import newest
from warehouse.engines.offered import offered
from warehouse.lake import Pinned
from warehouse.problems import problem
from warehouse.sealed import open_sealed

SOURCES = ("cell_kpi_1h", "cell_kpi_15m")
LOAD = ("file_id", "loaded_at")
# A hash stands for the key: two keys of one hash only cost sorting that day.
KEYS = "select hash(cell_id, period_start) as key from to_look_at"
RELATIONS = ("stg_cell_kpi_1h", "stg_cell_kpi_15m", "fact_cell_kpi_15m", "fact_cell_kpi_1h")


@dataclass(frozen=True)
class Pins:
    """The lake files of hours that one release consists of, by table, and which loads of them count."""

    files: dict[str, Pinned]
    live: pa.Table

    @classmethod
    def of(cls, state: dict[str, Any], lake: Path) -> Pins:
        """From what a release says of itself (`build.state_of`)."""
        files = {}
        for name in SOURCES:
            known = sorted(state["files"].get(name, {}).items())
            paths = tuple(
                (str(lake / name / f"{PARTITION}={quote(part, safe='')}" / file), part) for file, part in known
            )
            files[name] = Pinned(name, state["versions"].get(name, -1), paths)
        loads = [key.split(" ", 1) for key, table in sorted(state["live"].items()) if table in SOURCES]
        rows = [{"file_id": file, "loaded_at": datetime.fromisoformat(at)} for file, at in loads]
        schema = pa.schema([("file_id", pa.string()), ("loaded_at", pa.timestamp("us"))])
        return cls(files, pa.Table.from_pylist(rows, schema))

    def between(self, first: date, last: date) -> Pins:
        """The same, cut to the files of some days, both ends included."""
        days = (first.isoformat(), last.isoformat())
        cut = {
            name: Pinned(name, pin.version, tuple(f for f in pin.files if days[0] <= (f[1] or "") <= days[1]))
            for name, pin in self.files.items()
        }
        return Pins(cut, self.live)

    @property
    def paths(self) -> list[str]:
        return [path for pin in self.files.values() for path in pin.paths]

    @property
    def loads(self) -> list[tuple[str, datetime]]:
        """The loads that count: the id of the file that was loaded, and when."""
        return list(zip(*(self.live[name].to_pylist() for name in LOAD), strict=True))


def pins_of(release: Path, lake: Path) -> Pins:
    """The files of hours of a release."""
    with duckdb.connect(str(release), read_only=True) as con:
        row = con.execute("select state from release_info").fetchone()
    assert row is not None
    return Pins.of(json.loads(row[0]), lake)


def open_hours(
    release: Path, lake: Path, pins: Pins, memory_limit: str = "1GB", cells: Iterable[str] | None = None
) -> duckdb.DuckDBPyConnection:
    """A sealed connection to a release that has hours too, of the files of `pins` and, if given, of few cells alone:
    their rows are then read once, here.

    Raises `Problems` when a file is gone.
    """
    for path in pins.paths:
        if not Path(path).exists():
            raise problem(path, f"is gone, and release {release.stem} is made from it", "build a release anew")

    def offer(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("set default_null_order = 'nulls_first_on_asc_last_on_desc'")
        con.execute("set preserve_insertion_order = false")
        con.from_arrow(pins.live).create("live_file")
        if cells is not None:
            # Views are bound with every use, down to the footers of files, and rows of cells are few.
            con.execute("set parquet_metadata_cache = true")
            wanted = {"cell_id": sorted(set(cells))}
            for name, pin in pins.files.items():
                offered(con, tables()[name], pin, wanted).create(f"lake_{name}")
            for name in RELATIONS:
                con.sql(models()[name].sql).create_view(name)
            return
        doubled = {name: _doubled(con, pin) for name, pin in pins.files.items()}
        for name, pin in pins.files.items():
            offered(con, tables()[name], pin).create_view(f"lake_{name}")
        for name in RELATIONS:
            sql = models()[name].sql
            source = name.removeprefix("stg_")
            (con.sql(sql) if source not in SOURCES else newest(con, sql, doubled[source])).create_view(name)

    folders = [lake / name for name in SOURCES if pins.files[name].files]
    return open_sealed(release, memory_limit, prepare=offer, folders=folders)


# Files of a lake never change: by a file, the loads whose rows it holds.
_LOADS: dict[str, frozenset[tuple[str, datetime]]] = {}


def loads_in(paths: Iterable[str]) -> set[tuple[str, datetime]]:
    """The loads that files of the lake hold rows of, from what the files say of themselves where that is enough."""
    for path in paths:
        if path not in _LOADS:
            _LOADS[path] = frozenset(_loads_in(pq.ParquetFile(path)))
    return set[tuple[str, datetime]]().union(*(_LOADS[path] for path in paths))


def _loads_in(file: pq.ParquetFile) -> Iterator[tuple[str, datetime]]:
    columns = [file.schema_arrow.names.index(name) for name in LOAD]
    for n in range(file.metadata.num_row_groups):
        told = [file.metadata.row_group(n).column(c).statistics for c in columns]
        if all(s is not None and s.has_min_max and s.min == s.max for s in told):
            yield told[0].min, told[1].min
        else:
            rows = file.read_row_group(n, columns=list(LOAD)).group_by(list(LOAD)).aggregate([])
            yield from zip(*(rows[name].to_pylist() for name in LOAD), strict=True)


# By the files of a day, whether some row of it has the key of another.
_IS_DOUBLED: dict[tuple[str, ...], bool] = {}


def _doubled(con: duckdb.DuckDBPyConnection, pin: Pinned) -> set[str]:
    """The days of which rows have keys in common, or may have."""
    files: dict[str, list[str]] = {}
    for path, day in pin.files:
        files.setdefault(day or "", []).append(path)
    for paths in (p for p in files.values() if tuple(p) not in _IS_DOUBLED):
        con.read_parquet(paths).create_view("to_look_at")
        # Sorted numbers take a third of what a count of distinct ones does.
        keys = np.sort(con.sql(KEYS).fetchnumpy()["key"])
        con.execute("drop view to_look_at")
        _IS_DOUBLED[tuple(paths)] = bool((keys[1:] == keys[:-1]).any())
    return {day for day, paths in files.items() if _IS_DOUBLED[tuple(paths)]}
