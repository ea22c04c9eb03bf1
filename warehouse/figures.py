"""From numerators and denominators to values with intervals. The only place where a ratio is formed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from warehouse.analysis.intervals import wilson
from warehouse.measures import Measure, measures


def add_values(frame: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Add <id> (the value), <id>_n, and for rates <id>_low and <id>_high (95 % Wilson) to a frame of `Reader.figures`.

    A denominator of 0 or missing gives a missing value, never 0 or 100 %.
    """
    frame = frame.copy()
    for name in ids:
        entry = measures()[name]
        top = pd.to_numeric(frame[f"{name}_num"], errors="coerce").astype(float)
        bottom = pd.to_numeric(frame[f"{name}_den"], errors="coerce").astype(float)
        frame[name] = _value(entry, top, bottom)
        frame[f"{name}_n"] = top if entry.kind in ("count", "share", "per_10k") else bottom
        if entry.kind == "rate":
            low, high = wilson(top.to_numpy(), bottom.to_numpy())
            frame[f"{name}_low"], frame[f"{name}_high"] = low, high
    return frame


def _value(entry: Measure, top: pd.Series, bottom: pd.Series) -> pd.Series:
    if entry.kind in ("count", "share"):
        return top
    if entry.kind == "quantile":
        return top.where(bottom > 0)
    factor = 1e4 if entry.kind == "per_10k" else 1.0
    return factor * top / bottom.where(bottom > 0, np.nan)


def shares(frame: pd.DataFrame, within: Sequence[str] = ("period",), total: float | None = None) -> pd.DataFrame:
    """Add `share` and `share_n`: M54 of each row within its group of `within` columns.

    `total` is the base when rows of the group are hidden, so that shares stay those of the true whole.
    """
    frame = frame.copy()
    base = frame.groupby(list(within), observed=True)["M54_num"].transform("sum") if total is None else total
    frame["share_n"] = base
    frame["share"] = frame["M54_num"].astype(float) / frame["share_n"].where(frame["share_n"] > 0)
    return frame
