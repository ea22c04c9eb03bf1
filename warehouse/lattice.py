"""Stable square cells in projected metres, and H3 cells; arrays in, arrays out.

Square cells hang on the workspace's `place.grid_origin` and on nothing else: not on the files loaded, their order or
the year, so an id of today is the id of next year. x is metres east, y metres north. H3 cells need no origin.
"""

from __future__ import annotations

from itertools import repeat

import h3.api.basic_int as h3
import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from warehouse.datum import Floats, Points, pair

NO_GRID = -1

_WGS84_M = 6_378_137.0
_WGS84_E2 = 0.00669437999014
_INDEX_BITS = 20
_INDEX_HALF = 1 << (_INDEX_BITS - 1)
_MAX_SIZE_M = (1 << 12) - 1


def local_metres(lon: ArrayLike, lat: ArrayLike, origin: tuple[float, float]) -> Points:
    """Metres east and north of ``origin`` (lon, lat) for WGS-84 points.

    Equirectangular on the ellipsoid's radii at the origin: straight, invertible, the same for every file and
    year. Scale error stays under 0.7 % within 60 km north or south of an origin at 32° N. Never change the
    origin of a workspace: all its grid ids hang on it.
    """
    x, y = pair(lon, lat)
    east_m, north_m = _metres_per_degree(origin[1])
    return (x - origin[0]) * east_m, (y - origin[1]) * north_m


def local_lonlat(x: ArrayLike, y: ArrayLike, origin: tuple[float, float]) -> Points:
    """WGS-84 longitude and latitude of local metres: the inverse of `local_metres`."""
    east, north = pair(x, y)
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
    east, north = pair(x, y)
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


def h3_cells(lon: Floats, lat: Floats, resolution: int) -> pa.Array:
    """The H3 cell of each WGS-84 point as its usual hexadecimal text; null without a point."""
    held = np.isfinite(lon) & np.isfinite(lat)
    found = np.zeros(len(lon), dtype=np.uint64)
    n = int(held.sum())
    cells = map(h3.latlng_to_cell, lat[held].tolist(), lon[held].tolist(), repeat(resolution))
    found[held] = np.fromiter(cells, dtype=np.uint64, count=n)
    distinct, at = np.unique(found, return_inverse=True)
    names = pa.array([f"{cell:x}" if cell else None for cell in distinct.tolist()], pa.string())
    return names.take(pa.array(at))


def _metres_per_degree(lat: float) -> tuple[float, float]:
    sine = np.sin(np.radians(lat))
    w = 1.0 - _WGS84_E2 * sine * sine
    east = np.pi / 180.0 * _WGS84_M / np.sqrt(w) * np.cos(np.radians(lat))
    north = np.pi / 180.0 * _WGS84_M * (1.0 - _WGS84_E2) / (w * np.sqrt(w))
    return float(east), float(north)
