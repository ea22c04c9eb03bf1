from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import data_files
from warehouse.canonical import PARTITION, tables
from warehouse.data_files import STAGING, DataFiles, statistics
from warehouse.lake import Lake

TABLE = tables()["cell_kpi_1h"]
AT = datetime(2024, 4, 1, 8, 0, 0, 123_456)


def hours(n: int, n_days: int = 3) -> pa.Table:
    first = datetime(2024, 4, 1)
    at = [first + timedelta(days=i % n_days, hours=i % 24) for i in range(n)]
    given: dict[str, list[Any]] = {
        "file_id": ["a"] * n,
        "row_no": list(range(1, n + 1)),
        "loaded_at": [AT] * n,
        "cell_id": [f"c{i}" for i in range(n)],
        "period_start": at,
        "rrc_att": [i if i % 7 else None for i in range(n)],
        "vol_dl_mb": [i / 3 for i in range(n)],
        PARTITION: [f"{t:%Y-%m-%d}" for t in at],
    }
    return pa.table({f.name: pa.array(given.get(f.name, [None] * n), f.type) for f in TABLE.schema})


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.mark.parametrize(("rows", "pending", "n_open"), [(100, 1 << 30, 100), (100, 1, 100), (1000, 1 << 12, 2)])
def test_rows_come_back_however_little_is_kept_in_memory(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, rows: int, pending: int, n_open: int
) -> None:
    monkeypatch.setattr(data_files, "ROW_GROUP_ROWS", rows)
    monkeypatch.setattr(data_files, "PENDING_BYTES", pending)
    monkeypatch.setattr(data_files, "OPEN_FILES", n_open)
    table = hours(2_000)
    lake.append("cell_kpi_1h", pa.RecordBatchReader.from_batches(TABLE.schema, table.to_batches(70)), {"file_id": "a"})
    assert lake.read("cell_kpi_1h").sort_by("row_no") == table
    assert {part for _, part in lake.pin("cell_kpi_1h").files} == {"2024-04-01", "2024-04-02", "2024-04-03"}
    assert not (lake.root / "cell_kpi_1h" / STAGING).exists()


def test_a_killed_append_leaves_only_a_staging_folder_that_the_next_removes(lake: Lake, tmp_path: Path) -> None:
    folder = lake.root / "cell_kpi_1h"
    lake.append("cell_kpi_1h", hours(10), {"file_id": "a"})
    before = {p for p in folder.rglob("*.parquet")}
    killed = DataFiles(folder, TABLE)
    killed.add(hours(5).to_batches()[0])
    killed._write("2024-04-01", is_last=True)
    left = {p for p in folder.rglob("*.parquet")} - before
    assert left and all(STAGING in p.parts for p in left)
    assert lake.read("cell_kpi_1h").num_rows == 10
    lake.append("cell_kpi_1h", hours(3), {"file_id": "b"})
    assert not any(p.exists() for p in left)
    assert lake.read("cell_kpi_1h").num_rows == 13


def test_a_commit_that_fails_leaves_no_file(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    lake.append("cell_kpi_1h", hours(10), {"file_id": "a"})
    before = set((lake.root / "cell_kpi_1h").rglob("*.parquet"))
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "_commit", full)
        with pytest.raises(OSError, match="No space left"):
            lake.append("cell_kpi_1h", hours(4), {"file_id": "b"})
    assert set((lake.root / "cell_kpi_1h").rglob("*.parquet")) == before


def test_files_of_a_commit_that_was_made_after_all_stay(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Lake._commit

    def late(self: Lake, *rest: Any) -> None:
        real(self, *rest)
        raise OSError("after the commit")

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "_commit", late)
        with pytest.raises(OSError, match="after the commit"):
            lake.append("cell_kpi_1h", hours(4), {"file_id": "b"})
    assert lake.read("cell_kpi_1h").num_rows == 4


def test_no_rows_are_a_commit_without_files(lake: Lake) -> None:
    lake.append("cell_kpi_1h", TABLE.schema.empty_table(), {"file_id": "a", "loaded_at": AT.isoformat()})
    pinned = lake.pin("cell_kpi_1h")
    assert (pinned.version, pinned.files) == (0, ())
    assert lake.last_load("cell_kpi_1h") == ("a", AT)


def test_rows_without_a_time_have_a_partition_of_their_own(lake: Lake) -> None:
    table = hours(4)
    at = table.schema.get_field_index(PARTITION)
    lake.append("cell_kpi_1h", table.set_column(at, PARTITION, pa.nulls(4, pa.string())), {"file_id": "a"})
    assert [part for _, part in lake.pin("cell_kpi_1h").files] == [None]
    assert lake.read("cell_kpi_1h")["cell_id"].to_pylist() == ["c0", "c1", "c2", "c3"]


def test_the_log_has_bounds_that_hold_every_value(lake: Lake) -> None:
    lake.append("cell_kpi_1h", hours(50, n_days=1), {"file_id": "a"})
    lines = (lake.root / "cell_kpi_1h/_delta_log/00000000000000000000.json").read_text().splitlines()
    [add] = [json.loads(line)["add"] for line in lines if '"add"' in line]
    stats = json.loads(add["stats"])
    assert stats["numRecords"] == 50
    assert (stats["minValues"]["row_no"], stats["maxValues"]["row_no"]) == (1, 50)
    assert stats["nullCount"]["rrc_att"] == 8 and "rrc_succ" not in stats["minValues"]
    # Milliseconds, rounded outwards.
    assert stats["minValues"]["loaded_at"] == "2024-04-01T08:00:00.123"
    assert stats["maxValues"]["loaded_at"] == "2024-04-01T08:00:00.124"
    assert add["partitionValues"] == {PARTITION: "2024-04-01"}
    assert (lake.root / "cell_kpi_1h" / unquote(add["path"])).stat().st_size == add["size"]


def test_values_without_a_bound(tmp_path: Path) -> None:
    schema = pa.schema([("long", pa.string()), ("endless", pa.float64()), ("day", pa.date32()), ("flag", pa.bool_())])
    table = pa.table(
        [["x" * 100, "y"], [float("inf"), 1.0], [date(2024, 1, 2), date(2023, 1, 2)], [True, False]], schema=schema
    )
    pq.write_table(table, tmp_path / "a.parquet")
    stats = statistics(pq.read_metadata(tmp_path / "a.parquet"), schema)
    assert stats["minValues"] == {"day": "2023-01-02"}
    assert stats["maxValues"] == {"day": "2024-01-02"}
    assert stats["nullCount"] == dict.fromkeys(schema.names, 0)


def test_a_withdrawn_load_is_found_by_its_instant(lake: Lake) -> None:
    other = AT + timedelta(microseconds=1)
    table = hours(5)
    lake.append("cell_kpi_1h", table, {"file_id": "a", "loaded_at": AT.isoformat()})
    lake.withdraw("cell_kpi_1h", "a", other)
    assert lake.read("cell_kpi_1h").num_rows == 5
    lake.withdraw("cell_kpi_1h", "a", AT)
    assert lake.read("cell_kpi_1h").num_rows == 0
