"""Hours of cells are put in the order of cells: fewer row groups hold a cell, and every row stays what it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import ordered
from warehouse.canonical import PARTITION, tables
from warehouse.hours import Pins, open_hours
from warehouse.lake import Lake, Pinned
from warehouse.ordered import GROWING, HOURS_DAYS, ORDERED_DAYS, USUAL_DAYS, is_in_order
from warehouse.release import Releases
from warehouse.sealed import select
from warehouse.upkeep import MANY_FILES, forwarded, tidy

NAME, START, CELLS = "cell_kpi_1h", datetime(2025, 3, 1), 9
DAYS = [(START + timedelta(days=n)).date().isoformat() for n in range(5)]
LOADED = datetime(2025, 4, 1)


def send(lake: Lake, file: str, day: str, cells: list[int], hours: list[int], n: int) -> None:
    """One file as operators send it: hour by hour, all cells in each."""
    keys = [(hour, cell) for hour in hours for cell in cells]
    rows = [
        {"file_id": file, "row_no": at, "file_on": file, "loaded_at": LOADED, "cell_id": f"c{cell}", PARTITION: day,
         "period_start": datetime.fromisoformat(day) + timedelta(hours=hour), "rrc_att": n + at}
        for at, (hour, cell) in enumerate(keys)
    ]  # fmt: skip
    lake.append(NAME, pa.Table.from_pylist(rows, tables()[NAME].schema), {"file_id": file})


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Five days of nine cells, the third sent again in parts; a row group holds twelve rows."""
    monkeypatch.setattr(ordered, "GROUP_ROWS", 12)
    lake = Lake(tmp_path / "lake")
    for day in DAYS:
        send(lake, f"a{day}", day, list(range(CELLS)), list(range(4)), 0)
    send(lake, "b", DAYS[2], [1, 7], [0, 2], 1000)
    send(lake, "c", DAYS[2], [7], [2, 2], 2000)
    return lake


def state(lake: Lake) -> dict[str, Any]:
    """What a release made of this lake says of its hours."""
    pin = lake.pin(NAME)
    files = [*(f"a{day}" for day in DAYS), "b", "c"]
    return {
        "files": {NAME: {Path(path).name: part for path, part in pin.files}},
        "versions": {NAME: pin.version},
        "live": {f"{file} {LOADED}": NAME for file in files},
    }


def rows(lake: Lake) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lake.read(NAME).to_pylist()
    return sorted(found, key=lambda row: (row["file_id"], row["row_no"]))


def ordered_days(lake: Lake) -> list[str]:
    pin = lake.pin(NAME)
    return [day for day in DAYS if is_in_order([p for p, part in pin.files if part == day], "cell_id")]


def log_of(lake: Lake, version: int) -> Iterator[dict[str, Any]]:
    log = lake.root / NAME / "_delta_log" / f"{version:020d}.json"
    return (json.loads(line) for line in log.read_text().splitlines())


def test_days_that_rest_are_put_in_order_and_rows_and_hours_stay(lake: Lake) -> None:
    before, told, version = rows(lake), state(lake), lake.pin(NAME).version
    assert ordered_days(lake) == []
    done = tidy(lake, NAME, [])
    assert (done.n_before, done.n_after) == (7, 5)
    assert ordered_days(lake) == DAYS[:-GROWING]
    assert rows(lake) == before
    pin = lake.pin(NAME)
    # One commit for each day, none of which changed data, so that what a release was made from can be followed.
    assert pin.version == version + 3
    for number in range(version + 1, pin.version + 1):
        changes = [action for action in log_of(lake, number) if {"add", "remove"} & action.keys()]
        assert changes and not any(value["dataChange"] for change in changes for value in change.values())
    now = {Path(path).name: part for path, part in pin.files}
    assert forwarded(told, {NAME: pin}, lake)["files"][NAME] == now
    first = pq.ParquetFile(pin.paths[0]).read()
    assert first["cell_id"].to_pylist() == sorted(f"c{cell}" for cell in range(CELLS) for _ in range(4))
    # Tidied again there is nothing to do; a correction is put in order the next night.
    tidy(lake, NAME, [])
    assert lake.pin(NAME) == pin
    send(lake, "d", DAYS[0], list(range(CELLS)), [1], 3000)
    tidy(lake, NAME, [])
    assert len(lake.pin(NAME).files) == 5 and ordered_days(lake) == DAYS[:-GROWING]
    assert len(rows(lake)) == len(before) + CELLS


def test_one_cell_is_the_same_before_and_after(lake: Lake, demo_home: Path) -> None:
    asked = "select cell_id, period_start, rrc_att from fact_cell_kpi_1h order by all"

    releases = Releases(demo_home / "releases")
    release = releases.path(releases.current() or "")

    def of(*cells: str) -> list[tuple[Any, ...]]:
        con = open_hours(release, lake.root, Pins.of(told, lake.root), cells=cells)
        return list(select(con, asked, [], 30).itertuples(index=False, name=None))

    told = state(lake)
    before = {cells: of(*cells) for cells in (("c7",), ("c1", "c7"), ("none",), ())}
    assert len(before["c7",]) == 4 * len(DAYS) and ("c7", datetime(2025, 3, 3, 2), 2001) in before["c7",]
    tidy(lake, NAME, [])
    told = state(lake)
    assert before == {cells: of(*cells) for cells in before}


def test_killed_in_between_the_rest_waits(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    real, n = Lake._commit, []

    def dying(self: Lake, *given: Any) -> None:
        n.append(given)
        if len(n) == 2:
            raise Killed
        real(self, *given)

    before = rows(lake)
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "_commit", dying)
        with pytest.raises(Killed):
            tidy(lake, NAME, [])
    assert rows(lake) == before and ordered_days(lake) == DAYS[:1]
    tidy(lake, NAME, [])
    assert rows(lake) == before and ordered_days(lake) == DAYS[:-GROWING]


def test_rows_that_are_not_all_there_replace_nothing(lake: Lake) -> None:
    before, pin = rows(lake), lake.pin(NAME)
    day = Pinned(NAME, pin.version, tuple(file for file in pin.files if file[1] == DAYS[0]))
    some = pq.ParquetFile(day.paths[0]).read().slice(1)
    some = some.append_column(PARTITION, pa.array([DAYS[0]] * len(some)))
    with pytest.raises(ValueError, match="36 rows would be replaced by 35"):
        lake.rewrite(day, some.to_reader())
    assert rows(lake) == before and lake.pin(NAME) == pin
    assert {str(p) for p in (lake.root / NAME).rglob("*.parquet")} == set(pin.paths)


def test_only_the_newest_days_are_put_in_order(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ORDERED_DAYS > USUAL_DAYS + HOURS_DAYS
    monkeypatch.setattr(ordered, "ORDERED_DAYS", 3)
    for n in range(MANY_FILES):
        send(lake, f"e{n}", DAYS[0], [1], [n], 0)
    tidy(lake, NAME, [])
    assert ordered_days(lake) == [DAYS[2]]
    assert len([part for _, part in lake.pin(NAME).files if part == DAYS[0]]) == 1
