"""Kinds of signals: from what a select counted to the value that a rule compares. Pure functions of frames.

Each adds `value` and `n`. A value that stays below every threshold says "usual", so that unusualness and size can be
asked for at once: a count must lie above its limit, and be so many times the expected one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from alerts.signals import ahead, joined, shares, weekly
from alerts.signals.weekly import Say
from warehouse.analysis.intervals import poisson_upper_limit, wilson

Kind = Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]
LongKind = Callable[[pd.DataFrame, Mapping[str, Any], Say | None], pd.DataFrame]


def level(found: pd.DataFrame, _: Mapping[str, Any]) -> pd.DataFrame:
    """The select gives value and n itself."""
    return found


def poisson(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """A count against a mean of earlier ones: n_now, mean_before in; value is how many times the mean.

    0 where the count is not above the Poisson limit for tail probability `alpha`, or under `least`. Adds `limit_count`,
    the smallest count that is unusual. Of what hardly occurs a few are many times the mean: with `usual_least` value is
    how many times that, where the mean is less, and `judged_by` is added.
    """
    now, mean = found["n_now"].to_numpy(float), found["mean_before"].to_numpy(float)
    # So rare that it was never seen is not impossible: half a case in the time looked back at.
    mean = np.maximum(np.nan_to_num(mean), 0.5 / np.maximum(found["n_before"].to_numpy(float), 1))
    limit = poisson_upper_limit(mean, float(given["alpha"]))
    unusual = (now >= limit) & (now >= float(given["least"]))
    by = np.maximum(mean, float(given.get("usual_least", 0.0)))
    told = found.assign(value=np.where(unusual, now / by, 0.0), n=found["n_now"], limit_count=limit, baseline=mean)
    return told.assign(judged_by=by) if "usual_least" in given else told


def poisson_most(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """As poisson, of several counts of one instant and scope: the row that is most above what was expected."""
    told = poisson(found, given).sort_values("value", ascending=False, kind="stable")
    return told.drop_duplicates(["seen_at", "scope_id"])


def upper_rate(found: pd.DataFrame, _: Mapping[str, Any]) -> pd.DataFrame:
    """A rate, generously: k and n in; value is the upper end of its 95 % Wilson interval.

    Below a target means: even with luck the target is missed.
    """
    k, n = found["k"].to_numpy(float), found["n"].to_numpy(float)
    _, high = wilson(k, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(n > 0, k / n, np.nan)
    return found.assign(value=np.where(n > 0, high, np.nan), rate=rate)


def drop(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """A rate against what it was: k, n and k_before, n_before in; value is the fall, as a share.

    0 where a two-proportion test (pooled, one-sided) does not find it beyond chance at `alpha`. Adds rate, baseline and
    p_value.
    """
    k, n, k0, n0 = (found[c].to_numpy(float) for c in ("k", "n", "k_before", "n_before"))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate, before, pooled = k / n, k0 / n0, (k + k0) / (n + n0)
        z = (before - rate) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n0))
    p = stats.norm.sf(z)
    known = (n > 0) & (n0 > 0)
    value = np.where(known, np.where(p < float(given["alpha"]), before - rate, 0.0), np.nan)
    return found.assign(value=value, rate=rate, baseline=before, p_value=p)


KINDS: dict[str, Kind] = {
    "level": level,
    "poisson": poisson,
    "poisson_most": poisson_most,
    "upper_rate": upper_rate,
    "drop": drop,
    **shares.KINDS,
    **joined.KINDS,
    **ahead.KINDS,
    "weekly": weekly.weekly,
}
# Those that may take long: they say how far they are, if somebody listens.
LONG: dict[str, LongKind] = {"weekly": weekly.weekly}


def finish(kind: str, found: pd.DataFrame, given: Mapping[str, Any], say: Say | None = None) -> pd.DataFrame:
    """What a kind makes of what a select counted."""
    return LONG[kind](found, given, say) if kind in LONG else KINDS[kind](found, given)
