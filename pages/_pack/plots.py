"""Charts and the map of an issue as pictures, drawn on the server without any network.

They show the same values as the native charts of the slides. `grey` draws them for a printer without colour: series
differ by dash and by lightness.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from alerts.review.bundle import Cell, Chart, Column, spoken
from pages._pack import marked
from pages._pack.paper import Paper, clean, instant, written
from pages._shared import numbers
from pages._shared.charts.base import chart_config, measure_lines, wrap
from pages._shared.text import Lang, t
from pages._shared.theme import LIGHT

FONTS = Path(__file__).with_name("fonts")
VEGA_LITE = "6.4"
WIDTH, HEIGHT = 640, 250
GREYS = ("#1B2430", "#6A7483", "#9AA3B0", "#C4CAD3", "#3C4756", "#DDE1E7")
COLOURS = (LIGHT.accent, LIGHT.orange.mark, LIGHT.green.mark, "#8E5AE6", "#7A1F3D", LIGHT.gray.mark)
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])
_BOUNDS = {"low", "high", "lower", "upper"}
_KIND = {"text": "text", "id": "text"}


@dataclass(frozen=True)
class Series:
    """One line or set of bars: its column and its values, a gap as None."""

    column: Column
    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Drawn:
    """A chart in one language: labels along the category axis, days where they are dates, and series."""

    labels: tuple[str, ...]
    days: tuple[date | None, ...]
    series: tuple[Series, ...]

    @property
    def kind(self) -> str:
        """How its values are written; a chart has one axis."""
        return self.series[0].column.kind if self.series else "number"


def read(chart: Chart, paper: Paper) -> Drawn:
    """The chart's values in one language. Raises ValueError when a series is no number."""
    columns, rows = spoken(chart, paper.lang)
    head = columns[0]
    stamps = [instant(row[0]) if head.kind in ("date", "instant") else None for row in rows]
    days = tuple(stamp.date() if stamp else None for stamp in stamps)
    labels = tuple(
        numbers.day(day, paper.lang) if day else written(row[0], head.kind, paper.lang)
        for day, row in zip(days, rows, strict=True)
    )
    series = tuple(
        Series(column, paper.of(column.title), tuple(_value(row[k], column) for row in rows))
        for k, column in enumerate(columns[1:], start=1)
        if column.kind not in _KIND
    )
    return Drawn(labels, days, series)


