"""`python -m etl infer`: exit codes, what is written, and a workspace that loads without an edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.__main__ import main
from etl.register import Register
from tests.etl.infer.ticket_samples import german, undecidable
from warehouse.home import Home
from warehouse.lake import Lake


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_from_a_file_to_a_loaded_workspace_without_an_edit(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = german()
    path, folder = put(tmp_path, sample.file_name, sample.content), tmp_path / "own"
    assert main(["infer", str(path), "--workspace", str(folder)]) == 0
    report = capsys.readouterr().out
    assert "%d.%m.%Y" not in report and "day first" in report and f"etl init {folder}" in report
    assert main(["init", str(folder)]) == 0
    assert main(["load", str(path)]) == 0
    [outcome] = Register(Lake(home.lake)).outcomes()
    assert (outcome.state, outcome.n_loaded, outcome.n_rejected) == ("loaded", 40, 0)


def test_an_open_question_ends_with_three(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = undecidable()
    path, out = put(tmp_path, sample.file_name, sample.content), tmp_path / "mine.toml"
    assert main(["infer", str(path), "--out", str(out), "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert [n["code"] for n in report["decide"]] == ["order_open"]
    assert report["trial"] == {"rows": 3, "landed": 3, "rejected": 0, "flagged": 0, "replaced": 0}
    text = out.read_text(encoding="utf-8")
    assert 'name = "mine"' in text
    assert "# DECIDE: 03/04/2025 may be day first or month first" in text


def test_what_cannot_be_read_ends_with_one(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["infer", str(put(tmp_path, "page.xls", b"<html><table></table></html>"))]) == 1
    assert capsys.readouterr().err.startswith("page.xls: is a web page, although its name says otherwise; ")
    assert main(["infer", str(tmp_path / "nothing.csv")]) == 2
    path = put(tmp_path, "t.csv", german().content)
    assert main(["infer", str(path), "--table", "nonsense"]) == 2
    assert "nonsense is no table; choose one of" in capsys.readouterr().err


def test_a_folder_in_use_is_left_alone(home: Home, tmp_path: Path) -> None:
    sample = german()
    path = put(tmp_path, sample.file_name, sample.content)
    put(tmp_path, "workspace.toml", b"id = 'mine'\n")
    assert main(["infer", str(path), "--workspace", str(tmp_path)]) == 2
    assert (tmp_path / "workspace.toml").read_bytes() == b"id = 'mine'\n"


def test_rows_that_would_replace_each_other_are_asked_about(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["工单编号,受理时间,投诉类型"]
    kinds = ("无信号", "扣费争议")
    lines += [f"GD{n % 30:05d},2025-03-{n % 28 + 1:02d} 08:{n % 60:02d},{kinds[n % 2]}" for n in range(90)]
    path = put(tmp_path, "投诉.csv", "\n".join(lines).encode())
    assert main(["infer", str(path), "--table", "ticket", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["trial"]["replaced"] == 60
    assert {n["code"] for n in report["decide"]} & {"key_repeats", "same_key"}
