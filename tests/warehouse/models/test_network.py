"""Radio counters are added up before a ratio is formed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.warehouse.conftest import LittleHome, kpi

DAY = datetime(2025, 3, 3)


def test_the_mean_of_two_cells_is_weighted_by_what_they_offer(little: LittleHome) -> None:
    snapshot = {"snapshot_on": date(2025, 1, 1), "region_code": "321002", "rat": "4G"}
    little.load("cell", [{"cell_id": cell, **snapshot} for cell in "AB"])
    rows = [kpi("A", DAY, prb_used_dl=10.0, prb_avail_dl=100.0), kpi("B", DAY, prb_used_dl=90.0, prb_avail_dl=300.0)]
    little.load("cell_kpi_1d", rows)
    little.build()
    [day] = little.rows("select * from mart_cell_region_day")
    assert day["prb_used_dl"] / day["prb_avail_dl"] == pytest.approx(0.25)
    assert (day["region_code"], day["rat"], day["n_cells"]) == ("321002", "4G", 2)


def test_a_cell_without_engineering_data_is_kept_as_unknown(little: LittleHome) -> None:
    little.load("cell_kpi_1d", [kpi("Z", DAY)])
    little.build()
    [day] = little.rows("select * from mart_cell_region_day")
    assert (day["region_code"], day["rrc_att"]) == ("UNKNOWN", 100)


def test_a_row_sent_again_replaces_the_older_one(little: LittleHome) -> None:
    little.load("cell_kpi_1d", [kpi("A", DAY, rrc_att=1, rrc_succ=1)], file_on="20250304")
    little.load("cell_kpi_1d", [kpi("A", DAY, rrc_att=2, rrc_succ=1)], file_on="20250305")
    little.load("cell_kpi_1d", [kpi("A", DAY, rrc_att=3, rrc_succ=1)], file_on="20250303")
    little.build()
    assert [r["rrc_att"] for r in little.rows("select * from fact_cell_kpi_1d")] == [2]
