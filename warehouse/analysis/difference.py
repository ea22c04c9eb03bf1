"""Whether a figure differs from an earlier one beyond chance, and which way that is. Pure.

Does not belong here: which periods may be compared (`calendar_compare`), words and colours.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import pandas as pd

from warehouse.analysis.intervals import two_count_p
from warehouse.measures import Measure

Verdict = Literal["better", "worse", "normal", "few", "changed", "none"]

MIN_SAMPLE = 30
Z95 = 1.959964
STEADY = 0.05  # relative; for kinds whose sample says nothing of their spread


def verdict(entry: Measure, now: pd.Series, before: pd.Series) -> Verdict:
    """`now` against `before`, rows with <id>, <id>_n, <id>_num and <id>_den of the measure.

    Counts are compared as Poisson (normal limits), rates by the pooled z test, counts per user exactly, all at 95 %;
    means and quantiles are steady within 5 %. Under 30 cases on either side it is "few", without a value "none".
    """
    a, b = (_get(row, entry.id) for row in (now, before))
    n, n_before = (_get(row, f"{entry.id}_n") for row in (now, before))
    if a is None or b is None:
        return "none"
    if entry.kind not in ("count", "share") and any(k is None or k < MIN_SAMPLE for k in (n, n_before)):
        return "few"
    if not _differs(entry, (a, n), (b, n_before), now, before):
        return "normal"
    if entry.good == "none":
        return "changed"
    return "better" if (a > b) == (entry.good == "up") else "worse"


def beyond_chance(a: float, b: float, kind: str, n: float | None = None, n_before: float | None = None) -> bool:
    """Whether two figures differ at 95 %; `n` and `n_before` are their denominators.

    Counts ("count", "share") as Poisson with normal limits, rates by the pooled z test; without denominators, and of
    every other kind, they differ from 5 % on (5 points of a rate).
    """
    if kind in ("count", "share"):
        return abs(a - b) > Z95 * math.sqrt(max(a + b, 0))
    if kind == "rate" and n and n_before:
        pooled = (a * n + b * n_before) / (n + n_before)
        return abs(a - b) > Z95 * math.sqrt(max(pooled * (1 - pooled), 0) * (1 / n + 1 / n_before))
    return abs(a - b) > STEADY * (1 if kind == "rate" else abs(b))


def _differs(
    entry: Measure, told: tuple[float, float | None], earlier: tuple[float, float | None], now: pd.Series,
    before: pd.Series,
) -> bool:  # fmt: skip
    if entry.kind == "per_10k":
        parts = [_get(row, f"{entry.id}_{part}") for row in (now, before) for part in ("num", "den")]
        if all(p is not None and p > 0 for p in parts):
            k1, e1, k2, e2 = (float(p) for p in parts if p is not None)
            return bool(two_count_p(k1, k2, e1, e2) < 0.05)
    return beyond_chance(told[0], earlier[0], entry.kind, told[1], earlier[1])


def _get(row: Any, column: str) -> float | None:
    value = row.get(column)
    return None if value is None or pd.isna(value) else float(value)
