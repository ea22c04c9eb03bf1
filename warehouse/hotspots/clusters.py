"""Which complaints lie close together: DBSCAN over customers on a lattice of projected metres.

Positions are the middles of 50 m cells, so that nothing here ever sees a customer's exact point. What is counted is
customers: however often somebody complains, no neighbourhood counts them twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from warehouse.hotspots.history import unpacked
from warehouse.hotspots.ragged import Ragged, Small

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NOISE = -1


@dataclass(frozen=True)
class Reach:
    """How near is near, and how many customers make a cluster."""

    eps_m: float
    least: int


@dataclass(frozen=True)
class Links:
    """Pairs of cells within reach, both ways round, a cell with itself too: positions a and b, and metres apart."""

    a: Ints
    b: Small
    apart: Floats


@dataclass(frozen=True)
class Lattice:
    """The cells that tickets ever lay in, and which of them are within reach: found once, used every week.

    `cell` are distinct packed squares in ascending order, x and y their middles in metres; `near` lists by position the
    cells within reach of each, itself included, and `apart` the metres to them.
    """

    cell: Ints
    x: Floats
    y: Floats
    near: Ragged
    apart: Floats

    @classmethod
    def of(cls, cell: Ints, size_m: float, eps_m: float) -> Lattice:
        """`cell`: packed squares of `size_m`, in any order, as often as they come."""
        ids = np.unique(cell)
        column, row = unpacked(ids)
        reach = int(eps_m * (1 + 1e-9) // size_m)
        steps = [(dx, dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)]
        steps = [step for step in steps if math.hypot(*step) * size_m <= eps_m * (1 + 1e-9)]
        # One column per step, in the order of ids; -1 where nobody ever was.
        near = np.full((len(ids), len(steps)), -1, np.int32)
        for k, (dx, dy) in enumerate(steps):
            if (dx, dy) > (0, 0):
                break
            wanted = ids + (np.int64(dx) << np.int64(32)) + dy
            at = np.searchsorted(ids, wanted)
            a = np.flatnonzero(ids[np.minimum(at, len(ids) - 1)] == wanted) if len(ids) else at
            near[a, k], near[at[a], len(steps) - 1 - k] = at[a], a
        there = near >= 0
        # Nothing is at 0 m: a cell is at a hair's breadth from itself.
        apart = np.array([max(math.hypot(*step) * size_m, 1e-6) for step in steps])
        begin = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int64)
        metres = np.broadcast_to(apart, there.shape)[there]
        x, y = (np.asarray((v + 0.5) * size_m, float) for v in (column, row))
        return cls(ids, x, y, Ragged(begin, near[there]), metres)

    def links(self, cells: Ints) -> Links:
        """The pairs among some cells, given by ascending position; a and b are positions in `cells`."""
        place = np.full(len(self.cell), -1, np.int32)
        place[cells] = np.arange(len(cells), dtype=np.int32)
        whose, at = self.near.where(cells)
        other = place[self.near.values[at]]
        held = other >= 0
        return Links(whose[held], other[held], self.apart[at[held]])


def stand_ins(customer: Ints, x: Floats, y: Floats, eps_m: float) -> Ints:
    """For every ticket the row number of the ticket that stands for it: one per customer and neighbourhood.

    Tickets of one customer that hang together in steps of at most twice `eps_m` have one stand-in, the first of them.
    Two stand-ins of one customer are then further apart than any neighbourhood is wide.
    """
    n = len(customer)
    found = np.arange(n, dtype=np.int64)
    order = np.argsort(customer, kind="stable")
    sorted_ = customer[order]
    several = np.flatnonzero(np.r_[False, sorted_[1:] == sorted_[:-1]] | np.r_[sorted_[1:] == sorted_[:-1], False][:n])
    if not len(several):
        return found
    rows = np.sort(order[several])
    # Customers are set so far apart that only a customer's own tickets can be neighbours.
    _, number = np.unique(customer[rows], return_inverse=True)
    points = np.column_stack([x[rows], y[rows], number * (4.0 * eps_m + 1.0)])
    pairs = cKDTree(points).query_pairs(2 * eps_m * (1 + 1e-9), output_type="ndarray")
    links = sparse.csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(rows), len(rows)))
    _, group = csgraph.connected_components(links, directed=False)
    _, first = np.unique(group, return_index=True)
    found[rows] = rows[first[group]]
    return found


def label(at: Ints, stand_in: Ints, lattice: Lattice, reach: Reach) -> Ints:
    """Cluster number per ticket, `NOISE` outside: `at` is each ticket's place in the lattice.

    A core cell has at least `least` customers within reach. A cell that belongs to two clusters goes with the nearer
    core cell, so that the order of rows decides nothing.
    """
    leaders = np.flatnonzero(stand_in == np.arange(len(stand_in)))
    if len(leaders) < reach.least:
        return np.full(len(at), NOISE, dtype=np.int64)
    cells, weight = np.unique(at[leaders], return_counts=True)
    links = lattice.links(cells)
    core = np.bincount(links.a, weights=weight[links.b], minlength=len(cells)) >= reach.least
    by_cell = _in_order(_settled(_joined(links, core), core, links))
    # A ticket's stand-in is a leader, so its cell is one of `cells`.
    return np.asarray(by_cell[np.searchsorted(cells, at[stand_in])])


def _joined(links: Links, core: NDArray[np.bool_]) -> Ints:
    """The core cells that hang together by a number of their own, all others `NOISE`."""
    held = core[links.a] & core[links.b]
    shape = (len(core), len(core))
    graph = sparse.csr_array((np.ones(int(held.sum()), np.int8), (links.a[held], links.b[held])), shape=shape)
    _, found = csgraph.connected_components(graph, directed=False)
    return np.where(core, found, NOISE).astype(np.int64)


def _settled(found: Ints, core: NDArray[np.bool_], links: Links) -> Ints:
    """Put every cell at the rim into the cluster of its nearest core cell; the cell with the smaller id on a tie."""
    held = ~core[links.a] & core[links.b]
    rim, inner, apart = links.a[held], links.b[held], links.apart[held]
    order = np.lexsort((inner, apart, rim))
    cells, first = np.unique(rim[order], return_index=True)
    out = found.copy()
    out[cells] = found[inner[order][first]]
    return out


def _in_order(labels: Ints) -> Ints:
    """Number clusters by their first cell, so that numbers do not hang on the order of rows."""
    held = labels != NOISE
    told, first, which = np.unique(labels[held], return_index=True, return_inverse=True)
    rank = np.empty(len(told), np.int64)
    rank[np.argsort(first)] = np.arange(len(told))
    out = np.full(len(labels), NOISE, dtype=np.int64)
    out[held] = rank[which]
    return out
