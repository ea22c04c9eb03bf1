"""A file that is taken back leaves the lake as if it had never come, and stays in the register."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl.register import Register
from tests.etl.small import SmallHome, csv_text, set_up, ticket
from warehouse.__main__ import main as build
from warehouse.home import Home
from warehouse.release import Releases


def release_hash(root: Path, monkeypatch: pytest.MonkeyPatch, table: str = "fact_ticket") -> str:
    """What pages read of the tickets, after a build."""
    import duckdb

    monkeypatch.setenv("LOOKOUT_HOME", str(root))
    assert build(["build"]) == 0
    releases = Releases(Home(root).releases)
    with duckdb.connect(str(releases.path(str(releases.current()))), read_only=True) as con:
        return str(con.table(table).order("ticket_id").fetchall())


@pytest.mark.deep
def test_after_a_withdrawal_the_lake_reads_as_if_the_file_had_never_come(
    small: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = csv_text(range(6), 星级=1)
    small.put("工单1.csv", first)
    small.load()
    # Newer versions of three tickets, three others, and a row that is refused.
    small.put("工单2.csv", csv_text(range(3, 9), 星级=2, 导出时间="2024-04-02 00:00:00") + ticket(99, 工单号="") + "\n")
    small.load()
    code, report = small.run("withdraw", "工单2.csv", "--reason", "wrong month")
    assert code == 0
    assert [(f["file_name"], f["n_rows"]) for f in report["withdrawn"]] == [("工单2.csv", 6)]
    assert len(small.stored("ticket")) == 6 and small.stored("quarantine") == []
    state = small.outcomes()["工单2.csv"]
    assert (state.state, state.message, state.message_zh) == (
        "withdrawn",
        "withdrawn: wrong month",
        "已撤回：wrong month",
    )

    never = SmallHome(tmp_path / "never", small.output)
    set_up(never.root)
    shutil.copy(small.home.secret_file, never.home.secret_file)
    never.put("工单1.csv", first)
    monkeypatch.setenv("LOOKOUT_HOME", str(never.root))
    never.load()
    expected = release_hash(never.root, monkeypatch)
    assert release_hash(small.root, monkeypatch) == expected


def test_a_withdrawn_file_in_the_inbox_is_not_loaded_again_unless_asked(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(3)))
    small.load()
    small.run("withdraw", "工单1.csv")
    assert small.load() == (0, {})
    assert small.rows("ticket") == []
    assert small.load("--again")[1]["工单1.csv"]["state"] == "loaded"
    assert len(small.rows("ticket")) == 3


def test_a_withdrawal_that_was_killed_is_finished_by_repeating_it(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.put("工单1.csv", csv_text(range(3)))
    small.load()
    monkeypatch.setattr("warehouse.lake.Lake.withdraw", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        small.run("withdraw", "工单1.csv")
    monkeypatch.undo()
    monkeypatch.setenv("LOOKOUT_HOME", str(small.root))
    assert small.rows("ticket") == [] and len(small.stored("ticket")) == 3
    assert small.run("withdraw", "工单1.csv")[0] == 0
    assert small.stored("ticket") == []


def test_what_to_withdraw_must_be_clear(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(3)))
    small.load()
    small.put("工单1.csv", csv_text(range(3, 5)))
    small.load()
    code, report = small.run("withdraw", "工单1.csv", "nothing.csv")
    assert code == 2
    assert [p["what"] for p in report["problems"]] == [
        "is the name of 2 loaded files",
        "no loaded file has this name or id",
    ]
    one = next(o for o in Register(small.lake).outcomes() if o.n_rows == 2)
    assert small.run("withdraw", one.file_id)[0] == 0
    assert len(small.rows("ticket")) == 3


def test_a_reason_with_a_number_in_it_is_scrubbed(small: SmallHome) -> None:
    from tests.etl.small import phone

    small.put("工单1.csv", csv_text(range(3)))
    small.load()
    small.run("withdraw", "工单1.csv", "--reason", f"asked by {phone(5)}")
    assert phone(5) not in small.outcomes()["工单1.csv"].message


def test_a_clock_that_ran_ahead_does_not_make_later_deeds_earlier(small: SmallHome) -> None:
    from datetime import datetime

    from etl.contract import read_contracts
    from etl.load import Loader
    from warehouse.workspace import load_workspace

    small.put("工单1.csv", csv_text(range(3)))
    ahead = datetime(2100, 1, 1)
    contracts = read_contracts(["small_tickets"], small.home.contracts)
    Loader(small.home, load_workspace(small.root), contracts, ahead).run([small.home.inbox / "工单1.csv"], print)
    assert small.run("withdraw", "工单1.csv", "--reason", "wrong month")[0] == 0
    assert small.rows("ticket") == [] and small.outcomes()["工单1.csv"].state == "withdrawn"
    small.put("工单2.csv", csv_text(range(2)))
    assert small.load()[0] == 0
    assert len(small.rows("ticket")) == 2
    assert Register(small.lake).outcomes()[-1].loaded_at > ahead
