"""What a kind of measure brings: the effects of several measures of one kind put together. Pure.

Each measure alone counts few complaints; together they say more. The more a measure counts, the more it weighs; where
they differ more than chance lets them, the interval is widened (Birge). Does not belong here: one measure's effect
(`fix_effect.py`), which measures there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from warehouse.analysis.fix_effect import LEAST_PERIODS, LEAST_UNITS, Effect

Evidence = Literal["enough", "fair", "thin"]
LEAST, LEAST_COUNT = 3, 30  # measures, and complaints before and after of all together


@dataclass(frozen=True)
class Judged:
    """One measure: its effect over `weeks` after it, and what it cost (None: not known)."""

    effect: Effect
    weeks: int
    cost_yuan: float | None = None


@dataclass(frozen=True)
class Price:
    """`ratio`: after ÷ before over that of the others, 0.6 is 40 % fewer. `avoided`: complaints avoided by one measure
    in four weeks. `per_10k`: the same for 10,000 yuan, where every cost is known and there is one. enough: the interval
    holds no 1, and three measures or more had units enough beside them and weeks enough after them; thin: under three
    measures, or too few complaints; values may be missing."""

    n: int
    n_regressed: int
    evidence: Evidence
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    avoided: float | None = None
    avoided_low: float | None = None
    avoided_high: float | None = None
    cost_yuan: float | None = None
    per_10k: float | None = None


def price(measures: Sequence[Judged], level: float = 0.95) -> Price:
    """Put measures of one kind together; those without a ratio count in `n` alone."""
    known = [m for m in measures if m.effect.ratio is not None and m.weeks > 0]
    n_regressed = sum(m.effect.regression is not None and m.effect.regression.is_warning for m in known)
    if not known:
        return Price(len(measures), 0, "thin")
    z = float(stats.norm.ppf(0.5 + level / 2))
    ratios = [m.effect.ratio for m in known if m.effect.ratio is not None]
    logs = np.log([r.value for r in ratios])
    errors = np.array([(np.log(r.high) - np.log(r.low)) / (2 * stats.norm.ppf(0.975)) for r in ratios])
    weights = 1 / np.maximum(errors, 1e-6) ** 2
    middle = float((weights * logs).sum() / weights.sum())
    apart = float((weights * (logs - middle) ** 2).sum() / (len(logs) - 1)) if len(logs) > 1 else 1.0
    error = float(np.sqrt(max(1.0, apart) / weights.sum()))
    low, value, high = (float(np.exp(middle + k * error)) for k in (-z, 0.0, z))
    # What would have come in four weeks without it, of one measure.
    would = float(np.mean([(m.effect.n_after + r.avoided) * 4 / m.weeks for m, r in zip(known, ratios, strict=True)]))
    costs = [m.cost_yuan for m in known]
    cost = float(np.mean([c for c in costs if c is not None])) if all(c is not None for c in costs) else None
    avoided = would * (1 - value)
    n_counted = sum(m.effect.n_before + m.effect.n_after for m in known)
    firm = sum(m.effect.n_others >= LEAST_UNITS and m.effect.periods_after >= LEAST_PERIODS for m in known)
    evidence: Evidence = "enough" if firm >= LEAST and not low <= 1 <= high else "fair"
    if len(known) < LEAST or n_counted < LEAST_COUNT:
        evidence = "thin"
    return Price(
        len(measures), n_regressed, evidence, value, low, high, avoided, would * (1 - high), would * (1 - low), cost,
        avoided / (cost / 10_000) if cost else None,
    )  # fmt: skip
