"""Is this dip real? A rate against the four weeks before it, in the words of rules RT01 and RT02.

Does not belong here: when a rule fires and who is told (the rules); which rate (the measures).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


def dip(k: int, n: int, k_before: int, n_before: int) -> Dip:
    """Compare two samples of answers as RT02 does. Rates are 0–1, NaN without answers."""
    rate = k / n if n else float("nan")
    before = k_before / n_before if n_before else float("nan")
    change = rate - before
    p = float(two_proportion_p(k, n, k_before, n_before))
    return Dip(k, n, k_before, n_before, rate, before, change, p, _verdict(change, p, min(n, n_before)))


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
