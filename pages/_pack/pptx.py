"""Slides: the finding as title, native charts that can be edited, tables, and the map as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu, Inches, Pt

from alerts.review.bundle import Chart, Item, Map, Table
from pages._pack import arrange, atlas, fitting, plots
from pages._pack.arrange import Grid
from pages._pack.native import code_of, has_line, style
from pages._pack.paper import Paper, clean, number_cells, number_header, part
from pages._pack.sheets import BODY, CELL, FACE, LEFT, TOP, WIDE, Sheets
from pages._pack.telling import told
from pages._shared.text import t, word
from pages._shared.theme import LIGHT

SHOWN = 10  # rows of a table on one slide
DEFINITION = 900  # characters of a cell that says how something is counted
MOST_ROWS = 30  # of one table on slides; the workbook has all
FORMS = {
    "line": XL_CHART_TYPE.LINE_MARKERS,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
}


def slides(paper: Paper) -> bytes:
    """The presentation. Raises `Failure` naming the chart or table that could not be made."""
    deck = _Deck(paper)
    deck.cover()
    for screen, together in arrange.runs(paper.shown()):
        if len(together) > 1:
            deck.said(screen, together)
        else:
            deck.item(screen, together[0])
    deck.annex()
    if paper.changed():
        header = [word("pack.number", "measure", paper.lang)]
        header += [word("pack.changed", name, paper.lang) for name in ("week", "sealed", "now", "why")]
        deck.pages_of(t("pack.changes", paper.lang), header, paper.changed())
    deck.about()
    return deck.bytes()


class _Deck(Sheets):
    """The slides of an issue."""

    def cover(self) -> None:
        paper = self.paper
        slide = self.slide(paper.title(), paper.week())
        lines = [paper.of(said) for said in paper.issue.summary] or [t("pack.nothing", self.lang)]
        size = 20 if sum(len(line) for line in lines) < 200 else 15 if len(lines) < 9 else 12
        self.box(slide, LEFT, Inches(1.2), WIDE - 2 * LEFT, Inches(3.3), lines, size)
        names = ("about_as_of", "about_data", "about_filters", "about_missing", "about_status", "about_hash")
        wanted = {word("pack", name, self.lang) for name in names}
        self.grid(slide, [], [list(pair) for pair in paper.about() if pair[0] in wanted], Inches(4.7), 12)

    def said(self, screen: str, items: Sequence[Item]) -> None:
        """Findings of words alone, some to a slide, each with what it rests on."""
        told = [[_headed(item, self.paper), *(self.paper.of(said) for said in item.evidence)] for item in items]
        for shown in arrange.lists(told):
            slide = self.slide(screen)
            frame = slide.shapes.add_textbox(LEFT, Inches(1.25), WIDE - 2 * LEFT, Inches(5.5)).text_frame
            frame.word_wrap = True
            for k, lines in enumerate(shown):
                self.write(frame, lines[0], arrange.TALK, is_bold=True, is_new=k > 0)
                frame.paragraphs[-1].space_before = Pt(7 if k else 0)
                for line in lines[1:]:
                    self.write(frame, line, arrange.TALK - 3, colour=LIGHT.muted, is_new=True)

    def item(self, screen: str, item: Item) -> None:
        """The item's numbers, charts, map and tables, together where they fit one slide, the finding over all."""
        title, before = _headed(item, self.paper), len(self.file.slides)
        grids = [g for g in (self._numbers(item, title), *(self._grid(table) for table in item.tables)) if g]
        one = len(item.charts) == 1 or (item.map is not None and not item.charts)
        is_beside = one and len(grids) == 1 and arrange.beside(grids[0], SHOWN)
        wide = arrange.CHART_WIDE if is_beside else arrange.WIDE
        for chart in item.charts:
            with part("pptx", self.paper.of(chart.title)):
                slide = self.slide(title, screen)
                self._chart(slide, chart, self.paper.of(item.finding), wide)
                if is_beside:
                    self._beside(slide, grids.pop(), arrange.CHART_WIDE + 0.2)
        if item.map is not None:
            with part("pptx", self.paper.of(item.map.title)):
                slide = self.slide(title, screen)
                self._map(slide, item.map, grids.pop() if is_beside and grids else None)
        if arrange.under(grids, SHOWN):
            self._under(title, screen, grids)
        else:
            for grid in grids:
                self.pages_of(title, grid.header, grid.rows, screen, grid.note)
        if len(self.file.slides) == before:
            slide = self.slide(title, screen)
            self.box(slide, LEFT, TOP, WIDE - 2 * LEFT, BODY, [self.paper.of(said) for said in item.evidence], 18)
        notes = [self.paper.of(said) for said in item.evidence] + ([item.source] if item.source else [])
        if notes:
            self.file.slides[before].notes_slide.notes_text_frame.text = clean("\n".join(notes))

    def annex(self) -> None:
        """What else there is, by its findings; the tables stand in the documents and the workbook."""
        said = [self.paper.of(item.finding) for item in self.paper.issue.annex]
        for shown in arrange.lists([[line] for line in said]):
            slide = self.slide(t("pack.annex_elsewhere", self.lang))
            self.box(slide, LEFT, Inches(1.25), WIDE - 2 * LEFT, BODY, [line for (line,) in shown], arrange.TALK)

    def _numbers(self, item: Item, title: str) -> Grid | None:
        if not item.numbers:
            return None
        with part("pptx", title):
            rows = tuple(tuple(number_cells(number, self.paper)) for number in item.numbers)
            return Grid(tuple(number_header(self.lang, item.id)), rows)

    def _beside(self, slide: Any, grid: Grid, left: float) -> None:
        at = LEFT + Inches(left)
        if grid.note:
            self.box(slide, at, TOP - Inches(0.1), WIDE - LEFT - at, Inches(0.5), [grid.note], 11, LIGHT.muted)
        self.grid(slide, grid.header, grid.rows, TOP + Inches(0.55 if grid.note else 0), 11, at)

    def _under(self, title: str, screen: str, grids: Sequence[Grid]) -> None:
        slide, top = self.slide(title, screen), 1.5
        for grid in grids:
            if grid.note:
                self.box(slide, LEFT, Inches(top - 0.05), WIDE - 2 * LEFT, Inches(0.35), [grid.note], 12, LIGHT.muted)
            self.grid(slide, grid.header, grid.rows, Inches(top + grid.note_high), grid.size)
            top += grid.high(arrange.WIDE, grid.size) + 0.2

    def pages_of(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], above: str = "",
                 note: str = "", longest: int = CELL) -> None:  # fmt: skip
        """A table over as many slides as it needs."""
        size, room = arrange.size_of(len(header)), Grid((), (), note).note_high
        short = [[clean(text, longest) for text in row] for row in rows]
        pages = list(
            fitting.pages(header, short, (WIDE - 2 * LEFT) / Inches(1), size, 5.25 - max(room, arrange.NOTE), SHOWN)
        ) or [[]]
        for k, shown in enumerate(pages, start=1):
            more = t("pack.more", self.lang, k=k, n=len(pages)) if len(pages) > 1 else ""
            slide = self.slide(title + more, above)
            if not shown:
                self.box(slide, LEFT, TOP, WIDE - 2 * LEFT, Inches(0.5), [t("pack.no_rows", self.lang)], 16)
            else:
                self.grid(slide, header, shown, TOP + Inches(room), size, longest=longest)
            if note:
                self.box(slide, LEFT, TOP - Inches(0.05), WIDE - 2 * LEFT, Inches(0.35), [note], 12, LIGHT.muted)

    def _grid(self, table: Table) -> Grid:
        with part("pptx", self.paper.of(table.title)):
            columns, rows = self.paper.grid(table)
            notes = [self.paper.of(table.title)] + ([self.paper.of(table.note)] if table.note else [])
            if len(rows) > MOST_ROWS:
                notes.append(t("pack.rows_left", self.lang, shown=MOST_ROWS, all=len(rows)))
            header = tuple(self.paper.of(column.title) for column in columns)
            return Grid(header, tuple(map(tuple, rows[:MOST_ROWS])), " · ".join(notes))

    def _map(self, slide: Any, shown: Map, grid: Grid | None) -> None:
        picture = io.BytesIO(plots.png(atlas.svg(shown, self.paper)))
        placed = slide.shapes.add_picture(picture, LEFT, TOP, height=Inches(5.3))
        placed.left = Emu(LEFT)
        placed._element.nvPicPr.cNvPr.set("descr", told(shown, self.paper))
        if grid is not None:
            self._beside(slide, grid, placed.width / Inches(1) + 0.3)
            return
        header = [word("pack", f"map_{name}", self.lang) for name in ("region", "value")]
        rows = [[self.paper.of(p.name), atlas.value_of(p, shown, self.paper)] for p in shown.places][:12]
        self.grid(slide, header, rows, TOP, 12, LEFT + placed.width + Inches(0.3))

    def _chart(self, slide: Any, shown: Chart, finding: str, wide: float) -> None:
        drawn = plots.read(shown, self.paper)
        title = self.paper.of(shown.title)
        under = [self.paper.of(shown.subtitle)] if title == finding else [title, self.paper.of(shown.subtitle)]
        if shown.form == "bar" and shown.target is not None:
            under.append(f"{t('word.target', self.lang)} {plots.written(shown.target, drawn.kind, self.lang)}")
        under += [self.paper.marks(shown)] if shown.marks else []
        self.box(slide, LEFT, Inches(6.5), WIDE - 2 * LEFT, Inches(0.4), [" · ".join(under)], 12, LIGHT.muted)
        if not drawn.labels or not drawn.series:
            self.box(slide, LEFT, TOP, WIDE - 2 * LEFT, Inches(0.5), [t("pack.no_rows", self.lang)], 16)
            return
        data = CategoryChartData(number_format=code_of(drawn))
        data.categories = [clean(label, 60) for label in drawn.labels]
        for series in drawn.series:
            data.add_series(series.name, series.values)
        if has_line(shown):
            data.add_series(t("word.target", self.lang), [shown.target] * len(drawn.labels))
        frame = slide.shapes.add_chart(FORMS[shown.form], LEFT, TOP, Inches(wide), Inches(4.9), data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", told(shown, self.paper))
        style(frame.chart, shown, drawn, FACE[self.lang])

    def about(self) -> None:
        """What the numbers rest on, and the definitions."""
        rows = [list(pair) for pair in self.paper.about()]
        slide = self.slide(t("pack.about", self.lang))
        self.grid(slide, [], rows, TOP, 12, longest=DEFINITION)
        told_as = [
            [code, self.paper.of(name), self.paper.of(said)] for code, name, said in self.paper.issue.definitions
        ]
        header = ["ID", word("pack.number", "measure", self.lang), t("pack.definitions", self.lang)]
        if told_as:
            self.pages_of(t("pack.definitions", self.lang), header, told_as, longest=DEFINITION)


def _headed(item: Item, paper: Paper) -> str:
    severity = f"{word('pack.severity', item.severity, paper.lang)} " if item.severity else ""
    return severity + paper.of(item.finding)
