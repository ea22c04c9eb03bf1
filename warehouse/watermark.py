"""The id of a file within the file: in a CSV a pattern of quotes that readers of CSV do not see, beside a plain line.

Each text takes one of the id's 48 bits, by its own hash: it stands in quotes where the bit is set. So the id is found
again whatever rows were left out or sorted anew. It is lost when the file is saved by another program; for that there
is the plain line, and the hash in the trail for a file as it was.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

BITS = 48
DIGITS = BITS // 4
PROPERTY = "lookout"  # of a workbook
LEAST_BITS = 16  # known of a pattern: fewer fit to too many files
MOST_BYTES = 200 << 20  # of a file that is looked into
_FORCED = frozenset(',"\r\n')
_IN_WORKBOOK = re.compile(
    rb'(?:name="%b"[^<]*<vt:lpwstr>|>%b-id )([0-9a-f]{%d})<' % (PROPERTY.encode(), PROPERTY.encode(), DIGITS)
)

_PARTS = frozenset({"docProps/custom.xml", "xl/sharedStrings.xml"})
_MOST_PART, _MOST_SHEET = 64 << 20, 64 << 10  # bytes of a part of a workbook that is looked into


@dataclass(frozen=True)
class Mark:
    """What a file says of itself: `id` of twelve hex digits, and the line that everybody reads."""

    id: str
    line: str


def csv_text(lines: Iterable[Sequence[Any]], mark: str) -> str:
    """The lines as CSV (CRLF), every text quoted or not as the id has it; the data are the same with any id."""
    bits = int(mark, 16)
    return "".join(",".join(_written(str(cell), bits) for cell in line) + "\r\n" for line in lines)


def pattern(text: str) -> dict[int, bool]:
    """Bit -> whether it is set, as far as the texts of a CSV tell; bits that texts disagree about are left out."""
    told: dict[int, set[bool]] = {}
    for cell, is_quoted in _cells(text):
        if cell and not _FORCED & set(cell):
            told.setdefault(_bit(cell), set()).add(is_quoted)
    return {bit: values.pop() for bit, values in told.items() if len(values) == 1}


def fits(found: dict[int, bool], mark: str) -> bool:
    """Whether an id could have made a pattern."""
    bits = int(mark, 16)
    return len(found) >= LEAST_BITS and all(bool(bits >> bit & 1) == is_set for bit, is_set in found.items())


def hide_in(book: Any, mark: str) -> None:
    """Put an id into an `xlsxwriter` workbook twice: among its properties, and on a sheet that no menu shows.

    Programs that save a workbook anew drop the one or the other. To be called after the sheets that are to be seen.
    """
    book.set_custom_property(PROPERTY, mark, "text")
    sheet = book.add_worksheet(PROPERTY)
    sheet.write_string(0, 0, f"{PROPERTY}-id {mark}")
    sheet.very_hidden()


def in_workbook(content: bytes) -> str | None:
    """The id hidden in an XLSX file; None without one, or for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in book.infolist():
                # The sheet is tiny; texts stand on it, or among those that all sheets share.
                is_sheet = part.filename.startswith("xl/worksheets/") and part.file_size <= _MOST_SHEET
                if (part.filename in _PARTS and part.file_size <= _MOST_PART) or is_sheet:
                    found = _IN_WORKBOOK.search(book.read(part))
                    if found:
                        return found.group(1).decode()
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return None
    return None


def _written(cell: str, bits: int) -> str:
    if _FORCED & set(cell):
        return '"' + cell.replace('"', '""') + '"'
    return f'"{cell}"' if cell and bits >> _bit(cell) & 1 else cell


def _bit(cell: str) -> int:
    return int.from_bytes(hashlib.sha256(cell.encode("utf-8", "replace")).digest()[:4], "big") % BITS


def _cells(text: str) -> Iterable[tuple[str, bool]]:
    """Cells with whether they stand in quotes. Reads on over anything that is no CSV."""
    at, end = 0, len(text)
    while at < end:
        if text[at] == '"':
            parts, at = [], at + 1
            while True:
                close = text.find('"', at)
                parts.append(text[at : close if close >= 0 else end])
                if close < 0 or text[close + 1 : close + 2] != '"':
                    break
                parts.append('"')
                at = close + 2
            yield "".join(parts), True
            at = end if close < 0 else close + 1
        else:
            stop = at
            while stop < end and text[stop] not in ",\r\n":
                stop += 1
            yield text[at:stop], False
            at = stop
        while at < end and text[at] in ",\r\n":
            at += 1


def is_mark(text: str) -> bool:
    """Whether a text can be an id: twelve hex digits."""
    return len(text) == DIGITS and all(c in "0123456789abcdef" for c in text)
