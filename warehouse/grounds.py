"""What lies within reach of what: sites and the grounds they make, with complaints on each ground by week.

Made once for all changes that are looked at together, as a large network has tens of thousands of grounds. Does not
belong here: which sites there are (`changes.py`), what is compared (`effects.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Near:
    """Who stands how near to whom; `sites` has x and y in metres, by site."""

    def __init__(self, sites: pd.DataFrame) -> None:
        self._names = sites.index.to_numpy()
        self._places = sites[["x", "y"]].to_numpy(float)
        self._tree = cKDTree(self._places)

    def within(self, own: Sequence[int], metres: float) -> list[str]:
        """Sites at most so far from one of `own` (positions), themselves included."""
        found = self._tree.query_ball_point(self._places[own], metres)
        return sorted(self.named({n for ground in found for n in ground}))

    def named(self, at: Iterable[int]) -> list[str]:
        """The sites at some positions."""
        return [str(self._names[n]) for n in at]


@dataclass(frozen=True)
class Grounds:
    """Grounds over the same sites: `has` says which sites each has (grounds x sites), `weekly` what each adds up to."""

    names: NDArray[np.object_]
    has: csr_array
    weekly: Floats

    @classmethod
    def of(cls, names: NDArray[np.object_], pairs: tuple[Numbers, Numbers], n: int, counts: Floats) -> Grounds:
        """From `n` grounds as pairs of ground and site, and the sites' counts (sites x weeks)."""
        has = csr_array((np.ones(len(pairs[0])), pairs), shape=(n, len(names)))
        has.sort_indices()
        return cls(names, has, np.asarray(has @ counts, np.float64))

    def sites(self, ground: int) -> frozenset[str]:
        return frozenset(self.names[self._at(ground)])

    def untouched(self, busy: Numbers, among: Numbers) -> Numbers:
        """Of some grounds those that have none of the busy sites."""
        is_free, is_busy = np.ones(len(self.weekly), bool), np.zeros(len(self.names), bool)
        is_busy[busy] = True
        is_free[self._of_site[np.flatnonzero(is_busy)].indices] = False
        return np.asarray(among[is_free[among]], np.int64)

    def apart(self, order: Iterable[int], most: int) -> Numbers:
        """The first of `order` that have no site in common, so that no complaint is counted twice."""
        chosen: list[int] = []
        taken = np.zeros(len(self.names), bool)
        for ground in order:
            at = self._at(int(ground))
            if not taken[at].any():
                chosen.append(int(ground))
                taken[at] = True
            if len(chosen) == most:
                break
        return np.array(chosen, np.int64)

    def _at(self, ground: int) -> Numbers:
        return np.asarray(self.has.indices[self.has.indptr[ground] : self.has.indptr[ground + 1]], np.int64)

    @cached_property
    def _of_site(self) -> csr_array:
        """Which grounds each site is of."""
        return csr_array(self.has.T)


@dataclass(frozen=True)
class Land:
    """All sites a viewer sees, with complaints by site and week from `first` on."""

    table: pd.DataFrame
    counts: Floats
    first: pd.Timestamp
    metres: float

    @property
    def names(self) -> NDArray[np.object_]:
        return np.asarray(self.table.index, object)

    def at(self, sites: Collection[str]) -> Numbers:
        """Where some sites stand; those not seen are left out."""
        return np.array(sorted(self._places[site] for site in sites if site in self._places), np.int64)

    def columns(self, weeks: pd.DatetimeIndex) -> Numbers:
        return np.asarray((weeks.to_numpy() - self.first.to_numpy()) // np.timedelta64(7, "D"), np.int64)

    def known_at(self, day: date) -> Numbers:
        """The sites that were on air on a day, or of which nobody says since when."""
        since = self.table["on_air_on"].to_numpy()
        return np.flatnonzero(~(since > np.datetime64(day))).astype(np.int64)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {site: n for n, site in enumerate(self.table.index)}

    @cached_property
    def around(self) -> Grounds:
        """Of each site the ground: all at most so far from it, itself included."""
        close = cKDTree(self.table[["x", "y"]].to_numpy(float)).query_pairs(self.metres, output_type="ndarray")
        own = np.arange(len(self.table))
        pairs = (np.concatenate([own, close[:, 0], close[:, 1]]), np.concatenate([own, close[:, 1], close[:, 0]]))
        return Grounds.of(self.names, pairs, len(own), self.counts)

    @cached_property
    def towns(self) -> Grounds:
        """The grounds of whole towns."""
        number, towns = pd.factorize(self.table["town"], sort=True)
        held = np.flatnonzero(number >= 0)
        return Grounds.of(self.names, (number[held].astype(np.int64), held), len(towns), self.counts)
