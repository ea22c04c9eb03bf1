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


def versions(little: LittleHome, *rows: dict[str, object]) -> list[tuple[object, ...]]:
    little.load("cell", rows)
    little.build()
    told = little.rows("select cell_id, valid_from, valid_to, cell_name from dim_cell order by all")
    return [(r["cell_id"], r["valid_from"].date(), day(r["valid_to"]), r["cell_name"]) for r in told]


def day(value: datetime | None) -> date | None:
    return value.date() if value is not None and value == value else None


def snapshot(cell: str, month: int, name: str = "n", **values: object) -> dict[str, object]:
    return {"cell_id": cell, "snapshot_on": date(2025, month, 1), "cell_name": name, **values}


def test_a_cell_that_comes_back_was_away(little: LittleHome) -> None:
    rows = [snapshot("A", 1), snapshot("B", 1), snapshot("B", 2), snapshot("A", 3), snapshot("B", 3)]
    assert versions(little, *rows) == [
        ("A", date(2025, 1, 1), date(2025, 2, 1), "n"),
        ("A", date(2025, 3, 1), None, "n"),
        ("B", date(2025, 1, 1), None, "n"),
    ]


def test_a_workbook_of_one_vendor_does_not_take_the_cells_of_another_off_the_air(little: LittleHome) -> None:
    rows = [snapshot("A", 1, vendor="X"), snapshot("B", 2, vendor="Y"), snapshot("C", 3, vendor="Y")]
    assert [v[:3] for v in versions(little, *rows)] == [
        ("A", date(2025, 1, 1), None),
        ("B", date(2025, 2, 1), date(2025, 3, 1)),
        ("C", date(2025, 3, 1), None),
    ]


def test_a_cell_is_as_first_seen_back_to_its_first_day_on_air(little: LittleHome) -> None:
    on_air = {"on_air_on": date(2025, 2, 10)}
    rows = [
        snapshot("A", 1),
        snapshot("A", 3),
        snapshot("N", 3, **on_air),
        snapshot("L", 1, on_air_on=date(2025, 6, 1)),
    ]
    found = {v[0]: v[1] for v in versions(little, *rows)}
    assert found == {"A": date(2025, 1, 1), "N": date(2025, 2, 10), "L": date(2025, 1, 1)}


def test_facts_join_the_version_that_was_valid_then(little: LittleHome) -> None:
    rows = [snapshot("A", 1, region_code="321002"), snapshot("A", 3, "renamed", region_code="321003")]
    values = [
        {"scope_kind": "cell", "scope_id": "A", "period_start": datetime(2025, m, d), "kpi_code": "RATE", "value": 0.9}
        for m, d in ((2, 28), (3, 1))
    ]
    little.load("kpi_value", values)
    versions(little, *rows)
    told = little.rows("select period_start, region_code from fact_kpi_value order by period_start")
    assert [r["region_code"] for r in told] == ["321002", "321003"]


def test_a_site_stands_as_its_newest_cells_tell(little: LittleHome) -> None:
    site = {"site_id": "S"}
    rows = [
        snapshot("A", 1, **site, rat="LTE", lon=119.1),
        snapshot("B", 1, **site, rat="NR", lon=119.1),
        snapshot("A", 2, **site, rat="LTE", lon=119.2),
        snapshot("Z", 1, site_id="gone"),
    ]
    little.load("cell", rows)
    little.build()
    told = {r["site_id"]: r for r in little.rows("select * from dim_site")}
    assert (told["S"]["lon"], told["S"]["n_lte_cells"], told["S"]["n_nr_cells"]) == (119.2, 1, 0)
    assert day(told["S"]["off_air_on"]) is None
    assert day(told["gone"]["off_air_on"]) == date(2025, 2, 1)
