"""How much worse than expected: counts, levels and rates of many units as standard deviations, period by period. Pure.

Arrays have the shape (units, periods), NaN for what is missing, and so have the answers: above 0 is worse than
expected, NaN where the past is too short. Expected follows what the whole city did in the same period, so that seasons,
holidays and campaigns are nobody's incident. The past are the `back` periods that end `gap` before each one, so that an
incident that has just begun does not pass for usual.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
BACK, GAP = 52, 4
CLIP = 4.0  # one freak period is not to look like many weak ones
PRIOR = 20.0  # answers at the city's rate that a unit's own past rate starts from
LEAST_EXPECTED = 0.5  # events: of fewer, one alone would be many standard deviations
LEAST_SHARE = 0.5  # of the past that must be known
NORMAL = 1.4826  # from a median absolute deviation to a standard deviation


def of_counts(counts: ArrayLike, back: int = BACK, gap: int = GAP) -> Floats:
    """Of events, against what is expected of each unit."""
    y, usual = np.asarray(counts, float), expected(counts, back, gap)
    with np.errstate(invalid="ignore", divide="ignore"):
        return standardised((y - usual) / np.sqrt(np.maximum(usual, LEAST_EXPECTED)), back, gap)


def expected(counts: ArrayLike, back: int = BACK, gap: int = GAP) -> Floats:
    """Events expected of each unit: the city's of the period, shared out as in the past."""
    y = np.asarray(counts, float)
    past = past_sums(y, back, gap)
    with np.errstate(invalid="ignore", divide="ignore"):
        answer: Floats = np.nansum(y, axis=0) * past / past.sum(axis=0)
    return answer


def of_levels(values: ArrayLike, worse: int, back: int = BACK, gap: int = GAP) -> Floats:
    """Of a KPI: against the unit's own median, less what the middle unit did. `worse`: 1 if more is worse, else -1."""
    x = worse * np.asarray(values, float)
    away = np.full_like(x, np.nan)
    first = back + gap
    if x.shape[1] > first:
        past = np.lib.stride_tricks.sliding_window_view(x, back, axis=1)[:, : x.shape[1] - first]
        middle = _median(past, 2)
        spread = NORMAL * _median(np.abs(past - middle[:, :, None]), 2)
        enough = np.isfinite(past).mean(axis=2) >= LEAST_SHARE
        with np.errstate(invalid="ignore", divide="ignore"):
            away[:, first:] = np.where(enough & (spread > 0), (x[:, first:] - middle) / spread, np.nan)
    return standardised(away - _median(away, 0), back, gap)


def of_rates(k: ArrayLike, n: ArrayLike, back: int = BACK, gap: int = GAP) -> Floats:
    """Of answers, `k` good ones among `n`: how far below the unit's past rate, moved as the city's rate moved."""
    good, all_ = np.asarray(k, float), np.asarray(n, float)
    good_past, all_past = past_sums(good, back, gap), past_sums(all_, back, gap)
    with np.errstate(invalid="ignore", divide="ignore"):
        city_past = good_past.sum(axis=0) / all_past.sum(axis=0)
        city_now = (good.sum(axis=0) + PRIOR * city_past) / (all_.sum(axis=0) + PRIOR)
        own = (good_past + PRIOR * city_past) / (all_past + PRIOR)
        p = np.clip(own * city_now / city_past, 0.02, 0.98)
        z = (p - good / all_) / np.sqrt(p * (1 - p) / all_)
    return standardised(np.where(all_ > 0, z, np.nan), back, gap)


def standardised(z: Floats, back: int = BACK, gap: int = GAP, cut: float = CLIP, least: int | None = None) -> Floats:
    """Less the mean and divided by the spread that all units together had in the past, then cut off at `cut`.

    A spread under 1 counts as 1: what comes more evenly than chance is no reason to take small steps for large ones. Of
    the past, what lies beyond `CLIP` counts as that: no incident hides another. While there is no past, as it is; with
    `least`, NaN while fewer periods of the past are known.
    """
    seen = np.clip(z, -CLIP, CLIP)
    is_there = np.isfinite(z)
    n = past_sums(is_there.astype(float), back, gap, least=1).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nan_to_num(past_sums(seen, back, gap, least=1).sum(axis=0) / n)
        square = np.nan_to_num(past_sums(seen**2, back, gap, least=1).sum(axis=0) / n)
    answer: Floats = np.clip((z - mean) / np.sqrt(np.maximum(square - mean**2, 1.0)), -cut, cut)
    if least is not None:
        n_periods = past_sums(is_there.any(axis=0, keepdims=True).astype(float), back, gap, least=1)[0]
        answer[:, ~(n_periods >= least)] = np.nan
    return answer


def past_sums(values: Floats, back: int, gap: int, least: int | None = None) -> Floats:
    """Per unit, the sum of the past of each period; NaN where fewer than `least` of them are there (default all)."""
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(np.nan_to_num(values), axis=1)], axis=1)
    ends = np.arange(values.shape[1]) - gap
    answer: Floats = sums[:, np.maximum(ends, 0)] - sums[:, np.maximum(ends - back, 0)]
    answer[:, ends < (back if least is None else least)] = np.nan
    return answer


def _median(values: Floats, axis: int) -> Floats:
    """Of what is known; NaN where nothing is. Without missing values the fast one."""
    if not np.isnan(values).any():
        return np.asarray(np.median(values, axis=axis), float)
    known = ~np.isnan(values).all(axis=axis, keepdims=True)
    found = np.nanmedian(np.where(known, values, 0.0), axis=axis)
    return np.where(np.squeeze(known, axis=axis), found, np.nan)
