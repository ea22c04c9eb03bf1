"""A city's located complaints, prepared once for every week: grids, neighbours, history. Frames in, arrays inside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from warehouse.hotspots.clusters import Lattice
from warehouse.hotspots.history import DAYS, History, fresh, packed, unpacked
from warehouse.hotspots.ragged import Ragged, once
from warehouse.hotspots.settings import Settings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CELL_M = 50  # the grid that positions come in


def names_of(column: pd.Series) -> list[str]:
    """Every value once, in order."""
    return sorted(str(name) for name in column.unique())


@dataclass
class City:
    """Tickets in the order of their acceptance, prepared once. `day0` is the Monday of week 0.

    `tickets`: ticket_id, customer (a number), accepted_at (datetime64), ix, iy (50 m cell), is_urban, region,
    subtype; in any order. `known`: ix, iy, is_urban, region, first_on: where anybody was ever located.
    """

    tickets: pd.DataFrame
    known: pd.DataFrame
    settings: Settings
    day0: date
    n_weeks: int
    history: dict[bool, History] = field(init=False)
    lattice: dict[bool, Lattice] = field(init=False)
    reach: dict[bool, Ragged] = field(init=False)
    tree: dict[bool, cKDTree | None] = field(init=False)

    def __post_init__(self) -> None:
        t = self.tickets.sort_values(["accepted_at", "ticket_id"], kind="stable").reset_index(drop=True)
        self.tickets = t
        self.at = t["accepted_at"].to_numpy("datetime64[s]")
        self.customer = t["customer"].to_numpy(np.int64)
        self.is_urban = t["is_urban"].to_numpy(bool)
        self.region_names = names_of(pd.concat([self.known["region"], t["region"]]))
        self.region = pd.Index(self.region_names).get_indexer(t["region"]).astype(np.int64)
        self.subtype = pd.factorize(t["subtype"])[0].astype(np.int64)
        ix, iy = t["ix"].to_numpy(np.int64), t["iy"].to_numpy(np.int64)
        start = np.datetime64(self.day0, "s")
        self.week = ((self.at - start) // np.timedelta64(DAYS, "D")).astype(np.int64)
        regions = pd.Index(self.region_names)
        since = (pd.to_datetime(self.known["first_on"]).to_numpy("datetime64[s]") - start) // np.timedelta64(DAYS, "D")
        self.grid, self.x, self.y = (np.zeros(len(t), k) for k in (np.int64, float, float))
        self.cell, self.place = np.zeros(len(t), np.int64), np.zeros(len(t), np.int64)
        self.history, self.lattice, self.reach, self.tree = {}, {}, {}, {}
        self._rates: dict[tuple[bool, int], Floats] = {}
        self._rates_of = -1
        for is_urban in (True, False):
            zone, own = self.settings.zone(is_urban), self.is_urban == is_urban
            fine, coarse = zone.lattice_m // CELL_M, zone.grid_m // CELL_M
            cell = packed(ix[own], iy[own], fine)
            column, row = unpacked(cell)
            self.x[own], self.y[own] = (column + 0.5) * zone.lattice_m, (row + 0.5) * zone.lattice_m
            self.grid[own] = packed(ix[own], iy[own], coarse)
            self.lattice[is_urban] = Lattice.of(cell, zone.lattice_m, zone.eps_m)
            self.cell[own] = np.searchsorted(self.lattice[is_urban].cell, cell)
            there = self.known["is_urban"].to_numpy(bool) == is_urban
            known = pd.DataFrame(
                {
                    "grid": packed(
                        self.known["ix"].to_numpy(np.int64)[there], self.known["iy"].to_numpy(np.int64)[there], coarse
                    ),
                    "region": regions.get_indexer(self.known["region"])[there],
                    "since": since.astype(np.int64)[there],
                }
            )
            merged = known.groupby(["grid", "region"], as_index=False).agg(since=("since", "min"))
            place = np.searchsorted(np.unique(merged["grid"].to_numpy(np.int64)), self.grid[own])
            self.place[own] = place
            news = fresh(self.customer[own], place, self.at[own], self.settings.select.window_days)
            self.history[is_urban] = History.of(merged, place[news], self.week[own][news], self.n_weeks)
            column, row = unpacked(self.history[is_urban].grids)
            middles = np.column_stack([column + 0.5, row + 0.5]) * float(zone.grid_m)
            self.tree[is_urban] = cKDTree(middles) if len(middles) else None
            points = np.column_stack([self.lattice[is_urban].x, self.lattice[is_urban].y])
            self.reach[is_urban] = self._near(is_urban, points)

        # One number per customer and square, and per customer, square and subtype: counted often.
        square = pd.factorize(self.grid)[0].astype(np.int64)
        presence = square * np.int64(self.customer.max(initial=0) + 1) + self.customer
        self.presence = pd.factorize(presence)[0].astype(np.int64)
        matter = self.presence * np.int64(self.subtype.max(initial=0) + 1) + self.subtype
        self.matter = pd.factorize(matter)[0].astype(np.int64)

    def monday(self, week: int) -> date:
        """First day of a week."""
        return self.day0 + timedelta(days=DAYS * week)

    def reached(self, is_urban: bool, cluster: Ints, rows: Ints, week: int) -> tuple[Ints, Ints]:
        """The grids known by the end of `week` that clusters could have drawn on: all whose middle lies within reach of
        one of its cells.

        `cluster` numbers the cluster of each of `rows`. Returns cluster and grid (its position in the history), each
        pair once, ascending. Counting only grids in which somebody complained would find every cluster odd.
        """
        of, cells, _ = once(cluster, self.cell[rows])
        whose, near = self.reach[is_urban].take(cells)
        pairs = np.concatenate([of[whose], cluster]), np.concatenate([near, self.place[rows]])
        clusters, grids, _ = once(*pairs)
        held = self.history[is_urban].since[grids] <= week
        return clusters[held], grids[held]

    def around(self, is_urban: bool, grids: Ints, week: int) -> Ints:
        """The same of grids."""
        size = self.settings.zone(is_urban).grid_m
        column, row = unpacked(grids)
        found = self._near(is_urban, np.column_stack([column + 0.5, row + 0.5]) * float(size))
        around = np.unique(found.values).astype(np.int64)
        return around[self.history[is_urban].since[around] <= week]

    def region_of(self, is_urban: bool, grids: Collection[int]) -> Ints:
        """The number of the district of each grid."""
        history = self.history[is_urban]
        return history.region[history.rows(np.array(sorted(grids), np.int64))]

    def _near(self, is_urban: bool, points: Floats) -> Ragged:
        """The known grids within reach of each point, by position in the history."""
        tree = self.tree[is_urban]
        if tree is None or not len(points):
            return Ragged(np.zeros(len(points) + 1, np.int64), np.zeros(0, np.int64))
        eps = self.settings.zone(is_urban).eps_m
        pairs = cKDTree(points).sparse_distance_matrix(tree, eps, output_type="ndarray")
        order = np.argsort(pairs["i"], kind="stable")
        begin = np.searchsorted(pairs["i"][order], np.arange(len(points) + 1))
        return Ragged(begin.astype(np.int64), pairs["j"][order].astype(np.int64))

    def rates(self, is_urban: bool, until: int, week: int) -> Floats:
        """Complaints a week per known grid, from before week `until` and as seen at the end of `week`."""
        if week != self._rates_of:
            self._rates, self._rates_of = {}, week
        key = (is_urban, until)
        if key not in self._rates:
            self._rates[key] = self.history[is_urban].rates(until, self.settings.gate)
        return self._rates[key]

    def between(self, until: date, days: int) -> slice:
        """Rows accepted in the `days` before a day."""
        end = np.datetime64(until, "s")
        first, last = np.searchsorted(self.at, [end - np.timedelta64(days, "D"), end])
        return slice(int(first), int(last))
