"""How often alarms are false, how many outbreaks are found, how many alarms are right; with bootstrap intervals.

Weeks of one series are not independent, so whole series are drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
DRAWS = 2000


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}–{self.high:.3f})"


@dataclass(frozen=True)
class Quality:
    """fpr: alarms among weeks without outbreak. pod: outbreaks with an alarm between their first and last week. ppv:
    alarms in an outbreak among all alarms."""

    fpr: Share
    pod: Share
    ppv: Share


def quality(alarms: Bools, is_outbreak: Bools, seed: int = 1) -> Quality:
    """Of arrays of shape (series, weeks), one outbreak a series."""
    false = (alarms & ~is_outbreak).sum(axis=1)
    quiet = (~is_outbreak).sum(axis=1)
    right = (alarms & is_outbreak).sum(axis=1)
    found = (right > 0).astype(float)
    ones = is_outbreak.any(axis=1).astype(float)
    return Quality(share(false, quiet, seed), share(found, ones, seed), share(right, right + false, seed))


def share(part: Floats, whole: Floats, seed: int = 1) -> Share:
    """The share of sums, by series; the interval from the series drawn again."""
    n = len(part)
    if n == 0:
        return Share(float("nan"), float("nan"), float("nan"))
    rng = np.random.default_rng(seed)
    times = rng.multinomial(n, np.full(n, 1 / n), DRAWS).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (times @ part) / (times @ whole)
        value = float(np.sum(part)) / float(np.sum(whole)) if np.sum(whole) else float("nan")
    low, high = np.nanpercentile(drawn, [2.5, 97.5]) if np.isfinite(drawn).any() else (float("nan"),) * 2
    return Share(value, float(low), float(high))
