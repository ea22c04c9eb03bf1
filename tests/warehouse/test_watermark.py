"""The id in the quotes: readers of CSV do not see it, and it is found again from parts of a file."""

from __future__ import annotations

import csv
import io
import random

import pytest
import xlsxwriter

from warehouse.watermark import csv_text, fits, hide_in, in_workbook, pattern

MARK = "a5c39f0e17d2"
LINES = [
    ["工单", "金额", "说明"],
    *[[f"T{n}", n * 1.5, '他说"行", 就行' if n % 3 else "a\nb"] for n in range(60)],
    ["", "", ""],
]


def test_the_data_are_the_same_with_any_id() -> None:
    wanted = [[str(c) for c in line] for line in LINES]
    for mark in (MARK, "0" * 12, "f" * 12):
        assert list(csv.reader(io.StringIO(csv_text(LINES, mark), newline=""))) == wanted
    assert csv_text(LINES, MARK) != csv_text(LINES, "0" * 12)


def test_the_id_is_found_in_the_file_and_in_rows_taken_from_it() -> None:
    text = csv_text(LINES, MARK)
    others = [f"{random.Random(n).getrandbits(48):012x}" for n in range(200)]
    assert fits(pattern(text), MARK) and not any(fits(pattern(text), o) for o in others)
    rows = text.split("\r\n")
    random.Random(3).shuffle(rows)
    some = pattern("\r\n".join(rows[:30]))
    assert fits(some, MARK) and not any(fits(some, o) for o in others)


@pytest.mark.parametrize("text", ["", "a,b\r\n", '"', '"open', 'a"b,c\n"x""', "\x00,\x00\n" * 9])
def test_what_is_no_marked_csv_fits_to_nothing(text: str) -> None:
    assert not fits(pattern(text), MARK) and not fits(pattern(text), "0" * 12)


def test_a_saved_copy_without_the_pattern_fits_to_no_id() -> None:
    out = io.StringIO()
    csv.writer(out).writerows(LINES)
    assert not fits(pattern(out.getvalue()), MARK)


def test_a_workbook_has_the_id_among_its_properties() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("x")
    hide_in(book, MARK)
    book.close()
    assert in_workbook(out.getvalue()) == MARK
    for other in (b"", b"PK\x03\x04 no archive", out.getvalue()[:200]):
        assert in_workbook(other) is None


def test_a_workbook_saved_by_another_program_keeps_the_id() -> None:
    """A program that keeps sheets and drops properties: openpyxl, told to forget them."""
    openpyxl = pytest.importorskip("openpyxl")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("x").write_string(0, 0, "seen")
    hide_in(book, MARK)
    book.close()
    again = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    assert [s.sheet_state for s in again.worksheets] == ["visible", "veryHidden"]
    for name in list(again.custom_doc_props.names):
        del again.custom_doc_props[name]
    saved = io.BytesIO()
    again.save(saved)
    assert in_workbook(saved.getvalue()) == MARK
