"""Do results depend on who handles a case? The spread between people against what chance alone gives (measure M35)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

SURE = 0.01
LEAST_FREE = 20  # below it a ratio says little


def chance_p(spread: ArrayLike, free: ArrayLike) -> NDArray[np.float64]:
    """The probability of a spread at least as large when people differ by chance alone (chi-square, `free` degrees).

    `spread` is the sum of (solved − expected)² ÷ (n p (1 − p)) times (N − 1) ÷ N, `free` the number of people less one,
    both summed over types of N cases. NaN without freedom. Rough while `free` is under about 20.
    """
    total, degrees = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (spread, free))
    return np.where(degrees > 0, stats.chi2.sf(total, np.maximum(degrees, 1)), np.nan)


def refunds_p(between: float, free: float, within: float, n_within: float) -> float:
    """The probability of people differing at least so much by chance alone (F test of sums of squares, one-way).

    `free` and `n_within` are the degrees of freedom of `between` and `within`. NaN without freedom or spread.
    """
    if free <= 0 or n_within <= 0 or within <= 0:
        return float("nan")
    return float(stats.f.sf((between / free) / (within / n_within), free, n_within))


def depends_on_who(spread: ArrayLike, free: ArrayLike) -> NDArray[np.bool_]:
    """Whether people differ beyond chance: p < 0.01 with at least 20 degrees of freedom."""
    p = chance_p(spread, free)
    return (p < SURE) & (np.atleast_1d(np.asarray(free, dtype=np.float64)) >= LEAST_FREE)
