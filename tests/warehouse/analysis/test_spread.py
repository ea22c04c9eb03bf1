"""People who differ by chance are not accused, and people who differ are found."""

import numpy as np
import pytest

from warehouse.analysis.spread import chance_p, depends_on_who


def spread_of(solved, n):
    p = solved.sum() / n.sum()
    return float(((solved - n * p) ** 2 / (n * p * (1 - p))).sum() * (n.sum() - 1) / n.sum()) if 0 < p < 1 else 0.0


def test_a_p_value_by_hand():
    """Chi-square of 37.57 with 20 degrees of freedom has the tail 0.01."""
    assert chance_p(37.566, 20)[0] == pytest.approx(0.01, abs=1e-4)
    assert list(depends_on_who([37.5, 37.6, 80.0], [20, 20, 19])) == [False, True, False]
    assert np.isnan(chance_p(0, 0)[0]) and not depends_on_who(0, 0)[0]


def test_chance_alone_is_accused_about_as_often_as_said_even_with_three_cases_each():
    rng = np.random.default_rng(9)
    n = np.full(40, 3)
    found = [depends_on_who(spread_of(rng.binomial(n, 0.8), n), 39)[0] for _ in range(1500)]
    assert np.mean(found) < 0.03


def test_many_small_types_do_not_add_up_to_a_suspicion():
    """Types of five cases, one per person: without the correction they would look a quarter too wide."""
    rng = np.random.default_rng(9)
    n, spread, free = np.ones(5, dtype=int), 0.0, 0
    for _ in range(400):
        solved = rng.binomial(n, 0.7)
        if 0 < solved.sum() < 5:
            spread, free = spread + spread_of(solved, n), free + 4
    assert spread == pytest.approx(free)
    assert not depends_on_who(spread, free)[0]


def test_people_who_differ_are_found():
    rng = np.random.default_rng(9)
    n, rates = np.full(40, 20), np.tile([0.6, 0.95], 20)
    assert depends_on_who(spread_of(rng.binomial(n, rates), n), 39)[0]
