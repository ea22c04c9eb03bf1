"""A sheet of a workbook, XLSX or XLS, as a table of text. Which line is the header is decided in `etl/read`."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import fastexcel
import numpy as np
import pyarrow as pa

from etl.sentences import fault
from etl.workbook_xls import OLE, refuse_odd_xls
from warehouse.problems import Problems

UNPACKED_LIMIT_BYTES = 1 << 30
RATIO_LIMIT = 300
RATIO_FREE_BYTES = 64 << 20  # small sheets of equal rows pack very well
CELL_LIMIT = 30_000_000  # about 1 GiB once read
ENDINGS = {"XLSX": (".xlsx", ".xlsm"), "XLS": (".xls", ".xla")}
KNOWN_ENDINGS = (*ENDINGS["XLSX"], *ENDINGS["XLS"], ".xlam", ".xlsb", ".ods")
_CHUNK_BYTES = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_REFERENCE_BYTES = 10  # XFD1048576
_CELL_BYTES = 300  # no cell's opening tags are longer


def read_sheet(path: Path, sheet: str | int) -> pa.Table:
    """All cells as text, the first row included. Raises `Problems` when the file is no sane workbook.

    XLSX and XLS are told apart by their content: the name of an export often says the other.
    """
    kind = kind_of(path)
    if kind == "XLS":
        refuse_odd_xls(path)
    else:
        _refuse_bombs(path)
    # The reader goes by the name where the name has one of these endings.
    ending = path.suffix.lower()
    is_misnamed = ending in KNOWN_ENDINGS and ending not in ENDINGS[kind]
    try:
        book = fastexcel.read_excel(path.read_bytes() if is_misnamed else path)
        found = book.load_sheet(sheet, header_row=None, dtypes="string")
        table = pa.table(found.to_arrow())
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, kind, error) from None
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(path, kind, error) from None
    if table.num_rows == 0:
        raise fault("empty_sheet", path.name, sheet=sheet)
    return table


def kind_of(path: Path) -> str:
    """XLS or XLSX. Raises where the content is neither."""
    with path.open("rb") as handle:
        head = handle.read(512)
    if head.startswith(OLE):
        return "XLS"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head")):
        raise fault("web_page", path.name)
    if text.startswith(b"<?xml"):
        raise fault("xml_sheet", path.name)
    return "XLSX"


def _unreadable(path: Path, kind: str, error: BaseException) -> Problems:
    text = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return fault("bad_workbook", path.name, text=text, kind=kind, ending=kind.lower())


def _refuse_bombs(path: Path) -> None:
    """Refuse what would unpack to far more than it is, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
            unpacked = sum(item.file_size for item in items)
            packed = max(1, sum(item.compress_size for item in items))
            too_dense = unpacked > RATIO_FREE_BYTES and unpacked / packed > RATIO_LIMIT
            if unpacked > UNPACKED_LIMIT_BYTES or too_dense:
                raise fault("bomb", path.name, packed=packed, unpacked=unpacked)
            for item in items:
                if re.match(r"xl/worksheets/[^/]+\.xml$", item.filename):
                    _refuse_far_cells(path, archive, item.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, RuntimeError) as error:
        raise fault("not_workbook", path.name, text=error) from None


def _refuse_far_cells(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """The reader lays out every cell up to the farthest one, so one cell in the last corner takes all memory.

    References of empty cells and of anything else count at first, because that is quick to see; a search cell by cell
    costs as much as reading the sheet.
    """
    n_rows, n_columns = _farthest(archive, name, _reach)
    if n_rows * n_columns <= CELL_LIMIT:
        return
    n_rows, n_columns = _farthest(archive, name, _reach_of_cells)
    if n_rows * n_columns > CELL_LIMIT:
        raise fault("far_cells", path.name, row=n_rows, column=n_columns)


def _farthest(archive: zipfile.ZipFile, name: str, reach: Callable[[bytes], tuple[int, int]]) -> tuple[int, int]:
    n_rows = n_columns = 0
    rest = b""
    with archive.open(name) as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            text = rest + chunk
            row, column = reach(text)
            n_rows, n_columns = max(n_rows, row), max(n_columns, column)
            rest = text[-_CELL_BYTES:]
    return n_rows, n_columns


def _reach_of_cells(text: bytes) -> tuple[int, int]:
    """(last row, last column) of the cells that hold something."""
    found = _CELL.findall(text)
    row = max((int(digits) for _, digits in found), default=0)
    return row, max((_column_number(letters) for letters in {pair[0] for pair in found}), default=0)


def _reach(text: bytes) -> tuple[int, int]:
    """(last row, last column) of whatever `r="…"` refers to; one cut off at the end is in the next piece too."""
    codes = np.frombuffer(text, np.uint8)
    starts = np.flatnonzero((codes[:-2] == ord("r")) & (codes[1:-1] == ord("=")) & (codes[2:] == ord('"'))) + 3
    starts = starts[starts <= len(codes) - _REFERENCE_BYTES]
    row = np.zeros(len(starts), np.int32)
    column = np.zeros(len(starts), np.int32)
    is_open = np.ones(len(starts), np.bool_)
    for at in range(_REFERENCE_BYTES):
        code = codes[starts + at]
        letter, digit = code - np.uint8(ord("A")), code - np.uint8(ord("0"))  # below zero is far above
        is_letter = is_open & (letter < 26) if at < 3 else np.zeros_like(is_open)
        is_digit = is_open & (digit < 10)
        column = np.where(is_letter, column * 26 + letter + 1, column)
        row = np.where(is_digit, row * 10 + digit, row)
        is_open = is_letter | is_digit
    is_cell = column > 0
    return int(row.max(initial=0, where=is_cell)), int(column.max(initial=0))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
