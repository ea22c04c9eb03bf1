from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from warehouse.canonical import PARTITION, tables
from warehouse.lake import Lake

AT = datetime(2024, 4, 1, 8, 0, 0, 123)


def entry(n: int, file_id: str = "a", at: datetime = AT) -> dict[str, Any]:
    return {"file_id": file_id, "row_no": n, "rule": "r", "action": "flag", "loaded_at": at}


def put(lake: Lake, *entries: dict[str, Any]) -> None:
    rows = pa.Table.from_pylist(list(entries), tables()["quarantine"].schema)
    first = entries[0]
    lake.append("quarantine", rows, {"file_id": first["file_id"], "loaded_at": first["loaded_at"].isoformat()})


def days(*on: datetime) -> pa.Table:
    rows = [
        {
            "cell_id": f"c{n}",
            "period_start": t,
            "file_id": "a",
            "row_no": n,
            "loaded_at": AT,
            PARTITION: f"{t:%Y-%m-%d}",
        }
        for n, t in enumerate(on)
    ]
    return pa.Table.from_pylist(rows, tables()["cell_kpi_1h"].schema)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_a_table_never_written_is_empty(lake: Lake) -> None:
    assert lake.open("quarantine") is None
    assert lake.read("quarantine").num_rows == 0
    assert lake.read("quarantine").schema == tables()["quarantine"].schema
    assert lake.last_load("quarantine") is None
    lake.withdraw("quarantine", "a", AT)
    assert (lake.pin("quarantine").version, lake.pin("quarantine").files) == (-1, ())


def test_appended_rows_are_read_back(lake: Lake) -> None:
    put(lake, entry(1), entry(2))
    put(lake, entry(3))
    assert sorted(lake.read("quarantine").column("row_no").to_pylist()) == [1, 2, 3]
    assert lake.pin("quarantine").version == 1


def test_an_old_version_stays_readable_as_pinned(lake: Lake) -> None:
    put(lake, entry(1))
    before = lake.pin("quarantine")
    put(lake, entry(2))
    assert lake.pin("quarantine", 0) == before
    assert len(lake.pin("quarantine").paths) == 2
    assert all(Path(p).is_file() for p in before.paths)


def test_parts_of_a_partitioned_table(lake: Lake) -> None:
    start = datetime(2024, 4, 1, 23)
    lake.append("cell_kpi_1h", days(start, start + timedelta(hours=1), start + timedelta(hours=30)), {"file_id": "a"})
    pinned = lake.pin("cell_kpi_1h")
    assert sorted(part or "" for _, part in pinned.files) == ["2024-04-01", "2024-04-02", "2024-04-03"]
    only = pinned.only(frozenset({"2024-04-02"}))
    assert [part for _, part in only.files] == ["2024-04-02"]
    assert only.version == pinned.version


def test_the_last_load_is_known_by_its_note(lake: Lake) -> None:
    put(lake, entry(1))
    assert lake.last_load("quarantine") == ("a", AT)
    put(lake, entry(2, "b", AT + timedelta(hours=1)))
    assert lake.last_load("quarantine") == ("b", AT + timedelta(hours=1))
    lake.append("quarantine", tables()["quarantine"].schema.empty_table(), {"files": "3"})
    assert lake.last_load("quarantine") is None


def test_withdrawing_one_load_leaves_the_others_of_the_same_file(lake: Lake) -> None:
    later = AT + timedelta(microseconds=1)
    put(lake, entry(1))
    put(lake, entry(2, "b"))
    put(lake, entry(3, at=later))
    lake.withdraw("quarantine", "a", later)
    left = {(r["file_id"], r["row_no"]) for r in lake.read("quarantine").to_pylist()}
    assert left == {("a", 1), ("b", 2)}
    assert lake.last_load("quarantine") is None
    lake.withdraw("quarantine", "no'body", AT)
    assert lake.read("quarantine").num_rows == 2


def test_an_append_that_breaks_off_commits_nothing(lake: Lake) -> None:
    put(lake, entry(1))

    def breaking() -> Any:
        yield pa.RecordBatch.from_pylist([entry(2)], tables()["quarantine"].schema)
        raise ValueError("the file ends here")

    reader = pa.RecordBatchReader.from_batches(tables()["quarantine"].schema, breaking())
    with pytest.raises(Exception, match="the file ends here"):
        lake.append("quarantine", reader, {"file_id": "b"})
    assert (lake.read("quarantine").num_rows, lake.pin("quarantine").version) == (1, 0)


def test_the_register_is_pinned_with_every_table(lake: Lake) -> None:
    put(lake, entry(1))
    pins = lake.pin_all()
    assert next(iter(pins)) == "etl_file"
    assert set(pins) == set(tables())
    assert pins["quarantine"].version == 0


def test_a_table_older_than_a_column_reads_and_grows(tmp_path: Path) -> None:
    """A new column of a later version must not strand the lake of an earlier one."""
    schema = tables()["etl_file"].schema
    older = pa.schema([f for f in schema if f.name != "cadence_hours"])
    first = {"file_id": "a", "state": "loaded", "loaded_at": datetime(2024, 1, 1)}
    write_deltalake(tmp_path / "etl_file", pa.Table.from_pylist([first], older))
    lake = Lake(tmp_path)
    assert lake.read("etl_file")["cadence_hours"].to_pylist() == [None]
    lake.append("etl_file", pa.Table.from_pylist([{**first, "file_id": "b", "cadence_hours": 2.0}], schema), {})
    read = lake.read("etl_file")
    assert dict(zip(read["file_id"].to_pylist(), read["cadence_hours"].to_pylist(), strict=True)) == {
        "a": None,
        "b": 2.0,
    }
