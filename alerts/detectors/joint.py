"""Several weak signals of one place, joined: neighbours pooled, signals and periods added up. Pure.

A signal is an array of shape (units, periods). Its residuals (residuals.py) say how much worse a period was than
expected, in standard deviations. They are pooled over neighbours by a kernel, and added up over the signals of a
profile: what an incident of some sort would move, such as the network alone. These sums in turn are added up over the
last 1, 2, … periods. The score of a unit is the largest of all profiles and lengths, in standard deviations: a
likelihood ratio for a shift of unknown size, beginning and sort (generalised likelihood ratio, Lai 1995; Stouffer's sum
over signals). The profile that says most tells what sort of incident it is, its sums what each signal contributed.

Every sum is divided by the spread that it had in its own past, so that signals which move together count for less than
two. A score looks back over a fixed number of periods only (`reach`): more history changes nothing. Missing values
(NaN) are left out of sums; they neither raise nor lower. Does not belong here: which signals and how often
(signals/joined.py), thresholds (the rules), how a limit is found (bench/detection).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alerts.detectors.residuals import BACK, GAP, Floats, standardised

WINDOWS = (1, 2, 3, 4, 6, 8)


@dataclass(frozen=True)
class Evidence:
    """Of every unit and period, arrays of shape (units, periods).

    score: standard deviations, NaN where nothing is known. profile: number of the one that says most. since: how many
    periods were added up. by_profile: the score of each alone, (profiles, units, periods). leans: what each signal says
    over these periods, in standard deviations, (signals, units, periods).
    """

    score: Floats
    profile: NDArray[np.int64]
    since: NDArray[np.int64]
    by_profile: Floats
    leans: Floats


def reach(back: int = BACK, gap: int = GAP, windows: Sequence[int] = WINDOWS) -> int:
    """How many periods before it a score looks at, the residuals' own look included."""
    return 3 * (back + gap) + max(windows)


def pooled(z: Floats, kernel: ArrayLike) -> Floats:
    """Each unit together with its neighbours: `kernel` is (units, units), 1 for itself. Its variance stays 1 where
    neighbours know nothing of each other."""
    weights = np.asarray(kernel, float)
    there = np.isfinite(z).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        answer: Floats = (weights @ np.nan_to_num(z)) / np.sqrt((weights**2) @ there)
    return answer


def join(
    signals: Mapping[str, Floats],
    kernel: ArrayLike,
    profiles: Mapping[str, Sequence[str]],
    windows: Sequence[int] = WINDOWS,
    back: int = BACK,
    gap: int = GAP,
) -> Evidence:
    """The evidence of residuals, each of shape (units, periods); a profile names the signals that it adds up."""
    z = {name: pooled(values, kernel) for name, values in signals.items()}
    sums = [_together([z[name] for name in of]) for of in profiles.values()]
    grown = np.array([_grown(values, windows, back, gap) for values in sums])
    is_known = np.isfinite(grown).any(axis=(0, 1))
    grown = np.where(np.isfinite(grown), grown, -np.inf)
    by_profile = grown.max(axis=1)
    profile = by_profile.argmax(axis=0)
    length = np.take_along_axis(grown.argmax(axis=1), profile[None], axis=0)[0]
    each = np.array([_grown(values, windows, back, gap) for values in z.values()])
    leans = np.take_along_axis(each, length[None, None], axis=1)[:, 0]
    score = np.where(is_known, by_profile.max(axis=0), np.nan)
    return Evidence(score, profile, np.asarray(windows)[length], by_profile, leans)


def _grown(z: Floats, windows: Sequence[int], back: int, gap: int) -> Floats:
    """Added up over each of the windows, (windows, units, periods), in standard deviations of such sums in the past;
    NaN until half of that past is there."""
    return np.array([standardised(_added(z, w), back, gap, np.inf, back // 2) for w in windows])


def _together(parts: Sequence[Floats]) -> Floats:
    """The sum of what is known, its variance 1 where parts know nothing of each other."""
    stacked = np.array(parts)
    n_known = np.isfinite(stacked).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        answer: Floats = np.nansum(stacked, axis=0) / np.sqrt(n_known)
    return np.where(n_known > 0, answer, np.nan)


def _added(z: Floats, w: int) -> Floats:
    """The last `w` periods added up, divided by the root of how many are known; NaN where none is."""
    sums, known = (np.cumsum(v, axis=-1) for v in (np.nan_to_num(z), np.isfinite(z).astype(float)))
    n = np.round(_last(known, w))
    answer: Floats = np.where(n > 0, _last(sums, w) / np.sqrt(np.maximum(n, 1)), np.nan)
    return answer


def _last(sums: Floats, w: int) -> Floats:
    before = np.zeros_like(sums)
    before[..., w:] = sums[..., :-w]
    return sums - before
