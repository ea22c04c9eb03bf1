"""More kinds: how far a rate, a stock or a score has gone up or down beyond chance. Pure functions of frames.

As in kinds.py each adds `value`; a value that stays below every threshold says "usual".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from alerts.detectors.cusum import falls
from warehouse.analysis.intervals import wilson


def lower_rate(found: pd.DataFrame, _: Mapping[str, Any]) -> pd.DataFrame:
    """A rate, cautiously: k and n in; value is the lower end of its 95 % Wilson interval.

    Above a limit means: even with bad luck counted out the limit is passed.
    """
    k, n = found["k"].to_numpy(float), found["n"].to_numpy(float)
    low, _high = wilson(k, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(n > 0, k / n, np.nan)
    return found.assign(value=np.where(n > 0, low, np.nan), rate=rate)


def over(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """A stock against what it was: n and baseline in; value is how many times the baseline.

    0 where n is under `least`; a baseline under one counts as one.
    """
    n, baseline = found["n"].to_numpy(float), found["baseline"].to_numpy(float)
    return found.assign(value=np.where(n >= float(given["least"]), n / np.maximum(baseline, 1), 0.0))


def score_drop(found: pd.DataFrame, _: Mapping[str, Any]) -> pd.DataFrame:
    """A net promoter score against an earlier one: up, down, n and up_before, down_before, n_before in.

    value is the fall in points where the two 95 % intervals lie apart, else 0. Adds score, baseline and the half widths
    score_pm, baseline_pm. The variance of a score is that of +1, 0, -1 (Student's, n - 1).
    """
    score, pm = _score(found["up"], found["down"], found["n"])
    before, before_pm = _score(found["up_before"], found["down_before"], found["n_before"])
    apart = before - before_pm > score + pm
    value = np.where(np.isfinite(pm) & np.isfinite(before_pm), np.where(apart, before - score, 0.0), np.nan)
    return found.assign(value=value, score=score, baseline=before, score_pm=pm, baseline_pm=before_pm)


def _score(up: pd.Series[Any], down: pd.Series[Any], n: pd.Series[Any]) -> tuple[Any, Any]:
    """Score and half width of its 95 % interval, in points."""
    u, d, m = up.to_numpy(float), down.to_numpy(float), n.to_numpy(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (u - d) / m
        variance = (u + d - m * mean**2) / (m - 1)
        half = np.where(m > 1, stats.t.ppf(0.975, np.maximum(m - 1, 1)) * np.sqrt(variance / m), np.nan)
    return 100 * mean, 100 * half


def drift(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """A slow fall of a rate: weeks in (week_no 0 is the newest, k, n), one row per instant and scope out.

    value is the cumulative sum (detectors/cusum.py) over the newest `weeks` against the rate of the weeks before them,
    n the cases of the newest weeks. NaN where the weeks before have fewer than `least` cases. Adds rate and baseline.
    """
    rows = []
    for (seen_at, scope), weeks in found.sort_values("week_no", ascending=False).groupby(["seen_at", "scope_id"]):
        is_new = weeks["week_no"] < float(given["weeks"])
        new, old = weeks[is_new], weeks[~is_new]
        n, n_before = int(new["n"].sum()), int(old["n"].sum())
        before = old["k"].sum() / n_before if n_before >= float(given["least"]) else float("nan")
        is_known = n > 0 and np.isfinite(before)
        rows.append(
            {
                "seen_at": seen_at,
                "scope_id": scope,
                "value": float(falls(new["k"], new["n"], before)[-1]) if is_known else float("nan"),
                "n": n,
                "rate": new["k"].sum() / n if n else float("nan"),
                "baseline": before,
                "owner_dept": weeks["owner_dept"].iloc[0],
            }
        )
    return pd.DataFrame(rows, columns=["seen_at", "scope_id", "value", "n", "rate", "baseline", "owner_dept"])


KINDS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]] = {
    "lower_rate": lower_rate,
    "over": over,
    "score_drop": score_drop,
    "drift": drift,
}
