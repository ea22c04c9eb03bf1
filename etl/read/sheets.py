"""A sheet of a workbook, its header found. What a sane workbook is, `etl/workbook.py` knows."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.contract import Contract
from etl.read.header import HEADER_WITHIN_LINES, find_header, unique
from etl.read.raw import Raw
from etl.workbook import kind_of, read_sheet


def read_workbook(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw:
    """The rows below the header. Raises `Problems` when the file is no sane workbook or has no such header."""
    kind = kind_of(path).lower()
    table = read_sheet(path, contract.file.sheet)
    probe = [list(row.values()) for row in table.slice(0, HEADER_WITHIN_LINES).to_pylist()]
    line_no, headers = find_header(path, contract, [[str(v or "") for v in row] for row in probe], kind)
    names = unique(headers)
    return Raw(con.from_arrow(table.slice(line_no).rename_columns(names)), names, line_no, kind)
