"""Parquet: typed columns that come as text like every other format's, so that one vocabulary cleans them all."""

from __future__ import annotations

from pathlib import Path

import duckdb
from duckdb import ColumnExpression

from etl.contract import Contract
from etl.read.engine import no_glob
from etl.read.header import find_header
from etl.read.raw import Raw
from etl.sentences import fault


def read_parquet(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw:
    """All columns. Raises `Problems` when the file is no Parquet file or lacks a required column."""
    try:
        relation = con.read_parquet(no_glob(path))
    except duckdb.Error as error:
        raise fault("bad_parquet", path.name, text=str(error).splitlines()[0][:200]) from None
    find_header(path, contract, [relation.columns], "parquet")
    text = [ColumnExpression(c).cast(duckdb.sqltypes.VARCHAR).alias(c) for c in relation.columns]
    return Raw(relation.select(*text), relation.columns, 0, "parquet")
