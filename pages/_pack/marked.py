"""Notes, holidays and changes on a chart that is printed: over the periods they touch, their words above the chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alerts.review.bundle import Mark
from pages._pack.paper import Paper, clean
from pages._shared.charts.base import ems_of
from pages._shared.theme import LIGHT

ROW, ROWS = 14, 3  # words of marks stand above a chart in rows of this height
_LETTER, _GAP = 12, 10  # points of a full-width character, and between the words of two marks


@dataclass(frozen=True)
class Placed:
    """A mark from its first to its last period, and the row above the chart its words stand in."""

    mark: Mark
    first: int
    last: int
    words: str
    row: int


def placed(marks: Sequence[Mark], days: Sequence[date | None], paper: Paper, width: int) -> list[Placed]:
    """The marks that touch one of the periods that begin on `days`. Words stand in the lowest row where there is room;
    in the last row they may meet."""
    found: list[Placed] = []
    ends = [-math.inf] * ROWS
    step = width / max(len(days), 1)
    for mark in marks:
        first, last = touched(mark, days)
        if first is None or last is None:
            continue
        words = clean(paper.of(mark.words), 24)
        begins = (first + 0.5) * step
        row = next((k for k, end in enumerate(ends) if end <= begins), ROWS - 1)
        ends[row] = begins + _LETTER * ems_of(words) + _GAP
        found.append(Placed(mark, first, last, words, row))
    return found


def room(marks: Sequence[Placed]) -> int:
    """What the title keeps free beneath it."""
    return 22 + ROW * max(one.row for one in marks)


def layers(marks: Sequence[Placed], keys: Sequence[str], category: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Bands and lines, each with its words, as layers of Vega-Lite over the category axis of `keys`."""
    found: list[dict[str, Any]] = []
    for one in marks:
        periods = [{"k": keys[k]} for k in range(one.first, one.last + 1)]
        band = {"type": "rect", "color": LIGHT.gray.tint} if one.mark.kind == "holiday" or one.mark.until else None
        rule = {"type": "rule", "color": LIGHT.gray.text, "strokeWidth": 1}
        found.append({"data": {"values": periods}, "mark": band or rule, "encoding": {"x": category}})
        told = {"type": "text", "align": "left", "dx": 3, "y": -8 - ROW * one.row, "color": LIGHT.gray.text}
        found.append({"data": {"values": periods[:1]}, "mark": told,
                      "encoding": {"x": category, "text": {"value": one.words}}})  # fmt: skip
    return found


def touched(mark: Mark, days: Sequence[date | None]) -> tuple[int | None, int | None]:
    """First and last period that a mark touches. A period lasts until the next begins, the last as long as the one
    before it."""
    known = [(k, day) for k, day in enumerate(days) if day is not None]
    if not known:
        return None, None
    step = known[-1][1] - known[-2][1] if len(known) > 1 else timedelta(days=7)
    ends = [day for _, day in known[1:]] + [known[-1][1] + step]
    hit = [k for (k, day), end in zip(known, ends, strict=True) if day <= (mark.until or mark.at) and mark.at < end]
    return (hit[0], hit[-1]) if hit else (None, None)
