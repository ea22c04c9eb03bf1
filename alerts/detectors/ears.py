"""EARS C1, C2 and C3: upper limits for counts while history is short.

Does not belong here: counts with seasons and years of history (farrington.py), the choice of a detector (signals).
Source: Hutwagner et al. 2003, limits as in Salmon et al. 2016 (R package surveillance, `earsC`).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Method = Literal["C1", "C2", "C3"]
GAP = 2  # periods between the baseline and the present that C2 and C3 leave out
PAST = 2  # earlier statistics that C3 adds to the present one


def limits(
    counts: ArrayLike, method: Method = "C2", baseline: int = 7, alpha: float = 0.001, least_sd: float = 0.0
) -> NDArray[np.float64]:
    """Upper limit of every period; NaN where history is too short. Counts above it are unusual.

    `counts` has shape (periods,) or (series, periods), so has the answer. `baseline` is the number of past periods that
    mean and standard deviation come from, `least_sd` a floor for the latter. `alpha` is the one-sided error for a
    normal count. C3 adds up by how much the two statistics before exceeded one standard deviation: as in the reference,
    its limit lies below the count exactly when that sum alone exceeds the quantile. Where the baseline has no spread
    and `least_sd` is 0, C3 may have no limit (NaN). Raises ValueError for a baseline under 2.
    """
    if baseline < 2:
        raise ValueError(f"baseline is {baseline}; a standard deviation needs 2 periods or more")
    seen = np.atleast_2d(np.asarray(counts, dtype=float))
    z = float(stats.norm.ppf(1 - alpha))
    mean, sd = _past(seen, baseline, 0 if method == "C1" else GAP, least_sd)
    upper = mean + z * sd
    if method == "C3":
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = np.maximum((seen - mean) / sd - 1, 0)
            carried = np.full_like(upper, np.nan)
            carried[:, PAST:] = excess[:, PAST - 1 : -1] + excess[:, :-PAST]
            upper = np.maximum(seen + sd * (z - carried), 0)
    return upper[0] if np.ndim(counts) == 1 else upper


def _past(
    seen: NDArray[np.float64], baseline: int, gap: int, least_sd: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of the `baseline` periods that end `gap` periods before each one."""
    mean, sd = np.full_like(seen, np.nan), np.full_like(seen, np.nan)
    first = baseline + gap
    if seen.shape[1] <= first:
        return mean, sd
    windows = np.lib.stride_tricks.sliding_window_view(seen, baseline, axis=1)[:, : seen.shape[1] - first]
    mean[:, first:] = windows.mean(axis=2)
    sd[:, first:] = np.maximum(windows.std(axis=2, ddof=1), least_sd)
    return mean, sd
