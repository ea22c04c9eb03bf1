"""WGS-84 to the datum of exports. The loader's inverse is written elsewhere, on purpose: two witnesses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_A = 6_378_245.0
_EE = 0.00669342162296594323
METRES_LAT = 110_900.0
METRES_LON = 94_000.0
"""Metres in one degree near 32.4 degrees north."""


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Forward shift of the Chinese map datum (about 550 m near Yangzhou). NaN stays NaN."""
    x, y = lon - 105.0, lat - 35.0
    pi = np.pi
    ripple = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + ripple
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + ripple
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    radians = lat / 180 * pi
    magic = 1 - _EE * np.sin(radians) ** 2
    root = np.sqrt(magic)
    north = north * 180 / ((_A * (1 - _EE)) / (magic * root) * pi)
    east = east * 180 / (_A / root * np.cos(radians) * pi)
    return lon + east, lat + north


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Second shift of one map provider."""
    turn = np.pi * 3000 / 180
    z = np.sqrt(lon * lon + lat * lat) + 0.00002 * np.sin(lat * turn)
    theta = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * turn)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def scatter(rng: np.random.Generator, lon: Floats, lat: Floats, spread_m: Floats | float) -> tuple[Floats, Floats]:
    """Points around centres, normally spread by `spread_m` metres along each axis, cut at 2.2 spreads."""
    n = len(lon)
    east = np.clip(rng.normal(size=n), -2.2, 2.2) * spread_m
    north = np.clip(rng.normal(size=n), -2.2, 2.2) * spread_m
    return lon + east / METRES_LON, lat + north / METRES_LAT
