"""Following a rule over instants: lists are those of a day, and what a signal no longer lists is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from alerts.engine import follow
from alerts.rules import load_rules
from alerts.state import Ambiguous

RULES = load_rules()
START = datetime(2025, 3, 26, 6)


class Told:
    """A source that says of each instant how many tickets of a list a department has."""

    def __init__(self, counts: list[int], dept: str = "NET") -> None:
        self.counts, self.dept = counts, dept

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        rows = [
            {"seen_at": at, "scope_id": self.dept, "value": float(n), "n": n, "owner_dept": self.dept}
            for at in parameters["instants"]
            if (n := self.counts[int((at - START) / timedelta(hours=1))])
        ]
        return pd.DataFrame(rows, columns=["seen_at", "scope_id", "value", "n", "owner_dept"]).astype(
            {"seen_at": "datetime64[us]"}
        )


def hours(n: int) -> list[datetime]:
    return [START + timedelta(hours=k) for k in range(n)]


def told(counts: list[int]) -> list[tuple[int, str, str]]:
    outcome = follow(RULES["RS04"], Told(counts), hours(len(counts)))
    return [(n.event.at.hour, n.event.action, n.event.scope) for n in outcome.noted]


def test_a_list_is_one_of_a_working_day() -> None:
    """The day begins at eight; work done and new work meanwhile make no second list."""
    assert told([2, 2, 2, 0, 3]) == [
        (6, "fire", "NET/2025-03-25"),
        (8, "clear", "NET/2025-03-25"),
        (8, "fire", "NET/2025-03-26"),
    ]


def test_a_list_ends_with_its_day_also_when_nothing_is_left() -> None:
    assert told([2, 2, 0])[-1] == (8, "clear", "NET/2025-03-25")


def test_in_pieces_as_in_one_go() -> None:
    counts, times = [1, 0, 2, 2, 0, 1], hours(6)
    whole = follow(RULES["RS04"], Told(counts), times)
    first = follow(RULES["RS04"], Told(counts), times[:3])
    second = follow(RULES["RS04"], Told(counts), times[3:], first.instances)
    assert [n.event for n in whole.noted] == [n.event for n in first.noted + second.noted]
    assert whole.instances == second.instances


def test_two_readings_of_one_scope_are_an_error() -> None:
    class Twice(Told):
        def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
            once = super().select(sql, parameters)
            return pd.concat([once, once])

    with pytest.raises(Ambiguous, match="RS04: two readings of one scope at 2025-03-26 06:00"):
        follow(RULES["RS04"], Twice([1]), hours(1))
