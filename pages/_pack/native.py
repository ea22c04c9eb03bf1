"""Native charts of the slides: how they look, and the target as a line on the same axes."""

from __future__ import annotations

import copy
import math
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from alerts.review.bundle import Chart
from pages._pack import plots
from pages._shared.theme import LIGHT

_CODES = {"count": "#,##0", "share": "0.0%", "points": "+0.0%;-0.0%;0.0%", "money": "#,##0.00"}


def code_of(drawn: plots.Drawn) -> str:
    """The number format of a chart's values."""
    return _CODES.get(drawn.kind, "#,##0.0#")


def has_line(shown: Chart) -> bool:
    """Whether the target is drawn as a line; lying bars say it in words."""
    return shown.target is not None and shown.form != "bar"


def style(chart: Any, shown: Chart, drawn: plots.Drawn, face: str) -> None:
    """The look of a native chart: the screen's colours, bars from zero, the target dashed."""
    is_aimed = has_line(shown)
    chart.font.size, chart.font.name = Pt(12), face
    chart.has_title = False
    chart.has_legend = len(drawn.series) > 1 or is_aimed
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    code = code_of(drawn)
    axis = chart.value_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = code, False
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(LIGHT.border[1:])
    axis.format.line.fill.background()
    if shown.form != "line":
        axis.minimum_scale, axis.major_unit = _below([v for s in drawn.series for v in s.values if v is not None])
    if shown.form == "bar":
        chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    plot = chart.plots[0]
    if shown.form != "line":
        plot.gap_width = 60
    for k, series in enumerate(plot.series):
        is_target = is_aimed and k == len(drawn.series)
        colour = RGBColor.from_string((LIGHT.text if is_target else plots.COLOURS[k % len(plots.COLOURS)])[1:])
        if shown.form == "line":
            series.format.line.color.rgb, series.format.line.width = colour, Pt(1.5 if is_target else 2.25)
            series.smooth = False
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour
        if is_target:
            series.format.line.dash_style = MSO_LINE.DASH
    if shown.form in ("bar", "column") and len(drawn.series) == 1:
        labels = plot.series[0].data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, code, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
    if is_aimed:
        _as_line(chart, shown.form, len(drawn.series))


def _below(values: list[float]) -> tuple[float, float | None]:
    """Where the axis of bars begins, with room for the labels of those below zero, and its step; 0 where none is."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if low == 0:
        return 0, None
    rough = (high - low) / 5
    ten = 10.0 ** math.floor(math.log10(rough))
    step = ten * next(m for m in (1, 2, 5, 10) if m * ten >= rough)
    return -step * math.ceil(-low * 1.2 / step), step


def _as_line(chart: Any, form: str, last: int) -> None:
    """The target as a dashed line: over columns, by moving its series into a line chart on the same axes."""
    if form == "line":
        series = chart.plots[0].series[last]
        series.marker.style = None
        marker = series._element.find(qn("c:marker"))
        if marker is not None:
            for child in list(marker):
                marker.remove(child)
            etree.SubElement(marker, qn("c:symbol"), val="none")
        return
    columns = chart._chartSpace.find(f".//{qn('c:barChart')}")
    moved = columns.findall(qn("c:ser"))[last]
    columns.remove(moved)
    for name in ("c:invertIfNegative", "c:spPr"):
        for child in moved.findall(qn(name)):
            moved.remove(child)
    look = etree.fromstring(
        '<c:spPr xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ln w="19050"><a:solidFill>'
        f'<a:srgbClr val="{LIGHT.text[1:]}"/></a:solidFill><a:prstDash val="dash"/></a:ln></c:spPr>'
    )
    moved.find(qn("c:tx")).addnext(look)
    marker = etree.Element(qn("c:marker"))
    etree.SubElement(marker, qn("c:symbol"), val="none")
    look.addnext(marker)
    lines = etree.Element(qn("c:lineChart"))
    etree.SubElement(lines, qn("c:grouping"), val="standard")
    etree.SubElement(lines, qn("c:varyColors"), val="0")
    lines.append(moved)
    etree.SubElement(lines, qn("c:marker"), val="1")
    for axis in columns.findall(qn("c:axId")):
        lines.append(copy.deepcopy(axis))
    columns.addnext(lines)
