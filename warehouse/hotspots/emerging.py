"""Emerging hot spots: what a place's hot and cold periods over time amount to, in one word.

The classes are those of the space-time analysis planners know (Esri's definitions, restated): 90 % of periods hot is
"all the time", and whether heat rises or falls is asked of the z-scores by Mann-Kendall.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

HOT, COLD, NEITHER = 1, -1, 0
KINDS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
CLASSES = (*(f"{side}_{kind}" for side in ("hot", "cold") for kind in KINDS), "none")
NONE = "none"
_MOSTLY = 0.9


def mann_kendall(values: ArrayLike) -> tuple[float, float]:
    """z and two-sided p of a trend without a shape: pairs that rise less pairs that fall, ties allowed for.

    Fewer than three values, or all alike, give (0, 1).
    """
    z, p = trends(np.asarray(values, float)[None, :])
    return float(z[0]), float(p[0])


def trends(values: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`mann_kendall` of every row of (places, periods)."""
    v = np.atleast_2d(np.asarray(values, float))
    rows, n = v.shape
    if n < 3:
        return np.zeros(rows), np.ones(rows)
    s, before_ties = np.zeros(rows), np.zeros(rows)
    for k in range(n):
        s += np.sign(v[:, k + 1 :] - v[:, k : k + 1]).sum(axis=1)
        # Of t alike, each adds (t - 1)(2t + 5): together t(t - 1)(2t + 5).
        alike = (v == v[:, k : k + 1]).sum(axis=1)
        before_ties += (alike - 1) * (2 * alike + 5)
    variance = (n * (n - 1) * (2 * n + 5) - before_ties) / 18
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where((variance > 0) & (s != 0), (s - np.sign(s)) / np.sqrt(variance), 0.0)
    return z, np.where(z == 0, 1.0, 2 * stats.norm.sf(np.abs(z)))


def states(z: ArrayLike, limit: float) -> NDArray[np.int8]:
    """HOT, COLD or NEITHER per z-score: beyond the limit on either side."""
    v = np.asarray(z, float)
    return (np.where(v >= limit, HOT, 0) + np.where(v <= -limit, COLD, 0)).astype(np.int8)


def classify(bins: ArrayLike, trend: int) -> str:
    """The class of a row of HOT, COLD, NEITHER, oldest first; `trend` is 1 rising, -1 falling, 0 neither.

    A falling trend makes cold places intensify, so it is turned round for them.
    """
    row = np.asarray(bins, np.int8)
    # What a place was most of the time decides over the other side's last word: nine hot, then one cold, is history.
    sides = sorted(((HOT, "hot"), (COLD, "cold")), key=lambda s: -int((row == s[0]).sum() >= _MOSTLY * len(row) - 1e-9))
    for side, name in sides:
        kind = _kind(row * side, trend * side)
        if kind is not None:
            return f"{name}_{kind}"
    return NONE


def _kind(row: NDArray[np.int8], trend: int) -> str | None:
    """The kind of hot place, if it is one."""
    hot = row == HOT
    n_hot, n = int(hot.sum()), len(row)
    if not n_hot:
        return None
    mostly = n_hot >= _MOSTLY * n - 1e-9
    if not hot[-1]:
        return "historical" if mostly else None
    if n_hot == 1 and not (row == COLD).any():
        return "new"
    if mostly:
        return {1: "intensifying", -1: "diminishing"}.get(trend, "persistent")
    if (row == COLD).any():
        return "oscillating"
    is_one_run = bool(hot[n - n_hot :].all())
    return "consecutive" if is_one_run else "sporadic"


def classes(z: ArrayLike, limit: float, alpha: float) -> list[str]:
    """One class per place from its z-scores: (places, periods), oldest first. `alpha` decides about the trend."""
    table = np.atleast_2d(np.asarray(z, float))
    told = states(table, limit)
    score, p = trends(table)
    trend = np.where(p < alpha, np.sign(score), 0).astype(np.int8)
    # Few rows of states differ: each kind is looked up once.
    rows = np.column_stack([told, trend])
    return [_classified(row) for row in map(bytes, np.ascontiguousarray(rows))]


@lru_cache(maxsize=1 << 16)
def _classified(row: bytes) -> str:
    """The class of states and trend, a byte each."""
    states = np.frombuffer(row, np.int8)
    return classify(states[:-1], int(states[-1]))
