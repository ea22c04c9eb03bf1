"""A sheet of a workbook, XLSX or XLS, as a table of text. Which line is the header is decided in `etl/read`."""

from __future__ import annotations

import logging
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import numpy as np
import pyarrow as pa

from etl.sentences import fault
from etl.workbook_xls import OLE, refuse_odd_xls
from warehouse.problems import Problems

# It tells of every empty column; what a column is, is said by contracts and not guessed.
logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)
UNPACKED_LIMIT_BYTES = 1 << 30
RATIO_LIMIT = 300
RATIO_FREE_BYTES = 64 << 20  # small sheets of equal rows pack very well
CELL_LIMIT = 30_000_000  # about 1 GiB once read
ENDINGS = {"XLSX": (".xlsx", ".xlsm"), "XLS": (".xls", ".xla")}
KNOWN_ENDINGS = (*ENDINGS["XLSX"], *ENDINGS["XLS"], ".xlam", ".xlsb", ".ods")
_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 64 << 10
_FILLED = re.compile(rb"<(?:v|is)>")
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_FLAG = re.compile(rb"t=[\"']b[\"']")
_REFERENCE_BYTES, _MOST_LETTERS = 10, 3  # XFD1048576
_CELL_BYTES = 300  # no cell's opening tags are longer


def read_sheet(path: Path, sheet: str | int) -> pa.Table:
    """All cells as text, the first row included. Raises `Problems` when the file is no sane workbook.

    XLSX and XLS are told apart by their content: the name of an export often says the other.
    """
    _refuse_odd(path)
    table = _read(path, sheet, header_row=None, dtypes="string")
    if table.num_rows == 0:
        raise fault("empty_sheet", path.name, sheet=sheet)
    return table


def read_typed(path: Path, sheet: str | int, texts: list[str]) -> pa.Table | None:
    """The rows below the first one, named by it: columns of numbers as numbers, those named in `texts` as text.

    A column is a number only when every cell of it is one or empty. Names are the reader's own (`odd_names`). None
    where a cell is true or false, which the reader would take for 1 and 0 among numbers.
    """
    if _refuse_odd(path):
        return None
    return _read(path, sheet, header_row=0, schema_sample_rows=None, dtypes=dict.fromkeys(texts, "string"))


def odd_names(names: list[str]) -> bool:
    """Whether the reader has named a column itself, for want of a name or because it stood there twice."""
    known = {name.strip().casefold() for name in names}
    made = [name.rpartition("_") for name in names]
    return len(known) < len(names) or any(
        name.startswith("__UNNAMED__") or (tail.isdigit() and head.strip().casefold() in known)
        for name, (head, _, tail) in zip(names, made, strict=True)
    )


