"""Somebody with a role's rights, every answer of the map for a week, and integer programming."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, milp

from warehouse import week_map
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.scope import least_of
from warehouse.viewer import Viewer

Name = tuple[Hashable, ...]  # ("cell", district, type), ("town", district, town), ("slack", …)

MOST = 100_000  # nobody thinks that a city complains more often in a week


class Attacker:
    """Writes down what is seen as equations and floors over cells and towns, and solves for what is not seen."""

    def __init__(self, reader: Reader, viewer: Viewer, week: Period, types: Sequence[str]) -> None:
        self.types, self.least = list(types), least_of(viewer)
        self._at: dict[Name, int] = {}
        self._rows: list[tuple[dict[int, float], float]] = []
        self.hidden: list[tuple[Name, ...]] = []
        answers = {
            chosen: week_map.districts(reader, viewer, week, Filters.of({"type_l1": chosen}) if chosen else Filters())
            for size in range(len(types) + 1)
            for chosen in combinations(self.types, size)
        }
        districts = [str(r) for r in answers[()].parts["region_code"]]
        for chosen, told in answers.items():
            seen = {str(p.region_code): p for p in told.parts.itertuples()}
            for district in districts:
                cells = self._cells([district], chosen)
                if district not in seen:
                    self._know(cells, 0)  # nobody complained
                else:
                    self._see(cells, seen[district].n, seen[district].sign, chosen)
            n = None if told.n is None else float(told.n)
            self._see(self._cells(districts, chosen), n, "" if n is not None else "small", chosen)
        self._towns(week_map.towns(reader, viewer, week, Filters()), districts)

    def _towns(self, told: week_map.Weekly, districts: Sequence[str]) -> None:
        for district in districts:
            listed = [("town", district, "?")]  # without a town: never listed
            folded: list[Name] = [listed[0]]
            for part in told.parts[told.parts["region_code"] == district].itertuples():
                name: Name = ("town", district, part.town)
                listed.append(name)
                if part.sign == "":
                    self._know([name], 0 if np.isnan(part.n) else part.n)
                    continue
                folded.append(name)
                self.hidden.append((name,))
                if part.sign == week_map.TOO:
                    self._floor([name], self.least)
            for row in told.rest[told.rest["region_code"] == district].itertuples():
                self._know(folded, row.n)
            if len(folded) > 1:
                self.hidden.append((folded[0],))
            both = dict.fromkeys(map(self._number, listed), 1.0)
            both |= dict.fromkeys(map(self._number, self._cells([district], ())), -1.0)
            self._rows.append((both, 0.0))

    def _cells(self, districts: Sequence[str], chosen: Sequence[str]) -> list[Name]:
        return [("cell", d, t) for d in districts for t in (chosen or self.types)]

    def _see(self, cells: list[Name], n: float | None, sign: str, chosen: Sequence[str]) -> None:
        if sign == "":
            self._know(cells, float(n or 0))
        elif len(chosen) <= 1:
            self.hidden.append(tuple(cells))
            self._floor(cells, 1 if sign == week_map.SMALL else self.least)

    def _number(self, name: Name) -> int:
        return self._at.setdefault(name, len(self._at))

    def _know(self, names: Sequence[Name], n: float) -> None:
        self._rows.append((dict.fromkeys(map(self._number, names), 1.0), n))

    def _floor(self, names: Sequence[Name], least: float) -> None:
        row = dict.fromkeys(map(self._number, names), 1.0)
        row[self._number(("slack", len(self._rows)))] = -1.0
        self._rows.append((row, least))

    def found(self) -> list[tuple[tuple[Name, ...], int]]:
        """What is hidden and can have one value only, with it."""
        if not self.hidden:
            return []
        equal = np.zeros((len(self._rows), len(self._at)))
        for k, (row, _) in enumerate(self._rows):
            equal[k, list(row)] = list(row.values())
        known = np.array([n for _, n in self._rows])
        rows = LinearConstraint(equal, known, known)
        targets = np.zeros((len(self.hidden), len(self._at)))
        for k, names in enumerate(self.hidden):
            targets[k, [self._at[n] for n in names]] = 1
        low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)

        def solve(objective: Any) -> None:
            """One table that fits all that is seen, the best by `objective`: every hidden sum of it is possible."""
            told = milp(objective, constraints=rows, integrality=np.ones(len(objective)), bounds=(0, MOST))
            assert told.status == 0, "what is seen must be possible"
            values = targets @ told.x
            np.minimum(low, values, out=low), np.maximum(high, values, out=high)

        rng = np.random.default_rng(len(self._at))
        for _ in range(4):
            solve(rng.random(len(self._at)))
        for target in targets:
            at = int(np.flatnonzero((targets == target).all(axis=1))[0])
            for way in (1, -1):
                if not high[at] - low[at] > 0.5:
                    solve(way * target)
        return [(n, round(a)) for n, a, b in zip(self.hidden, low, high, strict=True) if not b - a > 0.5]
