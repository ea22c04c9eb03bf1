"""A new day of hours makes that day, not its month; long tables are made month by month; both as from nothing.

Tables: fact_cell_kpi_1d, mart_cell_week, mart_cell_region_day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

import warehouse.monthly
from tests.warehouse.conftest import LittleHome, kpi
from warehouse.catalog import models
from warehouse.engines.newest import without_sorting
from warehouse.sealed import open_sealed

START = datetime(2025, 3, 1)
COUNTED = ("fact_cell_kpi_1d", "mart_cell_week", "mart_cell_region_day")


def hours(day: datetime, *cells: str, n: int = 1) -> list[dict[str, Any]]:
    """A cell's hours of a day, `n` attempts in each."""
    starts = [day + timedelta(hours=hour) for hour in range(3)]
    return [{"cell_id": cell, "period_start": at, "rrc_att": n, "rrc_succ": n} for cell in cells for at in starts]


@pytest.fixture
def counted(little: LittleHome) -> LittleHome:
    """Five days of hours, on which releases are laid and never copied."""
    little.layer_from_bytes = 0
    for n in range(5):
        little.load("cell_kpi_1h", hours(START + timedelta(days=n), "A", "B"))
    little.build()
    return little


def held(little: LittleHome) -> dict[str, list[tuple[Any, ...]]]:
    current = little.releases.current()
    assert current is not None
    with open_sealed(little.releases.path(current)) as con:
        return {name: con.table(name).order("all").fetchall() for name in COUNTED}


def as_from_nothing(little: LittleHome) -> bool:
    added = held(little)
    little.build(full=True)
    return added == held(little)


def own_days(little: LittleHome, name: str) -> list[str]:
    """Parts whose rows stand in the newest file itself."""
    current = little.releases.current()
    assert current is not None
    with duckdb.connect(str(little.releases.path(current)), read_only=True) as con:
        return [part for (part,) in con.table(name).select("part").distinct().order("part").fetchall()]


@pytest.mark.deep
def test_a_new_day_is_made_alone(counted: LittleHome) -> None:
    counted.load("cell_kpi_1h", hours(START + timedelta(days=5), "A"))
    assert counted.build().how.startswith("incremental")
    assert own_days(counted, "fact_cell_kpi_1d") == own_days(counted, "mart_cell_region_day") == ["2025-03-06"]
    assert own_days(counted, "mart_cell_week") == ["2025-03"]
    assert as_from_nothing(counted)


@pytest.mark.deep
def test_hours_that_come_again_replace_their_day(counted: LittleHome) -> None:
    counted.load("cell_kpi_1h", hours(START + timedelta(days=2), "A", n=7), file_on="20250401")
    counted.build()
    assert own_days(counted, "fact_cell_kpi_1d") == ["2025-03-03"]
    assert counted.rows("select rrc_att from fact_cell_kpi_1d where cell_id = 'A' and period_on = '2025-03-03'") == [
        {"rrc_att": 21}
    ]
    assert as_from_nothing(counted)


@pytest.mark.deep
def test_days_sent_by_month_replace_the_days_of_their_month(counted: LittleHome) -> None:
    counted.load("cell_kpi_1d", [kpi("A", START + timedelta(days=1), rrc_att=900)])
    counted.build()
    sent = "select rrc_att from fact_cell_kpi_1d where period_on = '2025-03-02' order by cell_id"
    assert counted.rows(sent) == [{"rrc_att": 900}, {"rrc_att": 3}]
    assert as_from_nothing(counted)


@pytest.mark.deep
def test_a_new_day_that_breaks_a_check_is_found(counted: LittleHome) -> None:
    assert not any("more successes" in warning for warning in counted.build().warnings)
    rows = hours(START + timedelta(days=5), "C")
    counted.load("cell_kpi_1h", [{**row, "rrc_succ": 99} for row in rows])
    [warning] = [w for w in counted.build().warnings if "more successes" in w]
    assert "C, 2025-03-06" in warning


@pytest.mark.deep
def test_month_by_month_says_the_same_as_at_once(counted: LittleHome) -> None:
    for n in (40, 70):
        counted.load("cell_kpi_1h", hours(START + timedelta(days=n), "A", "B"))
    counted.load("cell_kpi_1d", [kpi("A", START + timedelta(days=40), rrc_att=900)])
    counted.build(full=True)
    at_once = held(counted)
    of_all = patch.object(warehouse.monthly.months_of, "__defaults__", (0,))
    with of_all, patch.object(warehouse.monthly, "LARGE_BYTES", 0):
        counted.build(full=True)
    assert held(counted) == at_once
    in_order = [row["part"] for row in counted.rows("select part from fact_cell_kpi_1d")]
    assert len(set(in_order)) == 7
    assert [part[:7] for part in in_order] == sorted(part[:7] for part in in_order)


def test_only_days_with_doubled_rows_are_sorted() -> None:
    sql = models()["stg_cell_kpi_15m"].sql
    columns = [name.strip() for name in sql[sql.index("\nselect") + 7 : sql.index("\nfrom ")].split(",")]
    with duckdb.connect() as con:
        told = ", ".join("null as " + c for c in columns if c not in ("cell_id", "period_start", "part", "rrc_att"))
        lines = "(1, 'A', 1, 'd1'), (2, 'A', 2, 'd1'), (3, 'A', 1, 'd2'), (4, 'A', 1, 'd2')"
        con.execute(
            "create table lake_cell_kpi_15m as select row_no, cell_id, period_start, part, row_no as rrc_att, "
            "'' as file_on, '' as file_id, "
            + told
            + " from (values "
            + lines
            + ") v(row_no, cell_id, period_start, part)"
        )
        wanted = con.sql(sql).order("rrc_att").fetchall()
        assert len(wanted) == 3
        assert con.sql(without_sorting(con, sql)).order("rrc_att").fetchall() == wanted
        con.execute("delete from lake_cell_kpi_15m where row_no = 3")
        assert "qualify" not in without_sorting(con, sql).lower()
        con.execute("update lake_cell_kpi_15m set part = null where row_no = 1")
        assert without_sorting(con, sql) == sql
