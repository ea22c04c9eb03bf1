"""Difference-in-differences: by hand, on made-up worlds, and against falling back to the mean."""

from __future__ import annotations

import numpy as np
import pytest

from warehouse.analysis.before_after import difference, matched, ratio, regression


def test_a_ratio_by_hand() -> None:
    """40 -> 20 here, 100 -> 80 there: (20/40) / (80/100) = 0.625; 32 were due, so 12 were avoided."""
    found = ratio([20, 20], [10, 10], [50, 50], [40, 40])
    assert found.value == pytest.approx(0.625)
    error = np.sqrt(1 / 40 + 1 / 20 + 1 / 100 + 1 / 80)
    assert (found.low, found.high) == pytest.approx(
        (0.625 * np.exp(-1.96 * error), 0.625 * np.exp(1.96 * error)), rel=1e-3
    )
    assert found.avoided == pytest.approx(12)
    assert found.avoided_low < 12 < found.avoided_high


def test_what_happens_everywhere_is_no_effect() -> None:
    assert not ratio([20, 22], [10, 11], [[50, 55], [20, 22]], [[25, 27], [10, 11]]).is_effect


def test_nought_counts_give_a_figure() -> None:
    found = ratio([4, 4], [0, 0], [9, 9], [9, 9])
    assert 0 < found.low < found.value < found.high and np.isfinite(found.high)


def test_the_interval_holds_what_was_planted() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        season = rng.uniform(0.7, 1.4, 16)
        place, others = rng.poisson(12 * season), rng.poisson(60 * season)
        place[8:] = rng.poisson(12 * season[8:] * 0.6)
        found = ratio(place[:8], place[8:], others[:8], others[8:])
        hits += found.low <= 0.6 <= found.high
    assert 0.92 <= hits / 400 <= 0.99


def test_a_difference_of_figures_by_hand() -> None:
    """Here 10 -> 16, there 10 -> 12: 4. Each side scatters by 1 about its mean over three days."""
    found = difference([9, 10, 11], [15, 16, 17], [9, 10, 11], [11, 12, 13])
    assert found.value == 4
    assert found.high - found.value == pytest.approx(2.306 * np.sqrt(4 / 3), abs=1e-3)


def test_figures_that_never_move_have_no_error() -> None:
    assert difference([1, 1], [1, 1], [2, 2], [2, 2]).p_value == 1


def test_the_neighbours_that_ran_alike_are_taken() -> None:
    place = [4, 5, 6, 5]
    others = [[40, 50, 60, 50], [4, 5, 6, 6], [0, 0, 0, 0], [5, 5, 5, 5]]
    assert matched(place, others, 2).tolist() == [1, 3]
    assert len(matched(place, np.zeros((0, 4)), 2)) == 0


def test_a_peak_that_falls_back_is_warned_of() -> None:
    peak = regression(earlier=[5] * 20, before=[12, 13], after=[5, 5])
    assert peak.is_warning and peak.share == pytest.approx((12.5 - (5 * 24 + 25) / 26) / 7.5)
    steady = regression(earlier=[12] * 20, before=[12, 13], after=[5, 5])
    assert not steady.is_warning and steady.share is not None and steady.share < 0.1


def test_without_an_earlier_time_it_warns() -> None:
    assert regression([], [5, 5], [2, 2]).is_warning


@pytest.mark.parametrize("call", [lambda: ratio([], [1], [], [1]), lambda: ratio([1], [1], [1, 2], [1])])
def test_sides_that_do_not_fit_are_refused(call: object) -> None:
    with pytest.raises(ValueError, match="periods"):
        call()  # type: ignore[operator]
