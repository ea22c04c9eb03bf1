"""The load that warnings put on people, as process control counts it: flood weeks and chatter. Pure.

Source: the weekly translation of ISA-18.2 / EEMUA 191.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

FLOOD = 3.0  # times the median week
MEDIAN_WEEKS = 12
CHATTER_CHANGES, CHATTER_SPAN = 3, 4  # so many changes within so many evaluations


def flood_weeks(counts: Sequence[int]) -> list[bool]:
    """Per week, oldest first: more than three times the median of the 12 weeks before it, and more than three.

    A week with fewer than 12 before it is held against the first 12 weeks without itself.
    """
    found = []
    for week, n in enumerate(counts):
        first = max(week - MEDIAN_WEEKS, 0)
        others = list(counts[first:week]) if week >= MEDIAN_WEEKS else [
            *counts[:week], *counts[week + 1 : MEDIAN_WEEKS + 1]
        ]  # fmt: skip
        usual = median(others) if others else 0.0
        found.append(n > max(FLOOD * usual, FLOOD))
    return found


def chattering(changes: Mapping[str, Sequence[int]]) -> list[str]:
    """The scopes that began or cleared three times or more within four evaluations; `changes` gives, per scope, the
    numbers of the evaluations at which it did, in order."""
    reach = CHATTER_CHANGES - 1
    return [
        scope
        for scope, at in changes.items()
        if any(last - first < CHATTER_SPAN for first, last in zip(at, at[reach:], strict=False))
    ]
