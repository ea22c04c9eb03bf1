"""Indirect standardisation: a unit against what the whole would have given with the unit's own mix of cases.

A department that gets the hard types must not look bad for that. Says nothing about difficulty within a type.
"""

from __future__ import annotations

import pandas as pd

from warehouse.analysis.intervals import wilson


def standardised_rate(cells: pd.DataFrame, unit: str, stratum: str) -> pd.DataFrame:
    """Per unit: k, n, rate, expected (0–1, the whole's rates on the unit's mix), adjusted, low, high.

    `cells` has a row per unit and stratum with k and n. `adjusted` is the whole's rate moved by the unit's difference
    to its expectation (cut to 0–1); low–high is the unit's own 95 % Wilson interval, moved likewise. NaN where a unit
    has no case.
    """
    sums = _expected(cells, unit, stratum)
    overall = float(sums["k"].sum() / sums["n"].sum()) if sums["n"].sum() else float("nan")
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
    """The same for means: `cells` has total and n per unit and stratum.

    Per unit: n, mean, expected (the whole's means on the unit's mix) and ratio (mean ÷ expected; below 1 is less than
    the whole on the same mix). NaN without a case.
    """
    sums = _expected(cells.assign(k=cells["total"]), unit, stratum)
    base = sums["n"].where(sums["n"] > 0)
    mean, expected = sums["k"] / base, sums["e"] / base
    return pd.DataFrame(
        {
            unit: sums[unit],
            "n": sums["n"],
            "mean": mean,
            "expected": expected,
            "ratio": mean / expected.where(expected > 0),
        }
    )


def _expected(cells: pd.DataFrame, unit: str, stratum: str) -> pd.DataFrame:
    """Per unit: k, n and e, the sum over strata of its n × the whole's k ÷ n."""
    whole = cells.groupby(stratum, observed=True)[["k", "n"]].sum()
    share = (whole["k"] / whole["n"].where(whole["n"] > 0)).fillna(0.0)
    rows = cells.assign(e=cells["n"].astype(float) * cells[stratum].map(share).astype(float))
    return rows.groupby(unit, observed=True)[["k", "n", "e"]].sum().reset_index()
