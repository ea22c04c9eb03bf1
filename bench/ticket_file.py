"""Ticket exports of any length. How they are loaded and built is `volume.py`'s.

Headers, maps and texts follow the demo city's contract `demo_tickets`; data are simulated (模拟数据).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

START = datetime(2024, 1, 1)
DAYS = 731
CUSTOMERS_A_TICKET = 0.72
WORKSPACE = Path(__file__).parent.parent / "workspaces" / "demo"


@dataclass(frozen=True)
class Tickets:
    """`n` tickets numbered from 0, evenly over 24 months from 2024-01-01; later numbers go on at the same pace."""

    n: int

    @property
    def seconds_a_ticket(self) -> float:
        return DAYS * 86_400 / self.n

    def number_at(self, day: date) -> int:
        """The first ticket accepted on or after a day."""
        return -int(-(datetime.combine(day, datetime.min.time()) - START).total_seconds() // self.seconds_a_ticket)

    def at(self, number: int) -> datetime:
        return START + timedelta(seconds=number * self.seconds_a_ticket)

    def write(self, path: Path, first: int, last: int, version: int = 0, every: int = 1) -> int:
        """Write tickets `first` to `last` (excluded) that `every` divides; returns how many. A higher `version` was
        exported later and has answers to what was open.
        """
        sql = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
        values = {
            "first": first,
            "last": last,
            "start": START,
            "seconds_a_ticket": self.seconds_a_ticket,
            "n_customers": max(1, int(self.n * CUSTOMERS_A_TICKET)),
            "version": version,
            "workspace": str(WORKSPACE),
            "every": every,
        }
        with duckdb.connect() as con:
            rows = con.sql(sql, params=values)
            rows.write_csv(str(path), header=True)
        return len(range(first + -first % every, last, every))

    def write_months(self, folder: Path, version: int = 0, every: int = 1) -> list[Path]:
        """One file per month of the 24, named as the contract expects."""
        # Rounding could give the last month one more.
        firsts = [date(2024 + m // 12, m % 12 + 1, 1) for m in range(25)]
        paths = []
        for this, following in zip(firsts, firsts[1:], strict=False):
            path = folder / f"投诉工单_{this:%Y%m}_{version}.csv"
            self.write(path, self.number_at(this), min(self.number_at(following), self.n), version, every)
            paths.append(path)
        return paths
