"""The published design: 42 scenarios of weekly counts with one labelled outbreak each. Deterministic by its seed.

Source: Noufaily et al. 2013 (Statistics in Medicine 32, 1206-1222), section 3: 624 weeks of negative binomial counts
with mean exp(theta + beta t + sum over j <= m of gamma1 cos(2 pi j t / 52) + gamma2 sin(2 pi j t / 52)) and variance
phi times the mean; seven sets of parameters, each with and without trend, with m = 0, 1, 2. Four outbreaks fall into
weeks 313 to 575 (k of 2, 3, 5, 10), one into the last 49 weeks, which are judged (k from 1 to 10). An outbreak has
Poisson(k times the standard deviation at its start) cases, at least two, each so many weeks after the start as a
lognormal number with parameters 0 and 0.5 says, rounded down.

Does not belong here: detectors (single.py), the design of our own (areas.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
N_WEEKS, N_JUDGED = 624, 49
BASELINE = (312, 575)  # weeks, from 0, that earlier outbreaks begin in
PAST_K, N_PAST = (2, 3, 5, 10), 4
SPREAD = 0.5  # of the logarithm of a case's delay in weeks
LEAST_CASES = 2
REPLICATES = 20  # so that every k from 1 to 10 comes twice a scenario: 840 series

# theta, beta, gamma1, gamma2, phi of each set
_SETS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)


@dataclass(frozen=True)
class Scenario:
    """Parameters of one scenario; `m` harmonics of the year."""

    theta: float
    beta: float
    gamma1: float
    gamma2: float
    phi: float
    m: int

    def mean(self) -> Floats:
        """Expected count of each week."""
        t = np.arange(1, N_WEEKS + 1)
        year = 2 * np.pi * np.outer(np.arange(1, self.m + 1), t) / 52
        season = (self.gamma1 * np.cos(year) + self.gamma2 * np.sin(year)).sum(axis=0)
        answer: Floats = np.exp(self.theta + self.beta * t + season)
        return answer


SCENARIOS = tuple(
    Scenario(theta, beta * has_trend, gamma1, gamma2, phi, m)
    for theta, beta, gamma1, gamma2, phi in _SETS
    for has_trend in (0, 1)
    for m in (0, 1, 2)
)


@dataclass(frozen=True)
class Labelled:
    """Weekly counts, shape (series, 624), their true means without outbreaks, and of each series its scenario, the k of
    its last outbreak, and the first and last week of that (from 0)."""

    counts: Floats
    mean: Floats
    phi: Floats
    scenario: NDArray[np.int64]
    k: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @property
    def judged(self) -> NDArray[np.int64]:
        """The weeks that are judged."""
        return np.arange(N_WEEKS - N_JUDGED, N_WEEKS)

    def is_outbreak(self) -> NDArray[np.bool_]:
        """For every series and judged week, whether the outbreak lasts."""
        return (self.judged >= self.first[:, None]) & (self.judged <= self.last[:, None])


def series(seed: int, replicates: int = REPLICATES) -> Labelled:
    """42 times `replicates` labelled series."""
    rows = [_one(seed, s, r) for s in range(len(SCENARIOS)) for r in range(replicates)]
    counts, k, first, last = (np.array(column) for column in zip(*rows, strict=True))
    which = np.repeat(np.arange(len(SCENARIOS)), replicates)
    mean = np.array([s.mean() for s in SCENARIOS])[which]
    phi = np.array([s.phi for s in SCENARIOS])[which]
    return Labelled(counts.astype(float), mean, phi, which, k, first, last)


def _one(seed: int, scenario: int, replicate: int) -> tuple[Floats, int, int, int]:
    rng = np.random.default_rng([seed, scenario, replicate])
    what = SCENARIOS[scenario]
    mean = what.mean()
    quiet = rng.poisson(mean) if what.phi == 1 else rng.negative_binomial(mean / (what.phi - 1), 1 / what.phi)
    counts, sd = quiet.astype(float), np.sqrt(what.phi * mean)
    starts = rng.choice(np.arange(*BASELINE), N_PAST, replace=False)
    for start, past_k in zip(starts, rng.choice(PAST_K, N_PAST), strict=True):
        _add(rng, counts, int(start), past_k * sd[start], BASELINE[1] - 1)
    k = 1 + replicate % 10
    begin = int(rng.integers(N_WEEKS - N_JUDGED, N_WEEKS))
    last = _add(rng, counts, begin, k * sd[begin], N_WEEKS - 1)
    return counts, k, begin, last


def _add(rng: np.random.Generator, counts: Floats, start: int, expected: float, end: int) -> int:
    """Add an outbreak's cases, those later than `end` to that week; gives its last week."""
    size = 0
    while size < LEAST_CASES:
        size = int(rng.poisson(expected))
    weeks = np.minimum(start + np.floor(rng.lognormal(0, SPREAD, size)).astype(int), end)
    np.add.at(counts, weeks, 1)
    return int(weeks.max())
