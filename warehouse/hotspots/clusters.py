"""Which complaints lie close together: DBSCAN over customers on a lattice of projected metres.

Positions are the middles of 50 m cells, so that nothing here ever sees a customer's exact point. What is counted is
customers: however often somebody complains, no neighbourhood counts them twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from warehouse.hotspots.history import unpacked
from warehouse.hotspots.ragged import Small

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NOISE = -1


@dataclass(frozen=True)
class Reach:
    """How near is near, and how many customers make a cluster."""

    eps_m: float
    least: int


@dataclass(frozen=True)
class Lattice:
    """The cells that tickets ever lay in, and where in each column near by the cells within reach stand.

    `cell` are distinct packed squares in ascending order, so that a stretch of a column is a stretch of positions; x
    and y their middles in metres. Entry k is of the column `dx[k]` to the east, 0 first and then both ways: what is
    within reach of cell i there stands from `first[k][i]` to before `last[k][i]`, and from `middle[k][i]` on in the row
    of i or north of it.
    """

    cell: Ints
    x: Floats
    y: Floats
    dx: tuple[int, ...]
    first: Sequence[Small]
    middle: Sequence[Small]
    last: Sequence[Small]

    @classmethod
    def of(cls, cell: Ints, size_m: float, eps_m: float) -> Lattice:
        """`cell`: packed squares of `size_m`, in any order, as often as they come."""
        ids = np.unique(cell)
        column, row = unpacked(ids)
        reach = int(eps_m * (1 + 1e-9) // size_m)
        dx = (0, *range(1, reach + 1), *range(-1, -reach - 1, -1))
        high = {d: max(k for k in range(reach + 1) if math.hypot(d, k) * size_m <= eps_m * (1 + 1e-9)) for d in dx}
        east = [ids + (np.int64(d) << np.int64(32)) for d in dx]
        first = [np.searchsorted(ids, e - high[d]).astype(np.int32) for d, e in zip(dx, east, strict=True)]
        middle = [np.searchsorted(ids, e).astype(np.int32) for e in east]
        last = [np.searchsorted(ids, e + high[d], "right").astype(np.int32) for d, e in zip(dx, east, strict=True)]
        x, y = (np.asarray((v + 0.5) * size_m, float) for v in (column, row))
        return cls(ids, x, y, dx, first, middle, last)


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
    weight = np.bincount(at[leaders], minlength=len(lattice.cell))
    cells = np.flatnonzero(weight)
    until = _before(weight)
    near = np.zeros(len(cells), np.int64)
    for first, last in zip(lattice.first, lattice.last, strict=True):
        near += until[last[cells]] - until[first[cells]]
    core, rim = cells[near >= reach.least], cells[near < reach.least]
    if not len(core):
        return np.full(len(at), NOISE, dtype=np.int64)
    is_core = np.zeros(len(lattice.cell), bool)
    is_core[core] = True
    # How many core cells stand before each position: a stretch of positions holds those numbered from one to the other.
    before = _before(is_core)
    by_core = _joined(core, before, lattice)
    nearest = _nearest(rim, core, before, lattice)
    by_cell = np.full(len(lattice.cell), NOISE, np.int64)
    by_cell[core] = by_core
    by_cell[rim] = np.where(nearest >= 0, by_core[nearest], NOISE)
    # A ticket's stand-in is a leader, so its cell is one of `cells`.
    by_cell[cells] = _in_order(by_cell[cells])
    return by_cell[at[stand_in]]


def _before(values: NDArray[np.generic]) -> Small:
    """What stands before each position, and all of it at the end."""
    out = np.zeros(len(values) + 1, np.int32)
    np.cumsum(values, out=out[1:])
    return out


def _joined(core: Ints, before: Small, lattice: Lattice) -> Ints:
    """The number of the group of each core cell: those that hang together.

    Core cells of one column hang together from one to the next. Of the column stretch within reach of another cell, the
    southernmost and the northernmost then stand for all: whatever lies between is within reach of one of them.
    """
    n = len(core)
    number = np.arange(n, dtype=np.int32)
    own = np.flatnonzero(before[lattice.last[0][core]] > number + 1).astype(np.int32)
    a: list[Small] = [own]
    b: list[Small] = [own + 1]
    for k, dx in enumerate(lattice.dx):
        if dx > 0:
            south, north = before[lattice.first[k][core]], before[lattice.last[k][core]] - 1
            held = np.flatnonzero(south <= north).astype(np.int32)
            wide = held[south[held] < north[held]]
            a += [held, wide]
            b += [south[held], north[wide]]
    ends = np.concatenate(a), np.concatenate(b)
    graph = sparse.csr_array((np.ones(len(ends[0]), np.int8), ends), shape=(n, n))
    return csgraph.connected_components(graph, directed=False)[1].astype(np.int64)


def _nearest(rim: Ints, core: Ints, before: Small, lattice: Lattice) -> Ints:
    """Of every cell at the rim the nearest core cell within reach, by its number among `core`; the cell with the
    smaller id on a tie, -1 where there is none.
    """
    best = np.full(len(rim), -1, np.int64)
    least = np.full(len(rim), np.iinfo(np.int64).max)
    row = unpacked(lattice.cell)[1]
    # From west to east and from south to north, so that the first of equals is the one with the smallest id.
    for k in sorted(range(len(lattice.dx)), key=lambda k: lattice.dx[k]):
        middle = before[lattice.middle[k][rim]]
        south, north = before[lattice.first[k][rim]], before[lattice.last[k][rim]]
        for at, held in ((middle - 1, middle > south), (middle, middle < north)):
            here = np.flatnonzero(held)
            found = at[here]
            apart = lattice.dx[k] ** 2 + (row[core[found]] - row[rim[here]]) ** 2
            nearer = apart < least[here]
            least[here[nearer]], best[here[nearer]] = apart[nearer], found[nearer]
    return best


def _in_order(labels: Ints) -> Ints:
    """Number clusters by their first cell, so that numbers do not hang on the order of rows."""
    held = labels != NOISE
    told, first, which = np.unique(labels[held], return_index=True, return_inverse=True)
    rank = np.empty(len(told), np.int64)
    rank[np.argsort(first)] = np.arange(len(told))
    out = np.full(len(labels), NOISE, dtype=np.int64)
    out[held] = rank[which]
    return out
