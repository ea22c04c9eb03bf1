"""The shapes of cells and of places on a map."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

WIDTH_DEG = 50.0
_M_PER_DEGREE = 111_320
Ring = list[list[float]]  # corners in degrees, lon and lat


def fans(df: pd.DataFrame, length_m: float, width_deg: float) -> list[Ring]:
    """For each row a closed sector of a circle around `lon, lat`, clockwise from north, in degrees: five points of the
    arc, and the place itself at both ends; without `azimuth_deg` a ring of 13 points a third as wide."""
    at, azimuth = df[["lon", "lat"]].to_numpy(dtype=float), df["azimuth_deg"].to_numpy(dtype=float)
    is_round = np.isnan(azimuth)
    middle, turn = at[~is_round, None], np.linspace(-width_deg / 2, width_deg / 2, 5)
    arcs = _arcs(middle, azimuth[~is_round, None] + turn, length_m)
    rings = _arcs(at[is_round, None], np.linspace(0, 360, 13)[None], 0.35 * length_m)
    sector = iter(np.concatenate([middle, arcs, middle], axis=1).tolist())
    circle = iter(np.concatenate([rings, rings[:, :1]], axis=1).tolist())
    return [next(circle if alone else sector) for alone in is_round]


def circle(lon: float, lat: float, radius_m: float) -> Ring:
    """A closed ring of 49 points around a place, in degrees."""
    return [list(at) for at in _arcs(np.array([[[lon, lat]]]), np.linspace(0, 360, 49)[None], radius_m)[0].tolist()]


def _arcs(at: NDArray[np.float64], bearings_deg: NDArray[np.float64], reach_m: float) -> NDArray[np.float64]:
    """Points around (n, 1, 2) places in (n or 1, k) bearings: (n, k, 2), lon and lat."""
    angle, reach = np.radians(bearings_deg), reach_m / _M_PER_DEGREE
    wide = reach / np.cos(np.radians(at[..., 1]))
    return np.stack([at[..., 0] + wide * np.sin(angle), at[..., 1] + reach * np.cos(angle)], axis=2).round(6)
