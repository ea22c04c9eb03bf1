"""What was paid and who is to blame, of finished tickets only."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.warehouse.conftest import ticket
from tests.warehouse.models.derived import DAY, derive
from warehouse.measures import measures

# Day of the answer, yuan, judgement.
TICKETS = [
    (1, 10.5, "企业有责"),
    (2, 20.0, "企业无责"),
    (2, None, "企业有责"),
    (3, None, None),
    (9, 100.0, "有责"),
    (None, 50.0, None),
]


@lru_cache(maxsize=1)
def rows() -> list[dict[str, Any]]:
    given = [
        ticket(n, DAY, cust_key=f"k{n}", feedback_at=None if day is None else DAY + timedelta(days=day),
               compensation_yuan=yuan, responsibility=judged)
        for n, (day, yuan, judged) in enumerate(TICKETS)
    ]  # fmt: skip
    return derive("mart_ticket", given)


def told(measure: str, cutoff: datetime) -> float:
    con, entry = duckdb.connect(), measures()[measure]
    con.register("base", pa.Table.from_pylist([{**row, "cutoff_at": cutoff} for row in rows()]))
    [(value,)] = con.sql(f"select {entry.formula()} from base").fetchall()
    return float(value)


@pytest.mark.parametrize(
    ("measure", "early", "late"),
    [("M38", 30.5, 130.5), ("M38_MEAN", 30.5 / 4, 130.5 / 5), ("M38_PAID", 2 / 4, 3 / 5), ("M39", 2 / 4, 3 / 5)],
)
def test_only_what_is_finished_by_then_counts(measure: str, early: float, late: float) -> None:
    assert told(measure, DAY + timedelta(days=5)) == pytest.approx(early)
    assert told(measure, DAY + timedelta(days=10)) == pytest.approx(late)
