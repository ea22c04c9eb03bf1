"""Loading again, in another order, corrected: what counts afterwards."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.contract import read_contracts
from etl.load import Loader
from tests.effort import examples
from tests.etl.small import TICKETS, SmallHome, csv_text, phone, set_up, ticket
from warehouse.build import Build
from warehouse.data_files import DataFiles
from warehouse.home import Home
from warehouse.workspace import load_workspace


def current(small: SmallHome) -> dict[str, tuple[object, ...]]:
    """What a release holds, through the models' own choice of the current row."""
    import duckdb

    built = build(small.root)
    with duckdb.connect(str(small.home.releases / f"{built[0]}.duckdb"), read_only=True) as con:
        rows = con.sql("select ticket_id, star from fact_ticket order by 1").fetchall()
    return {row[0]: row[1:] for row in rows}


def build(root: Path) -> tuple[str, str]:
    """(id, content hash) of a full build."""
    at = datetime(2024, 5, 1)
    built = Build(Home(root), load_workspace(root), at, at, lambda _: None).run(full=True)
    return built.id, built.content_hash


def test_the_same_files_twice_change_nothing(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(5)))
    small.put("工单2.csv", csv_text(range(5, 9), 工单号="") + ticket(9) + "\n")
    small.load()
    before = {t: small.stored(t) for t in ("ticket", "quarantine", "etl_file")}
    versions = {t: small.lake.pin(t).version for t in before}
    code, files = small.load()
    assert (code, files) == (0, {})
    assert {t: small.stored(t) for t in before} == before
    assert {t: small.lake.pin(t).version for t in before} == versions


OLD = csv_text(range(6), 星级=1, 导出时间="2024-04-01 00:00:00")
NEW = csv_text(range(3, 9), 星级=2, 导出时间="2024-04-02 00:00:00")
FILES = {
    "工单_a.csv": OLD,
    "工单_b.csv": NEW,
    "工单_c.csv": csv_text(range(20, 24), 星级="五", 导出时间=""),
    "工单_d.csv": csv_text(range(22, 26), 类型="网洛", 导出时间=""),
}
FIRST: list[str] = []


