"""Dimensions: the calendar, regions that only the data know, cells that move."""

from __future__ import annotations

from datetime import date, datetime

from tests.warehouse.conftest import LittleHome, ticket


def test_the_calendar_of_2024(little: LittleHome) -> None:
    little.build()
    days = {r["date_on"].date(): r for r in little.rows("select * from dim_date")}
    assert days[date(2024, 10, 12)]["is_workday"]
    assert days[date(2024, 10, 12)]["is_makeup_workday"]
    assert all(days[date(2024, 10, n)]["is_holiday"] for n in range(1, 8))
    assert not any(days[date(2024, 10, n)]["is_workday"] for n in range(1, 8))
    assert days[date(2024, 10, 8)]["is_workday"]
    assert not days[date(2024, 10, 8)]["is_holiday"]
    turn = days[date(2024, 12, 30)]
    assert (turn["iso_year"], turn["iso_week"]) == (2025, 1)


def test_a_region_that_only_the_data_know_is_listed(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, datetime(2025, 3, 1), region_code="999999")])
    little.build()
    [found] = little.rows("select * from dim_region where not is_seeded")
    assert (found["region_code"], found["zh"]) == ("999999", "999999")


def test_a_cell_has_a_row_for_each_time_it_changed(little: LittleHome) -> None:
    def seen(cell: str, month: int, **values: object) -> dict[str, object]:
        return {"cell_id": cell, "snapshot_on": date(2025, month, 1), "cell_name": "n", **values}

    rows = [seen("A", 1, lon=119.1), seen("A", 2, lon=119.1), seen("A", 3, lon=119.2), seen("B", 1), seen("C", 3)]
    little.load("cell", rows)
    little.build()
    told = little.rows("select cell_id, valid_from, valid_to from dim_cell order by all")
    spans = [(r["cell_id"], r["valid_from"].month, r["valid_to"] and r["valid_to"].month) for r in told]
    # B is gone from the second snapshot on.
    assert spans == [("A", 1, 3), ("A", 3, None), ("B", 1, 2), ("C", 3, None)]
