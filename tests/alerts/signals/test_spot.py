"""Complaints of one spot (RC02), counted by when customers come and go, against counting them one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pytest

from alerts.signals import signals

SIGNAL = signals()["complaints_in_one_spot"]
START = datetime(2025, 3, 3)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ON_CELL = 3
METRES_LON = 111320 * np.cos(np.radians(32.4))


class Ticket(NamedTuple):
    ticket_id: str
    cust_key: str
    type_l1: str
    accepted_at: datetime
    serving_cell_id: str | None
    town: str
    lon: float
    lat: float
    geo_grade: str


class Made:
    """A source that holds the tickets, and two cells."""

    def __init__(self, tickets: list[Ticket]) -> None:
        self.con = duckdb.connect()
        frame = pd.DataFrame(tickets).assign(is_counted=True, region_code="321002", place_id=None)
        self.con.from_df(frame).create("fact_ticket")
        self.con.execute(
            "create table cell_area as select * from (values ('A1', 'A'), ('B1', 'B')) as c (cell_id, site_id)"
        )

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.con.execute(SIGNAL.text(("cell_area",)), dict(parameters)).df()


def tickets(seed: int, n: int = 60) -> list[Ticket]:
    """Tickets of two days in a square of 1.5 km; some customers complain again, some times are the same."""
    rng = np.random.default_rng(seed)
    made = []
    for number in rng.permutation(n):
        at = START + timedelta(minutes=30 * int(rng.integers(0, 96)))
        made.append(
            Ticket(
                f"T{number:03d}", f"C{rng.integers(0, n // 2)}", str(rng.choice(["NET", "TAR"], p=[0.8, 0.2])), at,
                [None, "A1", "B1"][rng.integers(0, 3)], f"town{rng.integers(0, 2)}",
                119.4 + rng.uniform(0, 1500) / METRES_LON, 32.4 + rng.uniform(0, 1500) / 110900,
                str(rng.choice(["A", "B", "C"], p=[0.6, 0.3, 0.1])),
            )
        )  # fmt: skip
    return made


def one_by_one(all_tickets: list[Ticket], at: datetime) -> dict[str, tuple[float, int, str, str]]:
    """Per type and area of the middle ticket: the most customers within 500 m in 24 hours, or of one cell in 6."""
    known = [t for t in all_tickets if at - DAY <= t.accepted_at < at]
    spots = []
    for middle in known:
        near = [
            t
            for t in known
            if "C" not in (t.geo_grade, middle.geo_grade)
            and t.type_l1 == middle.type_l1
            and abs(t.accepted_at - middle.accepted_at) < DAY
            and _metres(t, middle) <= 500
        ]
        if (n := len({t.cust_key for t in near})) >= 3:
            spots.append((float(n), n, middle, near))
    of_cell = defaultdict(list)
    for t in known:
        if t.serving_cell_id and t.accepted_at >= at - 6 * HOUR:
            of_cell[t.type_l1, t.serving_cell_id].append(t)
    for near in of_cell.values():
        if (n := len({t.cust_key for t in near})) >= ON_CELL:
            spots.append((max(5.0, n), n, max(near), near))
    told: dict[str, tuple[float, int, str, str]] = {}
    for value, n, middle, near in sorted(spots, key=lambda s: (-s[0], -s[1], s[2].ticket_id)):
        first = ",".join(sorted(t.ticket_id for t in near)[:5])
        cells = ",".join(sorted({t.serving_cell_id for t in near if t.serving_cell_id}))
        told.setdefault(f"{middle.type_l1}/town:{middle.town}", (value, n, first, cells))
    return told


def _metres(a: Ticket, b: Ticket) -> float:
    x = [t.lon * 111320 * np.cos(np.radians(t.lat)) for t in (a, b)]
    return float(np.hypot(x[0] - x[1], (a.lat - b.lat) * 110900))


@pytest.mark.parametrize("seed", range(3))
def test_it_counts_what_one_by_one_finds(seed: int) -> None:
    made = tickets(seed)
    times = [START + 3 * HOUR * n + timedelta(minutes=15 * (n % 3)) for n in range(3, 15)]
    found = SIGNAL.readings(Made(made), times, {"on_cell": ON_CELL}).fillna({"cells": ""})
    for at in times:
        rows = found[found["seen_at"] == at]
        told = {r.scope_id: (r.value, r.n, r.tickets, r.cells) for r in rows.itertuples()}
        assert told == one_by_one(made, at), at
    assert found["value"].max() >= 5
