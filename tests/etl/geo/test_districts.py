"""Point in polygon against a rule written twice: on odd shapes, and on the demo city's borders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.geo.districts import NOWHERE, Districts
from tests.etl.geo.where import workspace

DEMO = Path(__file__).resolve().parents[3] / "workspaces/demo/boundaries.geojson"
SQUARE = [[0.0, 0.0], [0.0, 4.0], [4.0, 4.0], [4.0, 0.0], [0.0, 0.0]]
HOLE = [[1.0, 1.0], [3.0, 1.0], [3.0, 3.0], [1.0, 3.0], [1.0, 1.0]]
ISLAND = [[10.0, 10.0], [10.0, 11.0], [11.0, 11.0], [10.0, 10.0]]


def feature(code: str, *polygons: list[Any]) -> dict[str, Any]:
    geometry = {"type": "MultiPolygon", "coordinates": list(polygons)}
    return {"type": "Feature", "properties": {"region_code": code}, "geometry": geometry}


def districts(tmp_path: Path, *features: dict[str, Any]) -> Districts:
    found = Districts.of(workspace(tmp_path, boundaries={"type": "FeatureCollection", "features": list(features)}))
    assert found is not None
    return found


def by_hand(x: float, y: float, rings: list[Any]) -> bool:
    """The even-odd rule as the textbook has it, one point and one edge at a time."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def test_holes_and_islands(tmp_path: Path) -> None:
    found = districts(tmp_path, feature("a", [SQUARE, HOLE], [ISLAND]), feature("b", [HOLE]))
    lon = np.array([0.5, 2.0, 10.2, 5.0, 10.9, np.nan])
    lat = np.array([0.5, 2.0, 10.8, 5.0, 10.1, 0.5])
    assert found.names_at(lon, lat).tolist() == ["a", "b", "a", None, None, None]


def test_every_point_of_the_city_lies_where_the_textbook_says(tmp_path: Path) -> None:
    features = json.loads(DEMO.read_text(encoding="utf-8"))["features"]
    found = districts(tmp_path, *features)
    random = np.random.default_rng(5)
    lon, lat = random.uniform(118.9, 120.0, 700), random.uniform(32.1, 33.5, 700)
    rings = {f["properties"]["region_code"]: f["geometry"]["coordinates"] for f in features}
    expected = [
        next((code for code, polygon in rings.items() if by_hand(x, y, polygon)), None)
        for x, y in zip(lon, lat, strict=True)
    ]
    assert found.names_at(lon, lat).tolist() == expected
    assert len(set(expected)) == 7


def test_a_point_on_a_common_border_belongs_to_one_district_only(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    middle = np.column_stack([2 + random.uniform(-0.3, 0.3, 40), np.linspace(0, 4, 40)]).round(5).tolist()
    west = [[0.0, 0.0], *middle, [0.0, 4.0], [0.0, 0.0]]
    east = [[4.0, 0.0], [4.0, 4.0], *middle[::-1], [4.0, 0.0]]
    found = districts(tmp_path, feature("w", [west]), feature("e", [east]))
    along = random.uniform(0, 1, (39, 50))
    points = np.array(middle)
    x = points[:-1, :1] + along * np.diff(points[:, :1], axis=0)
    y = points[:-1, 1:] + along * np.diff(points[:, 1:], axis=0)
    assert (found.at(x.ravel(), y.ravel()) != NOWHERE).all()


def test_a_border_may_be_off_by_the_slack_and_not_more(tmp_path: Path) -> None:
    found = districts(tmp_path, feature("a", [SQUARE]))
    lon, lat = np.array([4.001, 4.01, 2.0]), np.array([2.0, 2.0, 4.001])  # 111 m, 1.1 km east; 111 m north
    codes = np.array(["a", "a", "a"], dtype=object)
    assert found.touches(lon, lat, codes, 200.0).tolist() == [True, False, True]
    assert found.touches(lon, lat, np.array(["b"] * 3, dtype=object), 200.0).tolist() == [False] * 3


def test_no_points_are_no_trouble(tmp_path: Path) -> None:
    found = districts(tmp_path, feature("a", [SQUARE]))
    assert found.at(np.array([]), np.array([])).tolist() == []
    assert found.names_at(np.array([np.nan]), np.array([np.nan])).tolist() == [None]


def test_a_workspace_without_boundaries_has_no_districts(tmp_path: Path) -> None:
    assert Districts.of(workspace(tmp_path)) is None


@pytest.mark.parametrize("n", [1, 511, 512, 513, 1025])
def test_batches_leave_nobody_out(tmp_path: Path, n: int) -> None:
    found = districts(tmp_path, feature("a", [SQUARE]))
    assert (found.at(np.full(n, 0.5), np.linspace(0.1, 3.9, n)) == 0).all()
