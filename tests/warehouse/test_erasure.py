"""Erasing a person: not a byte of the key is left in lake, releases and store; everybody else stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import audit, erasure, ops
from warehouse.canonical import tables
from warehouse.problems import Problems
from warehouse.release import Releases

AT = datetime(2025, 4, 1)
KEY, OTHER = "c0ffee00c0ffee00c0ffee00c0ffee00", "beef0000beef0000beef0000beef0000"


@pytest.fixture
def store(tmp_path):
    return ops.open_ops(f"sqlite:///{tmp_path / 'people.db'}")


def load(little: LittleHome) -> None:
    accepted = datetime(2025, 3, 12, 9)
    little.load("ticket", [ticket(1, accepted, cust_key=KEY), ticket(2, accepted, cust_key=OTHER)])
    little.load("ticket", [ticket(3, accepted, cust_key=KEY), ticket(11, accepted, cust_key=OTHER)])


def bytes_of(little: LittleHome) -> bytes:
    kept = [*little.home.lake.rglob("*"), *little.home.releases.rglob("*")]
    return b"".join(path.read_bytes() for path in kept if path.is_file())


def test_a_person_is_gone_and_everybody_else_stays(little: LittleHome, store) -> None:
    load(little)
    first = little.build()
    mine = [r["ticket_id"] for r in little.lake.read("ticket").to_pylist() if r["cust_key"] == KEY]
    with ops.writing(store) as con:
        con.execute(ops.told_group.insert().values(group_key="g", group_json=f'["{mine[0]}", "{mine[0]}9"]'))
    assert KEY.encode() in b"".join(p.read_bytes() for p in little.home.lake.rglob("*.parquet"))

    done = erasure.erase(little.home, store, KEY, AT, "somebody", lambda: little.build(full=True).id)

    assert done.rows["ticket"] == 2 and len(done.files) == 2
    left = little.lake.read("ticket").to_pylist()
    assert {r["cust_key"] for r in left} == {OTHER} and len(left) == 2
    assert KEY.encode() not in bytes_of(little), "neither old files nor old releases are kept"
    names = Releases(little.home.releases).all()
    assert names == done.releases and first.id not in names
    with store.connect() as con:
        said = con.execute(sa.select(ops.told_group.c.group_json)).scalar()
    assert f'"{mine[0]}"' not in said and f"{mine[0]}9" in said, "another ticket that begins alike stays"
    assert audit.who_saw(store, KEY)[0]["kind"] == "erased"
    assert audit.verify(store).fault is None


def refused(little: LittleHome, file: str, row: int, value: str) -> None:
    told = {"file_id": file, "row_no": row, "column_name": "lon", "rule": "x", "action": "missing"}
    full = {**told, "value_scrubbed": value, "loaded_at": little.clock}
    little.lake.append("quarantine", pa.Table.from_pylist([full], tables()["quarantine"].schema), {"file_id": file})


def test_refused_values_of_the_person_go_and_those_of_others_stay(little: LittleHome, store) -> None:
    """Those of the person's rows, and those that name the key or a ticket, wherever they were refused."""
    accepted = datetime(2025, 3, 12, 9)
    file = little.load("ticket", [ticket(1, accepted, cust_key=KEY), ticket(2, accepted, cust_key=OTHER)])
    for row, value in ((0, "119.4"), (1, "119.5"), (7, f"see {KEY}"), (8, "see T1."), (9, "see T11 and xT1")):
        refused(little, file, row, value)
    little.build()
    erasure.erase(little.home, store, KEY, AT, "somebody", lambda: little.build(full=True).id)
    left = {row["row_no"]: row["value_scrubbed"] for row in little.lake.read("quarantine").to_pylist()}
    assert left == {1: "119.5", 9: "see T11 and xT1"}


def inbox_of(little: LittleHome) -> list[str]:
    return sorted(p.name for p in little.home.root.rglob("*.csv") if p.parent.name in ("inbox", "corrections"))


