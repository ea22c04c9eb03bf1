"""Tickets beyond their time: counted, then gone from lake, quarantine and releases; told before anything is changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import audit, ops, retention
from warehouse.canonical import tables
from warehouse.release import Releases

TABLES = ("fact_count_history", "fact_ticket_event", "fact_satisfaction")
AT = datetime(2025, 4, 2)
OLD, BEGIN = datetime(2023, 1, 20, 9), date(2023, 2, 1)


@pytest.fixture
def store(tmp_path):
    return ops.open_ops(f"sqlite:///{tmp_path / 'people.db'}")


def load(little: LittleHome) -> None:
    """Three old tickets and two young ones; one event of an old ticket is young."""
    old = [ticket(f"OLD{n}", OLD + timedelta(hours=n), region_code=["321002", None][n == 2]) for n in range(3)]
    young = [ticket(f"NEW{n}", datetime(2025, 3, 1 + n, 9), feedback_at=datetime(2025, 3, 9)) for n in range(2)]
    identity = little.load("ticket", [*old, *young])
    little.load("ticket", [ticket("BOTH", OLD), ticket("BOTH", datetime(2025, 3, 5), exported_at=datetime(2025, 3, 6))])
    steps = [("TOLD0", OLD), ("TOLD1", datetime(2024, 6, 1)), ("TNEW0", datetime(2025, 3, 2))]
    little.load("ticket_event", [{"ticket_id": t, "seq": 1, "event_at": at, "event": "FRS"} for t, at in steps])
    little.load("satisfaction", [{"ticket_id": "TOLD2", "surveyed_at": datetime(2025, 2, 1), "answer_code": 1}])
    rows = [
        {
            "file_id": identity,
            "row_no": n,
            "column_name": "lon",
            "rule": "x",
            "action": "missing",
            "loaded_at": little.clock,
        }
        for n in (1, 4)
    ]
    little.lake.append("quarantine", pa.Table.from_pylist(rows, tables()["quarantine"].schema), {"file_id": identity})


def run(little: LittleHome, store, at: datetime = AT, **more) -> retention.Retained:
    steps = {"refresh": lambda: little.build().id, "rebuild": lambda: little.build(full=True).id, **more}
    return retention.retain(little.home, store, BEGIN, at, "somebody", steps["refresh"], steps["rebuild"])


def kept(little: LittleHome, table: str = "ticket") -> set[str]:
    return {row["ticket_id"] for row in little.lake.read(table).to_pylist()}


def counts(little: LittleHome) -> dict[tuple[str, str], int]:
    rows = little.rows("select counted_on, region_code, n_tickets from fact_count_history")
    return {(f"{r['counted_on']:%m-%d}", r["region_code"]): r["n_tickets"] for r in rows}


def test_whole_months_are_kept() -> None:
    assert retention.cutoff(datetime(2025, 3, 31, 8), 25) == date(2023, 2, 1)
    assert retention.cutoff(datetime(2025, 1, 1), 1) == date(2024, 12, 1)
    assert retention.cutoff(datetime(2025, 12, 31), 12) == date(2024, 12, 1)


def test_it_is_told_first_and_changes_nothing(little: LittleHome) -> None:
    load(little)
    little.build()
    versions = {name: little.lake.pin(name).version for name in tables()}
    done = retention.told(little.home, BEGIN)
    assert (done.n_tickets, done.n_open) == (3, 3)
    assert done.rows == {"ticket": 4, "ticket_event": 2, "satisfaction": 1}, "and the old version of one that is young"
    assert versions == {name: little.lake.pin(name).version for name in tables()}


def test_old_tickets_go_on_as_counts(little: LittleHome, store) -> None:
    load(little)
    first = little.build()
    done = run(little, store)
    assert (done.n_tickets, done.n_counted, done.n_counts) == (3, 3, 2)
    assert kept(little) == {"TNEW0", "TNEW1", "TBOTH"} and kept(little, "ticket_event") == {"TNEW0"}
    assert kept(little, "satisfaction") == set() and {
        r["row_no"] for r in little.lake.read("quarantine").to_pylist()
    } == {4}
    files = [*little.home.lake.rglob("*"), *little.home.releases.rglob("*")]
    left = b"".join(path.read_bytes() for path in files if path.is_file())
    assert b"TOLD" not in left and b"key-OLD" not in left, "neither old files nor old releases are kept"
    assert Releases(little.home.releases).all() == done.releases and first.id not in done.releases
    assert counts(little) == {("01-20", "321002"): 2, ("01-20", "UNKNOWN"): 1}
    assert little.rows("select count(*) as n from fact_ticket")[0]["n"] == 3
    event = audit.search(store, kinds=["retained"])[0][0]
    assert event["n_rows"] == 3 and "2023-02-01" in event["detail_json"]
    again = run(little, store, AT + timedelta(days=1))
    assert not again.rows and not again.releases, "nothing is left to do"


@pytest.mark.deep
def test_tickets_that_come_later_are_added_to_the_counts(little: LittleHome, store) -> None:
    load(little)
    little.build()
    run(little, store)
    little.clock = AT + timedelta(days=1)
    little.load("ticket", [ticket("LATE", OLD)])
    run(little, store, AT + timedelta(days=2))
    assert counts(little) == {("01-20", "321002"): 3, ("01-20", "UNKNOWN"): 1}


@pytest.mark.parametrize(
    "step", ["register", *(pytest.param(s, marks=pytest.mark.deep) for s in ("take_refused", "rebuild"))]
)
def test_a_run_cut_short_loses_and_doubles_nothing(little: LittleHome, store, monkeypatch, step: str) -> None:
    load(little)
    little.build()

    def cut(*_: object) -> str:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(OSError):
        if step == "rebuild":
            run(little, store, rebuild=cut)
        broken.setattr(retention, f"_{step}", cut)
        run(little, store)
    run(little, store, AT + timedelta(hours=1))
    little.build()
    assert counts(little) == {("01-20", "321002"): 2, ("01-20", "UNKNOWN"): 1}
    assert "TOLD0" not in kept(little)


@pytest.mark.deep
def test_a_release_that_lies_on_the_one_before_is_read_whole(little: LittleHome, store) -> None:
    """As in a large city, where a release holds only what changed."""
    little.layer_from_bytes = 0
    load(little)
    little.build()
    little.load("ticket", [ticket("LATE", datetime(2025, 3, 4, 9), feedback_at=datetime(2025, 3, 9))])
    done = run(little, store)
    assert (done.n_tickets, done.n_counted) == (3, 3)
    assert kept(little) == {"TNEW0", "TNEW1", "TBOTH", "TLATE"}
    assert Releases(little.home.releases).all() == done.releases
    assert counts(little) == {("01-20", "321002"): 2, ("01-20", "UNKNOWN"): 1}
