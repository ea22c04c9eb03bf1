"""Parts of a Word document: the document itself with its styles, tables, page numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches, Mm, Pt, RGBColor

from pages._pack import fitting
from pages._pack.paper import Paper, clean
from pages._shared.text import Lang, t

# Typeface of titles and of text: the names that Word and WPS know.
FACES: dict[Lang, tuple[str, str]] = {"zh": ("黑体", "仿宋"), "en": ("Arial", "Times New Roman")}
_SIZES = {"Normal": 14.0, "Title": 22.0, "Heading 1": 16.0, "Heading 2": 14.0, "Caption": 10.5, "Header": 9.0,
          "Footer": 9.0, "List Bullet": 14.0}  # fmt: skip
_HEADS = ("Title", "Heading 1", "Heading 2")
LOOSE = 1.15  # cells of a document keep more free beside their words than those of a slide
TEXT_WIDE = 156 / 25.4  # inches between the margins
_CELL = 10.5  # points; smaller where there are many columns


def grid(doc: Doc, header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    """A table whose header is repeated on every page and whose rows do not break over two."""
    table = doc.add_table(rows=1, cols=len(header), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    size = _CELL if len(header) <= 4 else 9.0 if len(header) <= 7 else 8.0
    table.autofit = False
    wide = [Inches(w) for w in fitting.widths([header, *rows], TEXT_WIDE, size * LOOSE, size)]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for k, text in enumerate(header):
        _fill(table.rows[0].cells[k], text, is_head=True, size=size)
    _mark(table.rows[0], "w:tblHeader")
    for row in rows:
        added = table.add_row()
        _mark(added, "w:cantSplit")
        for k, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
            _fill(cell, text, is_right=k in right, size=size)
    for line in table.rows:
        for cell, width in zip(line.cells, wide, strict=True):
            cell.width = width
    doc.add_paragraph().paragraph_format.space_after = Pt(2)


def pairs(doc: Doc, pairs: Sequence[tuple[str, str]]) -> None:
    table = doc.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Mm(40), Mm(116)
    for label, text in pairs:
        row = table.add_row()
        _mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, (Mm(40), Mm(116)), strict=True):
            cell.width = width
        _fill(row.cells[0], label, is_head=True)
        _fill(row.cells[1], text)
    doc.add_paragraph().paragraph_format.space_after = Pt(2)


def _fill(cell: Any, text: str, *, is_head: bool = False, is_right: bool = False, size: float = _CELL) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(clean(text, 600))
    run.font.size, run.bold = Pt(size), is_head
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.first_line_indent = Emu(0)
    paragraph.paragraph_format.line_spacing = 1.0
    if is_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if is_head:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "EDF0F4")
        cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def new(paper: Paper, title: str) -> Doc:
    """An A4 document with styles, header, footer and its title."""
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    section.left_margin, section.right_margin = Mm(27), Mm(27)
    for name, size in _SIZES.items():
        _style(doc.styles[name], FACES[paper.lang][0 if name in _HEADS else 1], size)
    doc.styles["Caption"].font.bold = False
    _speak(doc, "zh-CN" if paper.lang == "zh" else "en-GB")
    doc.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    section.header.paragraphs[0].text = clean(paper.line(), 240)
    _page_numbers(section.footer.paragraphs[0], paper.lang)
    about, at = doc.core_properties, paper.issue.as_of
    about.title, about.subject, about.comments = clean(title, 200), clean(paper.line(), 240), paper.mark
    about.author, about.last_modified_by = t("app.title", paper.lang), t("app.title", paper.lang)
    about.created = about.modified = at
    about.language = "zh-CN" if paper.lang == "zh" else "en"
    doc.add_heading(title, 0)
    line = doc.add_paragraph(f"{paper.of(paper.issue.workspace)}  {paper.week()}  {paper.as_of()}")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if paper.issue.is_simulated:
        mark = doc.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        mark.add_run(f"【{paper.simulated()}】").bold = True
    return doc


def _style(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = face, Pt(size)
    style.font.color.rgb = RGBColor(0x1B, 0x24, 0x30)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(kind), None)
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(kind), face)


def _speak(doc: Doc, language: str) -> None:
    """The language of the text: it decides how marks are set and what is spelt wrong."""
    for about in doc.styles.element.iter(qn("w:lang")):
        for kind in ("w:val", "w:eastAsia"):
            about.set(qn(kind), language)


def _page_numbers(paragraph: Any, lang: Lang) -> None:
    """第 x 页，共 y 页, kept up by Word."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, rest = t("pack.page", lang, page="\0", pages="\1").partition("\0")
    between, _, after = rest.partition("\1")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        paragraph.add_run(text)
        if field:
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            run = OxmlElement("w:r")
            value = OxmlElement("w:t")
            value.text = "1"
            run.append(value)
            simple.append(run)
            paragraph._p.append(simple)


def as_bytes(doc: Doc) -> bytes:
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()
