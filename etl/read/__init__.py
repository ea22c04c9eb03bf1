"""From a file to rows of text, one module per format. What the values mean is cleaned elsewhere."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.contract import Contract
from etl.read.columnar import read_parquet
from etl.read.delimited import LONGEST_LINE_BYTES, UNDECODABLE_LIMIT, read_csv
from etl.read.engine import connect
from etl.read.header import needed_headers
from etl.read.objects import read_objects
from etl.read.packed import unpacked
from etl.read.raw import BadLine, Raw
from etl.read.sheets import read_workbook
from etl.sentences import fault

__all__ = [
    "LONGEST_LINE_BYTES",
    "UNDECODABLE_LIMIT",
    "BadLine",
    "Raw",
    "connect",
    "needed_headers",
    "read",
]


def read(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection, scratch: Path) -> Raw:
    """The file's rows as text columns. Raises `Problems` when the file as a whole cannot be understood."""
    if path.stat().st_size == 0:
        raise fault("empty", path.name)
    path = unpacked(path, contract.file, scratch)
    match contract.file.format:
        case "csv":
            return read_csv(path, contract, con, scratch)
        case "xlsx" | "xls":
            return read_workbook(path, contract, con)
        case "json" | "jsonl":
            return read_objects(path, contract, con, scratch)
        case "parquet":
            return read_parquet(path, contract, con)
