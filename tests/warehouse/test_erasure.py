"""Erasing a person: not a byte of the key is left in lake, releases and store; everybody else stays."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import audit, erasure, ops
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
