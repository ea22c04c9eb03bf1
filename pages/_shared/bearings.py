"""What tells where one is on a map: names of places, the scale and the north. Positions are WGS-84."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import pydeck as pdk

from pages._shared import deck, extent
from pages._shared.fans import Ring
from pages._shared.maps import label_point
from pages._shared.text import Lang, t
from pages._shared.theme import FONT_PICTURES, Palette
from warehouse.workspace import Workspace

_FONT = f"{FONT_PICTURES}, Microsoft YaHei, PingFang SC, sans-serif"
_KM_PER_DEGREE = 111.32
_SIZE_PX = 13
_ARROW = (3, 4)  # which shapes of the scale point to the north
_LIFTED_PX = 12  # words above the scale and the arrow


def labels(name: str, df: pd.DataFrame, p: Palette) -> pdk.Layer:
    """Names at `lon, lat` from `label`, moved by `offset` (pixels to the right and down), readable on any ground."""
    return pdk.Layer(
        "TextLayer",
        df[["lon", "lat", "label", "offset"]].to_dict("records"),
        id=name,
        pickable=False,
        get_position=["lon", "lat"],
        get_text="label",
        get_size=_SIZE_PX,
        get_pixel_offset="offset",
        get_color=deck.rgba(p.text),
        character_set=deck.text("auto"),
        font_family=deck.text(_FONT),
        font_weight=600,
        font_settings={"sdf": True, "fontSize": 72, "radius": 16, "buffer": 10},
        outline_width=4,
        outline_color=deck.rgba(p.background, 235),
        line_height=1.15,
    )


def of_city(space: Workspace, names: Mapping[str, str], p: Palette, lang: Lang) -> list[pdk.Layer]:
    """The districts' names at their roomiest points in the viewer's language, the scale and the north.

    All words are one layer: each costs a browser without a graphics card a tenth of a map.
    """
    drawn, said = _scale(extent.bounds(space), lang)
    features = (space.boundaries or {"features": []})["features"]
    at = [label_point(f["geometry"]) for f in features]
    codes = [str(f["properties"]["region_code"]) for f in features]
    districts = pd.DataFrame(
        {
            "lon": [a[0] for a in at],
            "lat": [a[1] for a in at],
            "label": [names.get(c, c) for c in codes],
            "offset": [[0, 0]] * len(at),
        }
    )
    return [
        _shapes(drawn, said, p),
        labels("names", pd.concat([districts, said], ignore_index=True), p),
    ]


def scale(box: extent.Box, p: Palette, lang: Lang) -> list[pdk.Layer]:
    """A bar of known length and an arrow to the north, lying in the map: right at every zoom."""
    drawn, said = _scale(box, lang)
    return [_shapes(drawn, said, p), labels("scale_text", said, p)]


def _shapes(drawn: list[Ring], said: pd.DataFrame, p: Palette) -> pdk.Layer:
    """Polygons and not lines: a map has polygons already, and without a graphics card one more program costs it 0.2 s.
    They can be pointed at like the map's other polygons; a layer that differs in that costs 0.1 s."""
    bar, north = said["label"].tail(2)
    tips = [north if at in _ARROW else bar for at in range(len(drawn))]
    return deck.rings("scale", pd.DataFrame({"ring": drawn, "rgba": [deck.rgba(p.text)] * len(drawn), "tip": tips}))


def _scale(box: extent.Box, lang: Lang) -> tuple[list[Ring], pd.DataFrame]:
    """The shapes of the bar and the arrow, and their words."""
    west, south, east, north = box
    wide_km = (east - west) * _KM_PER_DEGREE * math.cos(math.radians(south))
    km = next((k for k in (50, 20, 10, 5, 2, 1, 0.5) if k <= wide_km / 4), 0.2)
    y = south - (north - south) * 0.035
    per_lat = 1 / math.cos(math.radians(y))  # degrees of longitude as long as one of latitude
    length = km / _KM_PER_DEGREE * per_lat
    tick, half = (north - south) * 0.008, (north - south) * 0.002
    tip, at = y + 7 * tick, west + length * 1.3
    barb = 2 * tick

    def box_of(x: float, up: float, wide: float, tall: float) -> Ring:
        return [[x - wide, up - tall], [x + wide, up - tall], [x + wide, up + tall], [x - wide, up + tall]]

    left, right, notch = at - barb * 0.6 * per_lat, at + barb * 0.6 * per_lat, tip - 1.5 * barb
    drawn = [
        box_of(west + length / 2, y, length / 2, half),
        *(box_of(x, y, half * per_lat, tick) for x in (west, west + length)),
        # The arrow is drawn: as a letter it would have to stand in the browser's font, and there it was a dot.
        [[at, tip], [left, tip - 2 * barb], [at, notch], [right, tip - 2 * barb]],
        box_of(at, (y - tick + notch) / 2, half * per_lat, (notch - y + tick) / 2),
    ]
    label = f"{km} km" if km >= 1 else f"{km * 1000:.0f} m"
    said = {"lon": [west + length / 2, at], "lat": [y, tip], "label": [label, t("map.north", lang)]}
    return drawn, pd.DataFrame({**said, "offset": [[0, -_LIFTED_PX]] * 2})
