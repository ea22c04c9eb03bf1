"""Printed again, an issue gives the same bytes: no archive says when it was packed, nor the workbooks inside it."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest

from pages._pack import files, pptx, xlsx
from pages._pack.settled import settled
from tests.pages._pack import reading, sample

AT = datetime(2025, 3, 31, 8, 30)


def archive(moment: tuple[int, int, int, int, int, int], written: str) -> bytes:
    def packed(parts: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for name, part in parts.items():
                made.writestr(zipfile.ZipInfo(name, moment), part)
        return out.getvalue()

    core = f'<x xmlns:dcterms="d"><dcterms:created a="b">{written}</dcterms:created></x>'.encode()
    inner = packed({"a.xml": b"<a/>", "docProps/core.xml": core})
    return packed({"b.xml": b"<b/>", "ppt/embeddings/one.xlsx": inner, "a.xml": b"<a/>"})


def test_the_moment_of_writing_leaves_no_trace() -> None:
    one, other = (settled(archive((year, 1, 1, 0, 0, 0), f"{year}-01-01T00:00:00Z"), AT) for year in (2024, 2031))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as packed:
        assert packed.namelist() == ["b.xml", "ppt/embeddings/one.xlsx", "a.xml"]
        with zipfile.ZipFile(io.BytesIO(packed.read("ppt/embeddings/one.xlsx"))) as inner:
            assert b'<dcterms:created a="b">2025-03-31T08:30:00Z<' in inner.read("docProps/core.xml")
    assert settled(one, AT) == one


@pytest.mark.deep
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_pack_printed_a_year_later_is_the_same_and_still_opens(lang: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = files.make(sample.paper(lang=lang), lambda *_: None)
    import time

    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 366 * 86_400)
    again = files.make(sample.paper(lang=lang), lambda *_: None)
    assert len(first.files) == len(files.KINDS) and first.left_out == {}
    assert [name for name, content in first.files.items() if again.files[name] != content] == []
    made = {name.rpartition(".")[2]: content for name, content in first.files.items()}
    assert reading.charts_of_slides(made["pptx"]) == reading.charts_of_slides(pptx.slides(sample.paper(lang=lang)))
    assert reading.book(made["xlsx"]).sheetnames == reading.book(xlsx.workbook(sample.paper(lang=lang))).sheetnames
