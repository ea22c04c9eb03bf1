"""Funnel plots: how far a unit's rate may stray from a common one by chance alone, given how many cases it has.

Does not belong here: which unit is worst (ranking), whether units differ at all beyond chance (shrinkage).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

INNER, OUTER = 0.95, 0.998


def limits(n: ArrayLike, centre: float, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limits (low, high) of a rate (0–1) of n cases around `centre`, two-sided at `level`; NaN where n = 0.

    Exact binomial quantiles, interpolated between whole counts so that the funnel is smooth; the upper end is the lower
    one of the bad cases. For drawing: `places` says who is outside. Source: Spiegelhalter, Funnel plots for comparing
    institutional performance, Statistics in Medicine 24 (2005), appendix A.1.1.
    """
    if not 0 <= centre <= 1:
        raise ValueError(f"expected a common rate between 0 and 1, got {centre:g}")
    cases = np.atleast_1d(np.asarray(n, dtype=np.float64))
    tail = (1 - level) / 2
    return _limit(cases, centre, tail), 1 - _limit(cases, 1 - centre, tail)


def _limit(n: NDArray[np.float64], centre: float, p: float) -> NDArray[np.float64]:
    known = np.where(n > 0, n, 1.0)
    count = stats.binom.ppf(p, known, centre)
    above = stats.binom.cdf(count, known, centre) - p
    step = stats.binom.pmf(count, known, centre)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(step > 0, above / step, 0.0)
    rate = np.clip((count - share) / known, 0.0, 1.0)
    return np.where(n > 0, rate, np.nan)


def curve(most: int, centre: float, least: int = 5, points: int = 60) -> pd.DataFrame:
    """The funnel from `least` to `most` cases: n, low, high (95 %), low_far, high_far (99.8 %)."""
    spread = np.geomspace(least, max(most, least + 1) * 1.08, points)
    n = np.unique(np.round(spread))
    low, high = limits(n, centre, INNER)
    low_far, high_far = limits(n, centre, OUTER)
    return pd.DataFrame({"n": n, "low": low, "high": high, "low_far": low_far, "high_far": high_far})


def places(k: ArrayLike, n: ArrayLike, centre: float) -> list[str]:
    """Where each rate k ÷ n stands: low_far, low, inside, high, high_far; "none" where n = 0.

    By the exact binomial tail with the count itself in it, so chance alone leaves the funnel at most as often as its
    level says, however small n is.
    """
    top, base = np.atleast_1d(np.asarray(k, dtype=np.float64)), np.atleast_1d(np.asarray(n, dtype=np.float64))
    under = stats.binom.cdf(top, np.maximum(base, 1), centre)
    over = stats.binom.sf(top - 1, np.maximum(base, 1), centre)
    inner, outer = (1 - INNER) / 2, (1 - OUTER) / 2
    found = np.select(
        [~(base > 0), under < outer, under < inner, over < outer, over < inner],
        ["none", "low_far", "low", "high_far", "high"],
        "inside",
    )
    return [str(f) for f in found]


def common_rate(k: ArrayLike, n: ArrayLike) -> float:
    """All successes over all cases; NaN without a case."""
    base = float(np.sum(np.asarray(n, dtype=np.float64)))
    return float(np.sum(np.asarray(k, dtype=np.float64))) / base if base > 0 else float("nan")
