"""Empty slides of one look: title, line and number on each, words and tables in the typeface of the language."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from pages._pack import fitting
from pages._pack.paper import Paper, clean
from pages._shared import numbers
from pages._shared.text import t
from pages._shared.theme import LIGHT

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, BODY = Inches(0.6), Inches(1.55), Inches(5.2)
CELL = 160  # characters of a cell on a slide
FACE = {"zh": "黑体", "en": "Arial"}
_STRIPES = (LIGHT.panel, LIGHT.background)


class Sheets:
    """A presentation being made; the slide number is its state."""

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
        said = clean(title, 240)
        size = next(points for most, points in ((40, 26), (90, 20), (180, 16), (240, 14)) if len(said) <= most)
        self.write(head.text_frame, said, size, is_bold=True)
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

    def grid(self, slide: Any, header: Sequence[str], rows: Sequence[Sequence[str]], top: Any, size: float,
             left: Any = LEFT, longest: int = CELL) -> None:  # fmt: skip
        lines = [header, *rows] if header else list(rows)
        if not lines:
            return
        shape = slide.shapes.add_table(len(lines), len(lines[0]), Emu(left), Emu(top),
                                       Emu(WIDE - LEFT - left), Inches(0.38) * len(lines))  # fmt: skip
        table = shape.table
        table.first_row, table.first_col = bool(header), not header
        figures = [k > 0 and all(_is_figure(row[k]) for row in rows) for k in range(len(lines[0]))]
        for r, line in enumerate(lines):
            for c, text in enumerate(line):
                cell = table.cell(r, c)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                is_head = (r == 0) if header else (c == 0)
                is_right = bool(header) and figures[c]
                colour = "#FFFFFF" if is_head else LIGHT.text
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor.from_string((LIGHT.primary if is_head else _STRIPES[r % 2])[1:])
                said = clean(text, longest)
                self.write(cell.text_frame, said, size, colour=colour, is_bold=is_head, is_right=is_right)
        if not header:
            table.columns[0].width = Inches(2.4)
            table.columns[1].width = WIDE - 2 * LEFT - Inches(2.4)
            return
        wide = fitting.widths(lines, (WIDE - LEFT - left) / Inches(1), size)
        for column, width in zip(table.columns, wide, strict=True):
            column.width = Inches(width)
        for row, line in zip(table.rows, lines, strict=True):
            row.height = Inches(max(fitting.height(line, wide, size), 0.3))


def _is_figure(text: str) -> bool:
    return text[:1] in "0123456789+-<¥" or text == numbers.DASH
