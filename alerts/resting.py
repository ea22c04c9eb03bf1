"""Which readings change nothing: those of a scope that fires, go on meeting the rule, and are no worse than before.

A ticket that is overdue for weeks has a reading every five minutes; only the first, a worse one and the end of them say
anything. Does not belong here: what the state machine makes of the others (state.py, engine.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alerts.readings import Readings
from alerts.state import COMPARE, SEVERITIES, Timing


@dataclass(frozen=True)
class Rests:
    """Arrays by row of the readings: whether it changes nothing, and the last row of its scope (itself, if none) until
    which nothing changes."""

    is_dull: NDArray[np.bool_]
    last: NDArray[np.int64]


def rests(timing: Timing, readings: Readings) -> Rests | None:
    """None where every reading has to be looked at: a condition must hold for a while, or instances are counted."""
    if timing.hold_s or timing.limit is not None:
        return None
    n_times, n_rows = len(readings.times), len(readings.values)
    if not n_rows:
        return Rests(np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64))
    at, scope = np.divmod(readings.keys, max(len(readings.scopes), 1))
    order = np.argsort(scope * n_times + at, kind="stable")
    severity = _severity(timing, readings)[order]
    is_next = np.diff(scope[order] * n_times + at[order], prepend=-2) == 1
    is_next[1:] &= scope[order][1:] == scope[order][:-1]
    is_next[1:] &= (severity[1:] >= 0) & (severity[1:] <= severity[:-1])
    begins = np.flatnonzero(~is_next)
    ends = np.append(begins[1:], n_rows) - 1
    last = np.repeat(order[ends], ends - begins + 1)
    is_dull, until = np.empty(n_rows, dtype=bool), np.empty(n_rows, dtype=np.int64)
    is_dull[order], until[order] = is_next, last
    return Rests(is_dull, until)


def _severity(timing: Timing, readings: Readings) -> NDArray[np.int64]:
    """The place of each row's severity in SEVERITIES; -1 where it does not meet the rule, or says nothing."""
    found = np.full(len(readings.values), -1, dtype=np.int64)
    for step in timing.steps:
        is_met = COMPARE[timing.op](readings.values, step.threshold)  # type: ignore[arg-type]
        found = np.where(is_met, np.maximum(found, SEVERITIES.index(step.severity)), found)
    if readings.said_at_least is not None:
        codes = pd.Series(readings.said_at_least).map({s: n for n, s in enumerate(SEVERITIES)})
        found = np.where(found >= 0, np.maximum(found, codes.fillna(-1).to_numpy(np.int64)), found)
    says_nothing = ~np.isfinite(readings.values) | (readings.ns < timing.least_n)
    answer: NDArray[np.int64] = np.where(says_nothing, -1, found)
    return answer