@pytest.mark.deep
@pytest.mark.examples
@settings(
    max_examples=examples(4, 2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(order=st.permutations(sorted(FILES)), pieces=st.integers(1, 4))
def test_any_order_of_files_gives_the_same_release(
    order: list[str], pieces: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("order") / "home"
    set_up(root)
    home = Home(root)
    (root / "secret.key").write_bytes(b"a secret of tests, 32 bytes long")
    (root / "secret.key").chmod(0o600)
    contracts = read_contracts(["small_tickets"], home.contracts)
    for name, text in FILES.items():
        (home.inbox / name).write_text(text, encoding="utf-8")
    for run in range(pieces):
        loader = Loader(home, load_workspace(root), contracts, datetime(2024, 5, 1, run))
        for at, name in enumerate(order[run::pieces]):
            outcomes = Loader(home, loader.workspace, contracts, datetime(2024, 5, 1, run, at)).run(
                [home.inbox / name], lambda _: None
            )
            assert [o.state for o in outcomes] == ["loaded"]
    FIRST.append(build(root)[1])
    assert FIRST[-1] == FIRST[0]


@pytest.mark.deep
def test_a_newer_version_wins_and_an_older_one_arriving_late_loses(small: SmallHome) -> None:
    small.put("工单_2.csv", NEW)
    small.load()
    assert {v[0] for v in current(small).values()} == {2}
    small.put("工单_1.csv", OLD)
    small.load()
    stars = {k: v[0] for k, v in current(small).items()}
    assert stars == {f"T{n:05d}": 1 if n < 3 else 2 for n in range(9)}
    small.put("工单_3.csv", csv_text(range(1), 星级=3, 导出时间="2024-04-03 00:00:00"))
    small.load()
    assert current(small)["T00000"] == (3,)


@pytest.mark.deep
def test_a_corrected_contract_reloads_and_the_old_rows_stop_counting(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(4), 类型="网洛"))
    small.load()
    assert current(small).keys() == {"T00000", "T00001", "T00002", "T00003"}
    small.contract("small_tickets", TICKETS.replace('"网络" = "NET"', '"网络" = "NET"\n"网洛" = "NET"'))
    code, files = small.load()
    assert (code, files["工单1.csv"]["n_loaded"]) == (0, 4)
    assert [r["type_code"] for r in small.rows("ticket")] == ["NET"] * 4
    assert len(small.stored("ticket")) == 8  # history keeps both
    assert len(current(small)) == 4
    assert small.rows("unmapped_value") == []
    assert small.load()[1] == {}


def test_a_reload_that_fails_leaves_the_old_rows_counting(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(4)))
    small.load()
    small.contract("small_tickets", TICKETS.replace('"工单号"', '"工单编号"'))
    code, files = small.load()
    assert (code, files["工单1.csv"]["state"], len(small.rows("ticket"))) == (1, "failed", 4)
    small.contract("small_tickets", TICKETS)
    assert small.load()[1] == {}
    assert len(small.rows("ticket")) == 4


def test_a_mended_file_of_the_same_name_settles_the_broken_one(small: SmallHome) -> None:
    small.put("工单1.csv", "")
    assert small.load()[0] == 1
    small.put("工单1.csv", csv_text(range(4)))
    assert small.load()[0] == 0
    _, report = small.run("status")
    assert sorted((f["state"], f["message"]) for f in report["files"]) == [
        ("loaded", ""),
        ("replaced", "replaced by a later file of this name"),
    ]
    assert report["waiting"] == []


def test_a_loaded_file_is_deleted_where_the_contract_says_so(small: SmallHome) -> None:
    small.contract("small_tickets", 'after_load = "delete"\n' + TICKETS)
    good = small.put("工单1.csv", csv_text(range(4)))
    bad = small.put("工单2.csv", "")
    small.load()
    assert not good.exists() and bad.exists()
    small.put("工单1.csv", csv_text(range(4)))  # sent again, or a run was killed before it could delete
    small.load()
    assert not good.exists() and len(small.rows("ticket")) == 4


def test_the_month_in_the_file_name_and_other_captures(small: SmallHome) -> None:
    capture = 'capture = "_(?P<month>[0-9]{6})"\nfile_on = "month"\n'
    text = TICKETS.replace('pattern = "工单*.csv"', capture + 'pattern = "工单*.csv"')
    small.contract("small_tickets", text.replace('{ from = "地点" }', '{ capture = "month" }'))
    small.put("工单_202403.csv", csv_text([1]))
    small.put("工单.csv", csv_text([2]))
    code, files = small.load()
    [row] = small.rows("ticket")
    assert (code, row["file_on"], row["place_name"]) == (1, "202403", "202403")
    assert files["工单.csv"]["message"] == (
        "工单.csv: the name does not match file.capture '_(?P<month>[0-9]{6})'; rename the file."
    )


def test_times_of_another_zone_become_the_workspaces(small: SmallHome) -> None:
    small.contract("small_tickets", TICKETS.replace("[columns]", '[time]\nzone = "UTC"\n[columns]'))
    small.put("工单1.csv", csv_text([1], 受理时间="2024-03-31 20:00:00"))
    small.load()
    [row] = small.rows("ticket")
    assert row["accepted_at"] == datetime(2024, 4, 1, 4)
    assert row["part"] == "2024-04"


def test_one_customer_one_key_whatever_the_spelling(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text([1], 号码=phone(9)))
    small.put("工单2.csv", csv_text([2], 号码="+86 " + phone(9)))
    small.put("工单3.csv", csv_text([3], 号码=phone(8)))
    small.load()
    keys = {r["ticket_id"]: r["cust_key"] for r in small.rows("ticket")}
    assert keys["T00001"] == keys["T00002"] != keys["T00003"]


@pytest.mark.parametrize("place", [pytest.param("quarantine", marks=pytest.mark.deep), "ticket"])
def test_a_lake_nobody_may_write_to_is_named_and_keeps_what_it_holds(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    small.put("工单1.csv", csv_text(range(3)) + ticket(4, 工单号="") + "\n")
    small.load()
    kept = small.content("ticket"), small.stored("quarantine")
    new = DataFiles.add

    def refused(self: DataFiles, batch: pa.RecordBatch) -> None:
        if self.folder.name == place:
            raise PermissionError(13, "Permission denied", str(self.folder))
        new(self, batch)

    with monkeypatch.context() as patched:
        patched.setattr(DataFiles, "add", refused)
        small.put("工单2.csv", csv_text(range(10, 13)) + ticket(14, 工单号="") + "\n")
        code, report = small.run("load")
    assert code == 1
    said = str(report)
    assert "Permission denied" in said and "Traceback" not in said and place in said
    assert (small.content("ticket"), small.stored("quarantine")) == kept
    assert small.load()[0] == 3 and len(small.rows("ticket")) == 6
