"""Waiting times from length classes: quantiles of any group without reading tickets, and who waits by which type.

Does not belong here: which waits are counted (the marts), from when a difference is worth saying (the pages).

Length classes are quarters of a doubling: class k holds waits of 2^(k/4) up to 2^((k+1)/4) minutes, class 0 also
shorter ones. Inside a class waits are taken as evenly spread on the logarithmic scale, so a quantile is at most one
class (19 %) off, and on real waits usually under 2 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

CLASSES_PER_DOUBLING = 4


def lower_bound(wait_class: float) -> float:
    """Minutes at which a class begins; class 0 begins at none."""
    return 0.0 if wait_class <= 0 else float(2.0 ** (wait_class / CLASSES_PER_DOUBLING))


def quantile(classes: Sequence[float], counts: Sequence[float], q: float) -> float:
    """The q-quantile in minutes (0 < q < 1) of waits given as counts per class; NaN without waits."""
    k, place = np.unique(np.asarray(classes, dtype=float), return_inverse=True)
    n = np.bincount(place, weights=np.asarray(counts, dtype=float), minlength=len(k))
    if n.sum() <= 0:
        return float("nan")
    reached = np.cumsum(n)
    at = int(np.searchsorted(reached, q * reached[-1]))
    before = reached[at] - n[at]
    part = (q * reached[-1] - before) / n[at]
    if k[at] <= 0:
        return float(part * lower_bound(1))
    return float(2.0 ** ((k[at] + part) / CLASSES_PER_DOUBLING))


def quantiles(
    waits: pd.DataFrame, by: Sequence[str], count: str, wanted: Sequence[float], wait_class: str = "wait_class"
) -> pd.DataFrame:
    """`by`, n and one column p<percent> in minutes per wanted quantile; one row per group."""
    names = [f"p{round(100 * q)}" for q in wanted]
    rows = []
    groups = [((), waits)] if not by else waits.groupby(list(by), observed=True)
    for key, part in groups:
        k, n = part[wait_class].to_numpy(dtype=float), part[count].to_numpy(dtype=float)
        keys = key if isinstance(key, tuple) else (key,)
        rows.append([*keys, float(n.sum()), *(quantile(k, n, q) for q in wanted)])
    return pd.DataFrame(rows, columns=[*by, "n", *names])


def ratio_of_medians(waits: pd.DataFrame, by: Sequence[str], flag: str, count: str) -> pd.DataFrame:
    """Median wait where `flag` is true ÷ where it is false (M29): `by`, n_true, n_false, p50_true, p50_false, ratio."""
    both = quantiles(waits, [*by, flag], count, [0.5])
    true, false = (both[both[flag].astype(bool) == side].drop(columns=flag) for side in (True, False))
    if by:
        wide = true.merge(false, on=list(by), how="outer", suffixes=("_true", "_false"))
    else:
        wide = true.merge(false, how="cross", suffixes=("_true", "_false"))
    for side in ("true", "false"):
        wide[f"n_{side}"] = wide[f"n_{side}"].fillna(0)
    wide["ratio"] = wide["p50_true"] / wide["p50_false"].where(wide["p50_false"] > 0)
    return wide


def slowest_and_quickest(picks: pd.DataFrame, within: Sequence[str], item: str, count: str, least: int) -> pd.DataFrame:
    """Which item waits longest and which shortest within each group, and how many times longer (second part of M37).

    Items with fewer than `least` waits are left out, groups with fewer than two items too. Columns: `within`, slow,
    quick, slow_p50, quick_p50 (minutes), n_slow, n_quick, ratio; the widest gap first.
    """
    middle = quantiles(picks, [*within, item], count, [0.5])
    middle = middle[middle["n"] >= least]
    rows = []
    for key, part in middle.groupby(list(within), observed=True):
        if len(part) < 2:
            continue
        ordered = part.sort_values(["p50", item])
        quick, slow = ordered.iloc[0], ordered.iloc[-1]
        keys = key if isinstance(key, tuple) else (key,)
        ratio = slow["p50"] / quick["p50"] if quick["p50"] > 0 else float("nan")
        rows.append([*keys, slow[item], quick[item], slow["p50"], quick["p50"], slow["n"], quick["n"], ratio])
    columns = [*within, "slow", "quick", "slow_p50", "quick_p50", "n_slow", "n_quick", "ratio"]
    return pd.DataFrame(rows, columns=columns).sort_values("ratio", ascending=False, ignore_index=True)
