"""Which line is the header: the first one as wide as the data that reads as names and not as values."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from etl.infer.words import Note, note

SEARCHED_LINES = 50
_VALUE = re.compile(
    r"[-+]?[\d.,]+(e[-+]?\d+)?\s*%?|\d{1,4}[-/.年]\d{1,2}([-/.月]\d{0,4}日?)?([ t_].*)?|\d{1,2}:\d{2}.*"
    r"|\d{1,2}[- ][a-z]{3}[- ]\d{2,4}.*|n/?a|nil|null|true|false|-|是|否|yes|no|\d{3}-\d{2}-\d+-\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Header:
    """`line` counts from 1; 0 when the file has none."""

    line: int
    cells: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def is_value(cell: str) -> bool:
    """Whether a cell reads as a figure, a time or a token, which no header does."""
    return _VALUE.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None


def find_header(rows: list[list[str]]) -> Header:
    """The header among the first lines."""
    filled = [[c for c in row if c] for row in rows]
    widths = Counter(len(row) for row in rows[1:] or rows if any(row))
    width = max(widths, key=lambda w: (widths[w], w)) if widths else 1
    enough = max(1, min(2, width), round(0.6 * width))
    for index, row in enumerate(rows[:SEARCHED_LINES]):
        if len(filled[index]) < enough and not (width == 1 and filled[index]):
            continue
        below = [r for r in rows[index + 1 :] if any(r)]
        if _is_data(row, below):
            return Header(0, [], [note("header_none", "assumed", n=len(row))])
        if _is_merged(row):
            continue
        notes = [note("header", n=index + 1)] if index == 0 else [note("header_below_title", n=index + 1)]
        doubled = [h for h, n in Counter(c for c in row if c).items() if n > 1]
        if doubled:
            notes.append(note("header_doubled", "assumed", names=", ".join(doubled)))
        n_empty = sum(not c for c in row)
        if n_empty:
            notes.append(note("header_empty", "assumed", n=n_empty))
        return Header(index + 1, row, notes)
    return Header(1, rows[0] if rows else [], [note("header", "assumed", n=1)])


def _is_data(row: list[str], below: list[list[str]]) -> bool:
    """Whether the first full line is already a row: it holds values where a header holds names."""
    filled = [c for c in row if c]
    n_values = sum(is_value(c) for c in filled)
    if n_values == 0:
        return False
    typed = [i for i, c in enumerate(row) if c and _mostly_values(below, i)]
    if typed:
        return sum(is_value(row[i]) for i in typed) > 0.5 * len(typed)
    return n_values > 0.3 * len(filled)


def _mostly_values(below: list[list[str]], index: int) -> bool:
    cells = [r[index] for r in below if index < len(r) and r[index]]
    return bool(cells) and sum(map(is_value, cells)) > 0.6 * len(cells)


def _is_merged(row: list[str]) -> bool:
    """A title written into one cell of a wide line, or group names over several columns."""
    filled = [c for c in row if c]
    return len(row) >= 4 and len(filled) <= 0.4 * len(row)
