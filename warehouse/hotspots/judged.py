"""The clusters of one window against what was to be expected there: all of a zone at once, as a week has hundreds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warehouse.hotspots.city import City
from warehouse.hotspots.clusters import NOISE, Reach, label, stand_ins
from warehouse.hotspots.expect import tail
from warehouse.hotspots.history import DAYS
from warehouse.hotspots.ragged import commonest, n_distinct, once
from warehouse.hotspots.settings import Gate

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
EXCESS, VOLUME, KEPT = "excess", "volume", "kept"


@dataclass(frozen=True)
class Cluster:
    """A cluster that is odd or large, or may stay one. `rows` are its tickets, `grids` packed squares, metres.

    `n_week`: customers of the week itself. p_value and expected (NaN where history is short) are of the window.
    """

    rows: Ints
    grids: frozenset[int]
    x: float
    y: float
    radius_m: float
    n_customers: int
    n_tickets: int
    n_week: int
    expected: float
    p_value: float
    gate: str
    region: str


def together(city: City, week: int, is_urban: bool, days: int) -> tuple[Ints, Ints]:
    """Cluster, ascending, and row of every ticket that lies close to others in the `days` up to the end of `week`.

    Asks nothing of other weeks, so any number of these may run side by side.
    """
    zone = city.settings.zone(is_urban)
    part = city.between(city.monday(week + 1), days)
    rows = np.flatnonzero(city.is_urban[part] == is_urban) + part.start
    if len(rows) < zone.least:
        return rows[:0], rows[:0]
    leader = stand_ins(city.customer[rows], city.x[rows], city.y[rows], zone.eps_m)
    labels = label(city.cell[rows], leader, city.lattice[is_urban], Reach(zone.eps_m, zone.least))
    inside = np.flatnonzero(labels != NOISE)
    order = inside[np.argsort(labels[inside], kind="stable")]
    return labels[order], rows[order]


def judged(city: City, week: int, is_urban: bool, days: int, cluster: Ints, rows: Ints) -> list[Cluster]:
    """The clusters that are odd or large, or may stay so. `cluster` numbers that of each of `rows`, ascending."""
    zone, gate = city.settings.zone(is_urban), city.settings.gate
    n_customers = n_distinct(cluster, city.customer[rows], int(cluster.max(initial=-1)) + 1)
    due = expected(city, is_urban, *city.reached(is_urban, cluster, rows, week), len(n_customers), week, days)
    p = tail(n_customers, due)
    why = [_gate(*row, gate) for row in zip(n_customers.tolist(), p.tolist(), strict=True)]
    told = np.array([w is not None for w in why], bool) & (n_customers >= zone.least)
    # From here on only those that are told.
    number = np.cumsum(told) - 1
    held = told[cluster]
    cluster, rows = number[cluster[held]], rows[held]
    n = int(told.sum())
    if not n:
        return []
    x, y, radius = _extent(city, cluster, rows, n)
    squares, at, _ = once(cluster, city.place[rows])
    grids = np.split(city.history[is_urban].grids[at], np.flatnonzero(np.diff(squares)) + 1)
    n_tickets = n_distinct(cluster, city.matter[rows], n)
    of_week = city.week[rows] == week
    n_week = n_distinct(cluster[of_week], city.customer[rows[of_week]], n)
    region = commonest(cluster, city.region[rows], n)
    parts = np.split(rows, np.flatnonzero(np.diff(cluster)) + 1)
    return [
        Cluster(
            parts[k], frozenset(grids[k].tolist()), float(x[k]), float(y[k]), float(radius[k]) + zone.lattice_m / 2,
            int(n_customers[no]), int(n_tickets[k]), int(n_week[k]), float(due[no]), float(p[no]), str(why[no]),
            city.region_names[region[k]],
        )
        for k, no in enumerate(np.flatnonzero(told).tolist())
    ]  # fmt: skip


def _extent(city: City, cluster: Ints, rows: Ints, n: int) -> tuple[Floats, Floats, Floats]:
    """Middle of each cluster's customers, who count once each, and metres to the farthest."""
    of, _, first = once(cluster, city.customer[rows])
    size = np.bincount(of, minlength=n)
    px, py = city.x[rows[first]], city.y[rows[first]]
    # Sums of middles of cells are exact, whatever their order.
    x, y = np.bincount(of, weights=px, minlength=n) / size, np.bincount(of, weights=py, minlength=n) / size
    apart = np.hypot(px - x[of], py - y[of])
    return x, y, np.maximum.reduceat(apart, np.cumsum(size) - size)


def expected(city: City, is_urban: bool, whose: Ints, grids: Ints, n: int, week: int, days: int) -> Floats:
    """Complaints to be expected of `n` sets of grids (by position in the history) in so many days up to the end of
    `week`; NaN where history is short. `whose` numbers the set of each of `grids`, ascending.
    """
    rates = city.rates(is_urban, week + 1 - -(-days // DAYS), week)[grids]
    cuts = np.searchsorted(whose, np.arange(n + 1))
    return np.array([rates[a:b].sum() for a, b in zip(cuts, cuts[1:], strict=False)], float) * days / DAYS


def _gate(n: int, p: float, gate: Gate) -> str | None:
    """Why a cluster is a hotspot: odd, or large; or only odd or large enough to stay one."""
    if p < gate.alpha:
        return EXCESS
    if n >= gate.count:
        return VOLUME
    return KEPT if p < gate.keep_alpha or n >= gate.keep_count else None
