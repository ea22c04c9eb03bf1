"""Is this dip real? A rate against the four weeks before it, in the words of rules RT01 and RT02.

Does not belong here: when a rule fires and who is told (the rules); which rate (the measures).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from warehouse.analysis.intervals import two_proportion_p, wilson

LEAST = 30  # answers in each of the two samples
FALL = 0.10  # RT02: ten points below the four weeks before
SURE = 0.01  # RT02: two-proportion test
Said = Literal["fell", "rose", "chance", "small", "few"]


@dataclass(frozen=True, slots=True)
class Dip:
    """k of n now against k of n before. `p_value` is that of the pooled two-proportion z test, two-sided.

    `verdict`: fell (≥ 10 points and p < 0.01), rose (likewise upwards), small (p < 0.01 but under 10 points),
    chance, few (under 30 answers on a side, or none).
    """

    k: int
    n: int
    k_before: int
    n_before: int
    rate: float
    before: float
    change: float
    p_value: float
    verdict: Said


def dip(k: int, n: int, k_before: int, n_before: int, p_value: float | None = None) -> Dip:
    """Compare two samples of answers as RT02 does. Rates are 0–1, NaN without answers. `p_value`: where it is known."""
    rate = k / n if n else float("nan")
    before = k_before / n_before if n_before else float("nan")
    change = rate - before
    p = float(two_proportion_p(k, n, k_before, n_before)) if p_value is None else p_value
    return Dip(k, n, k_before, n_before, rate, before, change, p, _verdict(change, p, min(n, n_before)))


def _told(counts: list[int], p_value: float) -> Dip:
    k, n, k_before, n_before = counts
    return dip(k, n, k_before, n_before, p_value)


def _verdict(change: float, p: float, least: int) -> Said:
    if least < LEAST:
        return "few"
    if p >= SURE:
        return "chance"
    # A fall of exactly ten points must not be lost to the last binary digit.
    if abs(change) < FALL - 1e-12:
        return "small"
    return "fell" if change < 0 else "rose"


def is_below(k: int, n: int, target: float) -> bool:
    """RT01: at least 30 answers, and even the upper 95 % limit is under the target (0–1)."""
    return n >= LEAST and float(wilson(k, n)[1]) < target


def dips(units: pd.DataFrame, whole: Dip) -> pd.DataFrame:
    """One `Dip` per unit: `units` has key, k, n, k_before, n_before; gives key and the fields of `Dip`, worst first.

    `rest_verdict` is the verdict on the `whole` without the unit: one that fell while the rest did not tells the story.
    """
    fields = list(Dip.__slots__)
    sums = np.array([whole.k, whole.n, whole.k_before, whole.n_before])
    owns = units[["k", "n", "k_before", "n_before"]].to_numpy(dtype=np.int64)
    rests = sums - owns
    # All at once: a test of one pair costs as much as one of a hundred.
    p_own, p_rest = (np.atleast_1d(two_proportion_p(*counts.T)) for counts in (owns, rests))
    found = []
    for key, counts, others, p, q in zip(units["key"], owns.tolist(), rests.tolist(), p_own, p_rest, strict=True):
        own, rest = _told(counts, float(p)), _told(others, float(q))
        found.append({"key": key, **{f: getattr(own, f) for f in fields}, "rest_verdict": rest.verdict})
    table = pd.DataFrame(found, columns=["key", *fields, "rest_verdict"])
    return table.sort_values("change", ignore_index=True, na_position="last")


def who_fell(table: pd.DataFrame) -> str | None:
    """The unit of a table of `dips` that fell while all others together did not; the surest one; None without any."""
    alone = table[(table["verdict"] == "fell") & (table["rest_verdict"] != "fell")]
    return None if alone.empty else str(alone.loc[alone["p_value"].idxmin(), "key"])
