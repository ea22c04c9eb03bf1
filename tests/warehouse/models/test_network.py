"""Radio counters are added up before a ratio is formed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, kpi
from warehouse.catalog import models
from warehouse.measures import measures

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


def quarters(cell: str, first: datetime, counts: list[int], **more: object) -> list[dict[str, object]]:
    starts = [first + n * timedelta(minutes=15) for n in range(len(counts))]
    return [
        {"cell_id": cell, "period_start": start, "rrc_att": 100 * n, "rrc_succ": n, "rrc_max": float(n), **more}
        for start, n in zip(starts, counts, strict=True)
    ]


def test_a_day_without_a_day_file_is_the_sum_of_its_hours_and_quarters(little: LittleHome) -> None:
    little.load("cell_kpi_15m", quarters("A", DAY, [1, 2, 3, 4]))
    hour = {"rrc_att": 500, "rrc_succ": 100, "rrc_max": 2.0}
    little.load("cell_kpi_1h", [{"cell_id": "A", "period_start": DAY + timedelta(hours=5), **hour}])
    little.build()
    [day] = little.rows("select * from fact_cell_kpi_1d")
    assert (day["rrc_att"], day["rrc_succ"], day["rrc_max"]) == (1500, 110, 4.0)
    # The ratio of the sums, not the mean of 1 %, 1 %, 1 %, 1 % and 20 %.
    assert day["rrc_succ"] / day["rrc_att"] == pytest.approx(110 / 1500)
    assert day["completeness"] == pytest.approx(2 / 24, abs=1e-6)


def test_missing_quarters_lower_the_completeness_and_blank_ones_do_too(little: LittleHome) -> None:
    rows = quarters("A", DAY, [1, 2]) + [{"cell_id": "A", "period_start": DAY + timedelta(minutes=30)}]
    little.load("cell_kpi_15m", rows)
    little.build()
    [day] = little.rows("select * from fact_cell_kpi_1d")
    assert (day["rrc_att"], day["completeness"]) == (300, pytest.approx(0.5 / 24, abs=1e-6))
    assert pd.isna(day["ho_att"]), "what was never sent is missing, not 0"


def test_what_was_sent_for_the_period_wins_over_its_parts(little: LittleHome) -> None:
    little.load("cell_kpi_15m", quarters("A", DAY, [9, 9, 9, 9]))
    little.load("cell_kpi_1h", [{"cell_id": "A", "period_start": DAY, "rrc_att": 7}])
    little.build()
    assert [r["rrc_att"] for r in little.rows("select rrc_att from fact_cell_kpi_1d")] == [7]
    little.load("cell_kpi_1d", [kpi("A", DAY, rrc_att=5)])
    little.build()
    assert [r["rrc_att"] for r in little.rows("select rrc_att from fact_cell_kpi_1d")] == [5]


def test_hours_and_quarters_stay_in_the_lake(little: LittleHome) -> None:
    little.load("cell_kpi_15m", quarters("A", DAY, [1]))
    little.build()
    tables = {r["table_name"] for r in little.rows("select table_name from release_table")}
    assert "fact_cell_kpi_1d" in tables
    assert not tables & {"fact_cell_kpi_1h", "fact_cell_kpi_15m"}


def test_figures_without_counts_are_never_added_up() -> None:
    """A share without its counts may be shown and compared with a limit; no model and no measure aggregates it."""
    readers = {name: model for name, model in models().items() if "fact_kpi_value" in model.inputs}
    # Gaps between periods say nothing of the values.
    assert set(readers) == {"mart_kpi_gap"}
    assert not re.search(r"\b(sum|avg|group by)\b", readers["mart_kpi_gap"].sql)
    assert "never aggregated" in " ".join(models()["fact_kpi_value"].sql.split("\n-- "))
    assert "group by" not in models()["fact_kpi_value"].sql
    assert [i for i, m in measures().items() if m.base == "fact_kpi_value"] == []


def test_an_alarm_sent_open_and_then_cleared_is_one_cleared_alarm(little: LittleHome) -> None:
    alarm = {"source_system": "A", "alarm_id": "1", "alarm_name": "x", "started_at": DAY, "site_id": "S"}
    little.load("cell", [{"cell_id": "C", "snapshot_on": date(2025, 1, 1), "site_id": "S", "region_code": "321002"}])
    little.load("alarm", [alarm, {**alarm, "source_system": "B"}], file_on="202503")
    little.load("alarm", [{**alarm, "ended_at": DAY + timedelta(minutes=2)}], file_on="202504")
    little.build()
    told = little.rows("select * from fact_alarm order by source_system")
    assert [r["duration_s"] for r in told][0] == 120
    assert [r["region_code"] for r in told] == ["321002", "321002"]


def test_a_grid_is_weighted_by_samples_over_its_cells(little: LittleHome) -> None:
    grid = {"measured_on": DAY.date(), "grid_x": 3, "grid_y": 4, "rat": "LTE", "n_weak": 1}
    rows = [
        {**grid, "cell_id": "A", "n_samples": 10, "rsrp_avg_dbm": -80.0},
        {**grid, "cell_id": "B", "n_samples": 30, "rsrp_avg_dbm": -100.0},
        {**grid, "cell_id": "C", "n_samples": 20, "rsrp_avg_dbm": None},
    ]
    little.load("mr_grid", rows)
    little.build()
    [told] = little.rows("select * from fact_mr_grid_d")
    assert (told["n_samples"], told["n_weak"], told["n_cells"], told["best_cell_id"]) == (60, 3, 3, "B")
    assert told["rsrp_avg_dbm"] == pytest.approx(-95.0)


def test_a_test_drive_sent_again_replaces_the_whole_drive(little: LittleHome) -> None:
    point = {"test_id": "D1", "measured_at": DAY, "rsrp_dbm": -90.0}
    little.load("drive_test", [point, point, point], file_on="1")
    little.load("drive_test", [{**point, "rsrp_dbm": -95.0}, {**point, "test_id": "D2"}], file_on="2")
    little.build()
    told = little.rows("select test_id, rsrp_dbm from fact_drive_test order by all")
    assert [(r["test_id"], r["rsrp_dbm"]) for r in told] == [("D1", -95.0), ("D2", -90.0)]


def test_periods_that_were_not_sent_are_a_gap(little: LittleHome) -> None:
    hour = {"scope_kind": "cell", "scope_id": "A", "kpi_code": "RATE", "period_minutes": 60}
    values = ((0, 1.0), (1, None), (2, 0.0), (7, 1.0))
    sent = [{**hour, "period_start": DAY + timedelta(hours=h), "value": v} for h, v in values]
    little.load("kpi_value", sent)
    little.build()
    told = little.rows("select before_start, n_missing from mart_kpi_gap order by before_start")
    # A value of nought was sent, a blank one was not.
    assert [(r["before_start"].hour, r["n_missing"]) for r in told] == [(0, 1), (2, 4)]
