"""Table columns and the CSV that Excel and WPS open."""

import csv
import io
import sys
from types import ModuleType

import pandas as pd
import pytest

from pages._shared import tables
from pages._shared.tables import Column

COLUMNS = [
    Column("name", "区县"),
    Column("rate", "及时率", "rate"),
    Column("n", "投诉量", "count", unit="件"),
    Column("on", "日期", "date"),
]
FRAME = pd.DataFrame(
    {
        "name": ["邗江区", "=1+1", None],
        "rate": [0.762, None, 0.5],
        "n": [140, 3, 2],
        "on": ["2025-03-24", None, "x"],
        "secret": 1,
    }
)


@pytest.fixture
def neutralise(monkeypatch):
    """A stand-in for the ETL's function, so that this test is about the table."""
    module = ModuleType("etl.privacy")
    module.neutralise = lambda text: f"'{text}" if text[:1] in "=+-@" else text  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "etl.privacy", module)


def test_headers_carry_their_unit():
    assert [c.header("zh") for c in COLUMNS] == ["区县", "及时率", "投诉量（件）", "日期"]
    assert COLUMNS[2].header("en") == "投诉量 (件)"


def test_numbers_stand_right_and_text_does_not():
    config = tables.column_config(COLUMNS, "zh")
    assert config["n"]["alignment"] == "right" and config["rate"]["alignment"] == "right"
    assert config["rate"]["type_config"]["format"] == "percent"
    assert config["name"].get("alignment") is None
    assert config["n"]["label"] == "投诉量（件）"


def test_csv_opens_in_excel_and_runs_nothing(neutralise):
    raw = tables.csv_bytes(FRAME, COLUMNS, lang="zh")
    assert raw.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert found[0] == ["区县", "及时率", "投诉量（件）", "日期"]
    assert found[1] == ["邗江区", "0.762", "140", "2025-03-24"]
    assert found[2] == ["'=1+1", "", "3", ""]
    assert b"secret" not in raw


def test_an_empty_frame_still_has_its_header(neutralise):
    assert (
        tables.csv_bytes(FRAME.head(0), COLUMNS, lang="zh").decode("utf-8-sig") == "区县,及时率,投诉量（件）,日期\r\n"
    )


def test_a_file_says_after_its_rows_what_it_leaves_out() -> None:
    rows = pd.DataFrame({"name": ["a", "b"]})
    told = tables.csv_bytes(rows, [Column("name", "Name")], lang="en", last="=first 2 of 9")
    lines = told.decode("utf-8-sig").splitlines()
    assert lines[:3] == ["Name", "a", "b"] and lines[3].endswith("first 2 of 9") and not lines[3].startswith("=")
    assert len(tables.csv_bytes(rows, [Column("name", "Name")], lang="en").splitlines()) == 3
