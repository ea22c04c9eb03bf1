"""Rows of the lake as DuckDB reads them."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression

from warehouse.canonical import Table
from warehouse.lake import Pinned


def offered(con: duckdb.DuckDBPyConnection, table: Table, pinned: Pinned) -> duckdb.DuckDBPyRelation:
    """A lake table's rows in some files, with all its columns: those of loads that stand in the table `live_file`."""
    if not pinned.files:
        nothing = [ConstantExpression(None).cast(_sql_type(f.type)).alias(f.name) for f in table.schema]
        return con.sql("select 1").select(*nothing).filter(ConstantExpression(False))
    source = con.read_parquet(pinned.paths, hive_partitioning=True, union_by_name=True)
    if table.name != "etl_file":
        source = source.join(con.table("live_file"), "file_id, loaded_at", "semi")
    there = set(source.columns)  # files may be older than a column
    found = [ColumnExpression(f.name) if f.name in there else ConstantExpression(None) for f in table.schema]
    typed = [c.cast(_sql_type(f.type)).alias(f.name) for c, f in zip(found, table.schema, strict=True)]
    return source.select(*typed)


def _sql_type(kind: pa.DataType) -> duckdb.sqltypes.DuckDBPyType:
    names = {pa.string(): "VARCHAR", pa.int64(): "BIGINT", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    names |= {pa.timestamp("us"): "TIMESTAMP", pa.date32(): "DATE"}
    return duckdb.sqltypes.DuckDBPyType(names[kind])
