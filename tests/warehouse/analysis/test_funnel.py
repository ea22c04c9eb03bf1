"""Funnel limits by hand, their level by counting, and where units stand."""

import numpy as np
import pytest
from scipy import stats

from warehouse.analysis.funnel import common_rate, curve, limits, places


def test_a_limit_by_hand():
    """n = 10, half good: P(X ≤ 2) = 56/1024 and P(X = 2) = 45/1024, so the count is 2 − (56 − 25.6)/45."""
    low, high = limits(10, 0.5, 0.95)
    assert low[0] == pytest.approx((2 - (56 - 25.6) / 45) / 10)
    assert high[0] == pytest.approx(1 - low[0])


@pytest.mark.parametrize(("names", "level"), [({"low_far", "high_far"}, 0.998), ({"low", "high"}, 0.95)])
@pytest.mark.parametrize("n", [9, 30, 65, 400])
def test_chance_alone_leaves_the_funnel_at_most_as_often_as_said(n, names, level):
    counts = np.arange(n + 1)
    outside = np.isin(places(counts, np.full(n + 1, n), 0.78), sorted(names | {"low_far", "high_far"}))
    assert stats.binom.pmf(counts[outside], n, 0.78).sum() <= 1 - level


def test_what_is_outside_is_drawn_outside():
    for n in (30, 65, 400):
        counts = np.arange(n + 1)
        low, high = limits(np.full(n + 1, n), 0.78, 0.95)
        outside = np.array(places(counts, np.full(n + 1, n), 0.78)) != "inside"
        rate = counts / n
        assert ((rate[outside] < low[outside] + 1 / n) | (rate[outside] > high[outside] - 1 / n)).all()


def test_the_outer_limits_lie_outside_and_the_funnel_narrows():
    shape = curve(400, 0.75)
    assert (shape["low_far"] <= shape["low"]).all() and (shape["high_far"] >= shape["high"]).all()
    width = (shape["high"] - shape["low"]).to_numpy()
    assert width[-1] < 0.5 * width[0]
    assert shape["low_far"].min() >= 0 and shape["high"].max() <= 1
    assert shape["n"].iloc[-1] >= 400


def test_places():
    assert places([31, 13, 9, 0, 4], [65, 17, 9, 0, 9], 0.8) == ["low_far", "inside", "inside", "none", "low"]
    assert places([100], [100], 0.8) == ["high_far"]


def test_nothing_and_nonsense():
    assert np.isnan(limits(0, 0.5, 0.95)[0][0])
    assert np.isnan(common_rate([], []))
    assert common_rate([3, 1], [4, 4]) == 0.5
    assert limits(20, 1.0, 0.95)[0][0] == pytest.approx(1.0, abs=0.06)
    with pytest.raises(ValueError, match="between 0 and 1"):
        limits(10, 1.2, 0.95)
