"""Copies of a city: their own numbers and customers, whole weeks away, chains whole, and nothing open is moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bench import city_many
from warehouse.canonical import tables
from warehouse.lake import Lake

pytestmark = pytest.mark.deep  # half a dozen Delta tables

FIRST = datetime(2024, 5, 6, 9)
N_COPIES = 3


def ticket(number: str, customer: str, accepted_at: datetime, took: timedelta | None) -> dict[str, Any]:
    return {
        "file_id": "f", "row_no": int(number[1:]), "ticket_id": number, "cust_key": customer, "lon": 119.4,
        "accepted_at": accepted_at, "feedback_at": accepted_at + took if took else None, "part": "2024-05",
    }  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "ticket": [
        ticket("T1", "twice", FIRST, timedelta(hours=5)),
        ticket("T2", "twice", FIRST + timedelta(days=3), timedelta(hours=5)),
        ticket("T3", "waits", FIRST, None),
    ],
    "ticket_event": [
        {"file_id": "f", "row_no": 1, "ticket_id": "T1", "seq": 1, "event": "ACP", "event_at": FIRST, "part": "2024-05"}
    ],
    "satisfaction": [],
    "contact": [],
    "survey": [],
    "opinion": [],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home: Path = tmp_path_factory.mktemp("many")
    lake = Lake(home / "lake")
    for name, rows in ROWS.items():
        schema = tables()[name].schema
        lake.append(name, pa.Table.from_pylist(rows, schema), {})
    city_many.main(home, N_COPIES)
    return {name: {r.get("ticket_id"): r for r in lake.read(name).to_pylist()} for name in ("ticket", "ticket_event")}


def test_every_copy_has_numbers_and_customers_of_its_own(found: Any) -> None:
    tickets = found["ticket"]
    assert set(tickets) == {f"T{n}{copy}" for n in (1, 2, 3) for copy in ("", "-1", "-2", "-3")}
    assert len({r["cust_key"] for r in tickets.values()}) == 2 * (1 + N_COPIES)
    assert len({r["row_no"] for r in tickets.values()}) == len(tickets)


@pytest.mark.parametrize("copy", range(1, N_COPIES + 1))
def test_a_copy_keeps_hours_chains_and_what_is_open(found: Any, copy: int) -> None:
    one, two, waits = (found["ticket"][f"T{n}-{copy}"] for n in (1, 2, 3))
    assert (one["accepted_at"] - FIRST) % timedelta(days=7) == timedelta()
    assert one["accepted_at"] >= city_many.START and two["feedback_at"] <= city_many.AS_OF
    assert two["accepted_at"] - one["accepted_at"] == timedelta(days=3) and two["cust_key"] == one["cust_key"]
    assert one["part"] == f"{one['accepted_at']:%Y-%m}" and one["lon"] is None
    assert waits["accepted_at"] == FIRST and waits["feedback_at"] is None
    assert found["ticket_event"][f"T1-{copy}"]["event_at"] == one["accepted_at"]
