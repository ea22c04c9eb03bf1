"""Slides: the finding as title, native charts that can be edited, tables, and the map as a picture."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from alerts.review.bundle import Chart, Item, Map, Table
from pages._pack import atlas, fitting, plots
from pages._pack.native import code_of, has_line, style
from pages._pack.paper import Paper, clean, number_cells, number_header, part
from pages._pack.telling import told
from pages._shared import numbers
from pages._shared.text import t, word
from pages._shared.theme import LIGHT

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, BODY = Inches(0.6), Inches(1.55), Inches(5.2)
SHOWN = 10  # rows of a table on one slide
CELL = 160  # characters of a cell on a slide
MOST_ROWS = 30  # of one table on slides; the workbook has all
_STRIPES = (LIGHT.panel, LIGHT.background)
FACE = {"zh": "黑体", "en": "Arial"}
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
    for screen, item in paper.items():
        deck.item(screen, item)
    if paper.changed():
        header = [word("pack.number", "measure", paper.lang)]
        header += [word("pack.changed", name, paper.lang) for name in ("week", "sealed", "now", "why")]
        deck.pages_of(t("pack.changes", paper.lang), header, paper.changed())
    deck.about()
    return deck.bytes()


class _Deck:
    """The presentation being made; the slide number is its state."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.lang = paper, paper.lang
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = WIDE, HIGH
        about, at = self.file.core_properties, paper.issue.as_of
        about.title, about.subject, about.comments = clean(paper.title(), 200), clean(paper.line(), 240), paper.mark
        about.author = about.last_modified_by = t("app.title", paper.lang)
        about.created = about.modified = at
        about.language = "zh-CN" if paper.lang == "zh" else "en"

    def bytes(self) -> bytes:
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def slide(self, title: str, above: str = "") -> Any:
        """A slide with its title, what it belongs to, and the line of every page with the slide's number."""
        slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = LEFT, Inches(0.55), WIDE - 2 * LEFT, Inches(0.95)
        said = clean(title, 160)
        self.write(head.text_frame, said, 26 if len(said) <= 40 else 20 if len(said) <= 90 else 16, is_bold=True)
        head.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        head.text_frame.word_wrap = True
        if above:
            self.box(slide, LEFT, Inches(0.2), WIDE - 2 * LEFT, Inches(0.35), [above], 13, LIGHT.muted)
        self.box(slide, LEFT, Inches(7.0), Inches(10.6), Inches(0.35), [self.paper.line()], 10, LIGHT.muted)
        number = slide.shapes.add_textbox(WIDE - LEFT - Inches(1.4), Inches(7.0), Inches(1.4), Inches(0.35))
        self._number(number.text_frame)
        return slide

    def box(self, slide: Any, x: Any, y: Any, w: Any, h: Any, lines: Sequence[str], size: float,
            colour: str = LIGHT.text) -> None:  # fmt: skip
        frame = slide.shapes.add_textbox(Emu(x), Emu(y), Emu(w), Emu(h)).text_frame
        frame.word_wrap = True
        for k, line in enumerate(lines):
            self.write(frame, line, size, colour=colour, is_new=k > 0)

    def write(self, frame: Any, text: str, size: float, *, colour: str = LIGHT.text, is_bold: bool = False,
              is_new: bool = False, is_right: bool = False) -> None:  # fmt: skip
        """A paragraph in the typeface of the language; Chinese needs its own name on every run."""
        paragraph = frame.add_paragraph() if is_new else frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = clean(text)
        self._font(run.font, size, colour, is_bold)

    def _font(self, font: Any, size: float, colour: str, is_bold: bool) -> None:
        font.size, font.bold, font.name = Pt(size), is_bold, FACE[self.lang]
        font.color.rgb = RGBColor.from_string(colour[1:])
        about = font._rPr
        about.set("lang", "zh-CN" if self.lang == "zh" else "en-US")
        for name in ("a:ea", "a:cs"):
            face = about.find(qn(name))
            if face is None:
                face = etree.SubElement(about, qn(name))
            face.set("typeface", FACE[self.lang])

    def _number(self, frame: Any) -> None:
        before, _, after = t("pack.slide", self.lang, page="\0").partition("\0")
        paragraph = frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        for text in (before, None, after):
            run = paragraph.add_run()
            run.text = text if text is not None else str(len(self.file.slides))
            self._font(run.font, 10, LIGHT.muted, False)
            if text is None:
                field = etree.Element(qn("a:fld"), id="{6F9619FF-8B86-4D01-B42D-00CF4FC964FF}", type="slidenum")
                field.extend(copy.deepcopy(child) for child in run._r)
                run._r.getparent().replace(run._r, field)

    def cover(self) -> None:
        paper = self.paper
        slide = self.slide(paper.title(), paper.week())
        lines = [paper.of(said) for said in paper.issue.summary] or [t("pack.nothing", self.lang)]
        size = 20 if sum(len(line) for line in lines) < 200 else 15 if len(lines) < 9 else 12
        self.box(slide, LEFT, Inches(1.2), WIDE - 2 * LEFT, Inches(3.3), lines, size)
        names = ("about_as_of", "about_data", "about_filters", "about_missing", "about_status", "about_hash")
        wanted = {word("pack", name, self.lang) for name in names}
        self.grid(slide, [], [list(pair) for pair in paper.about() if pair[0] in wanted], Inches(4.7), 12)

    def item(self, screen: str, item: Item) -> None:
        """The item's numbers, then a slide each for its charts, map and tables. The finding stands over all."""
        severity = f"{word('pack.severity', item.severity, self.lang)} " if item.severity else ""
        title, before = severity + self.paper.of(item.finding), len(self.file.slides)
        if item.numbers:
            with part("pptx", title):
                rows = [number_cells(number, self.paper) for number in item.numbers]
                self.pages_of(title, number_header(self.lang), rows, screen)
        for chart in item.charts:
            with part("pptx", self.paper.of(chart.title)):
                self._chart(self.slide(title, screen), chart, self.paper.of(item.finding))
        if item.map is not None:
            with part("pptx", self.paper.of(item.map.title)):
                self._map(self.slide(title, screen), item.map)
        for table in item.tables:
            with part("pptx", self.paper.of(table.title)):
                self._table(title, screen, table)
        if len(self.file.slides) == before:
            slide = self.slide(title, screen)
            self.box(slide, LEFT, TOP, WIDE - 2 * LEFT, BODY, [self.paper.of(said) for said in item.evidence], 18)
        notes = [self.paper.of(said) for said in item.evidence] + ([item.source] if item.source else [])
        if notes:
            self.file.slides[before].notes_slide.notes_text_frame.text = clean("\n".join(notes))

    def pages_of(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], above: str = "",
                 note: str = "") -> None:  # fmt: skip
        """A table over as many slides as it needs."""
        size = 13 if len(header) <= 8 else 11
        short = [[clean(text, CELL) for text in row] for row in rows]
        pages = list(fitting.pages(header, short, (WIDE - 2 * LEFT) / Inches(1), size, 4.9, SHOWN)) or [[]]
        for k, shown in enumerate(pages, start=1):
            more = t("pack.more", self.lang, k=k, n=len(pages)) if len(pages) > 1 else ""
            slide = self.slide(title + more, above)
            if not shown:
                self.box(slide, LEFT, TOP, WIDE - 2 * LEFT, Inches(0.5), [t("pack.no_rows", self.lang)], 16)
            else:
                self.grid(slide, header, shown, TOP + (Inches(0.35) if note else 0), size)
            if note:
                self.box(slide, LEFT, TOP - Inches(0.05), WIDE - 2 * LEFT, Inches(0.35), [note], 12, LIGHT.muted)

    def grid(self, slide: Any, header: Sequence[str], rows: Sequence[Sequence[str]], top: Any, size: float,
             left: Any = LEFT) -> None:  # fmt: skip
        lines = [header, *rows] if header else list(rows)
        if not lines:
            return
        shape = slide.shapes.add_table(len(lines), len(lines[0]), Emu(left), Emu(top),
                                       Emu(WIDE - LEFT - left), Inches(0.38) * len(lines))  # fmt: skip
        table = shape.table
        table.first_row, table.first_col = bool(header), not header
        for r, line in enumerate(lines):
            for c, text in enumerate(line):
                cell = table.cell(r, c)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                is_head = (r == 0) if header else (c == 0)
                is_right = bool(header) and r > 0 and _is_figure(text)
                colour = "#FFFFFF" if is_head else LIGHT.text
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor.from_string((LIGHT.primary if is_head else _STRIPES[r % 2])[1:])
                self.write(cell.text_frame, clean(text, CELL), size, colour=colour, is_bold=is_head, is_right=is_right)
        if not header:
            table.columns[0].width = Inches(2.4)
            table.columns[1].width = WIDE - 2 * LEFT - Inches(2.4)
            return
        wide = fitting.widths(lines, (WIDE - LEFT - left) / Inches(1))
        for column, width in zip(table.columns, wide, strict=True):
            column.width = Inches(width)
        for row, line in zip(table.rows, lines, strict=True):
            row.height = Inches(max(fitting.height(line, wide, size), 0.3))

    def _table(self, title: str, screen: str, table: Table) -> None:
        columns, rows = self.paper.grid(table)
        notes = [self.paper.of(table.title)] + ([self.paper.of(table.note)] if table.note else [])
        if len(rows) > MOST_ROWS:
            notes.append(t("pack.rows_left", self.lang, shown=MOST_ROWS, all=len(rows)))
        header = [self.paper.of(column.title) for column in columns]
        self.pages_of(title, header, rows[:MOST_ROWS], screen, " · ".join(notes))

    def _map(self, slide: Any, shown: Map) -> None:
        picture = io.BytesIO(plots.png(atlas.svg(shown, self.paper)))
        placed = slide.shapes.add_picture(picture, LEFT, TOP, height=Inches(5.3))
        placed.left = Emu(LEFT)
        placed._element.nvPicPr.cNvPr.set("descr", told(shown, self.paper))
        header = [word("pack", f"map_{name}", self.lang) for name in ("region", "value")]
        rows = [[self.paper.of(p.name), atlas.value_of(p, shown, self.paper)] for p in shown.places][:12]
        self.grid(slide, header, rows, TOP, 12, LEFT + placed.width + Inches(0.3))

    def _chart(self, slide: Any, shown: Chart, finding: str) -> None:
        drawn = plots.read(shown, self.paper)
        marks = [f"{numbers.date(m.at, self.lang)} {self.paper.of(m.words)}" for m in shown.marks]
        title = self.paper.of(shown.title)
        under = [self.paper.of(shown.subtitle)] if title == finding else [title, self.paper.of(shown.subtitle)]
        if shown.form == "bar" and shown.target is not None:
            under.append(f"{t('word.target', self.lang)} {plots.written(shown.target, drawn.kind, self.lang)}")
        under += [t("pack.marks", self.lang, said="；".join(marks))] if marks else []
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
        frame = slide.shapes.add_chart(FORMS[shown.form], LEFT, TOP, WIDE - 2 * LEFT, Inches(4.9), data)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", told(shown, self.paper))
        style(frame.chart, shown, drawn, FACE[self.lang])

    def about(self) -> None:
        """What the numbers rest on, and the definitions."""
        rows = [list(pair) for pair in self.paper.about()]
        slide = self.slide(t("pack.about", self.lang))
        self.grid(slide, [], rows, TOP, 12)
        told_as = [
            [code, self.paper.of(name), self.paper.of(said)] for code, name, said in self.paper.issue.definitions
        ]
        header = ["ID", word("pack.number", "measure", self.lang), t("pack.definitions", self.lang)]
        if told_as:
            self.pages_of(t("pack.definitions", self.lang), header, told_as)


def _is_figure(text: str) -> bool:
    return text[:1] in "0123456789+-<¥" or text == numbers.DASH
