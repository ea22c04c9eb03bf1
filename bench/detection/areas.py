"""The design of our own: cities of 64 cells with several weak signals each (decision 0021). Deterministic by seed.

Does not belong here: detectors (rivals.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIDE = 8
N_CELLS = SIDE * SIDE
HISTORY, JUDGED = 120, 52
N_WEEKS = HISTORY + JUDGED
KINDS = ("all", "kpi", "service")
KIND_ODDS = (0.5, 0.25, 0.25)
SIZES = (1.0, 1.5, 2.0, 3.0, 4.0)
RAMP = 3  # weeks until the full effect
LATE = {"complaints": 2, "satisfaction": 2}  # weeks after the network, where both are hit
STEP = 0.4  # standard deviations of a cell-week that a size of 1 moves each signal by
AR = 0.3  # of KPIs from week to week
_SPACE = {0: 1.0, 1: 0.6, 2: 0.35}  # by squared distance


@dataclass(frozen=True)
class City:
    """Arrays of shape (64 cells, weeks); the true means of complaints and KPIs without the incident beside them."""

    complaints: Floats
    mean: Floats
    drops: Floats
    speed: Floats
    kpi_mean: Floats
    good: Floats
    answers: Floats
    kind: str
    size: float
    cell: int
    first: int
    last: int


WIDE = 1.5  # variance of complaints over their mean
ANSWERS = 3.0


def city(seed: int, number: int, size: float) -> City:
    """One city; `size` 0 is a quiet one."""
    rng = np.random.default_rng([seed, number, round(size * 10)])
    weeks = np.arange(N_WEEKS)
    level = rng.lognormal(np.log(2), 0.6, N_CELLS)
    season = 1 + 0.15 * np.cos(2 * np.pi * (weeks - rng.integers(52)) / 52)
    mean = level[:, None] * season * np.exp(rng.normal(0, 0.08, N_WEEKS))
    kpi_mean = np.exp(rng.normal(0, 0.3, (N_CELLS, 1))) + rng.normal(0, 0.05, N_WEEKS)
    odds = rng.normal(np.log(4), 0.3, (N_CELLS, 1))
    kind = str(rng.choice(KINDS, p=KIND_ODDS))
    cell, first = int(rng.integers(N_CELLS)), HISTORY + int(rng.integers(4, 40))
    last = min(first + 3 + int(rng.poisson(5)), N_WEEKS - 1)
    hit = size * STEP * near(cell)[:, None]

    def course(late: int) -> Floats:
        return np.clip((weeks - first - late + 1) / RAMP, 0, 1) * (weeks <= last)

    late = LATE if kind == "all" else {"complaints": 0, "satisfaction": 0}
    network = hit * course(0) * (kind != "service")
    told = hit * course(late["complaints"]) * (kind != "kpi")
    felt = hit * course(late["satisfaction"]) * (kind != "kpi")
    noisy = mean + told * np.sqrt(WIDE * mean)
    complaints = rng.negative_binomial(noisy / (WIDE - 1), 1 / WIDE).astype(float)
    drops = kpi_mean + 0.15 * (_wander(rng) + network)
    speed = kpi_mean - 0.10 * (_wander(rng) + network)
    answers = rng.poisson(ANSWERS, mean.shape).astype(float)
    # A shift of the log odds that moves the rate of a week by as many standard deviations.
    p = 1 / (1 + np.exp(-(odds - felt / np.sqrt(ANSWERS * 0.16))))
    good = rng.binomial(answers.astype(int), p).astype(float)
    return City(complaints, mean, drops, speed, kpi_mean, good, answers, kind, size, cell, first, last)


def near(cell: int) -> Floats:
    """How much of an incident at one cell each cell feels."""
    row, column = np.divmod(np.arange(N_CELLS), SIDE)
    away = (row - cell // SIDE) ** 2 + (column - cell % SIDE) ** 2
    answer: Floats = np.select([away == d for d in _SPACE], list(_SPACE.values()), 0.0)
    return answer


def kernel() -> Floats:
    """Weights for pooling: the neighbours' share as planners would guess it, not the true one."""
    answer: Floats = np.array([(near(c) > 0) * 0.5 for c in range(N_CELLS)])
    np.fill_diagonal(answer, 1.0)
    return answer


def _wander(rng: np.random.Generator) -> Floats:
    """Noise of variance 1 that remembers the week before."""
    shocks = rng.normal(0, 1, (N_CELLS, N_WEEKS))
    found = np.empty_like(shocks)
    found[:, 0] = shocks[:, 0]
    for t in range(1, N_WEEKS):
        found[:, t] = AR * found[:, t - 1] + np.sqrt(1 - AR**2) * shocks[:, t]
    return found
