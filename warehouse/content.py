"""What a table holds, in two numbers that can be kept up while rows come and go."""

from __future__ import annotations

from dataclasses import dataclass, field


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
