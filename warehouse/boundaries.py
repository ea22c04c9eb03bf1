"""The workspace's boundaries as they are drawn and asked: checked, in WGS-84, wound for d3."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from warehouse.datum import Floats, to_wgs84
from warehouse.problems import Problem, Problems, problem


def read_boundaries(path: Path, datum: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection in WGS-84 with `region_code`, ready to draw and to ask.

    `adcode` and `name`, as public boundary files of China have them, stand in for `region_code` and `name_zh`.
    The datum of a feature is its own `datum`, else the collection's, else the one given. Outer rings come out
    clockwise, as d3 draws them, holes the other way. Raises `Problems` naming every feature that cannot be used.
    """
    where = str(path)
    collection, features = _features(path)
    found: list[dict[str, Any]] = []
    faults: list[Problem] = []
    for number, feature in enumerate(features, start=1):
        try:
            properties = feature["properties"]
            own = properties.get("datum") or collection.get("datum") or datum
            polygons = [_wound(_converted(rings, own)) for rings in _polygons(feature["geometry"])]
            code = str(properties["region_code"] if "region_code" in properties else properties["adcode"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            what = f"feature {number} cannot be used ({type(error).__name__}: {error})"
            cure = "give it properties.region_code, a Polygon or MultiPolygon of closed rings, and a known datum"
            faults.append(Problem(where, what, cure))
            continue
        one = len(polygons) == 1
        shape = {"type": "Polygon" if one else "MultiPolygon", "coordinates": polygons[0] if one else polygons}
        names = {"name_zh": properties["name"]} if "name" in properties else {}
        properties = {**names, **properties, "region_code": code, "datum": "WGS-84"}
        found.append({"type": "Feature", "properties": properties, "geometry": shape})
    if faults:
        raise Problems(faults)
    return {"type": "FeatureCollection", "features": found}


def read_shapes(path: Path, datum: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection in WGS-84 that is only drawn, such as water: names and codes are not asked for.

    Features that are no areas are left out; the datum as in `read_boundaries`. `source`, if the collection names one,
    is kept. Raises `Problems` for a file that is not a FeatureCollection and for rings that cannot be drawn.
    """
    collection, features = _features(path)
    drawn: list[Any] = []
    for number, feature in enumerate(features, start=1):
        try:
            geometry = feature["geometry"]
            if geometry["type"] not in ("Polygon", "MultiPolygon"):
                continue
            drawn += [_wound(_converted(rings, collection.get("datum") or datum)) for rings in _polygons(geometry)]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            what = f"feature {number} cannot be used ({type(error).__name__}: {error})"
            raise problem(str(path), what, "give it closed rings in degrees, and a known datum") from None
    shape = {"type": "MultiPolygon", "coordinates": drawn}
    features = [{"type": "Feature", "properties": {}, "geometry": shape}] if drawn else []
    return {"type": "FeatureCollection", "source": str(collection.get("source") or ""), "features": features}


def _features(path: Path) -> tuple[dict[str, Any], list[Any]]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        return collection, list(collection["features"])
    except (ValueError, KeyError, TypeError) as error:
        what = f"is not a GeoJSON FeatureCollection ({type(error).__name__}: {error})"
        raise problem(str(path), what, "export the boundaries as GeoJSON in UTF-8") from None


def rings_of(geometry: Mapping[str, Any]) -> list[Any]:
    """All rings of a polygon or of several, outer ones and holes alike."""
    return [ring for polygon in _polygons(geometry) for ring in polygon]


def _polygons(geometry: Mapping[str, Any]) -> list[Any]:
    match geometry["type"]:
        case "Polygon":
            return [geometry["coordinates"]]
        case "MultiPolygon":
            return list(geometry["coordinates"])
    raise ValueError(f"geometry is a {geometry['type']}")


def _converted(rings: Any, datum: str) -> list[Floats]:
    converted = []
    for ring in rings:
        points = np.asarray([point[:2] for point in ring], dtype=np.float64)
        if len(points) < 4 or not np.array_equal(points[0], points[-1]):
            raise ValueError("a ring needs four points or more, the last one equal to the first")
        if not (np.abs(points) <= (180.0, 90.0)).all():
            raise ValueError("a point is not longitude and latitude in degrees")
        converted.append(np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum)))
    if not converted:
        raise ValueError("a polygon without a ring")
    return converted


def _wound(rings: list[Floats]) -> list[Any]:
    """Outer ring clockwise, holes the other way: d3 fills the world around a ring that runs wrong."""
    wound = []
    for number, ring in enumerate(rings):
        x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
        doubled = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
        wound.append((ring[::-1] if (doubled > 0) == (number == 0) else ring).tolist())
    return wound
