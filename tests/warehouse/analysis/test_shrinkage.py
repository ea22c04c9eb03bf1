"""The prior found is the likeliest one, alike units collapse onto their mean, and posteriors are those of the book."""

import numpy as np
import pytest
from scipy import stats

from warehouse.analysis.shrinkage import ALIKE, Prior, fit, shrink


def test_the_likeliest_prior_on_a_grid():
    """Against the beta-binomial likelihood of SciPy, tried on a grid."""
    k, n = np.array([21, 60, 33, 80, 45, 12]), np.array([40, 70, 60, 95, 80, 30])
    found = fit(k, n)

    def likelihood(mean, weight):
        return stats.betabinom.logpmf(k, n, mean * weight, (1 - mean) * weight).sum()

    grid = [(likelihood(m, w), m, w) for m in np.linspace(0.4, 0.9, 101) for w in np.geomspace(2, 200, 120)]
    best = max(grid)
    assert likelihood(found.mean, found.weight) >= best[0] - 1e-9
    assert (found.mean, found.weight) == (pytest.approx(best[1], abs=0.01), pytest.approx(best[2], rel=0.1))


def test_a_known_spread_is_found_again():
    rng = np.random.default_rng(11)
    n = rng.integers(40, 400, size=600)
    found = fit(rng.binomial(n, rng.beta(15, 5, size=600)), n)
    assert found.mean == pytest.approx(0.75, abs=0.01)
    assert found.weight == pytest.approx(20, rel=0.25)


def test_units_that_differ_by_chance_are_all_the_mean():
    found = fit([75, 30, 60], [100, 40, 80])
    assert found.weight == pytest.approx(ALIKE)
    values = shrink([75, 30, 60], [100, 40, 80], found)["value"]
    assert values.to_numpy() == pytest.approx(0.75, abs=0.003)


def test_a_posterior_by_hand():
    """Beta(6, 2) and 30 of 40: Beta(36, 12), mean 0.75; the unit's own cases weigh 40 of 48."""
    row = shrink(30, 40, Prior(6, 2)).iloc[0]
    assert row["value"] == pytest.approx(36 / 48)
    assert row["own"] == pytest.approx(40 / 48)
    assert row["low"] == pytest.approx(stats.beta.ppf(0.025, 36, 12))


def test_a_small_unit_moves_further_than_a_large_one():
    table = shrink([4, 40], [9, 90], Prior(15, 5))
    assert table["value"][0] - 4 / 9 > table["value"][1] - 4 / 9 > 0


def test_edges():
    assert fit([5], [9]).weight == pytest.approx(ALIKE)
    assert 0.9 < fit([30, 20, 0], [30, 20, 0]).mean < 1
    assert 0 < fit([0, 0], [30, 20]).mean < 0.1
    assert shrink(0, 0, Prior(3, 1))["value"][0] == 0.75
    with pytest.raises(ValueError, match="at least one"):
        fit([0], [0])
    with pytest.raises(ValueError, match="0 ≤ k ≤ n"):
        fit([5], [4])
