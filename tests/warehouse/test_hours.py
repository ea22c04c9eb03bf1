"""The door to hours: exactly the files a release pinned, through the same models, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from warehouse import hours
from warehouse.canonical import tables
from warehouse.hours import Pins, open_hours, pins_of
from warehouse.lake import Lake
from warehouse.problems import Problems
from warehouse.release import Releases
from warehouse.sealed import select

DAY = date(2025, 3, 26)
LOADED = datetime(2025, 4, 1)


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


def test_a_day_sent_again_counts_once_and_other_days_are_not_sorted(tmp_path: Path, release: Path) -> None:
    """Of a cell's hour sent twice the newest row stays, whether by another file or in one; a clean day stays whole."""
    schema = tables()["cell_kpi_1h"].schema
    lake = Lake(tmp_path)

    def send(file: str, day: str, *counts: int) -> None:
        start = datetime.fromisoformat(day)
        rows = [
            {"file_id": file, "row_no": n, "file_on": day, "loaded_at": LOADED, "cell_id": f"c{n % 2}", "part": day,
             "period_start": start, "mr_samples": count}
            for n, count in enumerate(counts)
        ]  # fmt: skip
        lake.append("cell_kpi_1h", pa.Table.from_pylist(rows, schema).to_reader(), {})

    send("f1", "2025-03-26", 1, 2)
    send("f2", "2025-03-27", 3, 4)
    send("f3", "2025-03-27", 5)
    send("f4", "2025-03-28", 6, 7, 8)
    pin = lake.pin("cell_kpi_1h")
    state = {
        "files": {"cell_kpi_1h": {Path(p).name: part for p, part in pin.files}},
        "versions": {"cell_kpi_1h": pin.version},
        "live": {f"f{n} {LOADED}": "cell_kpi_1h" for n in range(1, 5)},
    }
    pins = Pins.of(state, tmp_path)
    asked = "select part, cell_id, mr_samples from fact_cell_kpi_1h order by all"
    wanted = [("2025-03-26", "c0", 1), ("2025-03-26", "c1", 2), ("2025-03-27", "c0", 5), ("2025-03-27", "c1", 4),
              ("2025-03-28", "c0", 8), ("2025-03-28", "c1", 7)]  # fmt: skip
    for cells in (["c0", "c1"], None, ["c0", "c1"]):
        found = select(open_hours(release, tmp_path, pins, cells=cells), asked, [], 30)
        assert list(found.itertuples(index=False, name=None)) == wanted
    assert sorted(hours._IS_DOUBLED[tuple(p for p, part in pin.files if part == day)] for day in sorted({
        part for _, part in pin.files})) == [False, True, True]  # fmt: skip
