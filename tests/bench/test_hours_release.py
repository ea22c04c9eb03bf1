"""Days of copied cells are copied: the release is the one that a build from all their hours makes."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import hours_many, hours_release
from tests.warehouse.conftest import LittleHome, kpi, new_home

pytestmark = pytest.mark.deep  # two builds
START = datetime(2025, 2, 20)


def hours(cell: str, n_days: int) -> list[dict[str, Any]]:
    starts = [START + timedelta(hours=h) for h in range(24 * n_days)]
    more = {"mr_samples": 600, "mr_weak": 9, "prb_used_dl": 0.1, "prb_avail_dl": 0.3}
    return [
        {"cell_id": cell, "period_start": at, "rrc_att": n, "rrc_succ": n, "rsrp_sum_dbm": -90.0 * n, **more}
        for n, at in enumerate(starts, 600)
    ]


def test_a_release_of_copied_days_is_that_of_a_build(tmp_path: Path) -> None:
    city = new_home(tmp_path / "city")
    first = {"snapshot_on": date(2025, 1, 1), "lon": 119.4, "lat": 32.4, "region_code": "321002", "rat": "LTE"}
    city.load("cell", [{"cell_id": c, "site_id": f"S{c}", **first} for c in "ABC"])
    city.load("cell_kpi_1h", hours("A", 20) + hours("B", 12))
    city.load("cell_kpi_1d", [kpi(c, START + timedelta(days=n), rrc_att=7, rrc_succ=7) for c in "BC" for n in range(9)])
    city.build()
    large = LittleHome(type(city.home)(tmp_path / "large"))
    shutil.copytree(city.home.root, large.home.root)
    hours_many.copies(large.home.root, 3 * 32 * 24)
    large.clock = city.clock
    built = large.build(full=True)
    whole = large.rows("select * from fact_cell_kpi_1d order by part, cell_id")
    assert {row["cell_id"] for row in whole} == {"A", "B", "C", "A-1", "A-2", "B-1", "B-2"}
    assert hours_release.main(large.home.root, city.home.root, 2) == 0
    assert large.releases.current() != built.id
    assert large.rows("select * from fact_cell_kpi_1d order by part, cell_id") == whole
    assert large.reader().info["content_hash"] == built.content_hash
