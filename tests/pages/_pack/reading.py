"""What the files of a pack hold, read back by other programs' libraries than wrote them where there are any."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from typing import Any

import docx
import openpyxl
import pptx


def slides(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def texts_of_slides(content: bytes) -> list[str]:
    """Every text of every slide, tables and notes too."""
    found = []
    for slide in slides(content).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
        if slide.has_notes_slide:
            found.append(slide.notes_slide.notes_text_frame.text)
    return found


def charts_of_slides(content: bytes) -> list[dict[str, list[float | None]]]:
    """Series -> values of every native chart, a target that is a line of its own included."""
    charts = []
    for slide in slides(content).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                charts.append({s.name: list(s.values) for plot in shape.chart.plots for s in plot.series})
    return charts


def document(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def texts_of_document(content: bytes) -> list[str]:
    doc = document(content)
    cells = [c.text for table in doc.tables for row in table.rows for c in row.cells]
    return [p.text for p in doc.paragraphs] + cells


def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(content: bytes) -> _Page:
    read = _Page()
    read.feed(content.decode())
    return read
