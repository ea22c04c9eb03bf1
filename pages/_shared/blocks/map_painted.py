"""What a paint of the map gives back, and the corners of squares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from pages._shared.charts.legend import Key


@dataclass
class Painted:
    """`layers` from the ground up, `rows` the table twin with `headers`; `finding` and `note` are whole sentences."""

    layers: list[Any] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    finding: str = ""
    note: str = ""
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)  # with lon, lat where a row is one place
    headers: dict[str, str] = field(default_factory=dict)
    helps: dict[str, str] = field(default_factory=dict)  # what a short header means in full


def squares(found: pd.DataFrame, side_m: float) -> list[list[list[float]]]:
    """The corners of squares around `lon`, `lat`."""
    north = side_m / 2 / 110_900
    east = side_m / 2 / (111_320 * np.cos(np.radians(found["lat"].to_numpy())))
    lon, lat = found["lon"].to_numpy(), found["lat"].to_numpy()
    rings = [(lon - east, lat - north), (lon + east, lat - north), (lon + east, lat + north), (lon - east, lat + north)]
    corners: list[list[list[float]]] = np.stack([np.column_stack(r) for r in rings], axis=1).round(6).tolist()
    return corners
