"""Did a change help: one place before and after, against neighbours to which nothing happened. Arrays in, figures out.

What the neighbours went through too (season, weather, a holiday) falls out of the comparison. What does not is that a
place is mended when it is at its worst and would have been better anyway: `regression` says how much of a fall that
may be. Does not belong here: which change, which cells (callers know).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
_HALF = 0.5  # added to all four counts when one is nought, so that a ratio exists


@dataclass(frozen=True)
class Ratio:
    """After ÷ before of the place over the same of its neighbours: 1 is no effect, 0.6 is 40 % fewer."""

    value: float
    low: float
    high: float
    p_value: float
    avoided: float  # complaints that did not come after the change; negative where more came
    avoided_low: float
    avoided_high: float

    @property
    def is_effect(self) -> bool:
        return not self.low <= 1 <= self.high


@dataclass(frozen=True)
class Difference:
    """(After - before) of the place less that of its neighbours, in the unit of the figure."""

    value: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True)
class Regression:
    """How much a place would have fallen back without any change: from `before` to `due`, both per period.

    `share` is that part of the fall seen; None where nothing fell. `is_warning`: the time before was unusually high
    for this place, or half of the fall or more is due to that.
    """

    before: float
    due: float
    share: float | None
    p_unusual: float
    is_warning: bool


def matched(place: ArrayLike, others: ArrayLike, most: int) -> NDArray[np.int64]:
    """Which of `others` (units × periods, before the change) ran most like the place (periods): positions, best first.

    Counts are compared by their square roots, which scatter alike whether small or large.
    """
    one, many = np.sqrt(np.asarray(place, float)), np.sqrt(np.atleast_2d(np.asarray(others, float)))
    if many.size == 0:
        return np.zeros(0, np.int64)
    if many.shape[1] != len(one):
        raise ValueError(f"others: expected {len(one)} periods like the place, got {many.shape[1]}")
    apart = np.sqrt(((many - one) ** 2).mean(axis=1))
    return np.asarray(np.argsort(apart, kind="stable")[:most], np.int64)


def ratio(
    before: ArrayLike,
    after: ArrayLike,
    others_before: ArrayLike,
    others_after: ArrayLike,
    level: float = 0.95,
    scatter: float | None = None,
) -> Ratio:
    """Counts per period of the place (periods) and of its neighbours (units × periods or summed) -> ratio of ratios.

    Counts scatter more than Poisson: the standard error is widened by the dispersion of all four rows of counts, or by
    `scatter` where the caller knows it from calmer ones (`dispersion`). Raises ValueError without a period on either
    side.
    """
    rows = [_summed(v) for v in (before, after, others_before, others_after)]
    if any(len(r) == 0 for r in rows) or len(rows[0]) != len(rows[2]) or len(rows[1]) != len(rows[3]):
        lengths = ", ".join(str(len(r)) for r in rows)
        raise ValueError(f"expected equally many periods of place and neighbours before and after, got {lengths}")
    n = np.array([r.sum() for r in rows])
    n = n + _HALF if (n == 0).any() else n
    log = np.log(n[1] / n[0]) - np.log(n[3] / n[2])
    error = float(np.sqrt((1 / n).sum() * (dispersion(rows) if scatter is None else scatter)))
    z = stats.norm.ppf(0.5 + level / 2)
    low, value, high = (float(np.exp(log + k * error)) for k in (-z, 0, z))
    came = float(rows[1].sum())
    would = n[0] * n[3] / n[2]  # what would have come with the neighbours' change
    avoided = [would - came, would * (1 - high), would * (1 - low)]
    return Ratio(value, low, high, float(2 * stats.norm.sf(abs(log) / error)), *map(float, avoided))


def difference(
    before: ArrayLike, after: ArrayLike, others_before: ArrayLike, others_after: ArrayLike, level: float = 0.95
) -> Difference:
    """Figures per period (KPIs): difference in differences of means, Welch's interval over the periods.

    The neighbours' rows are means over the neighbours. Raises ValueError with under two periods on a side.
    """
    rows = [np.asarray(v, float) for v in (before, after, others_before, others_after)]
    rows = [r[np.isfinite(r)] for r in rows]
    if min(map(len, rows)) < 2:
        raise ValueError(f"expected two periods or more on every side, got {', '.join(str(len(r)) for r in rows)}")
    value = float((rows[1].mean() - rows[0].mean()) - (rows[3].mean() - rows[2].mean()))
    parts = np.array([r.var(ddof=1) / len(r) for r in rows])
    error = float(np.sqrt(parts.sum()))
    if error == 0:
        return Difference(value, value, value, 1.0 if value == 0 else 0.0)
    free = float(parts.sum() ** 2 / sum(p**2 / (len(r) - 1) for p, r in zip(parts, rows, strict=True) if p > 0))
    t = float(stats.t.ppf(0.5 + level / 2, free))
    return Difference(value, value - t * error, value + t * error, float(2 * stats.t.sf(abs(value) / error, free)))


def regression(earlier: ArrayLike, before: ArrayLike, after: ArrayLike, weight: float = 4.0) -> Regression:
    """Whether the time before a change stood out from the time `earlier`, and what would have come of that by itself.

    All are counts per period of the place. What is due is the mean of all before the change, the earlier time counting
    as `weight` periods more than it has, since a place is mended because of how it looked last. Without an earlier time
    nothing can be said, which is a warning too.
    """
    was, near, came = (np.asarray(v, float) for v in (earlier, before, after))
    if not len(near) or not len(came):
        raise ValueError("expected periods before and after the change")
    level = float(near.mean())
    if not len(was):
        return Regression(level, level, None, float("nan"), True)
    usual = float(was.mean())
    due = float((usual * (len(was) + weight) + near.sum()) / (len(was) + weight + len(near)))
    p = float(stats.poisson.sf(near.sum() - 1, max(usual, 0.5 / len(was)) * len(near)))
    fall = level - float(came.mean())
    share = max(0.0, level - due) / fall if fall > 0 else None
    return Regression(level, due, share, p, p < 0.05 or (share is not None and share >= 0.5))


def _summed(values: ArrayLike) -> Floats:
    table = np.asarray(values, float)
    return np.asarray(table.sum(axis=0) if table.ndim == 2 else table)


def dispersion(rows: Sequence[Floats]) -> float:
    """Pearson's chi-square over its degrees of freedom, each row about its own mean; never under 1."""
    chi, free = 0.0, 0
    for length in {len(row) for row in rows if len(row) > 1}:
        table = np.array([row for row in rows if len(row) == length])
        mean = table.mean(axis=1, keepdims=True)
        table, mean = table[mean[:, 0] > 0], mean[mean[:, 0] > 0]
        chi += float(((table - mean) ** 2 / mean).sum())
        free += len(table) * (length - 1)
    return max(1.0, chi / free) if free else 1.0
