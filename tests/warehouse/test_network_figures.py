"""M43 to M48 of a region, by hand, and the same as the figures of a cell where there is but one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, kpi
from warehouse.analysis.cell_figures import figure
from warehouse.figures import add_values
from warehouse.periods import compare
from warehouse.viewer import Viewer

TABLES = ("mart_cell_region_day",)
DAY = datetime(2025, 3, 24)
COUNTERS: dict[str, Any] = {
    "rrc_att": 1000, "rrc_succ": 990, "erab_att": 800, "erab_succ": 790, "erab_abn_rel": 9, "erab_norm_rel": 700,
    "ho_in": 110, "ho_att": 200, "ho_succ": 190, "thp_num_mbit": 6000.0, "thp_den_s": 200.0, "unavail_s": 864.0,
    "mr_samples": 500, "mr_weak": 20, "rsrp_sum_dbm": -47500.0,
}  # fmt: skip
EXPECTED = {
    "M43": 0.96, "M44": -95.0, "M45_ACCESS": 0.99 * 790 / 800, "M45_DROP": 9 / 900, "M45_HO": 0.95, "M46": 30.0,
    "M48": 0.99,
}  # fmt: skip
OF_A_CELL = {
    "M43": ("weak", True), "M44": ("level", False), "M45_ACCESS": ("access", False), "M45_DROP": ("drop", False),
    "M45_HO": ("handover", False), "M46": ("speed", False), "M48": ("outage", True),
}  # fmt: skip


def told(little: LittleHome) -> dict[str, Any]:
    week = compare("week", little.as_of).now
    asked = little.reader().figures(list(EXPECTED), Viewer.of("manager"), [week])
    [row] = add_values(asked, list(EXPECTED)).to_dict("records")
    return {str(k): v for k, v in row.items()}


@pytest.mark.deep
def test_one_cell_is_told_as_its_own_page_tells_it(little: LittleHome) -> None:
    little.load("cell_kpi_1d", [kpi("A", DAY, **COUNTERS)])
    little.build()
    row, own = told(little), pd.DataFrame([COUNTERS])
    for measure, value in EXPECTED.items():
        assert row[measure] == pytest.approx(value), measure
        name, is_lack = OF_A_CELL[measure]
        of_cell = float(figure(own, name, 86_400).iloc[0])
        assert row[measure] == pytest.approx(1 - of_cell if is_lack else of_cell), measure


@pytest.mark.deep
def test_a_vendor_who_leaves_a_counter_out_spoils_no_rate(little: LittleHome) -> None:
    silent = {**COUNTERS, "erab_abn_rel": None, "mr_weak": None, "unavail_s": None, "rsrp_sum_dbm": None}
    little.load("cell_kpi_1d", [kpi("A", DAY, **COUNTERS), kpi("B", DAY, **silent)])
    little.build()
    row = told(little)
    assert {k: row[k] for k in EXPECTED} == pytest.approx(EXPECTED)
    assert (row["M43_n"], row["M48_n"], row["M45_DROP_n"]) == (500, 1, 900)


@pytest.mark.deep
def test_impossible_counters_end_at_all_or_nothing(little: LittleHome) -> None:
    odd = {**COUNTERS, "mr_weak": 900, "ho_succ": 300, "unavail_s": 90_000.0, "erab_abn_rel": 5000, "rrc_succ": 2000}
    little.load("cell_kpi_1d", [kpi("A", DAY, **odd), kpi("A", datetime(2025, 3, 10), **COUNTERS)])
    little.build()
    row = told(little)
    assert (row["M43"], row["M45_HO"], row["M45_DROP"], row["M48"]) == (0, 1, 1, 0)
    assert DAY.date() > date(2025, 3, 10)
