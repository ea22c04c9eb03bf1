"""The worst of several groups, and when it is only the unluckiest."""

from __future__ import annotations

import pytest

from warehouse.analysis.worst import Worst, worst


def test_a_rate_far_below_the_others_is_beyond_chance() -> None:
    assert worst([990, 900, 995], [1000] * 3, high_is_bad=False, is_rate=True) == Worst(1, True)


def test_the_lowest_of_equals_is_not() -> None:
    assert worst([95, 93, 96], [100] * 3, high_is_bad=False, is_rate=True) == Worst(1, False)


def test_many_groups_need_more_than_few() -> None:
    """88 of 100 against 95 %: one chance in 160 by itself, so among two groups it tells, among forty it does not."""
    assert worst([9500, 88], [10_000, 100], high_is_bad=False, is_rate=True) == Worst(1, True)
    assert worst([9500] * 39 + [88], [10_000] * 39 + [100], high_is_bad=False, is_rate=True) == Worst(39, False)


def test_counts_over_an_exposure() -> None:
    assert worst([20, 60, 22], [1.0] * 3, high_is_bad=True, is_rate=False) == Worst(1, True)
    assert worst([20, 26, 22], [1.0] * 3, high_is_bad=True, is_rate=False) == Worst(1, False)


def test_groups_without_a_base_are_left_out() -> None:
    assert worst([0, 5], [0, 10], high_is_bad=False, is_rate=True) == Worst(1, False)
    assert worst([0, float("nan")], [0, 10], high_is_bad=False, is_rate=True) is None
    assert worst([1, 9], [2, 10], high_is_bad=False, is_rate=True, least=5) == Worst(1, False)


@pytest.mark.parametrize("groups", [[], [0.0]])
def test_nothing_to_rank(groups: list[float]) -> None:
    assert worst(groups, groups, high_is_bad=True, is_rate=True) is None
