"""Weeks of hours are prepared together by how many rows they have, however small their files are."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from alerts import hours
from warehouse.hours import SOURCES, Pins
from warehouse.lake import Pinned

MONDAY = date(2025, 3, 3)


def test_as_many_weeks_together_as_rows_allow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "PART_ROWS", 25)
    files = []
    for week, n_rows in enumerate((10, 10, 10, 40, 1)):
        day = (MONDAY + timedelta(weeks=week)).isoformat()
        pq.write_table(pa.table({"x": [0] * n_rows}), tmp_path / day)
        files.append((str(tmp_path / day), day))
    files.append((str(tmp_path / "gone"), files[-1][1]))
    pins = Pins({name: Pinned(name, 0, tuple(files) if name == SOURCES[0] else ()) for name in SOURCES}, pa.table({}))
    instants = [datetime(2025, 3, 5) + timedelta(weeks=n) for n in range(5)]
    assert list(hours.parts(instants, pins)) == [instants[:2], instants[2:3], instants[3:4], instants[4:]]
