"""How many complaints an area would have anyway, and how odd it is that there are more. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
# A district without any complaint is not known to have none for ever: half a complaint in all the time looked at.
NOT_NOTHING = 0.5


@dataclass(frozen=True)
class Common:
    """What grids of one district have in common: Gamma(alpha, beta) complaints a week. `beta` counts as weeks."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        return self.alpha / self.beta


def common(n: ArrayLike, weeks: ArrayLike, most_weeks: float = 52.0) -> Common:
    """The prior of a district's grids from their counts `n` in so many `weeks`, by moments.

    Where grids differ by no more than chance the prior counts as `most_weeks`. Raises ValueError without a week.
    """
    count, time = np.asarray(n, float), np.asarray(weeks, float)
    held = time > 0
    if not held.any():
        raise ValueError("expected at least one grid with a week of history, got none")
    count, time = count[held], time[held]
    mean = max(float(count.sum()), NOT_NOTHING) / float(time.sum())
    rate = count / time
    beyond_chance = float(np.average((rate - mean) ** 2, weights=time)) - mean / float(time.mean())
    beta = min(mean / beyond_chance, most_weeks) if beyond_chance > 0 else most_weeks
    return Common(mean * beta, beta)


def expected_of_history(n: ArrayLike, weeks: ArrayLike, of: Common) -> Floats:
    """Complaints a week to be expected of each grid: its own history, pulled toward the district's mean."""
    return (np.asarray(n, float) + of.alpha) / (np.asarray(weeks, float) + of.beta)


def expected_of_users(users: ArrayLike, base_rate: float) -> Floats:
    """Complaints to be expected of so many users at `base_rate` complaints per user in the time asked about."""
    return np.asarray(users, float) * base_rate


def tail(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Chance of `observed` or more where a Poisson count with mean `expected` is due."""
    n = np.asarray(observed, float)
    return np.where(n <= 0, 1.0, special.pdtrc(np.maximum(n - 1, 0), np.asarray(expected, float)))
