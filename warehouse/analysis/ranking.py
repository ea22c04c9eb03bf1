"""Honest ranks: who may be ranked, how sure a rank is, and whether units can be told apart at all.

Low rates are bad here; turn a rate around (n − k) where high ones are. Does not belong here: what the cases are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from warehouse.analysis.shrinkage import Prior, fit, shrink

MIN_CASES = 30
WORST = 3
DRAWS = 20_000
SURE = 0.95
_HAIR = 1e-12  # shares are sums of whole counts; what rounding adds decides nothing


def ranking(
    units: pd.DataFrame, *, seed: int, least: int = MIN_CASES, worst: int = WORST, draws: int = DRAWS
) -> pd.DataFrame:
    """Units with their shrunken rate and the chance of being among the worst, worst first, the unranked last.

    `units` has key, k (good cases) and n; a column `base` (the number of people counted behind n) may stand beside.
    Gives the columns of `units` and rate, is_ranked (n ≥ `least` and at least two such units), value, low, high, own
    (as `shrink`), p_worst, rank_low, rank_high (95 %), group (units that cannot be told apart share a number, 1 is the
    worst). Unranked units have NaN there. Simulated with `draws` draws from the posteriors: the chances are right to
    about one point. With fewer than 2 × `worst` ranked units the worst half counts, one unit at least.
    """
    table = units.reset_index(drop=True).copy()
    k, n = table["k"].to_numpy(dtype=float), table["n"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        table["rate"] = np.where(n > 0, k / np.where(n > 0, n, 1), np.nan)
    ranked = n >= least
    if ranked.sum() < 2:
        ranked[:] = False
    table["is_ranked"] = ranked
    for column in ("value", "low", "high", "own", "p_worst", "rank_low", "rank_high", "group"):
        table[column] = np.nan
    if ranked.any():
        table.loc[ranked, list(_ranked_columns)] = _ranked(k[ranked], n[ranked], seed, worst, draws)
    return table.sort_values(["is_ranked", "value", "n"], ascending=[False, True, False], ignore_index=True)


_ranked_columns = ("value", "low", "high", "own", "p_worst", "rank_low", "rank_high", "group")


def worst_count(n_ranked: int, worst: int = WORST) -> int:
    """How many units "the worst" are among `n_ranked`: three, or half of them where there are fewer than six."""
    return max(1, min(worst, n_ranked // 2))


def _ranked(k: NDArray[np.float64], n: NDArray[np.float64], seed: int, worst: int, draws: int) -> NDArray[np.float64]:
    prior = fit(k, n)
    shrunk = shrink(k, n, prior)
    drawn = posterior_draws(k, n, prior, seed, draws)
    share = _ranks(drawn).cumsum(axis=1) / draws
    p_worst = share[:, worst_count(len(k), worst) - 1]
    rank_low, rank_high = ((share < q - _HAIR).sum(axis=1) + 1 for q in (0.025, 0.975))
    return np.column_stack([shrunk.to_numpy(), p_worst, rank_low, rank_high, groups(drawn)])


def _ranks(drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Units × ranks: in how many draws the unit had the rank. Counted, which is quicker than sorting ranks."""
    n_units = drawn.shape[1]
    order = drawn.argsort(axis=1)  # place × unit that stands there
    return np.stack([np.bincount(order[:, place], minlength=n_units) for place in range(n_units)], axis=1)


def posterior_draws(k: ArrayLike, n: ArrayLike, prior: Prior, seed: int, draws: int = DRAWS) -> NDArray[np.float64]:
    """`draws` × units true rates, drawn from Beta(alpha + k, beta + n − k)."""
    top, base = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    rng = np.random.default_rng(seed)
    return rng.beta(prior.alpha + top, prior.beta + base - top, size=(draws, len(base)))


def groups(drawn: NDArray[np.float64], sure: float = SURE) -> NDArray[np.float64]:
    """Numbers of groups from the worst (1) up; within one, no unit is better than the group's first with `sure`.

    Units stand in the order of their mean; the next group begins with the first unit that is better than the first
    of the group in at least `sure` of the draws.
    """
    order = np.argsort(drawn.mean(axis=0), kind="stable")
    found = np.zeros(drawn.shape[1])
    head, number = order[0], 1
    for unit in order:
        if np.mean(drawn[:, unit] > drawn[:, head]) >= sure:
            head, number = unit, number + 1
        found[unit] = number
    return found


def can_be_told_apart(table: pd.DataFrame) -> bool:
    """Whether a result of `ranking` has at least two groups; otherwise print no order."""
    return bool(table["group"].nunique() > 1)
