"""The map of an issue as a picture: regions of the workspace, coloured by one measure, named where they lie.

Plane coordinates: at the size of a city a degree of longitude is a fixed share of a degree of latitude.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alerts.review.bundle import Map, Place
from pages._pack.paper import Paper, clean, unit_kind, written
from pages._pack.plots import config, draw, head
from pages._shared.charts.base import step_labels, step_of, steps
from pages._shared.numbers import DASH
from pages._shared.text import t
from pages._shared.theme import LIGHT, ink

WIDTH, HEIGHT = 560, 460
GREY_STEPS = ("#F2F3F5", "#DFE2E7", "#C4CAD3", "#9AA3B0", "#6A7483", "#3C4756")
_HIDDEN = "#FFFFFF"
Point = tuple[float, float]


def svg(chart: Map, paper: Paper, *, grey: bool = False, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The map as SVG. Raises ValueError when the workspace has boundaries for none of its regions."""
    return draw(specification(chart, paper, grey=grey, width=width, height=height))


def specification(chart: Map, paper: Paper, *, grey: bool, width: int, height: int) -> dict[str, Any]:
    """The map as Vega-Lite."""
    if paper.shapes is None:
        raise ValueError("the workspace has no boundaries")
    values = {place.code: place for place in chart.places}
    shapes = {str(f["properties"]["region_code"]): f["geometry"] for f in paper.shapes["features"]}
    if not set(values) & set(shapes):
        raise ValueError(f"no boundary for {', '.join(sorted(values)[:5]) or 'any region'}")
    flat = math.cos(math.radians(_middle(shapes.values())))
    shown = [p.value for p in chart.places if p.value is not None]
    edges, colours = steps(shown, LIGHT, from_zero=True) if shown else ([0.0, 1.0], [LIGHT.sequential[0]])
    if grey:
        colours = [GREY_STEPS[round(k * 5 / max(len(colours) - 1, 1))] for k in range(len(colours))]
    kind = "rate" if chart.unit in ("share", "rate") else "count"
    labels = step_labels(edges, kind)  # type: ignore[arg-type]
    named = t("pack.map_hidden", paper.lang)
    areas, words = [], []
    for code, geometry in shapes.items():
        rings = [[_flat(ring, flat) for ring in polygon] for polygon in _polygons(geometry)]
        place = values.get(code)
        step = labels[step_of(place.value, edges)] if place and place.value is not None else named
        fill = colours[labels.index(step)] if step in labels else _HIDDEN
        shape = {"type": "MultiPolygon", "coordinates": rings}
        areas.append({"type": "Feature", "geometry": shape, "properties": {"step": step}})
        if place:
            x, y = _inside(max((polygon[0] for polygon in rings), key=_area))
            words.append({"x": x, "y": y, **_words(place, chart, paper), "ink": ink(fill)})
    key = {"domain": [*labels, named], "range": [*colours, _HIDDEN]}
    legend = {"title": None, "orient": "right", "symbolType": "square", "symbolStrokeColor": LIGHT.muted,
              "symbolStrokeWidth": 0.5, "symbolSize": 160}  # fmt: skip
    at = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"},
          "color": {"field": "ink", "type": "nominal", "scale": None}}  # fmt: skip
    layers = [
        {"data": {"values": areas}, "mark": {"type": "geoshape", "stroke": LIGHT.muted, "strokeWidth": 0.8},
         "encoding": {"color": {"field": "properties.step", "type": "nominal", "scale": key, "legend": legend}}},
        {"data": {"values": words}, "mark": {"type": "text", "dy": -7, "fontWeight": 600},
         "encoding": {**at, "text": {"field": "name"}}},
        {"data": {"values": words}, "mark": {"type": "text", "dy": 8}, "encoding": {**at, "text": {"field": "told"}}},
    ]  # fmt: skip
    return {
        "layer": layers, "height": height, "projection": {"type": "identity", "reflectY": True},
        **head(paper.of(chart.title), _subtitle(chart, paper, shapes), width),
        "config": config(paper.lang), "resolve": {"scale": {"color": "independent"}},
    }  # fmt: skip


def _subtitle(chart: Map, paper: Paper, shapes: Mapping[str, Any]) -> str:
    """What is measured; regions that have no shape of their own are told in words."""
    other = [f"{paper.of(p.name)} {value_of(p, chart, paper)}" for p in chart.places if p.code not in shapes]
    told = [t("pack.map_others", paper.lang, said=", ".join(other))] if other else []
    return " · ".join([paper.of(chart.subtitle), *told])


def value_of(place: Place, chart: Map, paper: Paper) -> str:
    """A region's value as people read it."""
    kind = unit_kind(chart.unit)
    return written(place.value, kind, paper.lang)


def _words(place: Place, chart: Map, paper: Paper) -> dict[str, str]:
    told = value_of(place, chart, paper)
    return {"name": clean(paper.of(place.name), 12), "told": "" if told == DASH else told}


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else list(geometry["coordinates"])


def _flat(ring: Sequence[Sequence[float]], flat: float) -> list[Point]:
    return [(round(x * flat, 4), round(y, 4)) for x, y, *_ in ring]


def _points(geometry: Mapping[str, Any]) -> Iterator[Sequence[float]]:
    for polygon in _polygons(geometry):
        yield from polygon[0]


def _middle(shapes: Any) -> float:
    heights = [point[1] for geometry in shapes for point in _points(geometry)]
    return (min(heights) + max(heights)) / 2 if heights else 0.0


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2)


def _inside(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a ring; its middle where it has no area."""
    x0, y0 = ring[0]
    total = x = y = 0.0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        total += cross
        x += (ax + bx - 2 * x0) * cross
        y += (ay + by - 2 * y0) * cross
    if abs(total) < 1e-12:
        return x0, y0
    return round(x0 + x / (3 * total), 4), round(y0 + y / (3 * total), 4)
