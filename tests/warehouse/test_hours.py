"""The door to hours: exactly the files a release pinned, through the same models, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from warehouse.hours import Pins, open_hours, pins_of
from warehouse.problems import Problems
from warehouse.release import Releases
from warehouse.sealed import select

DAY = date(2025, 3, 26)


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Path:
    releases = Releases(demo_home / "releases")
    return releases.path(releases.current() or "")


@pytest.fixture(scope="module")
def pins(demo_home: Path, release: Path) -> Pins:
    return pins_of(release, demo_home / "lake")


def test_hours_add_up_to_the_published_day(demo_home: Path, release: Path, pins: Pins) -> None:
    con = open_hours(release, demo_home / "lake", pins.between(DAY, DAY))
    both = select(
        con,
        """select sum(h.rrc_att) as of_hours, sum(h.mr_weak) as weak, min(h.period_start) as first,
               (select sum(rrc_att) from fact_cell_kpi_1d
                where period_on = $day and cell_id in (select cell_id from fact_cell_kpi_1h)) as of_day
           from fact_cell_kpi_1h as h""",
        {"day": DAY},
        30,
    )
    assert both["of_hours"][0] == both["of_day"][0] > 0
    assert both["first"][0].date() == DAY


def test_only_the_days_asked_for_are_read(pins: Pins) -> None:
    cut = pins.between(DAY, DAY)
    assert 0 < len(cut.paths) < len(pins.paths)
    assert all(f"part={DAY}" in path for path in cut.paths)


def test_some_cells_alone(demo_home: Path, release: Path, pins: Pins) -> None:
    con = open_hours(release, demo_home / "lake", pins.between(DAY, DAY), cells=["460-00-900008-3", "none"])
    assert select(con, "select distinct cell_id from fact_cell_kpi_1h", [], 30)["cell_id"].tolist() == [
        "460-00-900008-3"
    ]


def test_days_without_files_are_empty(demo_home: Path, release: Path, pins: Pins) -> None:
    con = open_hours(release, demo_home / "lake", pins.between(date(2030, 1, 1), date(2030, 1, 2)))
    assert select(con, "select count(*) as n from fact_cell_kpi_1h", [], 30)["n"][0] == 0


def test_nothing_else_can_be_read(demo_home: Path, release: Path, pins: Pins) -> None:
    con = open_hours(release, demo_home / "lake", pins.between(DAY, DAY))
    for other in (demo_home / "secret.key", demo_home / "workspace.toml", Path("/etc/hostname")):
        with pytest.raises(duckdb.Error, match="Permission|file system operations"):
            select(con, "select * from read_text($path)", {"path": str(other)}, 30)


def test_a_file_that_is_gone_is_told(release: Path, pins: Pins, tmp_path: Path) -> None:
    moved = Pins.of({"files": {"cell_kpi_1h": {"x.parquet": "2025-03-26"}}, "versions": {}, "live": {}}, tmp_path)
    with pytest.raises(Problems, match=r"x.parquet: is gone, and release .* build a release anew"):
        open_hours(release, tmp_path, moved)
