"""What goes along with dissatisfaction: a logistic regression on counts of patterns, told in percentage points.

An association, never a cause: a ticket that is late and unsolved may be a hard one. It costs the same at any number of
tickets, since answers with the same pattern are one row.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

Z95 = 1.959964
LEAST = 30  # answers with and without a factor
LEAST_EACH = 5  # good and bad answers with it
_COLUMNS = ("factor", "n_with", "n_without", "rate_with", "rate_without", "effect", "low", "high", "p_value", "is_told")


def drivers(patterns: pd.DataFrame, factors: Sequence[str], controls: Sequence[str] = ()) -> pd.DataFrame:
    """Average marginal effect of each factor on the rate of good answers, worst first.

    `patterns` has a row per combination: the boolean `factors`, the categorical `controls`, k (good answers) and
    n (answers). Gives factor, n_with, n_without, rate_with, rate_without (raw, 0–1), effect, low, high (change of the
    rate with the factor, all else as it is, −1…1; 95 %, delta method), p_value and is_told. A factor with under 30
    answers on a side, or under five good or bad answers with it, is not told: its effect is NaN.
    Source: logistic regression by maximum likelihood; average marginal effects as of Bartus (2005).
    """
    rows = patterns[patterns["n"] > 0].reset_index(drop=True)
    table = pd.DataFrame([_raw(rows, f) for f in factors], columns=list(_COLUMNS)).astype({"is_told": bool})
    told = [f for f, ok in zip(table["factor"], table["is_told"], strict=True) if ok]
    if not told:
        return table
    fitted = _fit(rows, told, controls)
    if fitted is None:
        return table.assign(is_told=False)
    design, beta, covariance = fitted
    weight = rows["n"].to_numpy(dtype=float) / rows["n"].sum()
    for at, factor in enumerate(told):
        effect, error = _effect(design, beta, covariance, weight, at + 1)
        z = effect / error if error > 0 else np.nan
        values = [effect, effect - Z95 * error, effect + Z95 * error, float(special.erfc(abs(z) / np.sqrt(2)))]
        table.loc[table["factor"] == factor, ["effect", "low", "high", "p_value"]] = values
    return table.sort_values("effect", ignore_index=True, na_position="last")


def _raw(rows: pd.DataFrame, factor: str) -> tuple[object, ...]:
    has = rows[factor].astype(bool).to_numpy()
    k, n = rows["k"].to_numpy(dtype=float), rows["n"].to_numpy(dtype=float)
    n_with, n_without = n[has].sum(), n[~has].sum()
    k_with, k_without = k[has].sum(), k[~has].sum()
    is_told = min(n_with, n_without) >= LEAST and min(k_with, n_with - k_with) >= LEAST_EACH
    rate_with = k_with / n_with if n_with else np.nan
    rate_without = k_without / n_without if n_without else np.nan
    nothing = np.nan
    return factor, n_with, n_without, rate_with, rate_without, nothing, nothing, nothing, nothing, bool(is_told)


def _fit(
    rows: pd.DataFrame, factors: Sequence[str], controls: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """Design matrix, coefficients and their covariance; None where the counts determine none."""
    # A second to import: only who looks at drivers waits for it.
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    blocks = [np.ones((len(rows), 1)), rows[list(factors)].astype(float).to_numpy()]
    for control in controls:
        known = pd.get_dummies(rows[control].astype(str), drop_first=True, dtype=float).to_numpy()
        blocks.append(known)
    design = np.hstack(blocks)
    good, n = rows["k"].to_numpy(dtype=float), rows["n"].to_numpy(dtype=float)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitted = GLM(np.column_stack([good, n - good]), design, family=families.Binomial()).fit(maxiter=60)
        except (PerfectSeparationError, np.linalg.LinAlgError, ValueError):
            return None
    beta, covariance = np.asarray(fitted.params), np.asarray(fitted.cov_params())
    if not fitted.converged or not np.isfinite(covariance).all() or np.abs(beta[: len(factors) + 1]).max() > 15:
        return None
    return design, beta, covariance


def _effect(
    design: NDArray[np.float64],
    beta: NDArray[np.float64],
    covariance: NDArray[np.float64],
    weight: NDArray[np.float64],
    column: int,
) -> tuple[float, float]:
    """Average marginal effect of a column of 0 and 1, and its standard error by the delta method."""
    with_it, without = design.copy(), design.copy()
    with_it[:, column], without[:, column] = 1.0, 0.0
    p1, p0 = special.expit(with_it @ beta), special.expit(without @ beta)
    gradient = weight @ (with_it * (p1 * (1 - p1))[:, None] - without * (p0 * (1 - p0))[:, None])
    return float(weight @ (p1 - p0)), float(np.sqrt(gradient @ covariance @ gradient))
