"""The design of our own, run: a limit for every rule at one rate of false alarms, then what each finds, and how early.

An alarm of a city-week is one in any of its cells. Intervals come from cities drawn again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.detection import areas, rivals
from bench.detection.score import Share, share

Floats = NDArray[np.float64]
FALSE_RATE = 0.041
N_QUIET, N_HIT = 300, 200
SEED_LIMITS, SEED_QUIET, SEED_HIT = 501, 502, 503
AFTER = 8  # weeks after an incident in which an alarm at its place is neither right nor false
WITHIN = 4


@dataclass(frozen=True)
class Found:
    """One rule at one size.

    pod: incidents found; within: in their first four weeks; weeks: to the first alarm, of one not found its whole
    length; precision: right among alarmed city-weeks; by_kind: pod of each sort; delays: (cities, 2), weeks to the
    first alarm (inf: none) and the same as `weeks` has it.
    """

    pod: Share
    within: Share
    weeks: Share
    precision: Share
    by_kind: dict[str, Share]
    delays: Floats


@dataclass(frozen=True)
class Trial:
    """limits and the false rates they gave in other quiet cities, by rule; found by size and rule."""

    limits: dict[str, float]
    false: dict[str, Share]
    found: dict[float, dict[str, Found]]

    def best_single(self) -> str:
        """The rule for one signal that finds most over all sizes."""
        names = [n for n in self.limits if not n.startswith("joint") and n != rivals.ANY]
        return max(names, key=lambda n: sum(of[n].pod.value for of in self.found.values()))

    def gain(self, size: float, other: str) -> tuple[Share, Share]:
        """What the joint rule finds more than another, and how many weeks earlier, on the same incidents."""
        ours, theirs = self.found[size][rivals.JOINT].delays, self.found[size][other].delays
        more = np.isfinite(ours[:, 0]).astype(float) - np.isfinite(theirs[:, 0])
        earlier = theirs[:, 1] - ours[:, 1]
        ones = np.ones(len(ours))
        return share(more, ones), share(earlier, ones)


def run(say: Callable[[str], None], n_quiet: int = N_QUIET, n_hit: int = N_HIT) -> Trial:
    """All of it; about five minutes on one core."""
    say("areas: limits from quiet cities")
    highest = [_highest(areas.city(SEED_LIMITS, i, 0)) for i in range(n_quiet)]
    limits = {n: float(np.quantile(np.concatenate([h[n] for h in highest]), 1 - FALSE_RATE)) for n in highest[0]}
    say("areas: other quiet cities")
    again = [_highest(areas.city(SEED_QUIET, i, 0)) for i in range(n_quiet)]
    weeks = np.full(n_quiet, float(areas.JUDGED))
    false = {n: share(np.array([(h[n] > limits[n]).sum() for h in again], float), weeks) for n in limits}
    found = {}
    for size in areas.SIZES:
        say(f"areas: incidents of size {size:g}")
        hit = [_judged(areas.city(SEED_HIT, i, size), limits) for i in range(n_hit)]
        found[size] = {n: _found([(kind, of[n]) for kind, of in hit]) for n in limits}
    return Trial(limits, false, found)


def _highest(city: areas.City) -> dict[str, Floats]:
    return {name: np.nan_to_num(s, nan=-np.inf).max(axis=0) for name, s in rivals.scores(city).items()}


@dataclass(frozen=True)
class _Judged:
    """One rule in one city: weeks to the first right alarm (inf: none), the incident's length, its weeks."""

    delay: float
    length: int
    n_right: int
    n_false: int


def _judged(city: areas.City, limits: dict[str, float]) -> tuple[str, dict[str, _Judged]]:
    touched = areas.near(city.cell) > 0
    weeks = np.arange(areas.HISTORY, areas.N_WEEKS)
    during = (weeks >= city.first) & (weeks <= city.last)
    excused = (weeks >= city.first) & (weeks <= city.last + AFTER)
    found = {}
    for name, score in rivals.scores(city).items():
        alarms = score > limits[name]
        at_place, elsewhere = alarms[touched].any(axis=0), alarms[~touched].any(axis=0)
        right = at_place & during
        delay = float(weeks[right][0] - city.first) if right.any() else np.inf
        false = elsewhere | (at_place & ~excused)
        found[name] = _Judged(delay, city.last + 1 - city.first, int(right.sum()), int((false & ~right).sum()))
    return city.kind, found


def _found(of: list[tuple[str, _Judged]]) -> Found:
    kinds = np.array([kind for kind, _ in of])
    delay = np.array([j.delay for _, j in of])
    lost = np.minimum(delay, [j.length for _, j in of])
    right = np.array([j.n_right for _, j in of], float)
    false = np.array([j.n_false for _, j in of], float)
    hit, ones = np.isfinite(delay).astype(float), np.ones(len(of))
    by_kind = {k: share(hit[kinds == k], ones[kinds == k]) for k in areas.KINDS}
    return Found(
        share(hit, ones),
        share((delay < WITHIN).astype(float), ones),
        share(lost, ones),
        share(right, right + false),
        by_kind,
        np.column_stack([delay, lost]),
    )
