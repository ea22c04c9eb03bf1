"""What each grid had before, week by week, and so what it may be expected to have. One zone (town or country) each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.hotspots.expect import Common, common, expected_of_history
from warehouse.hotspots.settings import Gate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
DAYS = 7


def packed(ix: Ints, iy: Ints, cells: int) -> Ints:
    """One number per square of `cells` × `cells` 50 m cells: equal numbers are one square, of one size only."""
    return (np.floor_divide(ix, cells) << np.int64(32)) + np.floor_divide(iy, cells) + np.int64(1 << 31)


def unpacked(grids: Ints) -> tuple[Ints, Ints]:
    """Column and row of packed squares."""
    return np.asarray(grids >> np.int64(32)), np.asarray((grids & np.int64((1 << 32) - 1)) - np.int64(1 << 31))


def fresh(customer: Ints, grid: Ints, at: NDArray[np.datetime64], days: int) -> NDArray[np.bool_]:
    """Whether a ticket is news: its customer said nothing from this grid in the `days` before.

    Rows ascend by time; customers and grids are numbered from 0.
    """
    key = customer * np.int64(grid.max(initial=0) + 1) + grid
    order = np.argsort(key, kind="stable")
    k, t = key[order], at[order]
    is_same = np.r_[False, k[1:] == k[:-1]] if len(k) else np.zeros(0, bool)
    gap = np.r_[np.timedelta64(0, "s"), t[1:] - t[:-1]] if len(k) else np.zeros(0, "timedelta64[s]")
    out = np.empty(len(k), bool)
    out[order] = ~is_same | (gap > np.timedelta64(days, "D"))
    return out


@dataclass
class History:
    """Counts per grid and week. `region` numbers the district of each grid, `since` the week it was first heard of."""

    grids: Ints
    region: Ints
    since: Ints
    n: NDArray[np.float32]
    hot: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        # Weeks are what is asked for: each stands together.
        self.n = np.asfortranarray(self.n)
        self.hot = np.zeros(self.n.shape, bool, order="F")
        self._until = np.zeros((len(self.grids), self.n.shape[1] + 1), np.int32, order="F")
        np.cumsum(self.n, axis=1, out=self._until[:, 1:])
        self._districts = [np.flatnonzero(self.region == region) for region in np.unique(self.region)]

    @classmethod
    def of(cls, known: pd.DataFrame, place: Ints, week: Ints, n_weeks: int) -> History:
        """`known`: grid, region, since (week number, may be negative) of every grid anybody was ever located in, a row
        per grid and region. `place` (of the grid, among all grids in order) and `week` are those of the tickets that
        count. A grid is of the district it was first heard of in: what comes later changes no week before it.
        """
        main = known.sort_values(["grid", "since", "region"]).drop_duplicates("grid")
        ids = main["grid"].to_numpy(np.int64)
        counts = np.zeros((len(ids), n_weeks), np.float32, order="F")
        held = (week >= 0) & (week < n_weeks)
        np.add.at(counts, (place[held], week[held]), 1)
        return cls(ids, main["region"].to_numpy(np.int64), main["since"].to_numpy(np.int64), counts)

    def rows(self, grids: Ints) -> Ints:
        """Where grids stand."""
        return np.searchsorted(self.grids, grids)

    def heat(self, grids: Ints, first: int, last: int) -> None:
        """Say that these weeks, both ends included, were no usual ones here."""
        self.hot[self.rows(grids), max(first, 0) : last + 1] = True

    def usual(self, until: int, gate: Gate) -> tuple[Floats, Floats]:
        """Counts and weeks of each grid's newest `history_weeks` before week `until` that were not hot."""
        begin = max(0, until - gate.look_back_weeks)
        plain = max(begin, until - gate.history_weeks)
        n = (self._until[:, max(until, plain)] - self._until[:, plain]).astype(np.float64)
        weeks = np.full(len(self.grids), float(max(until - plain, 0)))
        touched = np.flatnonzero(self.hot[:, plain:until].any(axis=1))
        if len(touched):
            usable = ~self.hot[touched, begin:until]
            newest = np.cumsum(usable[:, ::-1], axis=1)[:, ::-1]
            taken = usable & (newest <= gate.history_weeks)
            n[touched] = (self.n[touched, begin:until] * taken).sum(axis=1)
            weeks[touched] = taken.sum(axis=1)
        return n, weeks

    def rates(self, until: int, gate: Gate) -> Floats:
        """Complaints a week to be expected of each grid from before week `until`; NaN where that is short."""
        n, weeks = self.usual(until, gate)
        rates = np.full(len(self.grids), np.nan)
        for own in self._districts:
            known = own[self.since[own] < until]
            if until >= gate.least_history_weeks and (weeks[known] > 0).any():
                prior: Common = common(n[known], weeks[known])
                rates[own] = expected_of_history(n[own], weeks[own], prior)
        return rates
