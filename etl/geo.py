"""Coordinates to WGS-84, metres and grid cells; arrays in, arrays out.

Does not belong here: which datum a source uses (its contract), which bounding box is the city (the
workspace), which region a point lies in (the warehouse).

Longitudes and latitudes are degrees, in this order everywhere; x is metres east, y metres north. Missing and
infinite input gives NaN (or `NO_GRID`), never an error and never zero. GCJ-02 and BD-09 are the shifted
datums of Chinese maps; near Yangzhou they are 0.55 km and 1.2 km off. The formulas are the published
reverse-engineered ones; the inverse is within 0.01 m of the forward direction.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Points: TypeAlias = tuple[Floats, Floats]
Bbox: TypeAlias = tuple[float, float, float, float]

NO_GRID = -1

_KRASOVSKY_M = 6_378_245.0
_KRASOVSKY_E2 = 0.006693421622965943
_WGS84_M = 6_378_137.0
_WGS84_E2 = 0.00669437999014
_X_PI = np.pi * 3000.0 / 180.0
_CHINA: Bbox = (73.66, 3.86, 135.05, 53.55)

_INDEX_BITS = 20
_INDEX_HALF = 1 << (_INDEX_BITS - 1)
_MAX_SIZE_M = (1 << 12) - 1


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """GCJ-02 of WGS-84 points; outside China (the customary bounding box) the shift is zero."""
    x, y = _pair(lon, lat)
    inside = _in_china(x, y)
    dx, dy = _gcj_shift(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS-84 of GCJ-02 points, by three fixed-point steps (each shrinks the error about 300-fold)."""
    x, y = _pair(lon, lat)
    inside = _in_china(x, y)
    guess_x, guess_y = x, y
    for _ in range(3):
        dx, dy = _gcj_shift(guess_x, guess_y)
        guess_x, guess_y = x - dx, y - dy
    return np.where(inside, guess_x, x), np.where(inside, guess_y, y)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Points:
    """BD-09 of WGS-84 points. Baidu's second shift is added everywhere, also outside China."""
    return _gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Points:
    """WGS-84 of BD-09 points."""
    x, y = _pair(lon, lat)
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
            return _pair(lon, lat)
        case "GCJ02":
            return gcj02_to_wgs84(lon, lat)
        case "BD09":
            return bd09_to_wgs84(lon, lat)
    raise ValueError(f'datum: expected "WGS-84", "GCJ-02" or "BD-09", got "{datum}"')


def local_metres(lon: ArrayLike, lat: ArrayLike, origin: tuple[float, float]) -> Points:
    """Metres east and north of ``origin`` (lon, lat) for WGS-84 points.

    Equirectangular on the ellipsoid's radii at the origin: straight, invertible, the same for every file and
    year. Scale error stays under 0.7 % within 60 km north or south of an origin at 32° N. Never change the
    origin of a workspace: all its grid ids hang on it.
    """
    x, y = _pair(lon, lat)
    east_m, north_m = _metres_per_degree(origin[1])
    return (x - origin[0]) * east_m, (y - origin[1]) * north_m


def local_lonlat(x: ArrayLike, y: ArrayLike, origin: tuple[float, float]) -> Points:
    """WGS-84 longitude and latitude of local metres: the inverse of `local_metres`."""
    east, north = _pair(x, y)
    east_m, north_m = _metres_per_degree(origin[1])
    return origin[0] + east / east_m, origin[1] + north / north_m


def grid_id(x: ArrayLike, y: ArrayLike, size_m: int) -> NDArray[np.int64]:
    """Id of the square cell of ``size_m`` metres that holds each local point; `NO_GRID` without a point.

    Cells include their west and south edges. An id is non-negative, carries size and position (`grid_cell`
    reads them back), differs between sizes, and stays below 2**53 so that browsers keep it exact. Points more
    than 524,287 cells from the origin have no cell.
    """
    if not 1 <= size_m <= _MAX_SIZE_M or size_m != int(size_m):
        raise ValueError(f"size_m: expected a whole number of metres from 1 to {_MAX_SIZE_M}, got {size_m}")
    east, north = _pair(x, y)
    column, row = np.floor_divide(east, size_m), np.floor_divide(north, size_m)
    held = (np.abs(column) < _INDEX_HALF) & (np.abs(row) < _INDEX_HALF)
    columns = np.where(held, column, 0).astype(np.int64) + _INDEX_HALF
    rows = np.where(held, row, 0).astype(np.int64) + _INDEX_HALF
    ids = (np.int64(size_m) << 2 * _INDEX_BITS) | (columns << _INDEX_BITS) | rows
    return np.asarray(np.where(held, ids, NO_GRID), dtype=np.int64)


def grid_cell(ids: ArrayLike) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Size (m) and south-west corner (local metres) of grid ids; size 0 and NaN corner for `NO_GRID`."""
    codes = np.asarray(ids, dtype=np.int64)
    held = codes >= 0
    size = np.where(held, codes >> 2 * _INDEX_BITS, 0)
    mask = (1 << _INDEX_BITS) - 1
    west = ((codes >> _INDEX_BITS & mask) - _INDEX_HALF) * size
    south = ((codes & mask) - _INDEX_HALF) * size
    return size, np.where(held, west, np.nan), np.where(held, south, np.nan)


def swap_suspects(lon: ArrayLike, lat: ArrayLike, bbox: Bbox) -> NDArray[np.bool_]:
    """True where a point lies outside ``bbox`` (west, south, east, north)
    but would lie inside it with its two values swapped."""
    x, y = _pair(lon, lat)
    return ~_within(x, y, bbox) & _within(y, x, bbox)


def _pair(first: ArrayLike, second: ArrayLike) -> Points:
    a, b = np.broadcast_arrays(np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64))
    missing = ~(np.isfinite(a) & np.isfinite(b))
    return np.where(missing, np.nan, a), np.where(missing, np.nan, b)


def _within(x: Floats, y: Floats, bbox: Bbox) -> NDArray[np.bool_]:
    west, south, east, north = bbox
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north), dtype=np.bool_)


def _in_china(x: Floats, y: Floats) -> NDArray[np.bool_]:
    return _within(x, y, _CHINA)


def _metres_per_degree(lat: float) -> tuple[float, float]:
    sine = np.sin(np.radians(lat))
    w = 1.0 - _WGS84_E2 * sine * sine
    east = np.pi / 180.0 * _WGS84_M / np.sqrt(w) * np.cos(np.radians(lat))
    north = np.pi / 180.0 * _WGS84_M * (1.0 - _WGS84_E2) / (w * np.sqrt(w))
    return float(east), float(north)


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
