"""How long tickets stay open: the Kaplan–Meier share of open tickets by hour, from counts per hour.

Does not belong here: which tickets (the queries), limits (`policies.toml`), drawing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd


def open_share(counts: pd.DataFrame) -> pd.DataFrame:
    """Share of tickets still open after so many hours: hour, share, n_at_risk, low, high.

    `counts` holds hour, n_closed, n_open, in any order: tickets closed within the hour that ends at `hour`, and open
    ones whose age lies in it; an hour may occur once. A ticket that is still open leaves the risk set after the
    closings of its hour, as usual. The curve starts with hour 0 and share 1. low, high: 95 % by Greenwood's variance
    on the log–log scale (Kalbfleisch and Prentice), so that they stay inside 0–1; missing where it is 0 or 1.
    """
    rows = counts.sort_values("hour")
    hours = rows["hour"].to_numpy(dtype=float)
    closed, still = rows["n_closed"].to_numpy(dtype=float), rows["n_open"].to_numpy(dtype=float)
    if (closed < 0).any() or (still < 0).any() or len(set(hours)) != len(hours):
        raise ValueError("expected one row an hour and counts of 0 or more")
    total = float(closed.sum() + still.sum())
    gone = np.concatenate([[0.0], np.cumsum(closed + still)[:-1]]) if len(hours) else np.array([])
    risk = total - gone
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(np.where(risk > 0, 1 - closed / risk, 1.0))
        variance = np.cumsum(np.where(risk > closed, closed / (risk * (risk - closed)), 0.0))
        inside = (share > 0) & (share < 1)
        log = np.log(np.where(inside, share, np.nan))
        spread = 1.959964 * np.sqrt(variance) / np.abs(log)
        low, high = (np.where(inside, np.exp(log * np.exp(sign * spread)), np.nan) for sign in (1, -1))
    told = pd.DataFrame({"hour": hours, "share": share, "n_at_risk": risk, "low": low, "high": high})
    begin = pd.DataFrame({"hour": [0.0], "share": [1.0], "n_at_risk": [total], "low": [np.nan], "high": [np.nan]})
    return pd.concat([begin, told[told["hour"] > 0]], ignore_index=True) if total else begin.iloc[:0]


def share_at(curve: pd.DataFrame, hour: float) -> float | None:
    """The share still open after `hour` hours; None beyond what the curve knows or without tickets."""
    known = curve[curve["hour"] <= hour]
    if known.empty or (hour > curve["hour"].max() and curve["share"].iloc[-1] > 0):
        return None
    return float(known["share"].iloc[-1])
