"""What must hold of an XLS workbook before the reader may open it: no password, no cell so far out that memory ends.

The reader lays out every sheet at once, each up to its farthest cell, so the sheets' records are walked first.
Reading cells is not done here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from etl.sentences import fault
from warehouse.problems import Problems

OLE = olefile.MAGIC
CELL_LIMIT = 30_000_000  # about 1 GiB once read
SHEET_LIMIT = 1000
_EOF, _FILEPASS, _BOUNDSHEET, _DIMENSIONS, _MULRK = 0x0A, 0x2F, 0x85, 0x200, 0xBD
_CELLS = {0x06, 0x206, 0x406, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xD6, 0xFD}


def refuse_odd_xls(path: Path) -> None:
    """Raises `Problems` for a locked, damaged or overstretched workbook."""
    try:
        with olefile.OleFileIO(path) as ole:
            if ole.exists("EncryptedPackage"):
                raise _locked(path)
            name = next((n for n in ("Workbook", "Book") if ole.exists(n)), None)
            if name is None:
                raise fault("other_office", path.name)
            stream = ole.openstream(name).read()
    except Problems:
        raise
    except Exception:  # the library fails in many ways on damaged files, an index error among them
        raise fault("damaged_xls", path.name) from None
    n_cells = 0
    for offset in _sheets(path, stream):
        n_rows, n_columns = _extent(stream, offset)
        n_cells += n_rows * n_columns
        if n_cells > CELL_LIMIT:
            raise fault("far_cells", path.name, row=n_rows, column=n_columns)


def _locked(path: Path) -> Problems:
    return fault("locked_workbook", path.name)


def _sheets(path: Path, stream: bytes) -> list[int]:
    """Where each sheet begins, as the workbook's first part says."""
    found = []
    for kind, start, size in _records(stream, 0):
        if kind == _FILEPASS:
            raise _locked(path)
        if kind == _BOUNDSHEET and size >= 4:
            found.append(struct.unpack_from("<I", stream, start)[0])
        if kind == _EOF:
            break
    if len(found) > SHEET_LIMIT:
        raise fault("many_sheets", path.name, n=len(found))
    return found


def _extent(stream: bytes, offset: int) -> tuple[int, int]:
    """(rows, columns) up to the farthest cell of the sheet that begins here."""
    n_rows = n_columns = 0
    for kind, start, size in _records(stream, offset):
        if kind == _EOF:
            break
        if kind in _CELLS and size >= 4:
            row, column = struct.unpack_from("<HH", stream, start)
            if kind == _MULRK:
                [column] = struct.unpack_from("<H", stream, start + size - 2)
        elif kind == _DIMENSIONS and size >= 12:
            row, column = struct.unpack_from("<4xI2xH", stream, start)
            row, column = row - 1, column - 1
        else:
            continue
        n_rows, n_columns = max(n_rows, row + 1), max(n_columns, column + 1)
    return n_rows, n_columns


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its content begins, its size) of every record that is wholly there."""
    end = len(stream)
    while offset + 4 <= end:
        kind, size = struct.unpack_from("<HH", stream, offset)
        if offset + 4 + size > end:
            return
        yield kind, offset + 4, size
        offset += 4 + size
