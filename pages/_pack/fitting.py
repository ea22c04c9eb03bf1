"""How a table fits a slide: columns as wide as their words need, and as many rows as there is room for. Inches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from pages._shared.charts.base import ems_of

_LEAST, _MOST = 5.0, 34.0  # full-width characters by which a column counts
_SIDE = 0.2  # what a cell keeps free beside its words
_LINE = 1.3  # height of a line as a share of the size of its letters
_HEAD = 0.5


def widths(lines: Sequence[Sequence[str]], total: float) -> list[float]:
    """The width of each column; together `total`."""
    wanted = [min(max(_LEAST, *(ems_of(text) for text in column)), _MOST) for column in zip(*lines, strict=True)]
    return [total * width / sum(wanted) for width in wanted]


def height(line: Sequence[str], wide: Sequence[float], size: float) -> float:
    """How high a row gets with letters of `size` points."""
    room = [max(width - _SIDE, 0.2) * 72 / size for width in wide]
    n = max((math.ceil(ems_of(text) * 1.05 / ems) for text, ems in zip(line, room, strict=True)), default=1)
    return 0.12 + max(n, 1) * size * _LINE / 72


def pages(
    header: Sequence[str], rows: Sequence[Sequence[str]], total: float, size: float, room: float, most: int
) -> Iterator[list[Sequence[str]]]:
    """The rows in portions that fit `room` under their header, `most` at most and one at least."""
    if not rows:
        return
    wide = widths([header, *rows], total)
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
