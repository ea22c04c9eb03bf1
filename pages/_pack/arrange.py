"""What stands together on a slide: a chart beside its table, small tables under each other, findings in a list. Inches.

A meeting is shown what it goes through; the annex stands in the documents and the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.review.bundle import Item
from pages._pack import fitting

HIGH, WIDE = 5.3, 12.1  # of the body of a slide
CHART_WIDE = 6.5  # what a chart keeps beside its table
NOTE, NOTE_SIZE = 0.35, 12
BROKEN = 1.2
TALK = 16.0  # size of the letters of a finding in a list


@dataclass(frozen=True)
class Grid:
    """A table as texts, with what is said above it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def size(self) -> float:
        return size_of(len(self.header))

    def high(self, wide: float, size: float) -> float:
        each = fitting.widths([self.header, *self.rows], wide, size)
        lines = [self.header, *self.rows]
        return sum(max(fitting.height(line, each, size), 0.3) for line in lines) + self.note_high

    @property
    def note_high(self) -> float:
        """Room for what is said above, which may take two lines."""
        return max(NOTE, fitting.spoken(self.note, WIDE, NOTE_SIZE) + 0.12) if self.note else 0.0


def size_of(columns: int) -> float:
    """Points of the letters of a table: the more columns, the smaller."""
    return 13 if columns <= 7 else 12 if columns == 8 else 11


def is_said(item: Item) -> bool:
    """Words alone: a warning, a hotspot, a measure, each a line or two."""
    return not (item.numbers or item.charts or item.tables or item.map)


def runs(items: Sequence[tuple[str, Item]]) -> list[tuple[str, list[Item]]]:
    """Items in their order; those of words alone that follow each other on one screen stand together."""
    found: list[tuple[str, list[Item]]] = []
    for screen, item in items:
        before = found[-1] if found else None
        if before and before[0] == screen and is_said(item) and is_said(before[1][-1]):
            before[1].append(item)
        else:
            found.append((screen, [item]))
    return found


def lists(said: Sequence[Sequence[str]]) -> list[list[Sequence[str]]]:
    """Findings, each with its lines beneath, in portions that fit a slide."""
    pages: list[list[Sequence[str]]] = []
    used = HIGH
    for lines in said:
        tall = sum(fitting.spoken(line, WIDE, TALK if k == 0 else TALK - 3) for k, line in enumerate(lines)) + 0.1
        if not pages or used + tall > HIGH:
            pages.append([])
            used = 0.0
        pages[-1].append(lines)
        used += tall
    return pages


def beside(grid: Grid, most: int) -> bool:
    """Whether a table fits beside a chart, hardly any of its words broken."""
    room = WIDE - CHART_WIDE - 0.2
    return len(grid.rows) <= most and fitting.wanted([grid.header, *grid.rows], 11) <= BROKEN * room


def under(grids: Sequence[Grid], most: int) -> bool:
    """Whether tables fit under each other."""
    return len(grids) > 1 and all(0 < len(g.rows) <= most for g in grids) and (
        sum(g.high(WIDE, g.size) + 0.2 for g in grids) <= HIGH
    )  # fmt: skip
