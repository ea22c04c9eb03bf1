"""A warning about a ticket belongs to the ticket's district, and is given it once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

from alerts import located, store
from alerts.located import locate
from tests.alerts.test_notify import warn


class Tickets:
    """A release of three tickets, one without a district."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        assert "region_code is not null" in sql
        self.asked.append(parameters["tickets"])
        known = {"T1": "321002", "T2": "321003"}
        found = [(n, known[n]) for n in parameters["tickets"] if n in known]
        return pd.DataFrame(found, columns=["ticket_id", "region_code"])


def test_tickets_give_their_district_and_nothing_else_changes(kept: sa.Engine, monkeypatch: Any) -> None:
    monkeypatch.setattr(located, "AT_ONCE", 2)
    for number, ticket in enumerate(("T1", "T2", "T1", "T3", "T9")):
        warn(kept, f"W{number}", scope_kind="ticket", scope_id=ticket)
    warn(kept, "kept", scope_kind="ticket", scope_id="T1", region_code="321081")
    warn(kept, "dept", scope_id="T1")
    source = Tickets()
    assert locate(kept, source) == 3
    found = {r["warning_id"]: (r["region_code"], r["revision"]) for r in store.warnings(kept)}
    assert found == {
        "W0": ("321002", 0), "W1": ("321003", 0), "W2": ("321002", 0), "W3": (None, 0), "W4": (None, 0),
        "kept": ("321081", 0), "dept": (None, 0),
    }  # fmt: skip
    assert source.asked == [["T1", "T2"], ["T1", "T3"], ["T9"]]
    assert locate(kept, source) == 0, "who looks on the screen is not told that it changed"
