"""A sheet of an XLSX workbook as a table of text. Which line is the header is decided in `read.py`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import fastexcel
import pyarrow as pa

from etl.sentences import fault
from warehouse.problems import Problems

UNPACKED_LIMIT_BYTES = 1 << 30
RATIO_LIMIT = 300
RATIO_FREE_BYTES = 64 << 20  # small sheets of equal rows pack very well
CELL_LIMIT = 30_000_000  # about 1 GiB once read
_CHUNK_BYTES = 1 << 20
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_CELL_BYTES = 300  # no cell's opening tags are longer


def read_sheet(path: Path, sheet: str | int) -> pa.Table:
    """All cells as text, the first row included. Raises `Problems` when the file is no sane workbook."""
    _refuse_bombs(path)
    try:
        found = fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string")
        table = pa.table(found.to_arrow())
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from None
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(path, error) from None
    if table.num_rows == 0:
        raise fault("empty_sheet", path.name, sheet=sheet)
    return table


def _unreadable(path: Path, error: BaseException) -> Problems:
    return fault("bad_workbook", path.name, text=str(error).splitlines()[0][:200])


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
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise fault("not_workbook", path.name, text=error) from None


def _refuse_far_cells(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """The reader lays out every cell up to the farthest one, so one cell in the last corner takes all memory."""
    n_rows = n_columns = 0
    rest = b""
    with archive.open(name) as handle:
        while chunk := handle.read(_CHUNK_BYTES):
            text = rest + chunk
            for letters, digits in _CELL.findall(text):
                n_rows = max(n_rows, int(digits))
                n_columns = max(n_columns, _column_number(letters))
            rest = text[-_CELL_BYTES:]
    if n_rows * n_columns > CELL_LIMIT:
        raise fault("far_cells", path.name, row=n_rows, column=n_columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
