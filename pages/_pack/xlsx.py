"""The workbook: 明细 first, which pivots; then 汇总 with native charts; then every table of the issue; then 说明.

明细 and the tables have one header row, no merged cells, real dates, ids as text, a filter and a frozen header.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from alerts.review.bundle import Chart, Item, Table, spoken
from etl.privacy import neutralise
from pages._pack import atlas, plots
from pages._pack.detail import figures
from pages._pack.paper import Paper, clean, instant, kind_of, number_header, part
from pages._pack.telling import told
from pages._shared import numbers
from pages._shared.text import t, word
from warehouse.scope import SMALL_CELL

FILE = "xlsx"
LONGEST = 32_000  # a cell holds no more
# Pixels of a row (a row of 20, as by default, would be written as one that nobody set) and of a chart, size of the map.
_ROW, CHART_HIGH, MAP_SCALE = 21, 290, 0.6
_FORMATS = {
    "count": "#,##0", "share": "0.0%", "points": "+0.0%;-0.0%;0.0%", "hours": "#,##0.0", "minutes": "#,##0",
    "money": "#,##0.00", "number": "#,##0.00", "per_10k": "0.00", "date": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm",
}  # fmt: skip
_DETAIL = ("week", "begins", "screen", "item", "finding", "origin", "title", "row", "day", "series", "unit", "value",
           "n", "target", "previous", "last_year", "note")  # fmt: skip
_WIDE = {"finding": 42, "title": 28, "row": 24, "note": 20}


def workbook(paper: Paper) -> bytes:
    """The whole workbook. Raises `Failure` naming the chart or table that could not be written."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
    book = _Book(xlsxwriter.Workbook(out, options), paper)
    with part(FILE, word("pack.sheet", "detail", paper.lang)):
        book.detail()
    book.summary()
    book.tables()
    book.about()
    book.book.close()
    return out.getvalue()


