"""Pictures of charts: figures clear of bars, axes in the unit of the figures, words of marks apart from each other."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest

from alerts.review.bundle import Chart, Column, Mark
from pages._pack import html, marked, plots, xlsx
from pages._shared.charts.base import ems_of
from tests.pages._pack import reading, sample


def contributions(form: Any = "bar") -> Chart:
    return Chart(
        title=sample.both("网络质量升", "Network up"), subtitle=sample.both("贡献", "Contribution"), form=form,
        columns=(
            Column(name="type", title=sample.both("类型", "Type")),
            Column(name="effect", title=sample.both("贡献", "Effect"), kind="points"),
        ),
        rows=(("网络", 0.016), ("终端", -0.006)),
    )  # fmt: skip


def spec(chart: Chart) -> dict[str, Any]:
    return plots.specification(chart, sample.paper(), grey=False, width=640, height=250)


@pytest.mark.parametrize(("form", "axis", "side"), [("bar", "x", "align"), ("column", "y", "baseline")])
def test_figures_of_bars_below_nought_stand_beyond_them(form: str, axis: str, side: str) -> None:
    drawn = spec(contributions(form))
    texts = [layer for layer in drawn["layer"] if layer["mark"]["type"] == "text"]
    found = {layer["transform"][0]["filter"]: layer["mark"][side] for layer in texts}
    assert found == {"datum.v >= 0": {"bar": "left", "column": "bottom"}[form],
                     "datum.v < 0": {"bar": "right", "column": "top"}[form]}  # fmt: skip
    bars = drawn["layer"][0]["encoding"][axis]
    assert bars["scale"]["padding"] > 0 and "* 100" in bars["axis"]["labelExpr"] and "pp" in bars["axis"]["labelExpr"]
    assert "padding" not in spec(sample.chart("bar"))["layer"][0]["encoding"]["x"]["scale"]


def test_words_of_marks_stand_above_the_chart_and_do_not_meet() -> None:
    days = [date(2025, 1, 6 + 7 * k) if k < 4 else date(2025, 2, 3 + 7 * (k - 4)) for k in range(8)]
    marks = [Mark(at=days[k], words=sample.both(f"第{k}次停电与抢修", "An outage")) for k in (1, 1, 2, 6)]
    found = marked.placed(marks, days, sample.paper(), 640)
    assert [m.row for m in found] == [0, 1, 2, 0]
    step = 640 / len(days)
    for row in range(marked.ROWS):
        spans = [((m.first + 0.5) * step, 12 * ems_of(m.words)) for m in found if m.row == row]
        assert all(a + wide <= b for (a, wide), (b, _) in zip(spans, spans[1:], strict=False))
    drawn = marked.layers(found, list("abcdefgh"), {"field": "k"})
    assert all(layer["mark"]["y"] < 0 for layer in drawn if layer["mark"]["type"] == "text")
    assert marked.room(found) > -min(layer["mark"].get("y", 0) for layer in drawn)


def test_native_lying_bars_name_what_they_count_and_order_it(tmp_path: Any) -> None:
    item = sample.issue().screens[2].items[0].model_copy(update={"charts": (contributions(),)})
    screens = tuple(s.model_copy(update={"items": (item,) if s.name == "movement" else ()})
                    for s in sample.issue().screens)  # fmt: skip
    made = xlsx.workbook(sample.paper(sample.issue(screens=screens, annex=())))
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        (name,) = [n for n in packed.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", n)]
        xml = packed.read(name).decode()
    names, values = (re.search(rf"<c:{kind}Ax>.*?</c:{kind}Ax>", xml, re.S) for kind in ("cat", "val"))
    assert names and values
    assert "maxMin" in names[0] and "maxMin" not in values[0]
    assert "%" in re.search(r'numFmt formatCode="([^"]*)"', values[0])[1]  # type: ignore[index]
    assert "m.d" not in values[0]


@pytest.mark.deep
def test_nothing_of_the_summary_lies_under_a_picture() -> None:
    sheet = reading.book(xlsx.workbook(sample.paper())).worksheets[1]
    anchors = [shown.anchor for shown in (*sheet._charts, *sheet._images)]
    assert len(anchors) == 7
    for anchor in anchors:
        first, last, column = anchor._from.row + 1, anchor.to.row + 1, anchor._from.col
        hidden = [c.value for row in sheet.iter_rows(min_row=first, max_row=last) for c in row
                  if c.value is not None and c.column - 1 >= column]  # fmt: skip
        assert hidden == []
        # Rows of a height that nobody set are lower in some programs, and the picture would reach further down.
        assert [k for k in range(first + 1, last) if not sheet.row_dimensions[k].height] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_finding_stands_once_on_the_page(lang: Any) -> None:
    screen = sample.issue().screens[3]
    one = screen.model_copy(update={"finding": screen.items[0].finding})
    found = sample.issue(screens=(one,), annex=(), summary=())
    said = "".join(reading.page(html.page(sample.paper(found, lang=lang))).text)
    assert said.count(one.finding.of(lang)) == 1


def test_notes_stand_beside_their_chart_in_the_workbook_too() -> None:
    found = sample.issue(screens=sample.issue().screens[1:2], annex=())
    sheet = reading.book(xlsx.workbook(sample.paper(found))).worksheets[1]
    said = [str(c.value) for (c,) in sheet.iter_rows(max_col=1) if c.value]
    assert any("光缆中断" in text and "春节" in text for text in said)
