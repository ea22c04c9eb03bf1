"""What a table holds, in two numbers that can be kept up while rows come and go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyRelation


@dataclass(frozen=True)
class Content:
    """How many rows a table has, and the sum of their hashes: the order of rows does not matter."""

    n_rows: int = 0
    total: int = 0

    def __add__(self, other: Content) -> Content:
        return Content(self.n_rows + other.n_rows, self.total + other.total)

    def __sub__(self, other: Content) -> Content:
        return Content(self.n_rows - other.n_rows, self.total - other.total)


@dataclass(frozen=True)
class Contents:
    """What a release says of itself: every table's content, and how many rows each check failed with."""

    tables: dict[str, Content] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)


def content_of(rows: DuckDBPyRelation, sql: str = "content_hash") -> Content:
    """How many rows there are, and the sum of their hashes; with `content_kept`, of those in the column `row_hash`."""
    sql = Path(__file__).with_name(f"{sql}.sql").read_text(encoding="utf-8")
    hashed = rows.query("content_rows", sql.replace("$table", "content_rows"))
    assert hashed is not None
    [(n_rows, total)] = hashed.fetchall()
    return Content(n_rows, int(total))
