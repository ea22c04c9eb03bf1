"""What reading a file gives: rows of text and lines that could not be split. What the values mean is not known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression


@dataclass(frozen=True)
class BadLine:
    """A line the reader refused. `row_no` counts from the header; `n_lines` counts what went with it."""

    row_no: int
    kind: str
    sample: str
    n_lines: int = 1


@dataclass
class Raw:
    """Rows of a file as text. `header_line` is the line the header stands on, counted from 1; 0 without header.

    `source` is the CSV file that is really scanned, its first `n_skipped` lines left out; None for other formats,
    whose bad lines are known before the relation is read and stand in `bad`. `scan` reads it anew with the columns
    of these headers as numbers, which the first fault of any kind ends; `numbers` are those that `relation` has so.
    `typed` are columns whose cells the file itself says to be numbers.
    """

    relation: duckdb.DuckDBPyRelation
    headers: list[str]
    header_line: int
    encoding: str
    n_undecodable: int = 0
    con: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)
    source: Path | None = None
    n_skipped: int = 0
    bad: list[BadLine] = field(default_factory=list)
    scan: Callable[[frozenset[str]], duckdb.DuckDBPyRelation] | None = field(default=None, repr=False)
    numbers: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()

    def bad_lines(self) -> list[BadLine]:
        """What the reader could not split, once the relation was read."""
        if self.con is None or self.source is None:
            return self.bad
        sql = Path(__file__).with_name("unreadable.sql").read_text(encoding="utf-8")
        found = self.con.execute(sql).fetchall()
        n_swallowed = self._n_swallowed(len(found)) if any(runs_on for *_, runs_on in found) else 0
        lines = []
        for line, kind, sample, runs_on in found:
            more, n_swallowed = (n_swallowed, 0) if runs_on else (0, n_swallowed)
            lines.append(BadLine(int(line) - self.n_skipped, kind.lower(), sample or "", 1 + more))
        return lines

    def _n_swallowed(self, n_refused: int) -> int:
        """Lines that came out neither as rows nor as refusals: an open quote hid them."""
        assert self.source is not None
        with self.source.open("rb") as handle:
            n_lines = sum(1 for line in handle if line.strip()) - self.n_skipped
        folds = [_n_folds(ColumnExpression(name)) for name in self.headers]
        total = self.relation.select((ConstantExpression(1) + reduce(lambda a, b: a + b, folds)).alias("n"))
        [(n_read,)] = total.aggregate("coalesce(sum(n), 0)").fetchall()
        return max(0, n_lines - int(n_read) - n_refused)


def _n_folds(column: Expression) -> Expression:
    """How many line ends stand inside a cell."""
    bare = FunctionExpression("replace", column, ConstantExpression("\n"), ConstantExpression(""))
    n = FunctionExpression("length", column) - FunctionExpression("length", bare)
    return duckdb.CoalesceOperator(n, ConstantExpression(0))
