"""How a table fits a slide: columns as wide as their words need, and as many rows as there is room for. Inches."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from pages._shared.charts.base import ems_of

_LEAST, _SHORT, _MOST = 3.5, 13.0, 48.0  # full-width characters by which a column counts
_LONG = 0.42  # of the width belongs to running text, even where short columns break then
_SIDE_WHOLE = 0.16  # what a cell of a document keeps at the least
_SIDE = 0.2  # what a cell keeps free beside its words
_LINE = 1.3  # height of a line as a share of the size of its letters
_HEAD = 0.5
_WHOLE = 18  # letters of a word that is kept whole
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]+")  # words of letters, runs of Chinese
_NAME = 4  # Chinese characters that are one name
_KEPT = 0.7  # of its width running text keeps
_CAPITAL = 0.14  # a capital is so much wider than other letters


def widths(lines: Sequence[Sequence[str]], total: float, size: float = 13, whole: float | None = None) -> list[float]:
    """The width of each column; together `total`. `whole`: points of the letters by which words are kept whole, where
    columns are reckoned wider than that. Where there is not room for all, short columns keep their words in
    one line and the long ones share what is left; numbers, days and short names are broken last."""
    wide, needs = _shared(lines, total, size), _needs(lines, size)
    beside = _SIDE_WHOLE if whole else _SIDE
    least = [_whole(column, whole or size) + beside for column in zip(*lines, strict=True)]
    # Running text wraps, but not a word to a line.
    least = [max(w * _KEPT, a) if n > _SHORT * size / 72 else a for w, n, a in zip(wide, needs, least, strict=True)]
    return _unbroken(wide, least)


def _shared(lines: Sequence[Sequence[str]], total: float, size: float) -> list[float]:
    needs = _needs(lines, size)
    short = [need if need <= _SHORT * size / 72 else 0.0 for need in needs]
    long = sum(need for need, kept in zip(needs, short, strict=True) if not kept)
    if sum(needs) <= total or not long or long == sum(needs):
        return [total * need / sum(needs) for need in needs]
    left = max(total - sum(short), min(_LONG * total, long / 2))
    scale = (total - left) / sum(short)
    return [kept * scale or left * need / long for need, kept in zip(needs, short, strict=True)]


def _unbroken(wide: list[float], least: Sequence[float]) -> list[float]:
    """Give columns that would break a word what the others can spare."""
    spare = [max(w - need, 0.0) for w, need in zip(wide, least, strict=True)]
    lack = [max(need - w, 0.0) for w, need in zip(wide, least, strict=True)]
    if not sum(spare) or not sum(lack):
        return wide
    moved = min(sum(lack), sum(spare))
    return [w + moved * (less / sum(lack) - more / sum(spare)) for w, less, more in zip(wide, lack, spare, strict=True)]


def _whole(column: Sequence[str], size: float) -> float:
    """How much room a column must have for its words to stay whole; Chinese breaks anywhere, but names of a few
    characters are better not broken."""
    pieces = [p for text in column for p in _PIECE.findall(text)]
    kept = [p for p in pieces if len(p) <= (_WHOLE if ord(p[0]) < 0x2E80 else _NAME)]
    ems = (ems_of(p) + _CAPITAL * sum("A" <= c <= "Z" for c in p) for p in kept)
    return max(ems, default=1.0) * 1.05 * size / 72


def wanted(lines: Sequence[Sequence[str]], size: float) -> float:
    """How wide a table would be with every cell in one line."""
    return sum(_needs(lines, size))


def _needs(lines: Sequence[Sequence[str]], size: float) -> list[float]:
    columns = list(zip(*lines, strict=True))
    return [min(max(_LEAST, *(ems_of(text) * 1.15 for text in c)), _MOST) * size / 72 + _SIDE for c in columns]


def height(line: Sequence[str], wide: Sequence[float], size: float) -> float:
    """How high a row gets with letters of `size` points."""
    room = [max(width - _SIDE, 0.2) * 72 / size for width in wide]
    n = max((math.ceil(ems_of(text) * 1.05 / ems) for text, ems in zip(line, room, strict=True)), default=1)
    return 0.12 + max(n, 1) * size * _LINE / 72


def spoken(text: str, wide: float, size: float) -> float:
    """How high a paragraph of running text gets."""
    return max(math.ceil(ems_of(text) * 1.05 / (wide * 72 / size)), 1) * size * _LINE / 72


def pages(
    header: Sequence[str], rows: Sequence[Sequence[str]], total: float, size: float, room: float, most: int
) -> Iterator[list[Sequence[str]]]:
    """The rows in portions that fit `room` under their header, `most` at most and one at least."""
    if not rows:
        return
    wide = widths([header, *rows], total, size)
    shown: list[Sequence[str]] = []
    used = _HEAD
    for row in rows:
        tall = height(row, wide, size)
        if shown and (used + tall > room or len(shown) >= most):
            yield shown
            shown, used = [], _HEAD
        shown.append(row)
        used += tall
    yield shown
