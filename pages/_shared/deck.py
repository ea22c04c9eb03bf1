"""Maps that move: layers of points, areas and cells over our own background, drawn in the browser without a network.

Frames arrive with what may be shown; nothing is asked, merged or hidden here. Positions are WGS-84.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st
from numpy.typing import NDArray
from pydeck.bindings.json_tools import default_serialize

from pages._shared import basemap, numbers
from pages._shared.fans import WIDTH_DEG, fans
from pages._shared.maps import borders
from pages._shared.text import Lang, t
from pages._shared.theme import MAP_HEIGHT, Mode, Palette, palette
from warehouse.workspace import Workspace

Feature = Mapping[str, Any]
Rgba = list[int]
MOST_FANS = 2_000


def rgba(colour: str, alpha: int = 255) -> Rgba:
    """#RRGGBB as deck.gl wants it."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)] + [alpha]


def text(value: str) -> Any:
    """A plain string for pydeck, which takes bare ones for expressions."""
    return pdk.types.String(value)


def areas(
    name: str, features: Sequence[Feature], p: Palette, *, alpha: int = 215, pickable: bool = True, stroke: str = ""
) -> list[pdk.Layer]:
    """Polygons with `properties.fill` (a colour) and whatever the tooltip says, and their borders.

    The borders are a layer of straight lines: a browser without a graphics card spent half of the time that a map took
    on the program for the outlines of polygons.
    """
    drawn = [
        {
            "type": "Feature",
            "geometry": f["geometry"],
            "properties": {**f["properties"], "rgba": rgba(f["properties"]["fill"], alpha)},
        }
        for f in features
    ]
    filled = pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": drawn},
        id=name,
        pickable=pickable,
        stroked=False,
        filled=True,
        get_fill_color="properties.rgba",
        auto_highlight=pickable,
        highlight_color=rgba(p.accent, 60),
    )
    return [filled, lines(f"{name}_borders", borders([f["geometry"] for f in features]), stroke or p.background, 1.2)]


def lines(name: str, parts: Sequence[Mapping[str, Any]], colour: str, width_px: float) -> pdk.Layer:
    """Straight lines from `from` to `to`, as wide at every zoom."""
    return pdk.Layer(
        "LineLayer",
        list(parts),
        id=name,
        pickable=False,
        get_source_position="from",
        get_target_position="to",
        get_color=rgba(colour),
        get_width=width_px,
    )


def points(
    name: str, df: pd.DataFrame, p: Palette, *, radius_px: tuple[int, int] = (4, 18), stroke: str = ""
) -> pdk.Layer:
    """Circles from `lon, lat, rgba, size` (metres) that never get smaller or larger than `radius_px`."""
    return pdk.Layer(
        "ScatterplotLayer",
        df.to_dict("records"),
        id=name,
        pickable=True,
        get_position=["lon", "lat"],
        get_radius="size",
        radius_min_pixels=radius_px[0],
        radius_max_pixels=radius_px[1],
        get_fill_color="rgba",
        stroked=True,
        get_line_color=rgba(stroke or p.background),
        line_width_min_pixels=1,
        auto_highlight=True,
    )


def hexagons(name: str, df: pd.DataFrame) -> pdk.Layer:
    """H3 cells from `h3` (text) and `rgba`."""
    return pdk.Layer(
        "H3HexagonLayer",
        df.to_dict("records"),
        id=name,
        pickable=True,
        extruded=False,
        stroked=False,
        get_hexagon="h3",
        get_fill_color="rgba",
        auto_highlight=True,
    )


def rings(name: str, df: pd.DataFrame, *, pickable: bool = True) -> pdk.Layer:
    """Polygons from `ring` (lon-lat corners, or an outer ring and its holes) and `rgba`, without an edge."""
    return pdk.Layer(
        "PolygonLayer",
        df.to_dict("records"),
        id=name,
        pickable=pickable,
        stroked=False,
        filled=True,
        get_polygon="ring",
        get_fill_color="rgba",
        auto_highlight=pickable,
    )


def sectors(name: str, df: pd.DataFrame, length_m: float = 160.0, width_deg: float = WIDTH_DEG) -> pdk.Layer:
    """Cells as fans from `lon, lat, azimuth_deg, rgba`; without a bearing (indoor) as a small circle."""
    return rings(name, df.drop(columns=["azimuth_deg"]).assign(ring=fans(df, length_m, width_deg)))


def dots(name: str, df: pd.DataFrame, radius_px: float, *, pickable: bool = True) -> pdk.Layer:
    """A dot at each `lon, lat` in its `rgba`, as large at every zoom: what lies there is too small to be seen.

    Flat columns: without a graphics card their program is made in half the time of that of circles.
    """
    return pdk.Layer(
        "ColumnLayer",
        df.to_dict("records"),
        id=name,
        pickable=pickable,
        get_position=["lon", "lat"],
        radius=radius_px,
        radius_units=text("pixels"),
        disk_resolution=16 if radius_px > 2 else 6,
        extruded=False,
        stroked=False,
        get_fill_color="rgba",
        auto_highlight=pickable,
    )


def weightiest(*weights: pd.Series) -> NDArray[np.int64]:
    """Positions of all rows where they are few, else of the weightiest, by the last of `weights` first: of fifty
    thousand fans no screen shows one, and no browser bears them. What is drawn last lies on top."""
    return np.lexsort([w.to_numpy() for w in weights])[-MOST_FANS:].astype(np.int64)


def fewer(n: int, total: int, lang: Lang) -> list[str]:
    """That not all cells are drawn, where it is so."""
    known = {"n": numbers.count(n, lang), "total": numbers.count(total, lang)}
    return [t("map.cells_fewer", lang, **known)] if n < total else []


class _Compact(pdk.Deck):
    """pydeck writes its JSON indented and in ASCII only, which is two thirds of what is sent."""

    def to_json(self) -> str:
        return json.dumps(
            self, sort_keys=True, default=default_serialize, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )


def show(
    layers: Sequence[pdk.Layer],
    at: pdk.ViewState,
    space: Workspace,
    *,
    lang: Lang,
    mode: Mode,
    key: str,
    alt: str,
    height: int = MAP_HEIGHT,
    on_select: Callable[[], None] | None = None,
) -> None:
    """Draw the map. A tooltip shows each object's `tip`, lines of text made here and nowhere else."""
    p = palette(mode)
    drawn = _Compact(
        layers=list(layers),
        initial_view_state=at,
        views=[pdk.View("MapView", controller={"dragRotate": False, "touchRotate": False})],
        map_provider="carto",
        map_style=basemap.url(space, mode, str(st.get_option("server.baseUrlPath") or "")),
        tooltip={
            "text": "{tip}",
            "style": {"backgroundColor": p.panel, "color": p.text, "fontSize": "13px", "maxWidth": "280px"},
        },
    )
    st.pydeck_chart(drawn, height=height, key=key, alt=alt, on_select=on_select or "ignore")


def chosen(key: str) -> dict[str, dict[str, Any]]:
    """What is selected on a map: layer -> its first chosen object."""
    event = st.session_state.get(key)
    objects = event["selection"]["objects"] if event and "selection" in event else {}
    return {layer: found[0] for layer, found in objects.items() if found}
