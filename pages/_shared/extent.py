"""What of the world a map shows: boxes in degrees (west, south, east, north; WGS-84), and where a map opens."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pydeck as pdk

from pages._shared.theme import MAP_HEIGHT
from warehouse.boundaries import rings_of
from warehouse.workspace import Workspace

Box = tuple[float, float, float, float]
_TILE = 512  # px of the world at zoom 0
_NARROW = 345  # px; the width of the map on a phone


def bounds(space: Workspace, regions: Sequence[str] = ()) -> Box:
    """West, south, east, north of what the workspace draws, or of some of its regions."""
    features = (space.boundaries or {"features": []})["features"]
    chosen = [f for f in features if str(f["properties"]["region_code"]) in regions] or features
    rings = [np.asarray(ring, dtype=float) for f in chosen for ring in rings_of(f["geometry"])]
    if not rings:
        return space.settings.place.bbox or (-180.0, -60.0, 180.0, 70.0)
    every = np.concatenate(rings)
    west, south = every.min(axis=0).tolist()
    east, north = every.max(axis=0).tolist()
    return west, south, east, north


def view(box: Box, height: int = MAP_HEIGHT, width: int = _NARROW) -> pdk.ViewState:
    """Where the map opens: the whole box in a map of that size."""
    west, south, east, north = box
    tall = _mercator(north) - _mercator(south)
    by_height = math.log2(0.9 * height / (_TILE * max(tall, 1e-6)))
    by_width = math.log2(360 * width / (_TILE * max(east - west, 1e-6)))
    zoom = min(by_height, by_width)
    return pdk.ViewState(
        longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=round(min(zoom, 16), 2), pitch=0, bearing=0
    )


def around(lon: float, lat: float, zoom: float = 13.5) -> pdk.ViewState:
    """Close to one place."""
    return pdk.ViewState(longitude=lon, latitude=lat, zoom=zoom, pitch=0, bearing=0)


def box_around(lon: float, lat: float, zoom: float, height: int) -> Box:
    """West, south, east, north of what a map `height` pixels high and at least as wide shows for sure, less a rim
    for the scale.
    """
    high = height * 360.0 / (_TILE * 2**zoom) * math.cos(math.radians(lat))
    wide = high / math.cos(math.radians(lat)) * 0.5
    return lon - wide, lat - high * 0.42, lon + wide, lat + high * 0.5


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
