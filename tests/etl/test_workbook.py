from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from etl import workbook
from warehouse.problems import Problems


def make(path: Path, rows: dict[tuple[int, int], object]) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for (row, column), value in rows.items():
            sheet.write(row, column, value)
    return path


def refused(path: Path, sheet: str | int = 0) -> str:
    with pytest.raises(Problems) as caught:
        workbook.read_sheet(path, sheet)
    return str(caught.value)


def test_everything_comes_as_text(tmp_path: Path) -> None:
    path = make(tmp_path / "f.xlsx", {(0, 0): "编号", (0, 1): "分", (1, 0): "007", (1, 1): 9.5, (2, 1): 10})
    table = workbook.read_sheet(path, 0)
    assert [list(r.values()) for r in table.to_pylist()] == [["编号", "分"], ["007", "9.5"], [None, "10"]]


def test_an_absent_sheet_is_named(tmp_path: Path) -> None:
    path = make(tmp_path / "f.xlsx", {(0, 0): "a"})
    assert 'sheet with name "nope" not found' in refused(path, "nope")


def test_an_empty_sheet(tmp_path: Path) -> None:
    assert refused(make(tmp_path / "f.xlsx", {})) == (
        "f.xlsx: sheet 0 is empty; export it again, or check file.sheet in the contract."
    )


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refused(path).startswith("f.xlsx: is not a readable XLSX workbook (calamine error:")


def test_a_workbook_cut_short(tmp_path: Path) -> None:
    path = make(tmp_path / "f.xlsx", {(0, 0): "a"})
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path).startswith("f.xlsx: is not an XLSX workbook (File is not a zip file)")


def test_a_stray_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    path = make(tmp_path / "f.xlsx", {(0, 0): "a", (1_048_575, 16_383): "z"})
    assert refused(path) == (
        "f.xlsx: has cells as far out as row 1,048,576, column 16,384; "
        "delete the stray cells beyond the data, or export it as CSV."
    )


def test_formatting_far_out_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    assert workbook.read_sheet(path, 0).to_pylist() == [{"__UNNAMED__0": "a"}]


def test_a_bomb_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 << 20))
    monkeypatch.setattr(workbook.fastexcel, "read_excel", lambda _: pytest.fail("the bomb was opened"))
    packed = path.stat().st_size
    sentence = refused(path)
    assert sentence.startswith("f.xlsx: would unpack from 71,")
    assert sentence.endswith(" to 73,400,320 bytes; export fewer rows per file, or as CSV, if the content is genuine.")
    assert packed < 80_000
