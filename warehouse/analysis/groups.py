"""The groups that cells of several dimensions form, and which of them moved most."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.analysis.intervals import two_count_p


class Groups:
    """All groups of a set of cells: a level is a tuple of dims, a code numbers its groups."""

    def __init__(self, cells: pd.DataFrame, dims: list[str]) -> None:
        self.levels = [level for size in range(1, len(dims) + 1) for level in combinations(dims, size)]
        self.codes: dict[tuple[str, ...], NDArray[np.intp]] = {
            level: cells.groupby(list(level), dropna=False, observed=True, sort=True).ngroup().to_numpy()
            for level in self.levels
        }

    def sums(self, level: tuple[str, ...], figures: NDArray[Any]) -> NDArray[np.float64]:
        """The figures of the cells, added up per group of a level."""
        return np.bincount(self.codes[level], weights=figures).astype(np.float64)

    def best(
        self, old: NDArray[Any], new: NDArray[Any], free: NDArray[np.bool_], alpha: float, least: float
    ) -> tuple[tuple[str, ...], int] | None:
        """The group with the largest movement beyond chance among free cells, narrowed to the part that tells it."""
        found: tuple[tuple[str, ...], int] | None = None
        largest = 0.0
        for level in self.levels:
            for code, change in self._movers(level, old, new, free, alpha, least):
                if abs(change) > largest:
                    found, largest = (level, code), abs(change)
        while found is not None and (part := self._narrower(found, old, new, free, alpha)) is not None:
            found = part
        return found

    def _movers(
        self, level: tuple[str, ...], old: NDArray[Any], new: NDArray[Any], within: NDArray[np.bool_],
        alpha: float, least: float,
    ) -> Iterator[tuple[int, float]]:  # fmt: skip
        a, b = self.sums(level, old * within), self.sums(level, new * within)
        moved = (two_count_p(a, b) < alpha) & (np.abs(b - a) >= least) & (a != b)
        for code in np.flatnonzero(moved):
            yield int(code), float(b[code] - a[code])

    def _narrower(
        self, group: tuple[tuple[str, ...], int], old: NDArray[Any], new: NDArray[Any],
        free: NDArray[np.bool_], alpha: float,
    ) -> tuple[tuple[str, ...], int] | None:  # fmt: skip
        """The part of the group, one dim deeper, that tells its story alone; None if there is no such."""
        level, code = group
        inside = free & (self.codes[level] == code)
        a, b = int(old[inside].sum()), int(new[inside].sum())
        found: tuple[tuple[str, ...], int] | None = None
        largest = 0.0
        for deeper in self.levels:
            if len(deeper) != len(level) + 1 or not set(level) <= set(deeper):
                continue
            for part, change in self._movers(deeper, old, new, inside, alpha, abs(b - a) / 2):
                mine = inside & (self.codes[deeper] == part)
                rest_a, rest_b = a - int(old[mine].sum()), b - int(new[mine].sum())
                # Without a rest the part is the whole group, and the shorter name is the better one.
                quiet = rest_a + rest_b > 0 and two_count_p(rest_a, rest_b) >= 0.05
                if quiet and change * (b - a) > 0 and abs(change) > largest:
                    found, largest = (deeper, part), abs(change)
        return found
