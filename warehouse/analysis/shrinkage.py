"""Empirical Bayes for rates: a small unit is pulled towards the common rate, a large one stands for itself.

Does not belong here: ranks and the chance of being among the worst (ranking), limits around a mean (funnel).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

# Beyond this many pseudo-cases the units are as alike as chance alone makes them.
ALIKE = 1e5


@dataclass(frozen=True, slots=True)
class Prior:
    """How the true rates of units are spread: Beta(alpha, beta). `weight` is how many cases it counts as."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    @property
    def weight(self) -> float:
        return self.alpha + self.beta


def fit(k: ArrayLike, n: ArrayLike) -> Prior:
    """The Beta that makes k successes in n cases per unit likeliest (beta-binomial maximum likelihood).

    Units without a case say nothing. Where the units differ by no more than chance, or there are fewer than two, the
    weight is `ALIKE`: every unit is the mean. Raises ValueError without any case.
    """
    top, base = _units(k, n)
    if not len(base):
        raise ValueError("expected at least one unit with a case, got none")
    # Half a case each way keeps the mean off 0 and 1, where a Beta has no place.
    mean = (top.sum() + 0.5) / (base.sum() + 1)
    if len(base) < 2:
        return Prior(mean * ALIKE, (1 - mean) * ALIKE)
    start = [special.logit(mean), np.log(50.0)]
    bounds = [(start[0] - 4, start[0] + 4), (np.log(0.5), np.log(ALIKE))]
    runs = [
        optimize.minimize(_loss, [start[0], weight], (top, base), method="L-BFGS-B", jac=True, bounds=bounds)
        for weight in (np.log(10.0), np.log(200.0), np.log(ALIKE))
    ]
    best = min(runs, key=lambda run: float(run.fun))
    mean, weight = float(special.expit(best.x[0])), float(np.exp(best.x[1]))
    if weight > 0.5 * ALIKE or _loss([special.logit(mean), np.log(ALIKE)], top, base)[0] <= best.fun + 1e-6:
        weight = ALIKE
    return Prior(mean * weight, (1 - mean) * weight)


def shrink(k: ArrayLike, n: ArrayLike, prior: Prior, level: float = 0.95) -> pd.DataFrame:
    """Per unit `value`, `low`, `high` of its true rate given the prior; `own` is the weight of its own cases (0–1)."""
    top = np.atleast_1d(np.asarray(k, dtype=np.float64))
    base = np.atleast_1d(np.asarray(n, dtype=np.float64))
    a, b = top + prior.alpha, base - top + prior.beta
    tail = (1 - level) / 2
    return pd.DataFrame(
        {
            "value": a / (a + b),
            "low": stats.beta.ppf(tail, a, b),
            "high": stats.beta.ppf(1 - tail, a, b),
            "own": base / (base + prior.weight),
        }
    )


def _units(k: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    top = np.atleast_1d(np.asarray(k, dtype=np.float64))
    base = np.atleast_1d(np.asarray(n, dtype=np.float64))
    wrong = (top < 0) | (top > base)
    if wrong.any():
        raise ValueError(f"expected 0 ≤ k ≤ n, got k = {top[wrong][0]:g} of n = {base[wrong][0]:g}")
    return top[base > 0], base[base > 0]


def _loss(x: Any, k: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Minus the logarithm of the likelihood at logit of the mean and logarithm of the weight, and its slopes."""
    mean, weight = special.expit(x[0]), np.exp(x[1])
    a, b = mean * weight, (1 - mean) * weight
    loss = -float(np.sum(special.betaln(k + a, n - k + b) - special.betaln(a, b)))
    common = special.digamma(weight) - special.digamma(n + weight)
    by_a = np.sum(special.digamma(k + a) - special.digamma(a) + common)
    by_b = np.sum(special.digamma(n - k + b) - special.digamma(b) + common)
    return loss, -np.array([(by_a - by_b) * mean * b, by_a * a + by_b * b])
