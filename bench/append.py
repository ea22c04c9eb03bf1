"""Both sides of `append`: the same parsed rows put into a table of millions.

`python -m bench.append lake HOME ROWS` through `Lake.append`, `python -m bench.append floor DATABASE ROWS` by DuckDB's
bare `insert into`. ROWS is an Arrow file, which costs nothing to read. `python -m bench.append prepare HOME DATABASE
ROWS FILE_ID…` makes both inputs from a loaded home. No parsing, judging or scrubbing belongs here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.canonical import tables
from warehouse.lake import Lake

TABLE = "ticket"
THREADS = 2  # as etl/read.py


def prepare(home: Path, database: Path, rows: Path, file_ids: list[str]) -> None:
    """The rows of some files as an Arrow file, in the order in which they were loaded, and all others in a table."""
    pinned = Lake(home / "lake").pin(TABLE)
    with duckdb.connect(str(database)) as con:
        con.execute("set memory_limit = '1GB'")
        lake = con.read_parquet(pinned.paths, hive_partitioning=True, union_by_name=True)
        columns = ", ".join(f.name for f in tables()[TABLE].schema)
        chosen = duckdb.ColumnExpression("file_id").isin(*[duckdb.ConstantExpression(i) for i in file_ids])
        lake.filter(~chosen).select(columns).create(TABLE)
        schema = tables()[TABLE].schema
        with pa.ipc.new_file(rows, schema) as writer:
            for batch in lake.filter(chosen).select(columns).order("file_id, row_no").to_arrow_reader(100_000):
                writer.write(batch.cast(schema))


def _batches(rows: Path) -> pa.RecordBatchReader:
    source = pa.ipc.open_file(pa.memory_map(str(rows)))
    batches = (source.get_batch(n) for n in range(source.num_record_batches))
    return pa.RecordBatchReader.from_batches(source.schema, batches)


def to_lake(home: Path, rows: Path) -> None:
    Lake(home / "lake").append(TABLE, _batches(rows), {"bench": "append"})


def to_table(database: Path, rows: Path) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("set threads = ?", [THREADS])
        con.from_arrow(_batches(rows)).insert_into(TABLE)


if __name__ == "__main__":
    side, place, *rest = sys.argv[1:]
    if side == "prepare":
        prepare(Path(place), Path(rest[0]), Path(rest[1]), rest[2:])
    else:
        {"lake": to_lake, "floor": to_table}[side](Path(place), Path(rest[0]))
