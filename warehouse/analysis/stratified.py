"""Two ways of working compared within strata, so that what they are used for does not pass for what they do.

Does not belong here: intervals of a single rate (`intervals`), causal models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from warehouse.analysis.intervals import Z95


@dataclass(frozen=True)
class Ratio:
    """A ratio of two risks over all strata with its 95 % interval; NaN where nothing can be said."""

    value: float
    low: float
    high: float
    n_strata: int

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 1."""
        return self.low > 1 or self.high < 1


def risk_ratio(k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike) -> Ratio:
    """Mantel-Haenszel risk ratio of k1 in n1 against k2 in n2, one entry a stratum.

    Strata with an empty side say nothing and are left out. Interval by Greenland and Robins (1985), which holds for
    few large strata as for many small ones.
    """
    a, m, b, n = (np.atleast_1d(np.asarray(v, dtype=float)) for v in (k1, n1, k2, n2))
    used = (m > 0) & (n > 0)
    a, m, b, n = a[used], m[used], b[used], n[used]
    total = m + n
    top, bottom = float((a * n / total).sum()), float((b * m / total).sum())
    if top <= 0 or bottom <= 0:
        return Ratio(math.nan, math.nan, math.nan, int(used.sum()))
    spread = float(((m * n * (a + b) - a * b * total) / total**2).sum()) / (top * bottom)
    ratio, half = top / bottom, Z95 * math.sqrt(spread)
    return Ratio(ratio, ratio * math.exp(-half), ratio * math.exp(half), int(used.sum()))