class _Book:
    """The workbook being written: formats and names of sheets are its state."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self.book, self.paper, self.lang = book, paper, paper.lang
        self.names: set[str] = set()
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "font_size": 13})
        self.muted = book.add_format({"font_color": "#4A5565"})
        self.formats = {kind: book.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        self.beside = book.add_format({"num_format": "@", "indent": 1})
        self.text = book.add_format({"num_format": "@"})
        at = paper.issue.as_of
        book.set_properties({"title": paper.title(), "subject": paper.line(), "comments": paper.mark, "created": at})

    def sheet(self, name: str) -> Any:
        """A sheet of a name that spreadsheets take, with the line of every page and page numbers at its foot."""
        wanted = re.sub(r"[\[\]:*?/\\']", " ", clean(name)).strip()[:31] or "-"
        free, k = wanted, 1
        while free.lower() in self.names:
            k += 1
            free = f"{wanted[: 31 - len(str(k)) - 1]} {k}"
        self.names.add(free.lower())
        page = self.book.add_worksheet(free)
        line = self.paper.line()[:180].replace("&", "&&")
        page.set_footer(f"&L&8{line}&R&8&P / &N")
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        return page

    def put(self, page: Any, row: int, column: int, value: Any, kind: str) -> None:
        """A value as what it is: a number, a day, or text that no spreadsheet runs."""
        form = self.formats.get(kind)
        at = instant(value) if kind in ("date", "instant") else None
        if value is None or value == "":
            return
        if at is not None:
            page.write_datetime(row, column, at, form)
        elif isinstance(value, bool):
            page.write_string(row, column, word("pack.bool", "yes" if value else "no", self.lang))
        elif isinstance(value, int | float):
            if numbers.number(value) is not None:
                page.write_number(row, column, value, form)
        else:
            page.write_string(row, column, neutralise(clean(str(value), LONGEST)), self.text)

    def detail(self) -> None:
        paper, page = self.paper, self.sheet(word("pack.sheet", "detail", self.lang))
        for k, name in enumerate(_DETAIL):
            page.write_string(0, k, word("pack.column", name, self.lang), self.bold)
            page.set_column(k, k, _WIDE.get(name, 12))
        n = 0
        for n, figure in enumerate(figures(paper), start=1):
            kind = figure.kind if figure.kind in _FORMATS else "number"
            values = (
                (paper.issue.week, "text"), (paper.issue.begins, "date"), (figure.screen, "text"),
                (figure.item, "text"), (figure.finding, "text"), (figure.origin, "text"), (figure.title, "text"),
                (figure.row, "text"), (figure.day, "date"), (figure.series, "text"),
                (word("pack.unit", kind, self.lang), "text"),
                (figure.value, kind), (figure.n, "count"), (figure.target, kind), (figure.previous, kind),
                (figure.last_year, kind), (figure.note, "text"),
            )  # fmt: skip
            for k, (value, told_as) in enumerate(values):
                self.put(page, n, k, value, told_as)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(n, 1), len(_DETAIL) - 1)
        page.repeat_rows(0)

    def summary(self) -> None:
        paper = self.paper
        page = self.sheet(word("pack.sheet", "summary", self.lang))
        page.set_column(0, 0, 26)
        page.set_column(1, 12, 13)
        page.write_string(0, 0, neutralise(paper.title()), self.head)
        page.write_string(1, 0, neutralise(paper.line()), self.muted)
        row = 3
        for said in paper.issue.summary:
            page.write_string(row, 0, neutralise(paper.of(said)))
            row += 1
        for screen, item in paper.items():
            if not (item.numbers or item.charts or item.map):
                continue
            row += 1
            page.write_string(row, 0, neutralise(f"{screen}: {paper.of(item.finding)}"), self.head)
            row = self._numbers(page, row + 1, item)
            for chart in item.charts:
                with part(FILE, paper.of(chart.title)):
                    row = self._chart(page, row + 1, chart)
            if item.map is not None:
                with part(FILE, paper.of(item.map.title)):
                    picture = plots.png(atlas.svg(item.map, paper), scale=1.5)
                    options = {"image_data": io.BytesIO(picture), "description": told(item.map, paper),
                               "x_scale": MAP_SCALE, "y_scale": MAP_SCALE}  # fmt: skip
                    page.insert_image(row + 1, 0, "map.png", options)
                    row = _room(page, row + 1, MAP_SCALE * _height(picture))

    def _numbers(self, page: Any, row: int, item: Item) -> int:
        if not item.numbers:
            return row
        for k, name in enumerate(number_header(self.lang, item.id)):
            page.write_string(row, k, name, self.bold)
        page.set_row_pixels(row, 2 * _ROW)
        for number in item.numbers:
            row += 1
            kind = kind_of(number)
            page.write_string(row, 0, neutralise(self.paper.of(number.name)))
            values = (number.value, number.target, number.previous, number.last_year)
            for k, value in enumerate(values, start=1):
                self.put(page, row, k, value, kind)
            if number.hidden:
                page.write_string(row, 1, f"<{SMALL_CELL}")
            self.put(page, row, 5, number.n, "count")
            notes = [self.paper.of(number.verdict)] if number.verdict else []
            notes += [t("pack.mismatch", self.lang, value="").strip()] if number.mismatch else []
            if any(notes):
                page.write_string(row, 6, neutralise(" ".join(notes)), self.beside)
        return row + 1

    def _chart(self, page: Any, row: int, chart: Chart) -> int:
        """The chart's values, and beside them the chart that shows these cells."""
        paper, drawn = self.paper, plots.read(chart, self.paper)
        page.write_string(row, 0, neutralise(paper.of(chart.title)), self.head)
        said = [paper.of(chart.subtitle), *([paper.marks(chart)] if chart.marks else [])]
        page.write_string(row + 1, 0, neutralise(" · ".join(said)), self.muted)
        top = row + 2
        names = [paper.of(chart.columns[0].title), *(s.name for s in drawn.series)]
        has_line = chart.target is not None and chart.form in ("line", "column", "stacked")
        names += [t("word.target", self.lang)] if has_line else []
        for k, name in enumerate(names):
            page.write_string(top, k, neutralise(name), self.bold)
        page.set_row_pixels(top, 2 * _ROW)
        for k, (label, day) in enumerate(zip(drawn.labels, drawn.days, strict=True), start=1):
            self.put(page, top + k, 0, day or label, "date" if day else "text")
            for s, series in enumerate(drawn.series, start=1):
                self.put(page, top + k, s, series.values[k - 1], series.column.kind)
            if has_line:
                self.put(page, top + k, len(names) - 1, chart.target, drawn.kind)
        last = top + len(drawn.labels)
        if drawn.labels and drawn.series:
            code = _FORMATS.get(drawn.kind, _FORMATS["number"])
            graph = self._native(page.get_name(), chart, code, top, last, len(drawn.series), has_line)
            page.insert_chart(top, len(names) + 1, graph, {"description": told(chart, paper)})
        return max(last, _room(page, top + 1, CHART_HIGH)) + 1

    def _native(self, sheet: str, chart: Chart, code: str, top: int, last: int, n: int, has_line: bool) -> Any:
        form: dict[str, str] = {"type": {"stacked": "column"}.get(chart.form, chart.form)}
        if chart.form == "stacked":
            form["subtype"] = "stacked"
        graph = self.book.add_chart(form)
        for k in range(1, n + 1):
            colour = plots.COLOURS[(k - 1) % len(plots.COLOURS)]
            look = {"line": {"color": colour, "width": 2}} if chart.form == "line" else {"fill": {"color": colour}}
            graph.add_series(_series(sheet, top, last, k) | look)
        if has_line:
            other = self.book.add_chart({"type": "line"})
            other.add_series(_series(sheet, top, last, n + 1) | {
                "line": {"color": "#1B2430", "dash_type": "dash", "width": 1.25}})  # fmt: skip
            graph.combine(other)
        # A title that is text could be read as a reference to another program; one that is a cell cannot.
        graph.set_title({"name": [sheet, top - 2, 0], "name_font": {"size": 11}})
        graph.set_legend({"none": True} if n == 1 and not has_line else {"position": "bottom"})
        names = {"text_axis": True, "num_format": "m.d", "label_position": "low"}
        values = {"major_gridlines": {"visible": True, "line": {"color": "#D8DEE6"}}, "num_format": code}
        # XlsxWriter calls the axes of lying bars by where they lie, not by what stands on them.
        if chart.form == "bar":
            graph.set_y_axis(names | {"reverse": True})
            graph.set_x_axis(values)
        else:
            graph.set_x_axis(names)
            graph.set_y_axis(values)
        graph.set_size({"width": 620, "height": CHART_HIGH})
        return graph

    def tables(self) -> None:
        k = 0
        for _, item in self.paper.items():
            for table in item.tables:
                k += 1
                with part(FILE, self.paper.of(table.title)):
                    self._table(f"{word('pack.sheet', 'table', self.lang)}{k} {self.paper.of(table.title)}", table)

    def _table(self, name: str, table: Table) -> None:
        columns, rows = spoken(table, self.lang)
        page = self.sheet(name)
        for k, column in enumerate(columns):
            page.write_string(0, k, neutralise(self.paper.of(column.title)), self.bold)
            page.set_column(k, k, 30 if column.kind == "text" else 16)
        for n, row in enumerate(rows, start=1):
            for k, (value, column) in enumerate(zip(row, columns, strict=True)):
                self.put(page, n, k, value, column.kind)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), max(len(columns) - 1, 0))
        page.repeat_rows(0)

    def about(self) -> None:
        page = self.sheet(word("pack.sheet", "about", self.lang))
        page.set_column(0, 0, 26)
        page.set_column(1, 2, 60)
        lines: list[Sequence[str]] = [*self.paper.about(), ("", "")]
        lines += [(t("pack.definitions", self.lang), "")] if self.paper.issue.definitions else []
        lines += [(code, self.paper.of(name), self.paper.of(said)) for code, name, said in self.paper.issue.definitions]
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                self.put(page, row, column, text, "text")


def _room(page: Any, first: int, pixels: float) -> int:
    """Keep rows free for a picture; gives the row after it. Rows that nobody set are lower in some programs."""
    after = first + math.ceil(pixels / _ROW) + 1
    for row in range(first, after):
        page.set_row_pixels(row, _ROW)
    return after


def _height(picture: bytes) -> float:
    """Pixels of a screen that a PNG takes: a workbook goes by the size of its dots."""
    high, at = int.from_bytes(picture[20:24], "big"), picture.find(b"pHYs")
    dots = int.from_bytes(picture[at + 8 : at + 12], "big") * 0.0254 if at > 0 else 96.0
    return high * 96 / dots


def _series(sheet: str, top: int, last: int, column: int) -> dict[str, Any]:
    return {
        "name": [sheet, top, column],
        "categories": [sheet, top + 1, 0, last, 0],
        "values": [sheet, top + 1, column, last, column],
    }
