"""Maps of every week: how many complaints each square and hexagon has against what is due, and hot spots over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from warehouse.hotspots import emerging
from warehouse.hotspots.expect import tail
from warehouse.hotspots.gi import gi_star, neighbours
from warehouse.hotspots.history import DAYS, History
from warehouse.hotspots.ragged import n_distinct
from warehouse.hotspots.settings import Gate, Gi

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """Complaints on one kind of cells, ascending by time. `cell` is the cell's number among those of `history`."""

    history: History
    cell: Ints
    customer: Ints
    at: NDArray[np.datetime64]


def excess(counted: Counted, weeks: range, ends: Sequence[np.datetime64], days: int, gate: Gate) -> pd.DataFrame:
    """One row per week and cell with a complaint in the `days` before the week's end.

    week, cell, n_tickets, n_customers, expected (NaN where history is short), p_value.
    """
    parts = []
    for week, end in zip(weeks, ends, strict=True):
        first, last = np.searchsorted(counted.at, [end - np.timedelta64(days, "D"), end])
        if first == last:
            continue
        cell, customer = counted.cell[first:last], counted.customer[first:last]
        cells, n_tickets = np.unique(cell, return_counts=True)
        n_customers = n_distinct(np.searchsorted(cells, cell), customer, len(cells))
        rates = counted.history.rates(week + 1 - -(-days // DAYS), gate)
        expected = rates[cells] * days / DAYS
        p = np.where(np.isfinite(expected), tail(n_customers, np.nan_to_num(expected, nan=1.0)), np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "week": week, "cell": cells, "n_tickets": n_tickets, "n_customers": n_customers,
                    "expected": expected, "p_value": p,
                }
            )
        )  # fmt: skip
    columns = ["week", "cell", "n_tickets", "n_customers", "expected", "p_value"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({c: [] for c in columns})


def hot_over_time(counted: Counted, x: ArrayLike, y: ArrayLike, weeks: range, rule: Gi) -> pd.DataFrame:
    """One row per week and cell that is or was a hot or cold spot: week, cell, n, z, p_value, class, n_bins, trend_z.

    A bin is `bin_days` long and ends with the week; a class looks at up to `bins` of them back. Of every bin the map
    holds the cells heard of until its end.
    """
    span = rule.bin_days // DAYS
    n_weeks = counted.history.n.shape[1]
    z = np.zeros((len(counted.history.grids), n_weeks))
    counts = counted.history.n
    near = neighbours(x, y, rule.metres)
    first = min(max(weeks.start - span * (rule.bins - 1), span - 1), n_weeks) if len(weeks) else n_weeks
    for week in range(first, n_weeks):
        total = counts[:, week - span + 1 : week + 1].sum(axis=1)
        z[:, week] = gi_star(total, near, counted.history.since <= week)
    out = []
    for week in weeks:
        ends = [week - span * k for k in range(rule.bins) if week - span * k >= span - 1]
        if len(ends) < rule.least_bins:
            continue
        table = z[:, ends[::-1]]
        touched = np.flatnonzero((np.abs(table) >= rule.z).any(axis=1))
        kinds = np.array(emerging.classes(table[touched], rule.z, rule.alpha), object)
        trend, p = emerging.trends(table[touched])
        held = kinds != emerging.NONE
        cells = touched[held]
        n = counts[cells, week - span + 1 : week + 1].sum(axis=1).astype(np.int64)
        told = {"week": week, "cell": cells, "n": n, "z": z[cells, week], "class": kinds[held], "n_bins": len(ends)}
        out.append(pd.DataFrame(told | {"trend_p": p[held], "trend_z": trend[held]}))
    columns = ["week", "cell", "n", "z", "trend_p", "class", "n_bins", "trend_z"]
    return pd.concat(out, ignore_index=True) if out else pd.DataFrame({c: [] for c in columns})
