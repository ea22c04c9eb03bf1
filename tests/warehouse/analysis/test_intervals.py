"""Intervals and limits against the figures of the domain reference and against SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from warehouse.analysis.intervals import (
    holm,
    poisson_interval,
    poisson_upper_limit,
    rate_ratio_interval,
    two_count_p,
    two_proportion_p,
    wilson,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(30, 40, 59.8, 85.8), (39, 52, 61.8, 84.8), (75, 100, 65.7, 82.5), (150, 200, 68.6, 80.5)],
)
def test_wilson_of_75_percent(k, n, low, high):
    assert [round(100 * end, 1) for end in wilson(k, n)] == [low, high]


def test_at_75_percent_the_85_target_is_inside_for_40_answers_and_outside_for_52():
    assert wilson(30, 40)[1] > 0.85 > wilson(39, 52)[1]


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_equals_scipy_and_stays_in_bounds(k, n):
    k = min(k, n)
    low, high = wilson(k, n, z=stats.norm.ppf(0.975))
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= low <= k / n <= high <= 1


def test_wilson_of_arrays_and_of_nothing():
    low, high = wilson([0, 5, 0, np.nan], [0, 5, 5, 5])
    assert np.isnan(low[[0, 3]]).all() and np.isnan(high[[0, 3]]).all()
    assert (low[2], high[1]) == (0, 1)
    assert isinstance(wilson(1, 2)[0], float)


@pytest.mark.parametrize(("k", "n"), [(5, 4), (-1, 4)])
def test_wilson_refuses_more_successes_than_trials(k, n):
    with pytest.raises(ValueError, match=f"expected 0 ≤ k ≤ n, got k = {k} of n = 4"):
        wilson(k, n)


@pytest.mark.parametrize(
    ("k", "low", "high"), [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.6)]
)
def test_poisson_interval_equals_the_printed_tables(k, low, high):
    assert poisson_interval(k) == pytest.approx((low, high), rel=1e-3)


@settings(deadline=None)
@given(st.integers(1, 300))
def test_poisson_interval_leaves_the_tails_it_promises(k):
    low, high = poisson_interval(k, level=0.9)
    assert stats.poisson.sf(k - 1, low) == pytest.approx(0.05)
    assert stats.poisson.cdf(k, high) == pytest.approx(0.05)


def test_counts_must_be_whole():
    with pytest.raises(ValueError, match="expected whole counts of 0 or more, got 1.5"):
        poisson_interval([1, 1.5])
    assert np.isnan(poisson_interval(np.nan)).all()


def test_two_proportions_equal_the_chi_square_test():
    expected = stats.chi2_contingency([[30, 10], [20, 20]], correction=False).pvalue
    assert two_proportion_p(30, 40, 20, 40) == pytest.approx(expected)


def test_two_proportions_at_the_edges():
    assert two_proportion_p(0, 10, 0, 20) == two_proportion_p(10, 10, 20, 20) == 1
    assert np.isnan(two_proportion_p(0, 0, 3, 10))
    assert two_proportion_p([5, 5], [10, 10], [5, 9], [10, 10]).tolist() == pytest.approx([1, 0.0510], abs=1e-3)


@settings(deadline=None)
@given(st.integers(0, 80), st.integers(0, 80), st.sampled_from([0.25, 1.0, 3.0]))
def test_two_counts_double_the_smaller_exact_tail(a, b, exposure):
    share = exposure / (exposure + 1)
    expected = min(1, 2 * min(stats.binom.cdf(a, a + b, share), stats.binom.sf(a - 1, a + b, share)))
    assert two_count_p(a, b, exposure, 1) == pytest.approx(expected, abs=1e-12)


def test_two_counts_are_symmetric_and_two_zeros_are_alike():
    assert two_count_p(10, 20) == pytest.approx(two_count_p(20, 10))
    assert two_count_p(0, 0) == 1


@pytest.mark.parametrize(("mean", "limit"), [(0.5, 4), (1, 5), (2, 7), (4, 11), (8, 17), (16, 28), (0, 1)])
def test_poisson_limits_of_the_published_examples(mean, limit):
    assert poisson_upper_limit(mean) == limit


@settings(deadline=None)
@given(st.floats(0, 500), st.sampled_from([0.05, 0.005, 1e-4]))
def test_the_limit_is_the_least_count_that_is_rarer_than_p(mean, p):
    limit = poisson_upper_limit(mean, p)
    assert stats.poisson.sf(limit - 1, mean) < p <= stats.poisson.sf(limit - 2, mean)


def test_limits_of_arrays_and_of_nonsense():
    assert poisson_upper_limit([1, 2]).tolist() == [5, 7]
    assert np.isnan(poisson_upper_limit(np.nan))
    with pytest.raises(ValueError, match="got mean -1 and p 0.005"):
        poisson_upper_limit(-1)


def test_rate_ratio_and_its_exact_interval():
    ratio, low, high = rate_ratio_interval(20, 6, 50, 24)
    share = stats.binomtest(20, 70).proportion_ci(method="exact")
    assert ratio == pytest.approx(1.6)
    assert (low, high) == pytest.approx((share.low / (1 - share.low) * 4, share.high / (1 - share.high) * 4), rel=1e-9)


def test_rate_ratio_with_zeros():
    assert rate_ratio_interval(0, 1, 5, 1)[:2] == (0, 0)
    ratio, low, high = rate_ratio_interval(5, 1, 0, 1)
    assert np.isinf(ratio) and np.isinf(high) and low > 0
    assert np.isnan(rate_ratio_interval(0, 1, 0, 1)).all()
    with pytest.raises(ValueError, match="exposures above 0"):
        rate_ratio_interval(1, 0, 1, 1)


def test_holm_by_hand() -> None:
    """Of three questions the smallest counts three times, the next twice, never less than the one before."""
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, float("nan"), 0.9])[[0, 2]] == pytest.approx([1.0, 1.0])
    assert np.isnan(holm([0.5, float("nan"), 0.9])[1])
    assert holm([]).size == 0
