"""Indirect standardisation: a unit against what the whole would have given with the unit's own mix of cases.

A department that gets the hard types must not look bad for that. Says nothing about difficulty within a type.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

Z95 = 1.959964


def standardised_rate(cells: pd.DataFrame, unit: str, stratum: str) -> pd.DataFrame:
    """Per unit: k, n, rate, expected (0–1, the whole's rates on the unit's mix), adjusted, low, high.

    `cells` has a row per unit and stratum with k and n. `adjusted` is the whole's rate moved by the unit's difference to
    its expectation (0–1, cut there); low–high its 95 % interval (Wilson half width of the unit's own rate). NaN
    where a unit has no case.
    """
    from warehouse.analysis.intervals import wilson

    sums = _expected(cells, unit, stratum)
    overall = float(sums["k"].sum() / sums["n"].sum()) if sums["n"].sum() else float("nan")
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = sums["k"] / sums["n"].where(sums["n"] > 0)
        expected = sums["e"] / sums["n"].where(sums["n"] > 0)
    low, high = wilson(sums["k"].to_numpy(), sums["n"].to_numpy())
    shift = overall - expected
    return pd.DataFrame(
        {
            unit: sums[unit],
            "k": sums["k"],
            "n": sums["n"],
            "rate": rate,
            "expected": expected,
            "adjusted": (rate + shift).clip(0, 1),
            "low": (low + shift).clip(0, 1),
            "high": (high + shift).clip(0, 1),
        }
    )


def standardised_mean(cells: pd.DataFrame, unit: str, stratum: str) -> pd.DataFrame:
    """The same for means: `cells` has total, squares (sum of squares) and n per unit and stratum.

    Per unit: n, mean, expected, ratio (mean ÷ expected; below 1 is quicker than the whole on the same mix), low, high
    (95 %, t interval of the unit's own mean over its expectation). NaN with fewer than two cases.
    """
    rows = cells.assign(k=cells["total"])
    sums = _expected(rows, unit, stratum)
    squares = cells.groupby(unit, observed=True)["squares"].sum().reindex(sums[unit]).to_numpy(dtype=float)
    n = sums["n"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, sums["k"] / n, np.nan)
        expected = np.where(n > 0, sums["e"] / n, np.nan)
        spread = np.where(n > 1, np.sqrt(np.maximum(squares - n * mean**2, 0) / (n - 1)), np.nan)
        half = stats.t.ppf(0.975, np.maximum(n - 1, 1)) * spread / np.sqrt(n)
        ratio, low, high = mean / expected, (mean - half) / expected, (mean + half) / expected
    return pd.DataFrame(
        {
            unit: sums[unit],
            "n": sums["n"],
            "mean": mean,
            "expected": expected,
            "ratio": ratio,
            "low": np.maximum(low, 0),
            "high": high,
        }
    )


def _expected(cells: pd.DataFrame, unit: str, stratum: str) -> pd.DataFrame:
    """Per unit: k, n and e, the sum over strata of its n × the whole's k ÷ n."""
    whole = cells.groupby(stratum, observed=True)[["k", "n"]].sum()
    share = (whole["k"] / whole["n"].where(whole["n"] > 0)).fillna(0.0)
    rows = cells.assign(e=cells["n"].astype(float) * cells[stratum].map(share).astype(float))
    return rows.groupby(unit, observed=True)[["k", "n", "e"]].sum().reset_index()
