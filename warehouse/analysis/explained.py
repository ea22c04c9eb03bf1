"""How many complaints bad radio explains: more come from cells on bad days than on fine ones. Arrays in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.float64] | NDArray[np.int64]
DRAWS, SEED = 2000, 20


@dataclass(frozen=True)
class Explained:
    """`share` of complaints that would not have come had every cell been fine, with its interval; never negative.

    `ratio`: complaints per cell-day on bad days over those on fine ones. None where one of the two kinds of days is
    missing, or no complaint came.
    """

    n: int
    n_bad: int
    ratio: float | None
    share: float | None
    low: float | None
    high: float | None


def explained(
    n_bad: ArrayLike, days_bad: ArrayLike, n_fine: ArrayLike, days_fine: ArrayLike, level: float = 0.95
) -> Explained:
    """Complaints and cell-days on bad and on fine days, per layer (radio generation, week) -> one share.

    The ratio is pooled over layers (Mantel-Haenszel for rates), so that a layer with many complaints and many bad days
    is not taken for an effect. The share is n_bad ÷ n × (1 - 1 ÷ ratio); its interval is that of `DRAWS` draws of all
    counts as Poisson counts, with a fixed seed. Numbers or equally long arrays.
    """
    a, s, b, t = (np.atleast_1d(np.asarray(v, float)) for v in (n_bad, days_bad, n_fine, days_fine))
    bad, fine = float(a.sum()), float(b.sum())
    n = int(bad + fine)
    nothing = Explained(n, int(bad), None, None, None, None)
    held = (s > 0) & (t > 0)
    if n == 0 or not held.any():
        return nothing
    a, s, b, t = (v[held] for v in (a, s, b, t))
    up, down = float((a * t / (s + t)).sum()), float((b * s / (s + t)).sum())
    if down == 0:
        return nothing
    rng = np.random.default_rng(SEED)
    drawn = _share(rng.poisson(a, (DRAWS, len(a))), s, rng.poisson(b, (DRAWS, len(b))), t)
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    share = float(_share(a[None, :], s, b[None, :], t)[0])
    return Explained(n, int(bad), up / down, max(0.0, share), max(0.0, float(low)), max(0.0, float(high)))


def _share(a: Counts, s: Floats, b: Counts, t: Floats) -> Floats:
    """Shares of draws (draws × layers): all complaints less those due had bad days been fine ones."""
    up, down = (a * t / (s + t)).sum(axis=1), (b * s / (s + t)).sum(axis=1)
    bad, n = a.sum(axis=1), (a + b).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = bad / n * (1 - down / up)
    return np.where(np.isfinite(share), share, 0.0)
