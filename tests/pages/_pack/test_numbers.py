"""Files read back: every number of the slides and the workbook is the issue's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from alerts.review.bundle import spoken
from pages._pack import docx, html, plots, pptx, xlsx
from pages._pack.detail import figures
from pages._pack.paper import number_cells
from pages._shared.text import t
from tests.pages._pack import reading, sample


@pytest.fixture(scope="module", params=["zh", "en"])
def paper(request: pytest.FixtureRequest) -> Any:
    return sample.paper(lang=request.param)


def near(a: float | None, b: float | None) -> bool:
    """Equal to the 15 digits that a spreadsheet keeps."""
    return a == b if a is None or b is None else a == pytest.approx(b, rel=1e-14, abs=0)


def test_native_charts_hold_the_issues_values(paper: Any) -> None:
    found = reading.charts_of_slides(pptx.slides(paper))
    wanted = []
    for _, item in paper.shown():
        for chart in item.charts:
            drawn = plots.read(chart, paper)
            series = {s.name: list(s.values) for s in drawn.series}
            if chart.target is not None and chart.form != "bar":
                series[t("word.target", paper.lang)] = [chart.target] * len(drawn.labels)
            wanted.append(series)
    assert found == wanted
    assert len(found) == 5


def test_slides_and_documents_hold_every_number_and_cell_as_written(paper: Any) -> None:
    slides = set(reading.texts_of_slides(pptx.slides(paper)))
    bulletin = set(reading.texts_of_document(docx.bulletin(paper)))
    page = set(reading.page(html.page(paper)).text)
    annex = [item.id for item in paper.issue.annex]
    for _, item in paper.items():
        # What the meeting does not go through is named on a slide, and its tables stand in the documents.
        shown = slides if item.id not in annex else page
        for number in item.numbers:
            cells = {text for text in number_cells(number, paper) if text}
            assert cells <= shown and cells <= bulletin and cells <= page
        for table in item.tables:
            for row in paper.grid(table)[1]:
                assert set(row) <= shown and set(row) <= bulletin and set(row) <= page
        if item.id in annex:
            assert any(paper.of(item.finding) in text for text in slides)


def test_the_detail_sheet_pivots(paper: Any) -> None:
    book = reading.book(xlsx.workbook(paper))
    assert book.sheetnames[:2] == (["明细", "汇总"] if paper.lang == "zh" else ["Detail", "Summary"])
    sheet = book.worksheets[0]
    assert not sheet.merged_cells.ranges and sheet.freeze_panes == "A2"
    rows = list(sheet.iter_rows(values_only=True))
    assert sheet.auto_filter.ref == f"A1:Q{len(rows)}"
    assert len(set(rows[0])) == len(rows[0]) and all(rows[0])
    wanted = figures(paper)
    assert len(rows) == len(wanted) + 1
    for row, figure in zip(rows[1:], wanted, strict=True):
        assert row[0] == paper.issue.week and row[1] == datetime(2025, 3, 24)
        told = (figure.value, figure.n, figure.target, figure.previous, figure.last_year)
        assert all(near(a, b) for a, b in zip(row[11:16], told, strict=True))
        assert row[8] == (datetime.combine(figure.day, datetime.min.time()) if figure.day else None)
        assert isinstance(row[3], str)


def test_the_detail_lists_every_figure_of_the_issue(paper: Any) -> None:
    found = [figure.value for figure in figures(paper)]
    wanted: list[float | None] = []
    for _, item in paper.items():
        wanted += [number.value for number in item.numbers]
        wanted += [v for c in item.charts for s in plots.read(c, paper).series for v in s.values]
        wanted += [place.value for place in item.map.places] if item.map else []
        for table in item.tables:
            columns, rows = spoken(table, paper.lang)
            kinds = [c.kind in ("count", "share", "points", "hours", "money", "number") for c in columns]
            wanted += [v for row in rows for v, is_figure in zip(row, kinds, strict=True) if is_figure]
    assert found == wanted


def test_tables_keep_ids_as_text_and_days_as_days(paper: Any) -> None:
    book = reading.book(xlsx.workbook(paper))
    sheet = book.worksheets[2]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "00000000" and sheet["A2"].data_type == "s"
    assert isinstance(rows[1][2], datetime) and isinstance(rows[1][3], date)
    assert sheet["C2"].is_date and sheet["D2"].number_format == "yyyy-mm-dd"
    assert rows[0][1] == ("地点" if paper.lang == "zh" else "Place")
    assert rows[1][1] == ("四季园0" if paper.lang == "zh" else "Siji 0")
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref and not sheet.merged_cells.ranges


def test_the_summary_draws_native_charts_of_its_own_cells(paper: Any) -> None:
    book = reading.book(xlsx.workbook(paper))
    summary = book.worksheets[1]
    charts = summary._charts
    assert len(charts) == 6
    wanted = [plots.read(c, paper) for _, item in paper.items() for c in item.charts]
    for chart, drawn in zip(charts, wanted, strict=True):
        for series, told in zip(chart.series, drawn.series, strict=False):
            cells = summary[series.val.numRef.f.split("!")[1].replace("$", "")]
            assert all(near(cell[0].value, value) for cell, value in zip(cells, told.values, strict=True))


def test_the_map_is_a_picture_with_words(paper: Any) -> None:
    pictures = [s for slide in reading.slides(pptx.slides(paper)).slides for s in slide.shapes if s.shape_type == 13]
    assert len(pictures) == 1
    told = pictures[0]._element.nvPicPr.cNvPr.get("descr")
    assert ("江都 5.00" if paper.lang == "zh" else "Jiangdu 5.00") in told or "5" in told
    assert pictures[0].image.content_type == "image/png"


def test_every_slide_has_a_title_its_number_and_the_line(paper: Any) -> None:
    shown = list(reading.slides(pptx.slides(paper)).slides)
    for k, slide in enumerate(shown, start=1):
        assert slide.shapes.title.text_frame.text.strip()
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert paper.line() in texts
        fields = slide._element.findall(".//{http://schemas.openxmlformats.org/drawingml/2006/main}fld")
        assert [f.get("type") for f in fields] == ["slidenum"]
        assert fields[0].findtext("{http://schemas.openxmlformats.org/drawingml/2006/main}t") == str(k)
