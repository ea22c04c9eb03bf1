"""Which group does worst, and whether that is more than the luck of one among several. Pure.

Does not belong here: lists of ranked groups (`ranking`) and their limits (`funnel`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

SURE = 0.05  # for all groups together (Bonferroni)


@dataclass(frozen=True)
class Worst:
    """`index` counts the groups as given; `is_beyond_chance`: worse than the whole at 5 %, over all groups."""

    index: int
    is_beyond_chance: bool


def worst(events: ArrayLike, base: ArrayLike, *, high_is_bad: bool, is_rate: bool, least: float = 0) -> Worst | None:
    """The group with the worst events ÷ base among those with a base above 0 and of at least `least`; None: none is.

    Rates are judged by the exact binomial tail, counts over an exposure by that of Poisson, each against the rate of
    all groups together.
    """
    k, n = np.asarray(events, dtype=float), np.asarray(base, dtype=float)
    held = np.flatnonzero((n > 0) & (n >= least) & np.isfinite(k))
    if not len(held):
        return None
    rates = k[held] / n[held]
    at = int(held[np.argmax(rates) if high_is_bad else np.argmin(rates)])
    whole = float(k[held].sum() / n[held].sum())
    p = _tail(k[at], n[at], whole, high_is_bad, is_rate)
    return Worst(at, len(held) > 1 and p * len(held) < SURE)


def _tail(k: float, n: float, whole: float, high_is_bad: bool, is_rate: bool) -> float:
    if is_rate:
        return float(stats.binom.sf(k - 1, n, whole) if high_is_bad else stats.binom.cdf(k, n, whole))
    return float(stats.poisson.sf(k - 1, n * whole) if high_is_bad else stats.poisson.cdf(k, n * whole))
