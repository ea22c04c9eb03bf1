"""A rate of those who answered, weighted as if everybody had: what an uneven answer rate may have done to it.

It can only correct for what the strata say; people who answer may differ from the silent ones in other ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Reweighted:
    """`raw` and `value` are rates 0–1, low–high the 95 % interval of `value`; `covered` the share of cases (0–1) in
    strata with enough answers of their own. The rest takes the rate of its parent, or of all."""

    raw: float
    value: float
    low: float
    high: float
    covered: float


def reweighted(strata: pd.DataFrame, parent: str, least: int = 5) -> Reweighted:
    """Post-stratified rate. `strata` has a column `parent` and k (good answers), n (answers), whole (all cases).

    A stratum with under `least` answers takes the rate of its parent, a parent with as few the rate of all. NaN
    without any answer or case.
    """
    k, n = strata["k"].to_numpy(dtype=float), strata["n"].to_numpy(dtype=float)
    whole = strata["whole"].to_numpy(dtype=float)
    if n.sum() == 0 or whole.sum() == 0:
        return Reweighted(*[float("nan")] * 5)
    above = strata.groupby(parent, dropna=False, observed=True)
    up_k, up_n = (above[c].transform("sum").to_numpy(dtype=float) for c in ("k", "n"))
    own, above_own = n >= least, up_n >= least
    used_k = np.where(own, k, np.where(above_own, up_k, k.sum()))
    used_n = np.where(own, n, np.where(above_own, up_n, n.sum()))
    rate, weight = used_k / used_n, whole / whole.sum()
    value = float((weight * rate).sum())
    # Rates of 0 and 1 in small strata are not certain: the variance takes the rate with two answers added each way.
    soft = (used_k + 2) / (used_n + 4)
    error = float(
        np.sqrt((_per_source(weight, own, above_own, strata[parent]) ** 2 * soft * (1 - soft) / used_n).sum())
    )
    low, high = max(0.0, value - Z95 * error), min(1.0, value + Z95 * error)
    return Reweighted(float(k.sum() / n.sum()), value, low, high, float(weight[own].sum()))


def _per_source(weight: np.ndarray, own: np.ndarray, above_own: np.ndarray, parent: pd.Series) -> np.ndarray:
    """The weight of each source of a rate, on one of the strata that use it: borrowed rates err together."""
    source = np.where(own, np.arange(len(weight)).astype(str), np.where(above_own, "p" + parent.astype(str), "all"))
    frame = pd.DataFrame({"source": source, "weight": weight})
    total = frame.groupby("source")["weight"].transform("sum")
    return np.where(frame["source"].duplicated(), 0.0, total)
