"""The stratified ratio against figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from warehouse.analysis.stratified import risk_ratio


def test_one_stratum_is_the_plain_ratio_with_its_log_interval() -> None:
    found = risk_ratio([30], [100], [20], [100])
    assert found.value == pytest.approx(1.5)
    # Var of the log: 1/30 - 1/100 + 1/20 - 1/100.
    half = 1.959964 * math.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 100)
    assert (found.low, found.high) == pytest.approx((1.5 * math.exp(-half), 1.5 * math.exp(half)))
    assert not found.is_sure


def test_strata_undo_what_only_the_mixture_shows() -> None:
    """Within each stratum both ways are alike (10 % and 40 %), yet the sums read 37 % against 13 %."""
    found = risk_ratio([1, 36], [10, 90], [9, 4], [90, 10])
    assert found.value == pytest.approx(1.0)
    assert found.n_strata == 2
    assert not found.is_sure


def test_a_difference_in_every_stratum_is_sure() -> None:
    found = risk_ratio([50, 100], [1000, 1000], [100, 200], [1000, 1000])
    assert found.value == pytest.approx(0.5)
    assert found.is_sure and found.high < 1


@pytest.mark.parametrize(
    "sides", [([0], [10], [0], [10]), ([1], [10], [0], [0]), ([], [], [], []), ([0], [5], [2], [5])]
)
def test_nothing_to_compare_says_so(sides: tuple[list[int], ...]) -> None:
    assert math.isnan(risk_ratio(*sides).value)


def test_an_empty_side_of_one_stratum_leaves_it_out() -> None:
    assert risk_ratio([30, 5], [100, 5], [20, 0], [100, 0]) == risk_ratio([30], [100], [20], [100])