def svg(chart: Chart, paper: Paper, *, grey: bool = False, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The chart as SVG."""
    spec = specification(chart, paper, grey=grey, width=width, height=height)
    return draw(spec)


def specification(chart: Chart, paper: Paper, *, grey: bool, width: int, height: int) -> dict[str, Any]:
    """The chart as Vega-Lite, values and all."""
    drawn = read(chart, paper)
    keys = [str(k) for k in range(len(drawn.labels))]
    rows = [
        {"k": keys[k], "v": value, "s": series.name, "w": written(value, series.column.kind, paper.lang)}
        for series in drawn.series
        for k, value in enumerate(series.values)
    ]
    look = _Look(drawn, paper.lang, grey, chart.form, keys)
    marks = marked.placed(chart.marks if chart.form != "bar" else (), drawn.days, paper, width)
    if chart.form == "line":
        layers = [*marked.layers(marks, keys, look.category), *look.lines(rows)]
    else:
        layers = look.bars(rows, chart.form == "stacked")
        layers += marked.layers(marks, keys, look.category)
    if chart.target is not None:
        layers += look.target(chart.target)
    tall = max(height, 26 * len(keys) * (1 if chart.form != "bar" else max(len(drawn.series), 1)))
    spec = {
        "data": {"values": rows or [{"k": "", "v": None, "s": "", "w": ""}]},
        "layer": layers,
        "height": min(tall, 900) if chart.form == "bar" else height,
    }
    told = head(paper.of(chart.title), paper.of(chart.subtitle), width)
    if marks:
        told["title"]["offset"] = marked.room(marks)
    return {**spec, **told, "config": config(paper.lang)}


def head(title: str, subtitle: str, width: int) -> dict[str, Any]:
    """Title and subtitle in lines that fit, and the width."""
    ems = width / 15
    return {
        "width": width,
        "title": {"text": wrap(clean(title, 200), ems), "subtitle": measure_lines(clean(subtitle, 300), width / 12)},
    }


def config(lang: Lang) -> dict[str, Any]:
    """The look of the screen's charts."""
    return {**chart_config(lang, "light"), "padding": 8}


@dataclass(frozen=True)
class _Look:
    drawn: Drawn
    lang: Lang
    grey: bool
    form: str
    keys: Sequence[str]

    @property
    def is_lying(self) -> bool:
        return self.form == "bar"

    @property
    def category(self) -> dict[str, Any]:
        names = dict(zip(self.keys, [clean(label, 40) for label in self.drawn.labels], strict=True))
        axis = {
            "title": None,
            "labelExpr": f"{json.dumps(names, ensure_ascii=False)}[datum.value]",
            "labelLimit": 260,
            "grid": False,
        }
        if not self.is_lying:
            axis |= {"labelAngle": 0, "labelOverlap": "greedy"}
        return {"field": "k", "type": "ordinal", "sort": None, "scale": {"domain": list(self.keys)}, "axis": axis}

    @property
    def value(self) -> dict[str, Any]:
        kind = self.drawn.kind
        text = "format(datum.value, '.1~%')" if kind == "share" else "format(datum.value, ',.2~f')"
        if kind == "points":
            text = f"format(datum.value * 100, '.1~f') + {json.dumps(t('unit.pp', self.lang, n=''))}"
        scale: dict[str, Any] = {"zero": self.form != "line" or kind != "share", "nice": True}
        if self.form != "line" and any(v is not None and v < 0 for s in self.drawn.series for v in s.values):
            scale["padding"] = 48 if self.is_lying else 18  # room for the figures beyond the bars
        return {"field": "v", "type": "quantitative", "scale": scale, "axis": {
            "title": None, "tickCount": 4, "labelExpr": text}}  # fmt: skip

    @property
    def along(self) -> dict[str, Any]:
        category, value = ("y", "x") if self.is_lying else ("x", "y")
        return {category: self.category, value: self.value}

    @property
    def colour(self) -> dict[str, Any]:
        names = [series.name for series in self.drawn.series]
        ramp = GREYS if self.grey else COLOURS
        colours = [
            LIGHT.gray.mark if series.column.name in _BOUNDS else ramp[k % len(ramp)]
            for k, series in enumerate(self.drawn.series)
        ]
        legend = None if len(names) < 2 else {"title": None, "orient": "bottom", "columns": 4}
        if legend and self.form == "line":
            legend |= {"symbolType": "stroke", "symbolStrokeWidth": 2, "symbolSize": 300}
        return {"field": "s", "type": "nominal", "sort": None, "scale": {"domain": names, "range": colours},
                "legend": legend}  # fmt: skip

    def lines(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [series.name for series in self.drawn.series]
        dashes = [[2, 2] if s.column.name in _BOUNDS else DASHES[k % len(DASHES)]
                  for k, s in enumerate(self.drawn.series)]  # fmt: skip
        dash = {"field": "s", "type": "nominal", "scale": {"domain": names, "range": dashes},
                "legend": self.colour["legend"]}  # fmt: skip
        seen = {row["s"]: row for row in rows if row["v"] is not None}
        line = {
            "type": "line",
            "strokeWidth": 2,
            "point": {"size": 22, "filled": True},
            "invalid": "break-paths-show-domains",
        }
        text = {"type": "text", "align": "left", "dx": 6, "fontWeight": 600}
        return [
            {"mark": line, "encoding": {**self.along, "color": self.colour, "strokeDash": dash}},
            {"data": {"values": list(seen.values())}, "mark": text,
             "encoding": {**self.along, "text": {"field": "w"}}},
        ]  # fmt: skip

    def bars(self, rows: list[dict[str, Any]], is_stacked: bool) -> list[dict[str, Any]]:
        many = len(self.drawn.series) > 1
        encoding = {**self.along, "color": self.colour}
        value = "x" if self.is_lying else "y"
        if many and not is_stacked:
            encoding["yOffset" if self.is_lying else "xOffset"] = {"field": "s", "sort": None}
        encoding[value] = {**encoding[value], "stack": "zero" if is_stacked else None}
        edge = {"stroke": "#FFFFFF", "strokeWidth": 0.5} if is_stacked else {}
        layers: list[dict[str, Any]] = [{"mark": {"type": "bar", **edge}, "encoding": encoding}]
        if not is_stacked and (self.is_lying or len(rows) <= 16):
            told = {k: v for k, v in encoding.items() if k != "color"} | {"text": {"field": "w"}}
            layers += [
                {"mark": {"type": "text", **place}, "encoding": told, "transform": [{"filter": f"datum.v {side} 0"}]}
                for side, place in self._beyond()
            ]
        return layers

    def _beyond(self) -> list[tuple[str, dict[str, Any]]]:
        """Where a bar's figure stands: past its end, on either side of nought."""
        if self.is_lying:
            return [(">=", {"align": "left", "dx": 4}), ("<", {"align": "right", "dx": -4})]
        return [(">=", {"baseline": "bottom", "dy": -3}), ("<", {"baseline": "top", "dy": 3})]

    def target(self, at: float) -> list[dict[str, Any]]:
        channel = "x" if self.is_lying else "y"
        rule = {"type": "rule", "strokeDash": [6, 4], "strokeWidth": 1.5, "color": LIGHT.text}
        told = {"type": "text", "align": "left", "baseline": "top", "dy": 4, "x": 2, "fontWeight": 600}
        if self.is_lying:
            told |= {"y": 8, "dx": 4, "dy": 0}
            told.pop("x")
        words = f"{t('word.target', self.lang)} {written(at, self.drawn.kind, self.lang)}"
        place = {channel: {"datum": at, "type": "quantitative"}}
        halo = {"stroke": "#FFFFFF", "strokeWidth": 4, "strokeJoin": "round"}
        return [
            {"data": {"values": [{}]}, "mark": rule, "encoding": place},
            *({"data": {"values": [{}]}, "mark": {**told, **look}, "encoding": {**place, "text": {"value": words}}}
              for look in (halo, {})),
        ]  # fmt: skip


def _value(value: Cell, column: Column) -> float | None:
    if value is None:
        return None
    if isinstance(value, str | bool):
        raise ValueError(f"the series {column.name} holds {value!r}, which is no number")
    return float(value) if math.isfinite(value) else None


@cache
def _engine() -> Any:
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def draw(spec: Mapping[str, Any]) -> str:
    """A Vega-Lite specification as SVG. One picture stands in several files, and is drawn once."""
    return _draw(json.dumps(spec, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=128)
def _draw(spec: str) -> str:
    return str(_engine().vegalite_to_svg(spec, vl_version=VEGA_LITE))


def png(picture: str, scale: float = 2) -> bytes:
    """An SVG as PNG, `scale` dots for each of its points."""
    return bytes(_engine().svg_to_png(picture, scale=scale))
