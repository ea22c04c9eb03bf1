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
_IN_WORKBOOK = re.compile(rb'name="' + PROPERTY.encode() + rb'"[^<]*<vt:lpwstr>([0-9a-f]{%d})<' % DIGITS)


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


def in_workbook(content: bytes) -> str | None:
    """The id among the properties of an XLSX file; None without one, or for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            name = "docProps/custom.xml"
            if name not in book.namelist() or book.getinfo(name).file_size > 1 << 20:
                return None
            found = _IN_WORKBOOK.search(book.read(name))
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return None
    return found.group(1).decode() if found else None


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
