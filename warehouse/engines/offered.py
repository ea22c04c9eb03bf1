"""Rows of the lake as DuckDB reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression

from warehouse.canonical import Table
from warehouse.lake import Pinned


def offered(
    con: duckdb.DuckDBPyConnection, table: Table, pinned: Pinned, among: Mapping[str, Sequence[str]] | None = None
) -> duckdb.DuckDBPyRelation:
    """A lake table's rows in some files, with all its columns: those of loads that stand in the table `live_file`.

    `among` names values of columns to keep. They reach the Parquet reader, which skips what cannot hold them.
    """
    if not pinned.files:
        nothing = [ConstantExpression(None).cast(_sql_type(f.type)).alias(f.name) for f in table.schema]
        return con.sql("select 1").select(*nothing).filter(ConstantExpression(False))
    source = _read(con, pinned)
    for column, values in (among or {}).items():
        wanted = [ConstantExpression(value) for value in values]
        source = source.filter(ColumnExpression(column).isin(*wanted) if wanted else ConstantExpression(False))
    if table.name != "etl_file":
        source = source.join(con.table("live_file"), "file_id, loaded_at", "semi")
    return _typed(source, table)


def stored(con: duckdb.DuckDBPyConnection, table: Table, pinned: Pinned) -> duckdb.DuckDBPyRelation:
    """All rows of some files, whether their loads count or not."""
    return _typed(_read(con, pinned), table)


def _read(con: duckdb.DuckDBPyConnection, pinned: Pinned) -> duckdb.DuckDBPyRelation:
    return con.read_parquet(pinned.paths, hive_partitioning=True, union_by_name=True)


def _typed(source: duckdb.DuckDBPyRelation, table: Table) -> duckdb.DuckDBPyRelation:
    there = set(source.columns)  # files may be older than a column
    found = [ColumnExpression(f.name) if f.name in there else ConstantExpression(None) for f in table.schema]
    typed = [c.cast(_sql_type(f.type)).alias(f.name) for c, f in zip(found, table.schema, strict=True)]
    return source.select(*typed)


def _sql_type(kind: pa.DataType) -> duckdb.sqltypes.DuckDBPyType:
    names = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    names |= {pa.timestamp("us"): "TIMESTAMP", pa.date32(): "DATE"}
    return duckdb.sqltypes.DuckDBPyType(names[kind])
