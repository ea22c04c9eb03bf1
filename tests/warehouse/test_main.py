"""The commands of the warehouse: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.warehouse.conftest import LittleHome, new_home, ticket
from tests.warehouse.partial import only
from warehouse.__main__ import main
from warehouse.lock import writer_lock

AT = datetime(2025, 3, 3)


@pytest.fixture
def home(little: LittleHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[LittleHome]:
    """A home with one ticket; the command, too, builds only what this module names."""
    monkeypatch.setenv("LOOKOUT_HOME", str(little.home.root))
    little.load("ticket", [ticket(1, AT)])
    with only(little.tables or ()):
        yield little


def test_build_says_what_it_did_and_does_it_once(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 0
    out = capsys.readouterr().out.splitlines()
    current = home.releases.current()
    assert out[-1].startswith(f"release {current}: full, content ")
    assert main(["build", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["is_new"], told["how"]) == (current, False, "nothing changed")


def test_sql_reads_the_current_release(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build"])
    capsys.readouterr()
    assert main(["sql", "--json", "select ticket_id, cause_l1, accepted_on from mart_ticket"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows == [{"ticket_id": "T1", "cause_l1": None, "accepted_on": "2025-03-03 00:00:00"}]
    assert main(["sql", "select count(*) as n from mart_ticket"]) == 0
    assert capsys.readouterr().out.split() == ["n", "1"]


@pytest.mark.parametrize(
    ("statement", "code", "sentence"),
    [
        ("drop view mart_ticket", 2, "query: is not one select; a release can only be read; write a single select."),
        ("select nonsense from mart_ticket", 1, "warehouse: Binder Error: "),
        ("selec 1", 1, "warehouse: Parser Error: "),
        ("select * from read_text('/etc/passwd')", 1, "warehouse: Permission Error: "),
    ],
)
def test_sql_that_cannot_be_run(
    varied: LittleHome,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    code: int,
    sentence: str,
) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(varied.home.root))
    assert main(["sql", statement]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(sentence)


def test_releases_are_listed_and_chosen(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build"])
    first = home.releases.current()
    home.load("ticket", [ticket(2, AT)])
    main(["build"])
    second = home.releases.current()
    capsys.readouterr()
    assert main(["releases", "--use", str(first)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:2] for line in lines] == ["  ", "* "]
    assert home.releases.current() == first
    assert main(["releases", "--json"]) == 0
    listed = {entry["id"]: entry["is_current"] for entry in json.loads(capsys.readouterr().out)}
    assert listed == {first: True, second: False}


def test_an_unknown_release_ends_with_2(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build"])
    current = home.releases.current()
    capsys.readouterr()
    assert main(["releases", "--use", "nonsense"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"{home.releases.root}: there is no release 'nonsense'; choose one of {current}.\n"
    assert main(["releases", "--use", "nonsense", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["what"] == "there is no release 'nonsense'"


def test_a_failed_check_ends_with_1(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    home.load("ticket", [ticket(2, AT, feedback_at=datetime(2025, 3, 2))])
    assert main(["build"]) == 1
    assert "checks/no_feedback_before_acceptance.sql" in capsys.readouterr().err
    assert home.releases.current() is None


def test_another_writer_ends_with_1(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    with writer_lock(home.home.root, "etl load", AT):
        assert main(["build"]) == 1
    assert "(etl load, since 2025-03-03T00:00:00) is at work here" in capsys.readouterr().err


def test_a_folder_without_a_workspace_or_release_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path / "nothing"))
    assert main(["build"]) == 2
    assert "there is no workspace here" in capsys.readouterr().err
    empty = new_home(tmp_path / "empty")
    monkeypatch.setenv("LOOKOUT_HOME", str(empty.home.root))
    assert main(["sql", "select 1"]) == 2
    assert "there is no release yet; run `python -m warehouse build`." in capsys.readouterr().err


def test_wrong_usage_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["nonsense"], ["build", "--engine", "abacus"], ["build", "--as-of", "soon"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    capsys.readouterr()


def test_a_release_at_another_instant(home: LittleHome, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--as-of", "2025-03-03T10:00"]) == 0
    assert "release 20250303T1000-" in capsys.readouterr().out
