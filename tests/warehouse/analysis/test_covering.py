"""Nothing hidden can be worked out: an attacker with integer programming against the tables as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from warehouse.analysis.covering import cover, fold, with_totals

LEAST = 5


def bounds_of(target: Any, equal: Any, known: Any, lower: Any) -> tuple[float, float]:
    """The least and the most a sum of cells can be, given what is known. Whole numbers, solved exactly."""
    rows = LinearConstraint(np.asarray(equal), np.asarray(known), np.asarray(known)) if len(known) else None
    found = []
    for way in (1, -1):
        told = milp(way * target, constraints=rows, integrality=np.ones(len(target)), bounds=(lower, np.inf))
        found.append(way * told.fun if told.success else way * -np.inf)
    return found[0], found[1]


def attack(n: Any, small: Any, gone: Any) -> Iterator[tuple[int, int]]:
    """Hidden cells, of the table and of its totals, that only one value fits."""
    height, width = n.shape[0] - 1, n.shape[1] - 1

    def unit(i: int, j: int) -> Any:
        cells = np.zeros((height, width))
        cells[slice(None) if i == height else i, slice(None) if j == width else j] = 1
        return cells.ravel()

    every = [(i, j) for i in range(height + 1) for j in range(width + 1)]
    shown = [(i, j) for i, j in every if not gone[i, j]]
    equal, known = [unit(*c) for c in shown], [n[c] for c in shown]
    sums = [c for c in every if gone[c] and (c[0] == height or c[1] == width)]
    lower = np.where(gone, np.where(small, 1, LEAST), 0)[:height, :width].ravel()
    slack = [(unit(*c), 1 if small[c] else LEAST) for c in sums]
    extra = np.eye(len(slack))  # a hidden total is its least value and something more
    wide = [np.concatenate([e, np.zeros(len(slack))]) for e in equal]
    wide += [np.concatenate([s, -extra[k]]) for k, (s, _) in enumerate(slack)]
    full, low = [*known, *(least for _, least in slack)], np.concatenate([lower, np.zeros(len(slack))])
    for c in every:
        if gone[c]:
            least, most = bounds_of(np.concatenate([unit(*c), np.zeros(len(slack))]), wide, full, low)
            if least == most:
                yield c


def hidden_by_people(n: Any) -> Any:
    return (n > 0) & (n < LEAST)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 4), st.randoms(use_true_random=False), st.sampled_from([2, 4, 8, 30]))
def test_no_hidden_cell_of_a_table_follows_from_what_is_shown(height: int, width: int, chance: Any, most: int) -> None:
    n = with_totals(np.array([[chance.randint(0, most) for _ in range(width)] for _ in range(height)]))
    small = hidden_by_people(n)
    gone = cover(n, small, LEAST)
    assert (gone | ~small).all() and not (gone & (n == 0)).any()
    assert list(attack(n, small, gone)) == []


def test_the_attacker_finds_what_is_badly_hidden() -> None:
    n = with_totals(np.array([[54, 42, 4], [62, 40, 33]]))
    assert (0, 2) in set(attack(n, hidden_by_people(n), hidden_by_people(n)))


def test_two_pairs_joined_by_a_bridge() -> None:
    """Every line hides none or two cells, as `protect` asks, yet the one in the middle follows from the others."""
    n = with_totals(
        np.array([[3, 4, 9, 20, 20], [4, 2, 20, 20, 9], [20, 9, 4, 20, 20], [20, 20, 20, 3, 4], [9, 20, 20, 2, 4]])
    )
    small = hidden_by_people(n)
    assert list(attack(n, small, small))
    assert list(attack(n, small, cover(n, small, LEAST))) == []


def test_a_table_without_small_cells_is_left_alone() -> None:
    n = with_totals(np.array([[54, 42], [0, 40]]))
    assert not cover(n, hidden_by_people(n), LEAST).any()


def test_cells_of_one_complaint_each_are_not_told_by_their_number() -> None:
    """Two hidden cells that sum to 2 are 1 and 1: a larger one goes along."""
    n = with_totals(np.array([[1, 1, 30], [20, 20, 30]]))
    small = hidden_by_people(n)
    gone = cover(n, small, LEAST)
    assert gone.sum() > small.sum() and list(attack(n, small, gone)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_no_part_of_a_fold_follows_from_the_sum(parts: list[int]) -> None:
    n = np.array(parts)
    union = int(n[(n > 0) & (n < LEAST)].sum())
    gone = fold(n, n, LEAST, union)
    if n.sum() < LEAST or not gone.any():
        assert gone.any() == bool(hidden_by_people(n).any())
        return
    assert n[gone].sum() >= LEAST and gone.sum() >= 2
    lower = np.where(n[gone] < LEAST, 0, LEAST)
    for k in range(int(gone.sum())):
        least, most = bounds_of(np.eye(int(gone.sum()))[k], [np.ones(int(gone.sum()))], [n[gone].sum()], lower)
        assert least < most


@pytest.mark.parametrize(("parts", "folded"), [([9, 8, 7], []), ([3, 8, 20], [0, 1]), ([1, 2, 3, 9], [0, 1, 2])])
def test_as_little_is_folded_as_will_do(parts: list[int], folded: list[int]) -> None:
    n = np.array(parts)
    union = int(n[n < LEAST].sum())
    assert np.flatnonzero(fold(n, n, LEAST, union)).tolist() == folded
