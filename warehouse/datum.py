"""Coordinates to WGS-84; arrays in, arrays out.

Does not belong here: which datum a source uses (its contract), which bounding box is the city (the workspace).

Longitudes and latitudes are degrees, in this order everywhere. Missing and infinite input gives NaN, never an error
and never zero. GCJ-02 and BD-09 are the shifted datums of Chinese maps; near Yangzhou they are 0.55 km and 1.2 km off.
The formulas are the published reverse-engineered ones; the inverse is within 0.01 m of the forward direction.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Points: TypeAlias = tuple[Floats, Floats]
Bbox: TypeAlias = tuple[float, float, float, float]

DATUMS = ("WGS-84", "GCJ-02", "BD-09")

_KRASOVSKY_M = 6_378_245.0
_KRASOVSKY_E2 = 0.006693421622965943
_X_PI = np.pi * 3000.0 / 180.0
_CHINA: Bbox = (73.66, 3.86, 135.05, 53.55)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """GCJ-02 of WGS-84 points; outside China (the customary bounding box) the shift is zero."""
    x, y = pair(lon, lat)
    inside = within(x, y, _CHINA)
    dx, dy = _gcj_shift(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS-84 of GCJ-02 points, by three fixed-point steps (each shrinks the error about 300-fold).

    Whether a point lies in China is asked of the answer: asked of the shifted point, those within the shift of the
    customary box would keep an error of hundreds of metres.
    """
    x, y = pair(lon, lat)
    guess_x, guess_y = x, y
    for _ in range(3):
        dx, dy = _gcj_shift(guess_x, guess_y)
        guess_x, guess_y = x - dx, y - dy
    inside = within(guess_x, guess_y, _CHINA)
    return np.where(inside, guess_x, x), np.where(inside, guess_y, y)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Points:
    """BD-09 of WGS-84 points. Baidu's second shift is added everywhere, also outside China."""
    return _gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS-84 of BD-09 points."""
    x, y = pair(lon, lat)
    guess_x, guess_y = x - 0.0065, y - 0.006
    for _ in range(3):
        forward_x, forward_y = _gcj02_to_bd09(guess_x, guess_y)
        guess_x, guess_y = guess_x + x - forward_x, guess_y + y - forward_y
    return gcj02_to_wgs84(guess_x, guess_y)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Points:
    """WGS-84 of points in ``datum``: WGS-84, GCJ-02 or BD-09 (case, dash and blank do not matter).

    Raises `ValueError` for any other name.
    """
    match datum.upper().replace("-", "").replace("_", "").replace(" ", ""):
        case "WGS84":
            return pair(lon, lat)
        case "GCJ02":
            return gcj02_to_wgs84(lon, lat)
        case "BD09":
            return bd09_to_wgs84(lon, lat)
    raise ValueError(f'datum: expected "WGS-84", "GCJ-02" or "BD-09", got "{datum}"')


def swap_suspects(lon: ArrayLike, lat: ArrayLike, bbox: Bbox) -> NDArray[np.bool_]:
    """True where a point lies outside ``bbox`` (west, south, east, north)
    but would lie inside it with its two values swapped."""
    x, y = pair(lon, lat)
    return ~within(x, y, bbox) & within(y, x, bbox)


def pair(first: ArrayLike, second: ArrayLike) -> Points:
    """Both values as floats of one shape; a point with a missing or infinite half is missing as a whole."""
    a, b = np.broadcast_arrays(np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64))
    missing = ~(np.isfinite(a) & np.isfinite(b))
    return np.where(missing, np.nan, a), np.where(missing, np.nan, b)


def within(x: Floats, y: Floats, bbox: Bbox) -> NDArray[np.bool_]:
    """True where a point lies in a box (west, south, east, north), its edges included."""
    west, south, east, north = bbox
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north), dtype=np.bool_)


def _gcj_shift(lon: Floats, lat: Floats) -> Points:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        ripple
        + (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0))
        + (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0))
    ) * (2.0 / 3.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (
        ripple
        + (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0))
        + (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0))
    ) * (2.0 / 3.0)
    radians = np.radians(lat)
    w = 1.0 - _KRASOVSKY_E2 * np.sin(radians) ** 2
    per_north = np.pi / 180.0 * _KRASOVSKY_M * (1.0 - _KRASOVSKY_E2) / (w * np.sqrt(w))
    per_east = np.pi / 180.0 * _KRASOVSKY_M / np.sqrt(w) * np.cos(radians)
    # Within a degree of a pole the divisor vanishes; such points are outside China and keep their place.
    per_east = np.where(np.abs(per_east) < 1.0, 1.0, per_east)
    return east / per_east, north / per_north


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> Points:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _X_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _X_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
