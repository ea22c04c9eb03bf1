"""Whether complaints come before, with or after a drop of the signal: sums by day in, windows out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from warehouse.analysis.intervals import poisson_interval

Verdict = Literal["follow", "lead", "both", "none", "thin"]
# Days from the first day of the drop, both included. People complain late, and not for ever.
WINDOWS = {"before": (-7, -1), "after": (0, 3), "later": (4, 10)}
LEAST_DUE = 3.0  # complaints; under that even none at all would say nothing


@dataclass(frozen=True)
class Window:
    """Complaints in some days from the drop, those due anyway, and their ratio with its exact 95 % interval."""

    name: str
    n: int
    due: float
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class LeadLag:
    """follow: more than due from the day of the drop on; lead: more already before; both; none: neither; thin."""

    verdict: Verdict
    n_drops: int
    windows: tuple[Window, ...]


def lead_lag(days: pd.DataFrame) -> LeadLag:
    """`days`: day_no (0: the drop begins), n_drops, n, due; one row per day."""
    found = tuple(_window(days, name) for name in WINDOWS)
    by = {w.name: w for w in found}
    n_drops = int(days["n_drops"].max()) if len(days) else 0
    if min(by["before"].due, by["after"].due) < LEAST_DUE:
        return LeadLag("thin", n_drops, found)
    leads, follows = ((by[name].low or 0.0) > 1 for name in ("before", "after"))
    verdict: Verdict = "both" if leads and follows else "lead" if leads else "follow" if follows else "none"
    return LeadLag(verdict, n_drops, found)


def _window(days: pd.DataFrame, name: str) -> Window:
    first, last = WINDOWS[name]
    held = days[days["day_no"].between(first, last)] if len(days) else days
    n, due = (int(held["n"].sum()), float(held["due"].sum())) if len(held) else (0, 0.0)
    if due <= 0:
        return Window(name, n, due, None, None, None)
    low, high = poisson_interval(n)
    return Window(name, n, due, n / due, float(low) / due, float(high) / due)
