"""The district map: polygons and words, no tiles and no WebGL, so it works without a network and prints.

Districts are drawn, nothing is merged or suppressed here: frames arrive with what may be shown.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, dimmed, ems_of, finish, pick, step_labels, step_of, steps
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t, word
from pages._shared.theme import MAP_HEIGHT, Mode, ink, palette

Feature = Mapping[str, Any]

_GRID = 28  # candidate points a side for a name
_NAME_ASPECT = 1.6  # a name with its figure is wider than tall
_NAME_SIZE = 12
_LINES = 26  # px; the height of a name with its figure
_PHONE = 345  # px; the narrowest map


_SHAPES = "districts"


@remembered
def district_map(
    features: Sequence[Feature],
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    kind: Kind = "per_10k",
    unit: str = "",
    select: bool = False,
    height: int = MAP_HEIGHT,
) -> AnyChart:
    """A choropleth of `df[region_code, name, value, n, label]` on GeoJSON features with `region_code`.

    WGS-84. Rings must run clockwise, as d3 expects. A missing `value` is drawn grey with its `label` ("<5");
    a region without a polygon is named under the title; a polygon without a row is drawn grey. Use a rate:
    raw counts would only show where people live. With `select`, a click yields `region_code`.
    """
    p = palette(mode)
    rows = df.set_index(df["region_code"].astype(str))
    known = rows["value"].dropna().astype(float)
    edges, colours = steps(list(known), p, from_zero=False) if len(known) else ([0.0, 1.0], [p.gray.tint])
    names = step_labels(edges, kind) if len(known) else []
    absent = t("map.not_shown", lang)
    drawn = []
    scale = _pixels(features, height)
    for feature in features:
        code = str(feature["properties"]["region_code"])
        row = rows.loc[code] if code in rows.index else None
        value = numbers.number(row["value"]) if row is not None else None
        at = step_of(value, edges) if value is not None else 0
        lon, lat = label_point(feature["geometry"])
        fill = p.gray.tint if value is None else colours[at]
        name = str(row["name"]) if row is not None else _name(feature, lang)
        # A name that runs over its border stands on two fills: dark on a light rim is readable on both.
        halo = room(feature["geometry"], _LINES / scale) * scale < ems_of(name) * _NAME_SIZE
        drawn.append(
            {
                "type": "Feature",
                "geometry": feature["geometry"],
                "region_code": code,
                "name": name,
                "step": absent if value is None else names[at],
                "text": str(row["label"]) if row is not None else numbers.DASH,
                "n_text": numbers.DASH if row is None or value is None else numbers.count(row["n"], lang),
                "ink": p.text if halo else p.muted if value is None else ink(fill),
                "halo": p.background if halo else "transparent",
                "lon": lon,
                "lat": lat,
            }
        )
    domain, shades = [*names], [*colours][: len(names)]
    if any(d["step"] == absent for d in drawn):
        domain, shades = [*domain, absent], [*shades, p.gray.tint]
    selected = pick(["region_code"]) if select else None
    legend = alt.Legend(
        title=unit or word("unit", "per_10k_name", lang) if kind == "per_10k" else unit or None,
        orient="bottom",
        direction="horizontal",
        columns=3,
        gridAlign="none",
        columnPadding=14,
        symbolType="square",
        symbolSize=160,
        symbolStrokeWidth=1,
        symbolStrokeColor=p.border,
    )
    tips = [
        alt.Tooltip("name:N", title=t("map.region", lang)),
        alt.Tooltip("text:N", title=t("chart.value", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    shapes = (
        alt.Chart(alt.NamedData(name=_SHAPES))
        .mark_geoshape(stroke=p.background, strokeWidth=1.4)
        .encode(
            color=alt.Color("step:O", scale=alt.Scale(domain=domain, range=shades), legend=legend),
            opacity=dimmed(selected),
            tooltip=tips,
        )
    )
    points = [{k: d[k] for k in ("name", "text", "ink", "halo", "lon", "lat")} for d in drawn]
    base = alt.Chart(alt.Data(values=points)).encode(longitude="lon:Q", latitude="lat:Q")
    ink_of = alt.Color("ink:N", scale=None)
    layers: list[Any] = [shapes.add_params(selected) if selected is not None else shapes]
    places: tuple[tuple[str, dict[str, Any]], ...] = (("name", {"fontWeight": 600, "dy": -7}), ("text", {"dy": 8}))
    for field, place in places:
        text = base.mark_text(fontSize=_NAME_SIZE, strokeWidth=4, strokeJoin="round", **place)
        layers.append(
            text.encode(text=f"{field}:N", color=alt.value("transparent"), stroke=alt.Stroke("halo:N", scale=None))
        )
        layers.append(base.mark_text(fontSize=_NAME_SIZE, **place).encode(text=f"{field}:N", color=ink_of))
    chart = alt.layer(*layers).project(type="mercator")
    note = _no_boundary(features, df, lang)
    line = " · ".join(s for s in (subtitle, note) if s)
    finished = finish(chart, lang=lang, mode=mode, title=title, subtitle=line, height=height)
    # Attached last: Altair copies inline geometry at every layering.
    finished.datasets = {_SHAPES: drawn}
    return finished


def district_table(df: pd.DataFrame, *, lang: Lang, kind: Kind = "per_10k") -> pd.DataFrame:
    """The map's twin for those who cannot see it: `region_code, name, value, text, n`, highest first."""
    rows = df.assign(
        region_code=df["region_code"].astype(str),
        text=[
            str(label) if pd.isna(v) else numbers.value(v, kind, lang)
            for v, label in zip(df["value"], df["label"], strict=True)
        ],
    )
    ordered = rows.sort_values(["value", "name"], ascending=[False, True], na_position="last")
    ordered["n"] = ordered["n"].where(ordered["value"].notna())  # a hidden rate must not show its count
    return ordered[["region_code", "name", "value", "text", "n"]].reset_index(drop=True)


