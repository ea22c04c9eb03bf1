"""Files as strict readers take them: every part typed, every relation leads somewhere, styles exist, charts carry data.

Word, WPS and PowerPoint cannot be run here; these are what they are known to refuse or to repair.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

import pytest
from lxml import etree

from pages._pack import docx, pptx, xlsx
from pages._pack.detail import figures
from tests.pages._pack import reading, sample

pytestmark = pytest.mark.deep
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# The order that CT_TextCharacterProperties and CT_TcPr ask for.
RUN = ("ln", "noFill", "solidFill", "highlight", "latin", "ea", "cs", "sym", "hlinkClick")
CELL = ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText", "vAlign")


@pytest.fixture(scope="module", params=["zh", "en"])
def files(request: pytest.FixtureRequest) -> dict[str, zipfile.ZipFile]:
    paper = sample.paper(lang=request.param)
    made = {"bulletin": docx.bulletin(paper), "minutes": docx.minutes(paper), "orders": docx.orders(paper),
            "slides": pptx.slides(paper), "workbook": xlsx.workbook(paper)}  # fmt: skip
    return {name: zipfile.ZipFile(io.BytesIO(content)) for name, content in made.items()}


def parts(packed: zipfile.ZipFile, like: str) -> list[tuple[str, Any]]:
    found = [n for n in packed.namelist() if n.endswith(".xml") and like in n and "_rels" not in n]
    return [(name, etree.fromstring(packed.read(name))) for name in found]


def in_order(element: Any, wanted: tuple[str, ...]) -> bool:
    names = [etree.QName(child).localname for child in element]
    known = [wanted.index(name) for name in names if name in wanted]
    return known == sorted(known) and set(names) <= set(wanted)


def test_every_part_has_a_type_and_every_relation_a_target(files: dict[str, zipfile.ZipFile]) -> None:
    for name, packed in files.items():
        names = packed.namelist()
        assert len(set(names)) == len(names), name
        types = etree.fromstring(packed.read("[Content_Types].xml"))
        endings = {e.get("Extension").lower() for e in types if e.get("Extension")}
        named = {e.get("PartName") for e in types if e.get("PartName")}
        assert all(e.get("ContentType") for e in types)
        untyped = [n for n in names if n != "[Content_Types].xml" and f"/{n}" not in named
                   and n.rpartition(".")[2].lower() not in endings]  # fmt: skip
        assert untyped == [] and {n[1:] for n in named} <= set(names), name
        for rels in (n for n in names if n.endswith(".rels")):
            base = posixpath.dirname(posixpath.dirname(rels))
            for relation in etree.fromstring(packed.read(rels)):
                assert relation.get("TargetMode") != "External", (name, rels, relation.get("Target"))
                target = relation.get("Target")
                path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
                assert target and path in names, (name, rels, target)


def test_documents_use_styles_that_are_there_and_cells_in_order(files: dict[str, zipfile.ZipFile]) -> None:
    for name in ("bulletin", "minutes", "orders"):
        known = {s.get(f"{W}styleId") for _, root in parts(files[name], "word/styles") for s in root.iter(f"{W}style")}
        for part, root in [p for like in ("document", "header", "footer") for p in parts(files[name], f"word/{like}")]:
            used = {e.get(f"{W}val") for kind in ("pStyle", "rStyle", "tblStyle") for e in root.iter(f"{W}{kind}")}
            assert used <= known, (name, part)
            assert all(in_order(cell, CELL) for cell in root.iter(f"{W}tcPr")), (name, part)
            assert all(cell[-1].tag == f"{W}p" for cell in root.iter(f"{W}tc")), "a cell ends with a paragraph"
            pictures = [e.get("id") for e in root.iter("{*}docPr")]
            assert len(set(pictures)) == len(pictures), "Word repairs files with two pictures of one number"


def test_charts_of_slides_carry_the_workbook_they_are_edited_from(files: dict[str, zipfile.ZipFile]) -> None:
    packed = files["slides"]
    shown = parts(packed, "ppt/charts/chart")
    assert len(shown) == 5
    for name, root in shown:
        (link,) = root.iter(f"{C}externalData")
        rels = etree.fromstring(packed.read(name.replace("charts/", "charts/_rels/") + ".rels"))
        target = next(r.get("Target") for r in rels if r.get("Id") == link.get(f"{R}id"))
        sheet = reading.book(packed.read(posixpath.normpath(posixpath.join("ppt/charts", target)))).worksheets[0]
        cells = [c.value for row in sheet.iter_rows() for c in row]
        values = [float(v.text) for numbers in root.iter(f"{C}val") for v in numbers.iter(f"{C}v")]
        assert values and all(any(isinstance(c, int | float) and c == pytest.approx(v) for c in cells) for v in values)
    for name, root in parts(packed, "ppt/slides/slide"):
        assert all(in_order(run, RUN) for run in root.iter(f"{A}rPr")), name
        numbers = [e.get("id") for e in root.iter("{*}cNvPr")]
        assert len(set(numbers)) == len(numbers), name


def test_the_workbook_has_real_days_short_names_and_no_formula(files: dict[str, zipfile.ZipFile]) -> None:
    book = reading.book(files["workbook"].fp.getvalue())  # type: ignore[union-attr]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"n", "s", "d"}
    begins = [row[1] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert all(c.is_date and c.number_format == "yyyy-mm-dd" for c in begins)
    assert len(begins) == len(figures(sample.paper()))
