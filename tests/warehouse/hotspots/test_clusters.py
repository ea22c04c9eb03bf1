"""Clusters are made of customers, whatever the order of rows, and one angry customer never makes one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from warehouse.hotspots.clusters import NOISE, Lattice, Reach, label, stand_ins

REACH = Reach(300.0, 5)


def labels(customer: list[int], x: np.ndarray, y: np.ndarray, reach: Reach = REACH) -> np.ndarray:
    """Everything at once, on a 50 m lattice."""
    ix, iy = np.floor(np.asarray(x) / 50).astype(np.int64), np.floor(np.asarray(y) / 50).astype(np.int64)
    cell, mx, my = (ix << 32) + iy + (1 << 31), (ix + 0.5) * 50, (iy + 0.5) * 50
    lattice = Lattice.of(cell, 50, reach.eps_m)
    leader = stand_ins(np.asarray(customer, np.int64), mx, my, reach.eps_m)
    return label(np.searchsorted(lattice.cell, cell), leader, lattice, reach)


def test_five_customers_close_together_are_a_cluster_and_four_are_not() -> None:
    x = np.array([0, 60, 120, 180, 240.0])
    assert labels([1, 2, 3, 4, 5], x, np.zeros(5)).tolist() == [0] * 5
    assert labels([1, 2, 3, 4], x[:4], np.zeros(4)).tolist() == [NOISE] * 4


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(-400, 400), st.floats(-400, 400)), min_size=1, max_size=60))
def test_one_angry_customer_never_makes_a_cluster(points: list[tuple[float, float]]) -> None:
    x, y = np.array(points).T
    assert set(labels([7] * len(x), x, y)) == {NOISE}
    # Nor do four, however often they call and wherever they stand.
    assert set(labels([n % 4 for n in range(len(x))], x, y)) == {NOISE}


def test_a_repeating_customer_does_not_lift_four_to_five_nor_is_lost() -> None:
    x = np.array([0, 10, 20, 30, 40, 5, 15.0])
    assert set(labels([1, 2, 3, 4, 4, 1, 1], x, np.zeros(7))) == {NOISE}
    assert labels([1, 2, 3, 4, 5, 1, 1], x, np.zeros(7)).tolist() == [0] * 7


def test_one_customer_at_two_places_counts_at_both() -> None:
    x = np.r_[np.arange(5) * 20.0, 5000 + np.arange(5) * 20.0]
    assert labels([1, 2, 3, 4, 5, 1, 6, 7, 8, 9], x, np.zeros(10)).tolist() == [0] * 5 + [1] * 5


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(-40, 40), st.integers(-40, 40))
def test_order_of_rows_and_whole_steps_of_the_lattice_change_nothing(seed: int, east: int, north: int) -> None:
    rng = np.random.default_rng(seed)
    n = 120
    x, y, customer = rng.normal(0, 500, n), rng.normal(0, 500, n), rng.integers(0, 90, n)
    told = labels(customer, x, y)
    moved = labels(customer, x + 50 * east, y + 50 * north)
    assert (moved == told).all()
    order = rng.permutation(n)
    # Which ticket stands for a customer follows the order of acceptance, which callers keep; all else may be permuted.
    alone = np.arange(n)
    assert (labels(alone[order], x[order], y[order]) == labels(alone, x, y)[order]).all()


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_core_points_and_noise_are_those_of_plain_dbscan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = (rng.normal(0, 600, (2, 150)) // 50 + 0.5) * 50
    told = labels(np.arange(150), x, y)
    plain = DBSCAN(eps=300 * (1 + 1e-9), min_samples=5).fit(np.column_stack([x, y]))
    assert ((told == NOISE) == (plain.labels_ == NOISE)).all()
    core = plain.core_sample_indices_
    pairs = set(zip(told[core].tolist(), plain.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


def test_the_lattice_knows_what_lies_within_reach_to_the_metre() -> None:
    rng = np.random.default_rng(3)
    ix, iy = rng.integers(-30, 30, 400), rng.integers(-30, 30, 400)
    cells = np.unique((ix << 32) + iy + (1 << 31))
    lattice = Lattice.of(np.r_[cells, cells[:5]], 200, 1000.0)
    apart = np.hypot(lattice.x[:, None] - lattice.x, lattice.y[:, None] - lattice.y)
    found = {
        (i, j)
        for first, last in zip(lattice.first, lattice.last, strict=True)
        for i in range(len(cells))
        for j in range(first[i], last[i])
    }
    assert found == set(zip(*np.nonzero(apart <= 1000), strict=True))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_a_cell_at_the_rim_goes_with_the_nearest_core_cell_and_the_first_of_equals(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = (rng.normal(0, 900, (2, 150)) // 50 + 0.5) * 50
    told = labels(np.arange(150), x, y)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    core = np.flatnonzero((apart <= 300).sum(axis=1) >= 5)
    for rim in np.flatnonzero(told != NOISE):
        near = [(apart[rim, k], x[k], y[k], told[k]) for k in core if apart[rim, k] <= 300]
        assert told[rim] == min(near)[3]
