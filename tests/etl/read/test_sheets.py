"""A large workbook read with its numbers as numbers lands as when read as text; what is not plain is read as text."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from etl.read import sheets
from tests.etl.small import SmallHome

HEAD = ["备注", "日期", "CGI", "请求", "成功", "流量"]
N = 400
CONTRACT = """name = "small_days"
table = "cell_kpi_1d"
label = { zh = "模拟数据", en = "Simulated" }
owner = "test (simulated)"
licence = "made by the test"

[file]
pattern = "指标*.xlsx"
format = "xlsx"
totals = ["合计"]
missing = ["NIL"]

[columns]
cell_id = { from = "CGI", as = "cell" }
period_on = { from = "日期" }
rrc_att = { from = "请求" }
rrc_succ = { from = "成功" }
vol_dl_mb = { from = "流量", factor = 1024.0 }
"""
Rows = list[list[Any]]


def sound() -> Rows:
    chance = random.Random(5)
    return [
        ["", f"2024-03-{at % 28 + 1:02d}", f"460-00-{10000 + at}-1", 100 + at, at, round(chance.random() * 9, 3)]
        for at in range(N)
    ]


def with_(at: int, column: int, value: Any) -> Callable[[], Rows]:
    def made() -> Rows:
        rows = sound()
        rows[at][column] = value
        return rows

    return made


def blank_line() -> Rows:
    return [*sound()[:200], [None] * 6, *sound()[200:]]


def repeated_header() -> Rows:
    return [*sound()[:200], list(HEAD), *sound()[200:], ["合计", None, None, 5, 6, 7.5]]


SHEETS: dict[str, tuple[list[str], Callable[[], Rows]]] = {
    "sound": (HEAD, sound),
    "word_late": (HEAD, with_(399, 3, "NIL")),
    "unreadable_late": (HEAD, with_(390, 4, "viele")),
    "not_whole": (HEAD, with_(300, 3, 7.25)),
    "below_zero": (HEAD, with_(200, 3, -1)),
    "empty_cells": (HEAD, with_(20, 5, None)),
    "id_is_a_number": (HEAD, with_(20, 2, 20240000000000017)),
    "true_in_a_number": (HEAD, with_(20, 4, True)),
    "blank_line": (HEAD, blank_line),
    "repeated_header_and_totals": (HEAD, repeated_header),
    "header_with_blanks": ([f" {h} " for h in HEAD], sound),
    "header_twice": ([*HEAD[:5], "成功"], sound),
    "header_missing_a_name": (["", *HEAD[1:]], sound),
    "title_above": (["小区指标"], lambda: [list(HEAD), *sound()]),
}


def write(path: Path, head: list[str], rows: Rows) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)


@pytest.mark.parametrize("name", SHEETS)
def test_both_ways_land_the_same(small: SmallHome, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    head, rows = SHEETS[name]
    small.contract("small_days", CONTRACT)
    write(small.home.inbox / "指标.xlsx", head, rows())
    told = []
    for least in (1 << 40, 0):
        monkeypatch.setattr(sheets, "LEAST_BYTES", least)
        _, files = small.load()
        outcome = {k: v for k, v in files["指标.xlsx"].items() if k not in ("loaded_at", "contract_hash")}
        refused = [(r["row_no"], r["column_name"], r["rule"], r["value_scrubbed"]) for r in small.rows("quarantine")]
        told.append((outcome, small.content("cell_kpi_1d"), refused))
        small.contract("small_days", CONTRACT + "\n# read anew\n")
    assert told[0] == told[1]


@pytest.mark.parametrize(("name", "is_quick"), [("sound", True), ("word_late", True), ("title_above", False)])
def test_which_way_is_taken(small: SmallHome, monkeypatch: pytest.MonkeyPatch, name: str, is_quick: bool) -> None:
    head, rows = SHEETS[name]
    small.contract("small_days", CONTRACT)
    write(small.home.inbox / "指标.xlsx", head, rows())
    monkeypatch.setattr(sheets, "LEAST_BYTES", 0)
    taken = []
    way = sheets.read_typed
    monkeypatch.setattr(sheets, "read_typed", lambda *a: taken.append(a) or way(*a))
    assert small.load()[1]["指标.xlsx"]["state"] == "loaded"
    assert bool(taken) == is_quick


def test_figures_keep_all_their_digits(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text the reader rounds to nine digits behind the point."""
    small.contract("small_days", CONTRACT.replace(", factor = 1024.0", ""))
    write(small.home.inbox / "指标.xlsx", HEAD, with_(0, 5, 1 / 7)())
    monkeypatch.setattr(sheets, "LEAST_BYTES", 0)
    small.load()
    assert small.rows("cell_kpi_1d")[0]["vol_dl_mb"] == pytest.approx(1 / 7, rel=1e-14)
