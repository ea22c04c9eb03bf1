"""Whether a change helped, in one word with its figures. Counts and figures per period in, an `Effect` out. Pure.

The parts (ratio of ratios, difference in differences, falling back to the mean) stand in `before_after.py`; this says
when they are enough to call a change a success, and when evidence is too thin to say anything. Used for sites and
network changes (`warehouse/effects.py`) and for any measure with counts before and after and units beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from warehouse.analysis.before_after import Difference, Ratio, Regression, difference, dispersion, ratio, regression

Verdict = Literal["worked", "maybe", "none", "worse", "thin"]
LEAST_PERIODS = 3  # on either side
LEAST_UNITS = 3  # neighbours; one or two may have had their own troubles
LEAST_COUNT = 10  # complaints of the place before and after together
CLEAR = (0.5, 2.0)  # no effect is only said where neither a halving nor a doubling is possible
SURE = 0.99  # of each figure, as several are looked at


@dataclass(frozen=True)
class Effect:
    """What came of a change. `n_before`, `n_after`: complaints of the place; `n_others`: units compared with.

    worked: fewer than the neighbours' course leaves to expect, and not only back from a peak, or the network itself got
    better too. maybe: fewer, but the time before was unusual for the place. none: the interval holds no change and
    neither a halving nor a doubling. worse: more. thin: too few complaints, periods or neighbours, or too wide an
    interval; then `ratio` may be missing.
    """

    verdict: Verdict
    n_before: int
    n_after: int
    periods_before: int
    periods_after: int
    n_others: int
    ratio: Ratio | None
    regression: Regression | None
    figures: Mapping[str, Difference]
    better: tuple[str, ...]
    worse: tuple[str, ...]


def effect(
    earlier: ArrayLike,
    before: ArrayLike,
    after: ArrayLike,
    others_before: ArrayLike,
    others_after: ArrayLike,
    figures: Mapping[str, Difference] | None = None,
    low_is_bad: frozenset[str] = frozenset(),
    smallest: Mapping[str, float] | None = None,
) -> Effect:
    """Counts per period of the place (earlier, before, after) and of its neighbours (units × periods).

    `figures`: differences in differences of the network there, by name, from `changed`; of those in `low_is_bad` a rise
    is good, of others a fall. A change of a figure under `smallest` is none, however sure.
    """
    was, near, came = (np.asarray(v, float) for v in (earlier, before, after))
    beside, beside_after = (
        np.atleast_2d(np.asarray(others_before, float)),
        np.atleast_2d(np.asarray(others_after, float)),
    )
    n_others = 0 if beside.size == 0 else len(beside)
    compared = min(len(near), len(came)) > 0 and n_others > 0
    # How much counts scatter by themselves is learnt from calm times: the rise of the place before its change is what
    # was to be mended, and no noise.
    calm = [was, came, *beside, *beside_after] if compared else []
    found = ratio(near, came, beside, beside_after, scatter=dispersion(calm)) if compared else None
    back = regression(was, near, came) if min(len(near), len(came)) > 0 else None
    is_thin = (
        found is None
        or min(len(near), len(came)) < LEAST_PERIODS
        or n_others < LEAST_UNITS
        or near.sum() + came.sum() < LEAST_COUNT
        or (found.low <= 1 <= found.high and (found.low < CLEAR[0] or found.high > CLEAR[1]))
    )
    verdict: Verdict = "thin"
    if found is not None and not is_thin:
        if found.high < 1:
            verdict = "maybe" if back is not None and back.is_warning else "worked"
        else:
            verdict = "worse" if found.low > 1 else "none"
    bare = Effect(verdict, int(near.sum()), int(came.sum()), len(near), len(came), n_others, found, back, {}, (), ())
    return with_figures(bare, figures or {}, low_is_bad, smallest or {})


def with_figures(
    bare: Effect, figures: Mapping[str, Difference], low_is_bad: frozenset[str], smallest: Mapping[str, float]
) -> Effect:
    """An effect told without figures, and what they make of it: only of `maybe` can they make another verdict."""
    sure = {n: d for n, d in figures.items() if not d.low <= 0 <= d.high and abs(d.value) >= smallest.get(n, 0.0)}
    better = tuple(name for name, d in sure.items() if (d.value > 0) == (name in low_is_bad))
    worse = tuple(name for name in sure if name not in better)
    verdict: Verdict = "worked" if bare.verdict == "maybe" and better else bare.verdict
    return replace(bare, verdict=verdict, figures=dict(figures), better=better, worse=worse)


def changed(
    before: Mapping[str, ArrayLike],
    after: Mapping[str, ArrayLike],
    others_before: Mapping[str, ArrayLike],
    others_after: Mapping[str, ArrayLike],
) -> dict[str, Difference]:
    """Per figure the change of the place less that of its neighbours; figures with under two known periods left out.

    Each is one value per period, NaN where unknown; those of neighbours are means over the neighbours.
    """
    out = {}
    for name in before:
        try:
            out[name] = difference(before[name], after[name], others_before[name], others_after[name], SURE)
        except ValueError:
            continue
    return out
