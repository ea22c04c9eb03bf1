"""A sheet of a workbook, its header found. What a sane workbook is, `etl/workbook.py` knows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from etl.contract import Contract
from etl.read.header import HEADER_WITHIN_LINES, find_header, needed_headers, unique
from etl.read.raw import Raw
from etl.workbook import kind_of, may_begin_with_header, odd_names, read_sheet, read_typed

LEAST_BYTES = 1 << 20  # of a workbook, for which reading numbers as such pays
NUMBERS = ("int", "real", "ratio")


def read_workbook(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw:
    """The rows below the header. Raises `Problems` when the file is no sane workbook or has no such header."""
    kind = kind_of(path).lower()
    if kind == "xlsx" and (raw := _with_numbers(path, contract, con)) is not None:
        return raw
    table = read_sheet(path, contract.file.sheet)
    probe = [list(row.values()) for row in table.slice(0, HEADER_WITHIN_LINES).to_pylist()]
    line_no, headers = find_header(path, contract, [[str(v or "") for v in row] for row in probe], kind)
    names = unique(headers)
    return Raw(con.from_arrow(table.slice(line_no).rename_columns(names)), names, line_no, kind)


def _with_numbers(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw | None:
    """A large sheet whose header is plainly its first row; None for any other, which is read as text.

    Numbers as text cost half as much again to read, are rounded to nine digits by the reader, and must be parsed anew.
    """
    shape = contract.file
    if path.stat().st_size < LEAST_BYTES or shape.header not in ("find", 1) or shape.sheet != 0:
        return None
    if not may_begin_with_header(path):
        return None
    table = read_typed(path, shape.sheet, _texts(contract))
    if table is None:
        return None
    headers = [name.strip() for name in table.column_names]
    if table.num_rows == 0 or odd_names(table.column_names):
        return None
    if any(not set(group) & set(headers) for group in needed_headers(contract)):
        return None
    rows = con.from_arrow(table.rename_columns(headers))
    numbers = frozenset(h for h, field in zip(headers, table.schema, strict=True) if _is_number(field.type))

    def scan(wanted: frozenset[str] = frozenset()) -> duckdb.DuckDBPyRelation:
        return rows.select(*(_column(h, h in wanted, h in numbers) for h in headers))

    return Raw(scan(), headers, 1, "xlsx", scan=scan, typed=numbers)


def _texts(contract: Contract) -> list[str]:
    """Headers that any column reads as something else than a number."""
    columns = contract.target.columns
    found = {h for name, s in contract.columns.items() for h in s.headers if columns[name].type not in NUMBERS}
    found |= {h for s in contract.columns.values() if s.compose or s.collect or s.treat for h in s.headers}
    return sorted(found | {rule.header for rule in contract.exclude})


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _column(header: str, is_wanted: bool, is_number: bool) -> Expression:
    """A column as the number it is, or as the text that a person would see in the cell."""
    column = ColumnExpression(header)
    if is_wanted:
        return column.cast(duckdb.sqltypes.DOUBLE).alias(header)
    text = column.cast(duckdb.sqltypes.VARCHAR)
    if is_number:
        ending, nothing = ConstantExpression("\\.0$"), ConstantExpression("")
        text = FunctionExpression("regexp_replace", text, ending, nothing)
    return text.alias(header)
