"""Net promoter score with its interval (measure M11): promoters (9–10) less detractors (0–6), −100 to 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Z95 = 1.959964


def nps(promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Score, low and high in points for counts of n answers; NaN where n = 0.

    The variance is that of a trinomial with half an answer added on either side, so that unanimous answers have an
    interval too. Limits are kept within −100…100.
    """
    up, down, base = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (promoters, detractors, n))
    if ((up < 0) | (down < 0) | (up + down > base)).any():
        raise ValueError("expected promoters and detractors of 0 or more, together at most n")
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(base > 0, (up - down) / base, np.nan)
        p, d = (up + 0.5) / (base + 1.5), (down + 0.5) / (base + 1.5)
        error = np.sqrt((p + d - (p - d) ** 2) / np.where(base > 0, base, np.nan))
    low, high = np.clip(score - Z95 * error, -1, 1), np.clip(score + Z95 * error, -1, 1)
    return 100 * score, 100 * low, 100 * high


def apart(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Whether two intervals (low, high) do not touch (rule RT03 asks for that beside a fall of ten points)."""
    return first[0] > second[1] or second[0] > first[1]
