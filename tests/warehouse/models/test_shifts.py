"""Shifts: what was counted replaces what was planned, whichever file is newer."""

from __future__ import annotations

from datetime import date

from tests.warehouse.conftest import LittleHome

DAY = date(2025, 3, 31)


def shift(day: date, planned: int, **more: int) -> dict[str, object]:
    return {"worked_on": day, "hour_of_day": 9, "team_name": "A", "n_planned": planned, **more}


def test_a_day_that_was_worked_replaces_its_plan_also_where_the_plan_came_later(little: LittleHome) -> None:
    little.load("staffing", [shift(DAY, 5, n_present=4, n_calls=50, n_answered_15s=40)], file_on="202503")
    little.load("staffing", [shift(DAY, 7), shift(date(2025, 4, 1), 7)], file_on="20250331")
    little.build()
    told = little.rows("select worked_on, n_planned, n_present, n_calls from fact_staffing order by worked_on")
    assert [(r["n_planned"], r["n_present"], r["n_calls"]) for r in told] == [(5, 4, 50), (7, None, None)]
