"""Slow drifts of a rate: a cumulative sum of standardised weeks (Page 1954). Pure.

A week of `k` among `n` lies z = (p0 - k / n) / sqrt(p0 (1 - p0) / n) below the rate `p0`. The sum of z - `slack`, never
under 0, grows while weeks are low and forgets while they are not. With slack 0.5 and limit 4 a fall by one standard
error a week is found in about 8 weeks, and chance alone passes the limit about once in 336 weeks (one-sided;
Montgomery, table 9.3, gives 168 two-sided).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def falls(k: ArrayLike, n: ArrayLike, p0: float, slack: float = 0.5) -> NDArray[np.float64]:
    """The sum after each week, oldest first. A week of nobody changes nothing.

    `p0` is kept inside (0.01, 0.99), so that a rate that never varied does not make one case infinitely rare.
    """
    hits, all_ = np.asarray(k, float), np.asarray(n, float)
    p = min(max(p0, 0.01), 0.99)
    sums, so_far = np.zeros(len(all_)), 0.0
    for i, (hit, size) in enumerate(zip(hits, all_, strict=True)):
        if size > 0:
            z = (p - hit / size) / np.sqrt(p * (1 - p) / size)
            so_far = max(0.0, so_far + z - slack)
        sums[i] = so_far
    return sums