def label_point(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Where a name stands (lon, lat): the inner point with most room, width counting less than height."""
    return _roomiest(max(_rings(geometry), key=len).tobytes())


def borders(geometries: Sequence[Mapping[str, Any]]) -> list[dict[str, list[float]]]:
    """The outlines of polygons and of their holes as straight parts `from`, `to` in degrees, to a metre; what two
    neighbours share is told once."""
    parts: dict[tuple[tuple[float, float], ...], None] = {}
    for geometry in geometries:
        is_many = geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"] if is_many else [geometry["coordinates"]]:
            for ring in polygon:
                points = [(round(x, 5), round(y, 5)) for x, y, *_ in ring]
                parts.update(dict.fromkeys(tuple(sorted(pair)) for pair in pairwise(points) if pair[0] != pair[1]))
    return [{"from": list(a), "to": list(b)} for a, b in parts]


def _rings(geometry: Mapping[str, Any]) -> list[np.ndarray]:
    """The outlines of a geometry's polygons, without their holes."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [np.asarray(polygon[0], dtype=float) for polygon in polygons]


@lru_cache(maxsize=1000)
def _roomiest(ring_bytes: bytes) -> tuple[float, float]:
    """`label_point` of one ring; boundaries do not change, and the search costs 50 ms a polygon."""
    ring = np.frombuffer(ring_bytes, dtype=float).reshape(-1, 2)
    low, high = ring.min(axis=0), ring.max(axis=0)
    fractions = (np.arange(_GRID) + 0.5) / _GRID
    gx, gy = np.meshgrid(low[0] + fractions * (high[0] - low[0]), low[1] + fractions * (high[1] - low[1]))
    points = np.column_stack([gx.ravel(), gy.ravel()])
    scale = np.array([math.cos(math.radians(float(low[1]))) / _NAME_ASPECT, 1.0])
    room = np.where(_inside(points, ring), _distance(points * scale, ring * scale), -1.0)
    # Where many points have the same room, the one nearest the middle.
    off = np.linalg.norm((points - (low + high) / 2) * scale, axis=1)
    lon, lat = points[int((room - 0.05 * off).argmax())]
    return float(lon), float(lat)


def room(geometry: Mapping[str, Any], tall: float = 0.0) -> float:
    """How wide a text centred on `label_point` and `tall` high may be before it meets the border.

    Both in degrees of latitude.
    """
    ring = max(_rings(geometry), key=len)
    lon, lat = label_point(geometry)
    found = []
    for y in (lat - tall / 2, lat, lat + tall / 2):
        a, b = ring[:-1], ring[1:]
        spans = (a[:, 1] > y) != (b[:, 1] > y)
        a, b = a[spans], b[spans]
        at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
        if not len(at):
            return 0.0
        found.append(float(np.abs(at - lon).min()))
    return 2 * min(found) * math.cos(math.radians(lat))


def _pixels(features: Sequence[Feature], height: int) -> float:
    """Pixels of a degree of latitude on a phone, where the whole map fits into the plot."""
    rings = [ring for feature in features for ring in _rings(feature["geometry"])]
    if not rings:
        return 1.0
    points = np.concatenate(rings)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    wide = (east - west) * math.cos(math.radians(float(south + north) / 2))
    return min(_PHONE / max(wide, 1e-9), height / max(north - south, 1e-9))


def _inside(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Even-odd rule, for n points and a closed ring of k."""
    a, b = ring[:-1], ring[1:]
    x, y = points[:, :1], points[:, 1:]
    spans = (a[:, 1] > y) != (b[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    return (spans & (x < at)).sum(axis=1) % 2 == 1


def _distance(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """From each of n points to the nearest edge of a closed ring."""
    a, edge = ring[:-1], ring[1:] - ring[:-1]
    length = (edge**2).sum(axis=1)
    offset = points[:, None, :] - a[None, :, :]
    along = np.clip((offset * edge).sum(axis=2) / np.where(length > 0, length, 1.0), 0.0, 1.0)
    return np.sqrt(((offset - along[:, :, None] * edge) ** 2).sum(axis=2)).min(axis=1)


def _name(feature: Feature, lang: Lang) -> str:
    return str(feature["properties"].get(f"name_{lang}", feature["properties"]["region_code"]))


def _no_boundary(features: Sequence[Feature], df: pd.DataFrame, lang: Lang) -> str:
    have = {str(f["properties"]["region_code"]) for f in features}
    lost = [str(n) for c, n in zip(df["region_code"].astype(str), df["name"], strict=True) if c not in have]
    return t("map.no_boundary", lang, names=t("chart.list_separator", lang).join(lost)) if lost else ""
