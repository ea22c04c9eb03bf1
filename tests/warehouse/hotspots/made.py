"""A made-up city of complaints for the weekly run: scattered ones everywhere, and a hotspot that comes and goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from warehouse.hotspots.city import City
from warehouse.hotspots.settings import defaults

DAY0, WEEKS = date(2024, 1, 1), 40


def ambient(seed: int, per_week: int = 40, weeks: int = WEEKS) -> pd.DataFrame:
    """Complaints over a town of 10 × 10 km, one a customer."""
    rng = np.random.default_rng(seed)
    n = per_week * weeks
    seconds = np.sort(rng.integers(0, weeks * 7 * 86_400, n))
    return pd.DataFrame(
        {
            "ticket_id": [f"T{k:06d}" for k in range(n)],
            "customer": np.arange(n),
            "accepted_at": pd.Timestamp(DAY0) + pd.to_timedelta(seconds, unit="s"),
            "ix": rng.integers(0, 200, n),
            "iy": rng.integers(0, 200, n),
        }
    )


def outbreak(
    counts: Mapping[int, int], at: tuple[int, int] = (100, 100), name: str = "X", first: int = 10**6
) -> pd.DataFrame:
    """So many customers in each of some weeks, within 100 m of one spot."""
    rows = []
    for week, n in counts.items():
        for k in range(n):
            when = datetime.combine(DAY0 + timedelta(weeks=week), datetime.min.time()) + timedelta(hours=12 + 5 * k)
            cell = {"ix": at[0] + k % 3, "iy": at[1] + k % 2}
            rows.append(
                {"ticket_id": f"{name}{week:03d}{k:03d}", "customer": first + len(rows), "accepted_at": when, **cell}
            )
    return pd.DataFrame(rows)


def city(*parts: pd.DataFrame, weeks: int = WEEKS, is_known: bool = True) -> City:
    """`is_known`: somebody was heard of in every square from the first day on; else from their first complaint on."""
    tickets = pd.concat(parts, ignore_index=True).assign(is_urban=True, region="R1", subtype="slow")
    known = tickets.groupby(["ix", "iy", "is_urban", "region"], as_index=False).agg(first_on=("accepted_at", "min"))
    return City(tickets, known.assign(first_on=DAY0) if is_known else known, defaults(), DAY0, weeks)