def may_begin_with_header(path: Path) -> bool:
    """Whether the first sheet's first row is about as full as its second: title lines hold a cell or two.

    A guess that only saves time: who believes it still looks for the header.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as handle:
            rows = handle.read(_HEAD_BYTES).split(b"</row>")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, RuntimeError):
        return False
    first, second = (len(_FILLED.findall(row)) for row in (*rows[:2], b"", b"")[:2])
    return len(rows) > 2 and second <= 1.5 * first


def _read(path: Path, sheet: str | int, **how: Any) -> pa.Table:
    kind = kind_of(path)
    # The reader goes by the name where the name has one of these endings.
    ending = path.suffix.lower()
    is_misnamed = ending in KNOWN_ENDINGS and ending not in ENDINGS[kind]
    try:
        book = fastexcel.read_excel(path.read_bytes() if is_misnamed else path)
        return pa.table(book.load_sheet(sheet, **how).to_arrow())
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, kind, error) from None
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(path, kind, error) from None


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


def _refuse_odd(path: Path) -> bool:
    """Refuse what is no sane workbook; tells whether a cell of an XLSX is true or false."""
    if kind_of(path) == "XLS":
        refuse_odd_xls(path)
        return False
    return _refuse_bombs(path)


def _unreadable(path: Path, kind: str, error: BaseException) -> Problems:
    text = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return fault("bad_workbook", path.name, text=text, kind=kind, ending=kind.lower())


def _refuse_bombs(path: Path) -> bool:
    """Refuse what would unpack to far more than it is, before anything is unpacked; tells of cells true or false."""
    try:
        with zipfile.ZipFile(path) as archive:
            items = archive.infolist()
            unpacked = sum(item.file_size for item in items)
            packed = max(1, sum(item.compress_size for item in items))
            too_dense = unpacked > RATIO_FREE_BYTES and unpacked / packed > RATIO_LIMIT
            if unpacked > UNPACKED_LIMIT_BYTES or too_dense:
                raise fault("bomb", path.name, packed=packed, unpacked=unpacked)
            sheets = [item.filename for item in items if re.match(r"xl/worksheets/[^/]+\.xml$", item.filename)]
            return any([_refuse_far_cells(path, archive, name) for name in sheets])  # every one is looked at
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, RuntimeError) as error:
        raise fault("not_workbook", path.name, text=error) from None


def _refuse_far_cells(path: Path, archive: zipfile.ZipFile, name: str) -> bool:
    """The reader lays out every cell up to the farthest one, so one cell in the last corner takes all memory.

    References of empty cells and of anything else count at first, because that is quick to see; a search cell by cell
    costs as much as reading the sheet.
    """
    n_rows, n_columns, has_flags = _farthest(archive, name, _reach)
    if n_rows * n_columns <= CELL_LIMIT:
        return has_flags
    n_rows, n_columns, has_flags = _farthest(archive, name, _reach_of_cells)
    if n_rows * n_columns > CELL_LIMIT:
        raise fault("far_cells", path.name, row=n_rows, column=n_columns)
    return has_flags


def _farthest(archive: zipfile.ZipFile, name: str, reach: Callable[[bytes], tuple[int, int]]) -> tuple[int, int, bool]:
    """(last row, last column, whether any cell is true or false)."""
    n_rows = n_columns = 0
    has_flags = False
    rest = b""
    with archive.open(name) as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            text = rest + chunk
            row, column = reach(text)
            n_rows, n_columns = max(n_rows, row), max(n_columns, column)
            has_flags = has_flags or _FLAG.search(text) is not None
            rest = text[-_CELL_BYTES:]
    return n_rows, n_columns, has_flags


def _reach_of_cells(text: bytes) -> tuple[int, int]:
    """(last row, last column) of the cells that hold something."""
    found = _CELL.findall(text)
    row = max((int(digits) for _, digits in found), default=0)
    return row, max((_column_number(letters) for letters in {pair[0] for pair in found}), default=0)


def _reach(text: bytes) -> tuple[int, int]:
    """(last row, last column) of whatever `r="…"` refers to; one cut off at the end is in the next piece too."""
    codes = np.frombuffer(text, np.uint8)
    is_start = codes[1:-1] == np.uint8(ord("="))
    is_start &= codes[:-2] == np.uint8(ord("r"))
    is_start &= codes[2:] == np.uint8(ord('"'))
    starts = np.flatnonzero(is_start) + 3
    starts = starts[starts <= len(codes) - _REFERENCE_BYTES]
    row = np.zeros(len(starts), np.int32)
    column = np.zeros(len(starts), np.int32)
    is_open = np.ones(len(starts), np.bool_)
    for at in range(_REFERENCE_BYTES):
        code = codes[at:].take(starts)
        digit = code - np.uint8(ord("0"))  # below zero is far above
        is_digit = is_open & (digit < 10)
        np.copyto(row, row * 10 + digit, where=is_digit)
        if at < _MOST_LETTERS:
            letter = code - np.uint8(ord("A"))
            is_letter = is_open & (letter < 26)
            np.copyto(column, column * 26 + letter + 1, where=is_letter)
            is_open = is_letter | is_digit
        else:
            is_open = is_digit
            if not is_open.any():
                break
    is_cell = column > 0
    return int(row.max(initial=0, where=is_cell)), int(column.max(initial=0))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
