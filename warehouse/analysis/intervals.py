"""How sure a rate or a count is: intervals, limits and tests for proportions and Poisson counts.

Does not belong here: detectors over time (the alert signals), targets and thresholds (measures, rules).

Counts are whole events, rates 0–1. Every function takes numbers or arrays and broadcasts; numbers give
numbers (``float``), arrays give arrays. Where nothing can be said (n = 0, missing input) the answer is NaN.
Levels are two-sided 95 % unless told otherwise.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

# What NumPy's broadcasting returns: a float for numbers, an array of float64 for arrays.
Result: TypeAlias = Any

Z95 = 1.959964


def wilson(k: ArrayLike, n: ArrayLike, z: float = Z95) -> tuple[Result, Result]:
    """Wilson score interval (low, high) of k successes in n; NaN where n = 0.

    Unlike p ± z·se it stays inside 0–1 and holds its level for small n. Source: Wilson 1927.
    """
    successes, trials = _broadcast(k, n)
    _require_share(successes, trials)
    with np.errstate(invalid="ignore", divide="ignore"):
        trials = np.where(trials > 0, trials, np.nan)
        p, z2 = successes / trials, z * z
        centre = (p + z2 / (2 * trials)) / (1 + z2 / trials)
        half = z / (1 + z2 / trials) * np.sqrt(p * (1 - p) / trials + z2 / (4 * trials * trials))
    low = np.where(successes == 0, np.where(np.isnan(trials), np.nan, 0.0), centre - half)
    high = np.where(successes == trials, 1.0, centre + half)
    return _plain(low), _plain(high)


def poisson_interval(k: ArrayLike, level: float = 0.95) -> tuple[Result, Result]:
    """Exact (Garwood) interval of the mean behind a count of k events; the low end of k = 0 is 0."""
    (count,) = _broadcast(k)
    _require_count(count)
    tail = (1 - level) / 2
    low = np.where(count > 0, stats.chi2.ppf(tail, 2 * np.where(count > 0, count, 1)) / 2, 0.0)
    high = stats.chi2.ppf(1 - tail, 2 * count + 2) / 2
    return _plain(np.where(np.isnan(count), np.nan, low)), _plain(high)


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """P-values of several questions asked at once, so that one in a hundred lists errs at 0.01 and not each question.

    Holm's step-down; NaN stays and is no question.
    """
    values = np.atleast_1d(np.asarray(p, dtype=np.float64))
    out = np.full(values.shape, np.nan)
    asked = np.flatnonzero(~np.isnan(values))
    order = asked[np.argsort(values[asked], kind="stable")]
    steps = values[order] * np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return out


def two_proportion_p(k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike) -> Result:
    """Two-sided p-value that two proportions are equal (pooled z test without continuity correction).

    Both all or both nothing gives 1; an empty sample gives NaN. With fewer than about five successes or
    failures expected on a side the value is rough: let a minimum n guard the rule that uses it.
    """
    a, m, b, n = _broadcast(k1, n1, k2, n2)
    _require_share(a, m)
    _require_share(b, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (a + b) / (m + n)
        error = np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
        z = (a / m - b / n) / error
    p = 2 * special.ndtr(-np.abs(z))  # stats.norm.sf is the same and spends ten times as long on its arguments
    p = np.where((pooled == 0) | (pooled == 1), 1.0, p)
    return _plain(np.where((m > 0) & (n > 0), p, np.nan))


def two_count_p(k1: ArrayLike, k2: ArrayLike, exposure1: ArrayLike = 1.0, exposure2: ArrayLike = 1.0) -> Result:
    """Two-sided p-value that two Poisson counts come from one rate per exposure (days, users).

    Exact: given the sum, the first count is binomial; the smaller tail is doubled. Two zeros give 1.
    """
    a, b, e1, e2 = _broadcast(k1, k2, exposure1, exposure2)
    _require_count(a)
    _require_count(b)
    share = _share_of_exposure(e1, e2)
    total = a + b
    tail = np.minimum(_binomial_cdf(a, total, share), _binomial_cdf(b, total, 1 - share))
    return _plain(np.minimum(1.0, 2 * tail))


def rate_ratio_interval(
    k1: ArrayLike, exposure1: ArrayLike, k2: ArrayLike, exposure2: ArrayLike, level: float = 0.95
) -> tuple[Result, Result, Result]:
    """Ratio (k1 ÷ exposure1) ÷ (k2 ÷ exposure2) of two Poisson rates and its interval: ratio, low, high.

    Exact: Clopper–Pearson limits of the conditional binomial share, turned into a ratio. Infinite where
    k2 = 0, NaN where both counts are 0.
    """
    a, e1, b, e2 = _broadcast(k1, exposure1, k2, exposure2)
    _require_count(a)
    _require_count(b)
    _share_of_exposure(e1, e2)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = (a / e1) / (b / e2)
        low = np.where(a > 0, stats.beta.ppf(tail, np.maximum(a, 1), b + 1), 0.0)
        high = np.where(b > 0, stats.beta.ppf(1 - tail, a + 1, np.maximum(b, 1)), 1.0)
        limits = [share / (1 - share) * e2 / e1 for share in (low, high)]
    nothing = ~(a + b > 0)
    return _plain(ratio), *(_plain(np.where(nothing, np.nan, limit)) for limit in limits)


def poisson_upper_limit(mean: ArrayLike, p: float = 0.005) -> Result:
    """Smallest count that is out of the ordinary for a Poisson mean: the least k with P(X ≥ k) < p.

    A count *at* the limit fires. This reading (and no other: not the quantile, not P(X > k) < p) gives the
    published examples for p = 0.005: means 0.5, 1, 2, 4, 8, 16 have the limits 4, 5, 7, 11, 17, 28.
    """
    (mu,) = _broadcast(mean)
    if np.any(mu < 0) or not 0 < p < 1:
        raise ValueError(f"expected a mean of 0 or more and p between 0 and 1, got mean {mu.min():g} and p {p:g}")
    known = np.where(mu > 0, mu, 1.0)
    # scipy.special and not scipy.stats, whose checks of arguments cost more than the sums.
    k = np.maximum(np.ceil(special.pdtrik(1 - p, known)), 0.0) + 1
    # That is P(X > k-1) ≤ p; the limit wants "<", and the inverse may be one off through rounding.
    k = np.where((k > 1) & (special.pdtrc(k - 2, known) < p), k - 1, k)
    k = np.where(special.pdtrc(k - 1, known) < p, k, k + 1)
    k = np.where(mu == 0, 1.0, k)
    return _plain(np.where(np.isnan(mu), np.nan, k))


def _broadcast(*values: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def _plain(values: NDArray[np.float64]) -> Result:
    return float(values) if np.ndim(values) == 0 else np.asarray(values, dtype=np.float64)


def _require_count(count: NDArray[np.float64]) -> None:
    wrong = (count < 0) | (np.isfinite(count) & (count != np.floor(count))) | np.isinf(count)
    if wrong.any():
        raise ValueError(f"expected whole counts of 0 or more, got {count[wrong].flat[0]:g}")


def _require_share(k: NDArray[np.float64], n: NDArray[np.float64]) -> None:
    wrong = (k < 0) | (k > n)
    if wrong.any():
        raise ValueError(f"expected 0 ≤ k ≤ n, got k = {k[wrong].flat[0]:g} of n = {n[wrong].flat[0]:g}")


def _share_of_exposure(e1: NDArray[np.float64], e2: NDArray[np.float64]) -> NDArray[np.float64]:
    if np.any(e1 <= 0) or np.any(e2 <= 0):
        raise ValueError("expected exposures above 0")
    return e1 / (e1 + e2)


def _binomial_cdf(k: NDArray[np.float64], n: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = k < n
    tail = special.betainc(np.where(inside, n - k, 1.0), k + 1, 1 - p)
    return np.where(np.isnan(n), np.nan, np.where(inside, tail, 1.0))
