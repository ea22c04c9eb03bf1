"""Models on DuckDB: staging in memory, everything published straight into the release file."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from warehouse.canonical import PARTITION, Table
from warehouse.catalog import Model
from warehouse.engines import shims
from warehouse.lake import Pinned, empty

RELEASE = "release.main."


class DuckEngine:
    """Builds into the database file `path`."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self.con = duckdb.connect()
        self.con.execute("set temp_directory = ?", [str(scratch)])
        self.con.execute("set memory_limit = ?", [os.environ.get("LOOKOUT_MEMORY", "4GB")])
        self.con.execute("set default_null_order = 'nulls_first_on_asc_last_on_desc'")
        self.con.execute("set enable_progress_bar = false")
        self.con.execute(shims("duckdb"))
        self.con.execute("attach $path as release".replace("$path", _literal(str(path))))
        self.con.execute("set search_path = 'memory.main,release.main'")

    def give_lake(self, table: Table, pinned: Pinned) -> None:
        if not pinned.files:
            self.give(f"lake_{table.name}", empty(table))
            return
        source = self.con.read_parquet(pinned.paths, hive_partitioning=True, union_by_name=True)
        if not table.internal or table.name != "etl_file":
            source = source.join(self.con.table("live_file"), "file_id, loaded_at", "semi")
        there = set(source.columns)  # files may be older than a column
        found = [ColumnExpression(f.name) if f.name in there else ConstantExpression(None) for f in table.schema]
        typed = [c.cast(_sql_type(f.type)).alias(f.name) for c, f in zip(found, table.schema, strict=True)]
        source.select(*typed).create_view(f"lake_{table.name}", replace=True)

    def give(self, name: str, rows: pa.Table) -> None:
        self.con.from_arrow(rows).create(name)

    def run(self, model: Model) -> None:
        self._drop(model)
        if model.stays_in_lake:
            self.con.sql(model.sql).create_view(_place(model), replace=True)
        else:
            self.con.sql(model.sql).create(_place(model))

    def run_parts(self, model: Model, parts: frozenset[str]) -> None:
        """Replace only some parts of a published table that is there already."""
        assert model.slice_column == PARTITION
        statement = Path(__file__).with_name("delete_parts.sql").read_text(encoding="utf-8")
        self.con.execute(statement.replace("$table", _place(model)), [sorted(parts)])
        wanted = FunctionExpression("list_contains", ConstantExpression(sorted(parts)), ColumnExpression(PARTITION))
        self.con.sql(model.sql).filter(wanted).insert_into(_place(model))

    def rows(self, sql: str) -> pa.RecordBatchReader:
        return self.con.sql(sql).to_arrow_reader(100_000)

    # --- what only the engine that writes the release can do -----------------------------------------------

    def shape(self, model: Model) -> None:
        """Make a model's table without rows: the column types a release has, whichever engine ran the model."""
        self._drop(model)
        self.con.sql(model.sql).limit(0).create(_place(model))

    def fill(self, model: Model, rows: pa.RecordBatchReader) -> None:
        """Put another engine's rows into a shaped table."""
        columns = [ColumnExpression(name) for name in self.columns(model.name)]
        self.con.from_arrow(rows).select(*columns).insert_into(_place(model))

    def store(self, name: str, rows: pa.Table) -> None:
        """Publish rows that no model makes: facts about the release itself."""
        self.con.execute("drop table if exists " + RELEASE + name)
        self.con.from_arrow(rows).create(RELEASE + name)

    def columns(self, name: str) -> list[str]:
        """Columns of a published table, in order."""
        return list(self.con.table(RELEASE + name).columns)

    def count_and_hash(self, name: str) -> tuple[int, str]:
        """Number of rows of a published table, and a hash of its rows in any order."""
        sql = (Path(__file__).parent.parent / "content_hash.sql").read_text(encoding="utf-8")
        [(n_rows, content)] = self.con.sql(sql.replace("$table", RELEASE + name)).fetchall()
        return n_rows, content

    def checkpoint(self) -> None:
        """Write everything to the file."""
        self.con.execute("checkpoint release")

    def close(self) -> None:
        """Let go of the file."""
        self.con.close()

    def _drop(self, model: Model) -> None:
        if model.is_published:
            self.con.execute("drop table if exists " + _place(model))


def _place(model: Model) -> str:
    return RELEASE + model.name if model.is_published else model.name


def _sql_type(kind: pa.DataType) -> duckdb.sqltypes.DuckDBPyType:
    names = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    names |= {pa.timestamp("us"): "TIMESTAMP", pa.date32(): "DATE"}
    return duckdb.sqltypes.DuckDBPyType(names[kind])


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
