"""The score of a unit over several axes, with its interval, and which units it can tell apart.

Does not belong here: what the axes measure (the measures), the correction for case mix (standardise), who may see it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.analysis.ranking import DRAWS, MIN_CASES, groups

Z95 = 1.959964
_COLUMNS = ["unit", "score", "low", "high", "own", "is_ranked", "group", "shortest", "gap"]


def scores(axes: pd.DataFrame, weights: Mapping[str, float], *, seed: int, least: int = MIN_CASES) -> pd.DataFrame:
    """Per unit the weighted mean of its axes in points (0–100), worst first, the unranked last.

    `axes` has a row per unit and axis: unit, axis, adjusted, low, high, overall (rates 0–1) and n. An axis with under
    `least` cases counts as the overall rate, so that it moves nobody; `own` is the weight (0–1) of the axes that count
    with the own value. Ranked is who stands on its own in more than half of the weight. low–high: 95 %, wide enough for
    axes that move together. group: units that cannot be told apart share a number (1 is the worst). shortest: the axis
    on which the unit loses most points against the whole, gap: those points (0 or less).
    """
    rows = axes[axes["axis"].isin([a for a, w in weights.items() if w > 0])].copy()
    rows["weight"] = rows["axis"].map(weights).astype(float)
    rows["counts"] = (rows["n"] >= least) & rows["adjusted"].notna()
    rows["value"] = rows["adjusted"].where(rows["counts"], rows["overall"]).astype(float)
    rows["error"] = ((rows["high"] - rows["low"]) / (2 * Z95)).where(rows["counts"], 0.0).astype(float)
    rows["points"] = 100 * rows["weight"] * (rows["value"] - rows["overall"])
    found = [_score(str(unit), part) for unit, part in rows.groupby("unit", observed=True, sort=True)]
    table = pd.DataFrame(found, columns=[*_COLUMNS, "error"])
    table["group"] = np.nan
    ranked = table["is_ranked"].to_numpy(dtype=bool)
    if ranked.sum() < 2:
        table["is_ranked"] = False
    else:
        table.loc[ranked, "group"] = _groups(table[ranked], seed)
    table = table.sort_values(["is_ranked", "score"], ascending=[False, True], ignore_index=True)
    return table[_COLUMNS]


def _score(unit: str, part: pd.DataFrame) -> tuple[object, ...]:
    known = part[part["value"].notna()]
    total = float(known["weight"].sum())
    if not total:
        nothing = np.nan
        return unit, nothing, nothing, nothing, 0.0, False, nothing, None, nothing, nothing
    share = known["weight"] / total
    score = 100 * float((share * known["value"]).sum())
    # A reopened ticket counts against three axes at once, so errors are added up as if all moved together.
    error = 100 * float((share * known["error"]).sum())
    own = float(share[known["counts"]].sum())
    worst = known.loc[known["points"].idxmin()]
    low, high = max(0.0, score - Z95 * error), min(100.0, score + Z95 * error)
    return unit, score, low, high, own, own > 0.5, np.nan, str(worst["axis"]), float(worst["points"]), error


def _groups(ranked: pd.DataFrame, seed: int) -> NDArray[np.float64]:
    """Groups of shrunken scores: the best and the worst of thirty alike people look apart until they are shrunk."""
    mean, error = shrunk(ranked["score"].to_numpy(dtype=float), ranked["error"].to_numpy(dtype=float))
    drawn = np.random.default_rng(seed).normal(mean, error, size=(DRAWS, len(ranked)))
    return groups(drawn)


def shrunk(score: NDArray[np.float64], error: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scores pulled towards their mean by empirical Bayes, and their standard errors.

    Normal scores around normal true values, whose spread is DerSimonian and Laird's (1986). Where the scores spread no
    more than their errors explain, all are the mean, without any difference left.
    """
    weight = 1 / np.maximum(error, 1e-6) ** 2
    mean = float((weight * score).sum() / weight.sum())
    excess = float((weight * (score - mean) ** 2).sum()) - (len(score) - 1)
    spread = max(0.0, excess / float(weight.sum() - (weight**2).sum() / weight.sum()))
    if spread == 0:
        return np.full(len(score), mean), np.zeros(len(score))
    around = 1 / (1 / weight + spread)
    centre = float((around * score).sum() / around.sum())
    own = weight / (weight + 1 / spread)
    return own * score + (1 - own) * centre, 1 / np.sqrt(weight + 1 / spread)
