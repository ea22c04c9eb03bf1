"""XLS: cells as text, and what is refused before the reader opens it."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from pathlib import Path

import msoffcrypto
import olefile
import pytest
import xlsxwriter
import xlwt

from etl import workbook, workbook_xls
from warehouse.problems import Problems


def xls(path: Path, *cells: tuple[int, int, object], n_sheets: int = 1) -> Path:
    book, styles = xlwt.Workbook(), {datetime: xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")}
    for n in range(n_sheets):
        sheet = book.add_sheet(f"S{n}")
        for row, column, value in cells:
            sheet.write(row, column, value, styles.get(type(value), xlwt.Style.default_style))
    book.save(str(path))
    return path


def refused(path: Path) -> str:
    with pytest.raises(Problems) as caught:
        workbook.read_sheet(path, 0)
    return str(caught.value).removeprefix(f"{path.name}: ")


def test_cells_come_as_text(tmp_path: Path) -> None:
    path = xls(tmp_path / "b.xls", (0, 0, "编号"), (0, 1, "时间"), (1, 0, 17), (1, 1, datetime(2024, 3, 1, 9, 30)))
    rows = [list(row.values()) for row in workbook.read_sheet(path, 0).to_pylist()]
    assert rows == [["编号", "时间"], ["17", "2024-03-01 09:30:00"]]
    assert workbook.kind_of(path) == "XLS"


@pytest.mark.parametrize("name", ["b.xls", "b.xlsx", "b.dat", "b"])
@pytest.mark.parametrize("kind", ["XLS", "XLSX"])
def test_the_content_decides_and_not_the_name(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    if kind == "XLS":
        xls(path, (0, 0, "a"))
    else:
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            book.add_worksheet().write(0, 0, "a")
        path.write_bytes(content.getvalue())
    assert (workbook.kind_of(path), workbook.read_sheet(path, 0).to_pylist()) == (kind, [{"__UNNAMED__0": "a"}])


DAMAGED = "is a damaged XLS workbook; save it again as .xlsx."
NOT_BOOKS = {
    "web page": (b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1</td></tr></table>", "is a web page under the name of "),
    "XML spreadsheet": (b"<?xml version='1.0'?><Workbook/>", "is an XML spreadsheet, not a workbook; "),
    "text": (b"a\tb\n1\t2\n", "is not an XLSX workbook ("),
    "only the magic number": (olefile.MAGIC, DAMAGED),
    "magic number and junk": (olefile.MAGIC + bytes(range(256)) * 20, DAMAGED),
}


@pytest.mark.parametrize("fault", NOT_BOOKS)
def test_what_is_no_workbook_is_said(tmp_path: Path, fault: str) -> None:
    content, sentence = NOT_BOOKS[fault]
    path = tmp_path / "b.xls"
    path.write_bytes(content)
    assert refused(path).startswith(sentence)


def test_a_locked_xlsx(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "open.xlsx") as book:
        book.add_worksheet().write(0, 0, "a")
    path = tmp_path / "b.xlsx"
    with (tmp_path / "open.xlsx").open("rb") as plain, path.open("wb") as locked:
        msoffcrypto.OfficeFile(plain).encrypt("made by the test", locked)
    assert refused(path) == "is locked with a password; save it without a password."


def patched(path: Path, record: bytes, other: bytes) -> Path:
    content = path.read_bytes()
    assert record in content
    path.write_bytes(content.replace(record, other))
    return path


def test_a_locked_xls(tmp_path: Path) -> None:
    """A book that is locked says so in a record of its first part."""
    path = xls(tmp_path / "b.xls", (0, 0, "a"))
    codepage = struct.pack("<HHH", 0x42, 2, 1200)
    assert refused(patched(path, codepage, struct.pack("<HHH", 0x2F, 2, 1))) == (
        "is locked with a password; save it without a password."
    )


def test_another_office_file(tmp_path: Path) -> None:
    path = xls(tmp_path / "b.xls", (0, 0, "a"))
    patched(path, "Workbook".encode("utf-16-le"), "WordFile".encode("utf-16-le"))
    assert refused(path) == "is an Office file, but not an Excel workbook; save it again as .xlsx."


def test_cells_far_out_on_many_sheets(tmp_path: Path) -> None:
    path = xls(tmp_path / "b.xls", (0, 0, "a"), (65_535, 255, "z"), n_sheets=2)
    assert refused(path) == (
        "has cells as far out as row 65,536, column 256; delete the stray cells beyond the data, or export it as CSV."
    )


def test_a_boast_of_dimensions(tmp_path: Path) -> None:
    """The reader would set aside room for what the sheet says of itself."""
    path = xls(tmp_path / "b.xls", (0, 0, "a"))
    said = struct.pack("<HHIIHHH", 0x200, 14, 0, 1, 0, 1, 0)
    assert "has cells as far out as row 4,294,967,295" in refused(
        patched(path, said, struct.pack("<HHIIHHH", 0x200, 14, 0, 0xFFFFFFFF, 0, 0xFFFF, 0))
    )


def test_too_many_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_xls, "SHEET_LIMIT", 2)
    path = xls(tmp_path / "b.xls", (0, 0, "a"), n_sheets=3)
    assert refused(path) == "has 3 sheets; save the sheet that is meant as a file of its own."


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = xls(tmp_path / "b.xls", (0, 0, "a"))
    with pytest.raises(Problems, match="is not a readable XLS workbook .*check file.sheet in the contract"):
        workbook.read_sheet(path, "no such sheet")
