"""The columns of a file as counted values, read by the very code that loads files. What they mean is told elsewhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from etl import read
from etl.contract import Contract, FileShape, Times
from etl.infer.shape import Shape
from etl.infer.units import exclusion, units_in
from warehouse.workspace import Words

SAMPLE_ROWS = 100_000
DISTINCT_KEPT = 5_000
FIRST_KEPT = 3_000
LEAST_WITH_UNITS = 2
_BLANKS = " \t\r\n\u00a0\u3000\ufeff"


@dataclass(frozen=True)
class Column:
    """One column: `counts` are its distinct values with rows, most frequent first and at most 5,000 of them.

    `unit` is what a line of units below the header says.
    """

    header: str
    n_rows: int
    n_filled: int
    n_distinct: int
    counts: list[tuple[str, int]]
    rows: pa.Array = field(repr=False)
    unit: str = ""

    @property
    def named(self) -> str:
        """The header with the unit that stood on the line below it."""
        return f"{self.header} ({self.unit})" if self.unit else self.header

    @property
    def values(self) -> list[str]:
        return [value for value, _ in self.counts]

    @property
    def first(self) -> list[str | None]:
        """Values in the order of the file."""
        return list(self.rows.slice(0, FIRST_KEPT).to_pylist())


@dataclass(frozen=True)
class Profile:
    """The sampled rows of a file; `n_bad_lines` could not be split.

    `units_line` is the rule that leaves out a line of units below the header, None where there is no such line.
    """

    columns: list[Column]
    n_rows: int
    is_sample: bool
    n_bad_lines: int
    header_line: int
    units_line: dict[str, Any] | None = None

    def __getitem__(self, header: str) -> Column:
        return next(c for c in self.columns if c.header == header)

    @property
    def headers(self) -> list[str]:
        return [c.header for c in self.columns]

    def without(self, words: list[str]) -> Profile:
        """The same rows without those that carry one of the words in the first two columns."""
        wanted = pa.array(words, pa.string())
        hit = pa.array([False] * self.n_rows, pa.bool_())
        for column in self.columns[:2]:
            hit = pc.or_(hit, pc.fill_null(pc.is_in(column.rows, wanted), False))
        keep = pc.invert(hit)
        columns = [_column(c.header, c.rows.filter(keep), c.unit) for c in self.columns]
        return replace(self, columns=columns, n_rows=len(columns[0].rows) if columns else 0)


def shape_contract(shape: Shape, name: str) -> Contract:
    """A contract that says only how the file is read."""
    file = FileShape.model_validate({"pattern": [name], **shape.settings})
    label = Words(zh=name, en=name)
    settings: dict[str, Any] = {"name": "unknown", "table": "ticket", "label": label, "owner": "", "licence": ""}
    return Contract.model_construct(**settings, file=file, time=Times(), columns={}, maps={}, exclude=[])


def read_profile(path: Path, shape: Shape) -> Profile:
    """The first rows of every column. Raises `Problems` when the file cannot be read by what `shape` says."""
    with tempfile.TemporaryDirectory(prefix="lookout-infer-") as folder:
        scratch = Path(folder)
        with read.connect(scratch) as con:
            raw = read.read(path, shape_contract(shape, path.name), con, scratch)
            table = _text_table(raw.relation, SAMPLE_ROWS + 1)
            is_sample = table.num_rows > SAMPLE_ROWS
            n_bad = 0 if is_sample else sum(b.n_lines for b in raw.bad_lines())
    table = table.slice(0, SAMPLE_ROWS)
    table = table.filter(pa.array(_kept(table), pa.bool_()))
    units, rule = _units(table)
    table = table.slice(1) if rule else table
    columns = [_column(name, table[name].combine_chunks(), units.get(name, "")) for name in table.column_names]
    return Profile(columns, table.num_rows, is_sample, n_bad, raw.header_line, rule)


def _units(table: pa.Table) -> tuple[dict[str, str], dict[str, Any] | None]:
    """What the first row says when it is a line of units, and how loading leaves it out."""
    if table.num_rows < LEAST_WITH_UNITS:
        return {}, None
    first = {name: table[name][0].as_py() for name in table.column_names}
    units = units_in(first)
    rule = exclusion(first, units, {name: set(table[name].slice(1).to_pylist()) for name in units})
    return (units, rule) if rule else ({}, None)


def _text_table(relation: duckdb.DuckDBPyRelation, n: int) -> pa.Table:
    table = relation.limit(n).to_arrow_table()
    names = table.column_names
    return pa.table([_tidy(table[name].cast(pa.string())) for name in names], names=names)


def _tidy(column: pa.ChunkedArray) -> pa.Array:
    trimmed = pc.utf8_trim(column.combine_chunks(), _BLANKS)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _kept(table: pa.Table) -> list[bool]:
    """Blank rows and repeated headers are left out, as loading does."""
    if table.num_columns == 0:
        return []
    filled = [pc.is_valid(table[name]) for name in table.column_names]
    any_filled = filled[0]
    for mask in filled[1:]:
        any_filled = pc.or_(any_filled, mask)
    repeated = [pc.fill_null(pc.equal(table[name], name), False) for name in table.column_names[:2]]
    is_header = repeated[0]
    for mask in repeated[1:]:
        is_header = pc.and_(is_header, mask)
    kept = pc.and_(any_filled, pc.invert(is_header))
    return list(kept.to_pylist())


def _column(header: str, rows: pa.Array, unit: str = "") -> Column:
    filled = rows.drop_null()
    counted = pc.value_counts(filled)
    values, counts = counted.field(0), counted.field(1)
    order = pc.sort_indices(counts, sort_keys=[("", "descending")]) if len(counted) else pa.array([], pa.int64())
    top = order.slice(0, DISTINCT_KEPT)
    pairs = list(zip(values.take(top).to_pylist(), counts.take(top).to_pylist(), strict=True))
    return Column(header, len(rows), len(filled), len(counted), pairs, rows, unit)
