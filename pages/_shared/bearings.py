"""What tells where one is on a map: names of places, the scale and the north. Positions are WGS-84."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import pydeck as pdk

from pages._shared import deck, extent
from pages._shared.maps import label_point
from pages._shared.text import Lang, t
from pages._shared.theme import FONT_PICTURES, Palette
from warehouse.workspace import Workspace

_FONT = f"{FONT_PICTURES}, Microsoft YaHei, PingFang SC, sans-serif"
_KM_PER_DEGREE = 111.32
_SIZE_PX = 13
_LIFTED_PX = 12  # words above the scale and the arrow


def labels(name: str, df: pd.DataFrame, p: Palette) -> pdk.Layer:
    """Names at `lon, lat` from `label`, moved by `offset` (pixels to the right and down), readable on any ground."""
    return pdk.Layer(
        "TextLayer",
        df[["lon", "lat", "label", "offset"]].to_dict("records"),
        id=name,
        pickable=True,
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
        deck.lines("scale", drawn, p.text, 2),
        labels("names", pd.concat([districts, said], ignore_index=True), p),
    ]


def scale(box: extent.Box, p: Palette, lang: Lang) -> list[pdk.Layer]:
    """A bar of known length and an arrow to the north, lying in the map: right at every zoom."""
    drawn, said = _scale(box, lang)
    return [deck.lines("scale", drawn, p.text, 2), labels("scale_text", said, p)]


def _scale(box: extent.Box, lang: Lang) -> tuple[list[dict[str, list[float]]], pd.DataFrame]:
    """The straight parts of the bar and the arrow, and their words."""
    west, south, east, north = box
    wide_km = (east - west) * _KM_PER_DEGREE * math.cos(math.radians(south))
    km = next((k for k in (50, 20, 10, 5, 2, 1, 0.5) if k <= wide_km / 4), 0.2)
    x, y = west, south - (north - south) * 0.035
    length = km / (_KM_PER_DEGREE * math.cos(math.radians(y)))
    tick = (north - south) * 0.008
    drawn = [
        {"from": [x, y], "to": [x + length, y]},
        *({"from": [at, y - tick], "to": [at, y + tick]} for at in (x, x + length)),
    ]
    # The arrow is drawn: as a letter it would have to stand in the browser's font, and there it was a dot.
    tip, head = y + 7 * tick, 2 * tick
    side, at = head * 0.6 / math.cos(math.radians(y)), x + length * 1.3
    drawn += [
        {"from": [at, y - tick], "to": [at, tip]},
        *({"from": [at + way * side, tip - head], "to": [at, tip]} for way in (-1, 1)),
    ]
    label = f"{km} km" if km >= 1 else f"{km * 1000:.0f} m"
    said = {"lon": [x + length / 2, at], "lat": [y, tip], "label": [label, t("map.north", lang)]}
    return drawn, pd.DataFrame({**said, "offset": [[0, -_LIFTED_PX]] * 2})
