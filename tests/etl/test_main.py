"""Commands: exit codes, sentences, JSON."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from etl.__main__ import main
from tests.etl.small import WORKSPACE, SmallHome, csv_text, ticket


def problems(small: SmallHome, *arguments: str) -> tuple[int, list[str]]:
    code, report = small.run(*arguments)
    return code, [f"{p['where']}: {p['what']}; {p['cure']}" for p in report["problems"]]


def test_exit_codes_of_a_load(small: SmallHome) -> None:
    assert small.load()[0] == 0
    small.put("工单1.csv", csv_text(range(5)))
    small.put("别的.csv", "no contract takes this")
    assert small.load()[0] == 0
    small.put("工单2.csv", csv_text(range(9), 工单号="") + ticket(9) + "\n")
    assert small.load()[0] == 3
    assert small.load()[0] == 0  # said once; status goes on showing it
    small.put("工单3.csv", "")
    assert small.load()[0] == 1
    assert small.load()[0] == 1  # still there, still failing
    assert small.load(str(small.put("../elsewhere.csv", "x")))[0] == 1


def test_a_failed_file_outweighs_one_over_its_limit(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(9), 工单号=""))
    small.put("工单2.csv", "")
    assert small.load()[0] == 1


@pytest.mark.parametrize("arguments", [[], ["lode"], ["load", "--contracts", "x"], ["demo"], ["init"]])
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: python -m etl" in capsys.readouterr().err


def test_wrong_configuration_is_2_and_names_everything(small: SmallHome) -> None:
    assert problems(small, "load", "nowhere.csv", "nor-here.csv") == (
        2,
        ["nowhere.csv: there is no such file; check the path", "nor-here.csv: there is no such file; check the path"],
    )
    code, found = problems(small, "load", "--contract", "none")
    assert (code, len(found)) == (2, 1) and "sources names 'none', and no such contract exists" in found[0]
    small.home.workspace_file.write_text(WORKSPACE.replace("Asia/Shanghai", "Mars"), encoding="utf-8")
    code, found = problems(small, "load")
    assert (code, len(found)) == (2, 1) and "timezone: is not a time zone" in found[0]


def test_no_workspace(small: SmallHome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path / "void"))
    for command in ("load", "status"):
        code, found = problems(small, command)
        assert code == 2
        assert found == [
            f"{tmp_path}/void/workspace.toml: there is no workspace here; "
            "run `python -m etl init NAME`, or set LOOKOUT_HOME"
        ]
    assert not (tmp_path / "void").exists()


def test_text_for_people(small: SmallHome, capsys: pytest.CaptureFixture[str]) -> None:
    small.put("工单1.csv", csv_text(range(5)))
    small.put("工单2.csv", "")
    assert main(["load"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "[1/2] 工单1.csv: 5 of 5 rows into ticket",
        "[2/2] 工单2.csv: failed: 工单2.csv: the file is empty (0 bytes); export it again.",
        "1 files loaded, 1 failed, 0 over their limit, 0 with nothing to do",
    ]


def test_json_is_one_document(small: SmallHome, capsys: pytest.CaptureFixture[str]) -> None:
    small.put("工单1.csv", csv_text(range(5)))
    assert main(["load", "--json"]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert printed.err == ""
    assert (report["loaded"], report["failed"], report["over_limit"], report["looked_at"]) == (1, 0, 0, 1)
    entry = report["files"][0]
    assert (entry["state"], entry["n_loaded"], entry["encoding"]) == ("loaded", 5, "utf-8")
    assert entry["last_period"] == "2024-03-05 09:04:00"


def test_only_one_contract(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(5)))
    assert small.load("--contract", "small_days")[1]["工单1.csv"]["state"] == "unmatched"
    assert small.load("--contract", "small_tickets")[1]["工单1.csv"]["state"] == "loaded"


def test_two_writers_at_once(small: SmallHome) -> None:
    lock = small.root / "writer.lock"
    lock.write_text(json.dumps({"pid": 4711, "task": "etl load", "started_at": "2024-04-01T08:00:00"}))
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, found = problems(small, "load")
    assert code == 1
    assert found == [
        f"{lock}: process 4711 (etl load, since 2024-04-01T08:00:00) is at work here; "
        "wait until it has finished, or stop it"
    ]
    assert small.load()[0] == 0  # the text of a dead owner holds nobody up


@pytest.fixture
def bare(small: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallHome:
    root = tmp_path / "bare"
    monkeypatch.setenv("LOOKOUT_HOME", str(root))
    return SmallHome(root, small.output)


def test_init_of_a_shipped_workspace(bare: SmallHome) -> None:
    code, report = bare.run("init", "comcast")
    assert (code, report["workspace"]) == (0, "comcast-2015")
    assert (bare.root / "channels.csv").exists()
    assert bare.home.inbox.stat().st_mode & 0o777 == 0o700
    assert bare.run("init", "comcast")[0] == 0


def test_init_refuses_the_home_of_another_workspace(bare: SmallHome) -> None:
    bare.run("init", "comcast")
    before = bare.home.workspace_file.read_bytes()
    assert problems(bare, "init", "trai") == (
        2,
        [
            f"{bare.root}/workspace.toml: belongs to workspace 'comcast-2015', not 'trai-mycall'; "
            "choose another LOOKOUT_HOME"
        ],
    )
    assert bare.home.workspace_file.read_bytes() == before


def test_init_of_a_folder_brings_its_contracts(bare: SmallHome, small: SmallHome) -> None:
    assert bare.run("init", str(small.root))[0] == 0
    assert (bare.home.contracts / "small_days.toml").exists()
    assert not (bare.root / "inbox" / "工单1.csv").exists()
    assert bare.run("init", str(bare.root))[0] == 0  # onto itself


def test_init_of_nothing(bare: SmallHome) -> None:
    assert problems(bare, "init", "atlantis") == (
        2,
        [
            "atlantis: there is no such workspace; "
            "choose one of cellpad, comcast, demo, mathorcup, nyc311, tipdm, trai, ucc5g, or a folder with a "
            "workspace.toml"
        ],
    )
    assert not bare.root.exists()


def test_init_again_keeps_what_its_owner_edited_unless_a_reset_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path / "home"))
    assert main(["init", "comcast"]) == 0
    types = tmp_path / "home" / "types.csv"
    shipped = types.read_text(encoding="utf-8")
    types.write_text(shipped.replace("Billing", "Bills"), encoding="utf-8")
    assert main(["init", "comcast"]) == 0
    assert "Bills" in types.read_text(encoding="utf-8")
    assert main(["init", "comcast", "--reset"]) == 0
    assert types.read_text(encoding="utf-8") == shipped
