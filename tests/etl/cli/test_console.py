from __future__ import annotations

import io
import json
from datetime import datetime
from typing import Any

import pytest

from etl.cli.console import Console
from tests.etl.small import phone
from warehouse.problems import Problem


def console(as_json: bool) -> Console:
    return Console(as_json, lambda: datetime(2025, 3, 31))


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_machine_gets_one_document_and_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    said = console(as_json=True)
    said.say("loading")
    with said.progress(100) as advance:
        advance(50, 3)
    said.report({"loaded": 1}, "1 file")
    assert json.loads(capsys.readouterr().out) == {"loaded": 1}


def test_a_person_sees_a_bar_with_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    said = console(as_json=False)
    with said.progress(1000) as advance:
        advance(500, 1234)
        said.say("工单1.csv: 3 of 3 rows")
    shown = screen.getvalue()
    assert "工单1.csv: 3 of 3 rows" in shown
    assert "50%" in shown and "1,234 rows" in shown


def test_no_bar_is_drawn_into_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    with console(as_json=False).progress(1000) as advance:
        advance(500, 1)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_numbers_in_problems_are_hidden(as_json: bool, capsys: pytest.CaptureFixture[Any]) -> None:
    console(as_json).problems([Problem(f"{phone(5)}.csv", "is empty")])
    out = capsys.readouterr()
    assert phone(5) not in out.out + out.err and "is empty" in out.out + out.err
