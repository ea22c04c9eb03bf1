"""Which complaints lie close together: DBSCAN over customers on a lattice of projected metres.

Positions are the middles of 50 m cells, so that nothing here ever sees a customer's exact point. What is counted is
customers: however often somebody complains, no neighbourhood counts them twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN

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
    """The cells that tickets ever lay in, and which of them are within reach: found once, used every week.

    `cell` are distinct ids in ascending order, x and y their middles in metres; `near` holds distances (never 0: a cell
    is at a hair's breadth from itself).
    """

    cell: Ints
    x: Floats
    y: Floats
    near: sparse.csr_array

    @classmethod
    def of(cls, cell: Ints, x: Floats, y: Floats, eps_m: float) -> Lattice:
        ids, first = np.unique(cell, return_index=True)
        px, py = np.asarray(x, float)[first], np.asarray(y, float)[first]
        if not len(ids):
            return cls(ids, px, py, sparse.csr_array((0, 0)))
        tree = cKDTree(np.column_stack([px, py]))
        pairs = tree.query_pairs(eps_m * (1 + 1e-9), output_type="ndarray")
        a, b = pairs[:, 0], pairs[:, 1]
        apart = np.hypot(px[a] - px[b], py[a] - py[b])
        own = np.arange(len(ids))
        rows, columns = np.concatenate([a, b, own]), np.concatenate([b, a, own])
        held = np.concatenate([apart, apart, np.full(len(ids), 1e-6)])
        return cls(ids, px, py, sparse.csr_array((held, (rows, columns)), shape=(len(ids), len(ids))))


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
    labels = np.full(len(at), NOISE, dtype=np.int64)
    if len(leaders) < reach.least:
        return labels
    cells, weight = np.unique(at[leaders], return_counts=True)
    graph = lattice.near[cells][:, cells]
    reached = (graph != 0) @ weight
    core = reached >= reach.least
    if not core.any():
        return labels
    # The rest is noise. Of those kept, a core cell has all its neighbours, and no other becomes one by losing some.
    near_core = np.flatnonzero((graph[:, np.flatnonzero(core)] != 0).sum(axis=1) > 0)
    model = DBSCAN(eps=reach.eps_m * (1 + 1e-9), min_samples=reach.least, metric="precomputed")
    found = model.fit(graph[near_core][:, near_core], sample_weight=weight[near_core]).labels_
    by_cell = np.full(len(cells), NOISE, dtype=np.int64)
    by_cell[near_core] = _settled(found, core[near_core], graph[near_core][:, near_core])
    by_cell = _in_order(by_cell)
    place = pd.Series(by_cell, index=cells)
    return place.reindex(at[stand_in]).fillna(NOISE).to_numpy(np.int64)


def _settled(found: Ints, core: NDArray[np.bool_], graph: sparse.csr_array) -> Ints:
    """Put every cell at the rim into the cluster of its nearest core cell; the cell with the smaller id on a tie."""
    out = np.asarray(found, dtype=np.int64).copy()
    rim = np.flatnonzero(~core & (out != NOISE))
    for at in rim:
        begin, end = graph.indptr[at], graph.indptr[at + 1]
        others, apart = graph.indices[begin:end], graph.data[begin:end]
        is_core = core[others]
        best = np.lexsort((others[is_core], apart[is_core]))[0]
        out[at] = found[others[is_core][best]]
    return out


def _in_order(labels: Ints) -> Ints:
    """Number clusters by their first cell, so that numbers do not hang on the order of rows."""
    out = np.full(len(labels), NOISE, dtype=np.int64)
    told, first = np.unique(labels[labels != NOISE], return_index=True)
    held = labels[labels != NOISE]
    for number, at in enumerate(np.sort(first)):
        out[labels == held[at]] = number
    return out
