"""Text from outside in every place an issue has: no file breaks, nothing runs, nothing leaves the page."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from lxml import etree

from alerts.review.bundle import Issue
from pages._pack.files import KINDS, make
from pages._pack.paper import clean
from tests.pages._pack import reading, sample

EVIL = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;]]>",
    "formula": "=HYPERLINK(\"http://evil.example/\",\"x\")",
    "plus": "+cmd|' /C calc'!A0",
    "control": "a\x00b\x01c\x0bd\x1fe\x7f\x85\ufffe\u202eflipped",
    "huge": "长" * 50_000,
    "typst": "#import \"/etc/passwd\"; $x$ *b* _i_ @ref <label> `raw` \\",
    "braces": "{name} {0} %s %(x)s {{}}",
    "fields": "&P &N &&[Page] \n\t\r\n newline",
}  # fmt: skip


def poisoned(text: str) -> Issue:
    """The sample with `text` in front of every word that is shown."""
    told = sample.issue().model_dump(mode="json")

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"zh", "en"}:
                return {k: text + v for k, v in value.items()}
            return {k: walk(v) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, list) else value

    told = walk(told)
    for screen in told["screens"]:
        for item in screen["items"]:
            for table in item["tables"]:
                table["rows"] = [[text if k == 0 else cell for k, cell in enumerate(row)] for row in table["rows"]]
    return Issue.model_validate(told)


QUICK = ("control", "formula", "script")
NAMES = [name if name in QUICK else pytest.param(name, marks=pytest.mark.deep) for name in sorted(EVIL)]


@pytest.fixture(
    scope="module", params=[n if n == "formula" else pytest.param(n, marks=pytest.mark.deep) for n in sorted(EVIL)]
)
def made(request: pytest.FixtureRequest) -> Any:
    return request.param, make(sample.paper(poisoned(EVIL[request.param])), lambda *_: None)


def test_every_file_is_made_and_is_what_it_says(made: Any) -> None:
    _, pack = made
    assert len(pack.files) == len(KINDS), pack.left_out
    for name, content in pack.files.items():
        if name.endswith(("docx", "pptx", "xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for part in archive.namelist():
                    if part.endswith((".xml", ".rels")):
                        etree.fromstring(archive.read(part))
    for read, ending in ((reading.slides, "pptx"), (reading.book, "xlsx")):
        read(next(content for name, content in pack.files.items() if name.endswith(ending)))


def test_no_cell_is_a_formula(made: Any) -> None:
    _, pack = made
    book = reading.book(next(content for name, content in pack.files.items() if name.endswith("xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert [c.value for c in cells if isinstance(c.value, str) and c.value[:1] in "=+@"] == []
    assert all(c.hyperlink is None for c in cells)
    references = [chart.title.tx.strRef.f for sheet in book for chart in sheet._charts]
    assert len(references) == 6 and all(re.fullmatch(r"汇总!\$A\$\d+", f) for f in references)


def test_the_page_holds_no_tag_of_the_text_and_fetches_nothing(made: Any) -> None:
    _, pack = made
    content = next(content for name, content in pack.files.items() if name.endswith("html"))
    page = reading.page(content)
    assert {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "link", "base", "form"} == set()
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    links = [a[name] for _, a in page.tags for name in ("src", "href", "xlink:href", "action", "data") if a.get(name)]
    assert all(str(link).startswith("#") for link in links)
    assert not re.search(r"url\((?!#)|@import", "".join(t for t in page.text if "{" in t and "@page" in t))


def test_no_document_reaches_out(made: Any) -> None:
    _, pack = made
    for name, content in pack.files.items():
        if name.endswith(("docx", "pptx", "xlsx")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                relations = b"".join(archive.read(p) for p in archive.namelist() if p.endswith(".rels"))
            assert b'TargetMode="External"' not in relations, name


def test_what_xml_cannot_hold_is_gone_and_the_rest_is_kept() -> None:
    assert clean(EVIL["control"] + "\ud800") == "abcde" + "flipped"
    assert clean("一\n二\t三") == "一\n二\t三"
    assert len(clean(EVIL["huge"])) == 4000 and clean(EVIL["huge"]).endswith("…")
    assert clean(EVIL["script"]) == EVIL["script"]


def test_the_morning_sheet_gets_text_as_data() -> None:
    from pages._pack.pdf import content

    told = json.dumps(content(sample.paper(poisoned(EVIL["typst"]))), ensure_ascii=False)
    assert "/etc/passwd" in told
    pack = make(sample.paper(poisoned(EVIL["typst"])), lambda *_: None, ("morning",))
    assert pack.left_out == {} and next(iter(pack.files.values())).startswith(b"%PDF")
