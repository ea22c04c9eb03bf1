"""Copies of cells and their hours: under their own names, every day of them, and a day more where it was the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from bench import hours_many
from warehouse.canonical import tables
from warehouse.lake import Lake

pytestmark = pytest.mark.deep  # Delta tables
LAST = datetime(2025, 3, 30)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(tmp_path / "lake")
    hours = [
        {
            "file_id": "f",
            "row_no": n,
            "cell_id": f"c{n % 2}",
            "period_start": at,
            "rrc_att": n,
            "part": f"{at:%Y-%m-%d}",
        }
        for n, at in enumerate(LAST - timedelta(days=d, hours=-h) for d in range(40) for h in range(2))
    ]
    made.append("cell_kpi_1h", pa.Table.from_pylist(hours, tables()["cell_kpi_1h"].schema), {})
    cells = [{"file_id": "g", "row_no": n, "cell_id": f"c{n}", "site_id": f"s{n}"} for n in range(3)]
    made.append("cell", pa.Table.from_pylist(cells, tables()["cell"].schema), {})
    return made


def test_hours_and_their_cells_are_copied_whole(lake: Lake, tmp_path: Path) -> None:
    hours_many.copies(tmp_path, 320)
    hours = lake.read("cell_kpi_1h").to_pylist()
    assert len(hours) == 320 and len({h["row_no"] for h in hours}) == 320
    assert {h["cell_id"] for h in hours} == {f"c{n}{copy}" for n in (0, 1) for copy in ("", "-1", "-2", "-3")}
    assert all(h["part"] == f"{h['period_start']:%Y-%m-%d}" for h in hours)
    assert sum(h["rrc_att"] for h in hours) == 4 * sum(range(80))
    assert {c["cell_id"] for c in lake.read("cell").to_pylist()} == {h["cell_id"] for h in hours} | {"c2"}


def test_a_day_more_is_the_last_one_a_day_later(lake: Lake, tmp_path: Path) -> None:
    before = lake.read("cell_kpi_1h").num_rows
    hours_many.day(tmp_path)
    hours = lake.read("cell_kpi_1h").to_pylist()
    came = [h for h in hours if h["part"] == hours_many.NEXT]
    last = [h for h in hours if h["part"] == hours_many.LAST]
    assert len(hours) == before + len(last) == before + len(came) and came
    assert {h["period_start"] - timedelta(days=1) for h in came} == {h["period_start"] for h in last}
