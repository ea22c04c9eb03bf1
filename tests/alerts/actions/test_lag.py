"""What is complained about most for weeks while nobody has promised anything (PB14)."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from alerts.actions.item import Action, Draft
from alerts.actions.lag import Lag, lagging

NEWEST = date(2025, 3, 24)


def counts(weeks: int = 6, **of: int) -> pd.DataFrame:
    """So many complaints a week of each type, for so many weeks up to the newest."""
    mondays = [pd.Timestamp(NEWEST) - pd.Timedelta(weeks=n) for n in range(weeks)]
    return pd.DataFrame([{"week_start": m, "type_code": c, "n": n} for m in mondays for c, n in of.items()])


def action(**given: object) -> Action:
    told = Draft(source="review", problem="x", begins_on=date(2025, 1, 6), due_on=date(2025, 2, 1))
    fields = {
        **told.model_dump(), "action_id": "A", "state": "doing", "raised_by": "manager",
        "raised_at": datetime(2025, 1, 6), "first_due_on": told.due_on, "replied_at": None, "done_on": None,
        "closed_at": None, "result": None, "result_note": None, "revision": 0,
    }  # fmt: skip
    return Action(**(fields | given))  # type: ignore[arg-type]


SIX = {"A1": 60, "A2": 50, "B1": 40, "B2": 30, "C1": 20, "C2": 10}


def test_the_five_that_come_most_are_told_and_the_sixth_is_not() -> None:
    found = lagging(counts(**SIX), [])
    assert [x.type_code for x in found] == ["A1", "A2", "B1", "B2", "C1"]
    assert found[0] == Lag("A1", 6, 360)


def test_three_weeks_are_no_lag() -> None:
    assert lagging(counts(3, **SIX), []) == []
    broken = counts(**SIX)
    broken.loc[(broken["week_start"] == pd.Timestamp("2025-03-03")) & (broken["type_code"] == "A1"), "n"] = 0
    assert "A1" not in [x.type_code for x in lagging(broken, [])]


@pytest.mark.parametrize(
    ("given", "is_told"),
    [
        ({"verify_type": "A1"}, False),
        ({"verify_type": "A"}, False),
        ({"verify_type": None}, False),
        ({"verify_type": "B"}, True),
        ({"verify_type": "A1", "scope_kind": "place", "scope_id": "P1"}, True),
        ({"verify_type": "A1", "state": "closed"}, True),
        ({"verify_type": "A1", "state": "closed", "begins_on": date(2025, 3, 3)}, False),
    ],
)
def test_a_wide_measure_of_the_time_is_an_answer(given: dict[str, object], is_told: bool) -> None:
    assert ("A1" in [x.type_code for x in lagging(counts(**SIX), [action(**given)])]) == is_told


def test_without_complaints_nothing_is_told() -> None:
    assert lagging(counts(0), []) == []