def raw_files(little: LittleHome) -> None:
    """A ticket of the person, a rating of it and a bill of his in files of their own, and one of somebody else."""
    accepted = datetime(2025, 3, 12, 9)
    little.load("ticket", [ticket(1, accepted, cust_key=KEY)])
    little.load("ticket", [ticket(2, accepted, cust_key=OTHER)])
    little.load("satisfaction", [{"ticket_id": "T1", "surveyed_at": accepted, "answer_code": 1}])
    for folder, name in (("inbox", f"file000{n}.csv") for n in (1, 2, 3, 4)):
        (little.home.root / folder).mkdir(exist_ok=True)
        (little.home.root / folder / name).write_text("raw")
    (little.home.root / "corrections").mkdir()
    for n in (1, 2):
        (little.home.root / "corrections" / f"rows__corrects_file000{n}.csv").write_text("raw")
    little.build()


def test_files_that_still_hold_the_person_are_named(little: LittleHome, store) -> None:
    raw_files(little)
    before = inbox_of(little)
    rebuild = lambda: little.build(full=True).id  # noqa: E731
    done = erasure.erase(little.home, store, KEY, AT, "somebody", rebuild)
    assert done.files == ["file0001.csv", "file0003.csv"] and done.deleted == []
    assert inbox_of(little) == before, "nobody's files are deleted unasked"


@pytest.mark.deep
def test_files_are_deleted_with_the_rows_written_out_of_them(little: LittleHome, store) -> None:
    raw_files(little)
    done = erasure.erase(little.home, store, KEY, AT, "somebody", lambda: little.build(full=True).id, with_files=True)
    assert done.deleted == ["file0001.csv", "file0003.csv", "rows__corrects_file0001.csv"]
    assert inbox_of(little) == ["file0002.csv", "file0004.csv", "rows__corrects_file0002.csv"]
    assert '"deleted": 3' in audit.search(store, kinds=["erased"])[0][0]["detail_json"]
    assert little.rows("select ticket_id from fact_ticket") == [{"ticket_id": "T2"}]


@pytest.mark.deep
@pytest.mark.parametrize("step", ["_clean_notes", "_delete_files", "drop"])
def test_a_run_cut_short_anywhere_is_finished_and_still_knows_the_files(
    little: LittleHome, store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    raw_files(little)
    rebuild = lambda: little.build(full=True).id  # noqa: E731

    def cut(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(erasure, step, cut)
        erasure.erase(little.home, store, KEY, AT, "somebody", rebuild, with_files=True)
    assert KEY not in (little.home.root / "erasing.json").read_text()
    little.clock += timedelta(minutes=5)
    done = erasure.erase(little.home, store, KEY, AT, "somebody", rebuild, with_files=True)
    assert done.files == ["file0001.csv", "file0003.csv"]
    assert inbox_of(little) == ["file0002.csv", "file0004.csv", "rows__corrects_file0002.csv"]
    assert KEY.encode() not in bytes_of(little) and Releases(little.home.releases).all() == done.releases
    assert not (little.home.root / "erasing.json").exists()


def test_a_name_in_the_register_leads_nowhere(little: LittleHome, store) -> None:
    victim = little.home.root / "victim.csv"
    victim.write_text("mine")
    (little.home.root / "inbox").mkdir(exist_ok=True)
    assert erasure._delete_files(little.home, ["../victim.csv", str(victim), ".."], set()) == []
    assert victim.exists()


def test_a_key_that_nothing_is_kept_under_changes_nothing(little: LittleHome, store) -> None:
    load(little)
    little.build()
    version = little.lake.pin("ticket").version
    with pytest.raises(Problems, match="nothing is kept"):
        erasure.erase(little.home, store, "0" * 32, AT, "somebody", lambda: pytest.fail("no new release"))
    with pytest.raises(Problems, match="no key"):
        erasure.erase(little.home, store, "x' or '1'='1", AT, "somebody", lambda: pytest.fail("no new release"))
    assert little.lake.pin("ticket").version == version


def test_a_run_cut_short_is_finished_by_the_next(little: LittleHome, store) -> None:
    load(little)
    little.build()

    def cut() -> str:
        raise OSError("the disk is full")

    with pytest.raises(OSError):
        erasure.erase(little.home, store, KEY, AT, "somebody", cut)
    done = erasure.erase(little.home, store, KEY, AT, "somebody", lambda: little.build(full=True).id)
    assert done.releases == Releases(little.home.releases).all()
    assert KEY.encode() not in bytes_of(little)
