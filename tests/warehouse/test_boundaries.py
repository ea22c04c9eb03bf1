"""Boundaries as people export them: any datum, any winding, and a sentence for what cannot be used."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from warehouse.boundaries import read_boundaries, read_shapes, rings_of
from warehouse.datum import gcj02_to_wgs84
from warehouse.problems import Problems

SQUARE = [[119.0, 32.0], [120.0, 32.0], [120.0, 33.0], [119.0, 33.0], [119.0, 32.0]]  # anticlockwise
HOLE = [[119.4, 32.4], [119.4, 32.6], [119.6, 32.6], [119.6, 32.4], [119.4, 32.4]]  # clockwise


def collection(*rings: Any, kind: str = "Polygon", top: dict[str, Any] | None = None, **properties: Any) -> str:
    geometry = {"type": kind, "coordinates": list(rings)}
    feature = {"type": "Feature", "properties": {"region_code": 321002} | properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **(top or {})})


def read(tmp_path: Path, text: str, datum: str = "WGS-84", encoding: str = "utf-8") -> list[dict[str, Any]]:
    path = tmp_path / "boundaries.geojson"
    path.write_bytes(text.encode(encoding))
    features = read_boundaries(path, datum)["features"]
    assert isinstance(features, list)
    return features


def doubled_area(ring: list[list[float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


def test_outer_rings_run_clockwise_and_holes_the_other_way(tmp_path: Path) -> None:
    [feature] = read(tmp_path, collection(SQUARE, HOLE))
    outer, hole = rings_of(feature["geometry"])
    assert doubled_area(outer) < 0 < doubled_area(hole)
    assert sorted(map(tuple, outer)) == sorted(map(tuple, SQUARE))
    [turned] = read(tmp_path, collection(SQUARE[::-1], HOLE[::-1]))
    assert rings_of(turned["geometry"]) == [outer, hole]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (collection(SQUARE), "GCJ-02"),
        (collection(SQUARE, datum="GCJ-02"), "WGS-84"),
        (collection(SQUARE, top={"datum": "gcj02"}), "WGS-84"),
    ],
    ids=["workspace", "feature", "collection"],
)
def test_the_nearest_declared_datum_is_undone(tmp_path: Path, text: str, given: str) -> None:
    [feature] = read(tmp_path, text, given)
    expected = np.column_stack(gcj02_to_wgs84(*np.array(SQUARE).T))
    found = np.array(sorted(rings_of(feature["geometry"])[0]))
    np.testing.assert_allclose(found, np.array(sorted(expected.tolist())))
    assert feature["properties"]["datum"] == "WGS-84"


def test_codes_are_text_and_heights_and_a_byte_order_mark_are_ignored(tmp_path: Path) -> None:
    high = [[*point, 12.5] for point in SQUARE]
    [feature] = read(tmp_path, collection([high], kind="MultiPolygon"), encoding="utf-8-sig")
    assert feature["properties"]["region_code"] == "321002"
    assert {len(point) for point in rings_of(feature["geometry"])[0]} == {2}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is not a GeoJSON FeatureCollection"),
        ("[]", "is not a GeoJSON FeatureCollection"),
        ('{"features": 7}', "is not a GeoJSON FeatureCollection"),
        ('{"features": [7]}', "feature 1 cannot be used"),
        (collection(SQUARE[:3]), "the last one equal to the first"),
        (collection(SQUARE[:-1]), "the last one equal to the first"),
        (collection([[500.0, 1e300]] * 4), "not longitude and latitude in degrees"),
        (collection([[float("nan"), 1.0]] * 4), "the last one equal to the first"),
        (collection(SQUARE, kind="LineString"), "geometry is a LineString"),
        (collection(SQUARE, datum="CGCS"), 'got "CGCS"'),
        (collection(), "a polygon without a ring"),
        (json.dumps({"features": [{"properties": {}, "geometry": None}]}), "feature 1 cannot be used"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(Problems) as caught:
        read(tmp_path, text)
    assert what in str(caught.value)
    assert "boundaries.geojson" in str(caught.value)


def test_another_encoding_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="export the boundaries as GeoJSON in UTF-8"):
        read(tmp_path, collection(SQUARE, name="区").replace("\\u533a", "区"), encoding="gb18030")


def test_public_boundaries_of_the_city_are_those_of_the_demo(tmp_path: Path) -> None:
    folder = os.environ.get("LOOKOUT_DATA")
    path = Path(folder or "") / "yangzhou_boundaries" / "yangzhou_districts_gcj02.geojson"
    if not folder or not path.exists():
        pytest.skip("LOOKOUT_DATA holds no yangzhou_boundaries")
    published = {f["properties"]["region_code"]: f for f in read_boundaries(path, "GCJ-02")["features"]}
    demo = Path(__file__).resolve().parents[2] / "workspaces" / "demo" / "boundaries.geojson"
    for feature in read_boundaries(demo, "WGS-84")["features"]:
        other = published[feature["properties"]["region_code"]]
        assert other["properties"]["name_zh"] == feature["properties"]["name_zh"]
        ours, theirs = (np.concatenate([np.array(r) for r in rings_of(f["geometry"])]) for f in (feature, other))
        # The demo's borders are simplified by about 50 m; the datum would move them by 550 m.
        assert np.abs(ours.min(axis=0) - theirs.min(axis=0)).max() < 0.001
        assert np.abs(ours.max(axis=0) - theirs.max(axis=0)).max() < 0.001


def test_what_is_only_drawn_needs_no_names(tmp_path: Path) -> None:
    path = tmp_path / "water.geojson"
    river = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": SQUARE}}
    lake = {"type": "Feature", "properties": None, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
    body = {"type": "FeatureCollection", "source": "a survey", "features": [river, lake]}
    path.write_text(json.dumps(body), encoding="utf-8")
    found = read_shapes(path, "WGS-84")
    assert found["source"] == "a survey"
    [feature] = found["features"]
    assert [doubled_area(r) < 0 for r in rings_of(feature["geometry"])] == [True]


def test_a_ring_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    path = tmp_path / "water.geojson"
    lake = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE[:3]]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [lake]}), encoding="utf-8")
    with pytest.raises(Problems, match="feature 1 cannot be used"):
        read_shapes(path, "WGS-84")


def test_boundaries_of_a_second_city_are_small_and_wound_and_share_their_land_border() -> None:
    """New York, whose boroughs meet mostly in water: Brooklyn and Queens share a border, and nobody else overlaps."""
    path = Path(__file__).resolve().parents[2] / "workspaces" / "nyc311" / "boundaries.geojson"
    assert path.stat().st_size < 300_000 and path.with_name("boundaries.LICENSE.txt").exists()
    features = read_boundaries(path, "WGS-84")["features"]
    with path.with_name("regions.csv").open(encoding="utf-8") as file:
        assert {f["properties"]["region_code"] for f in features} == {r["region_code"] for r in csv.DictReader(file)}
    assert all(f["properties"]["name_zh"] and f["properties"]["name_en"] for f in features)
    edges: dict[str, set[frozenset[tuple[float, ...]]]] = {}
    for feature in features:
        for ring in rings_of(feature["geometry"]):
            pairs = zip(map(tuple, ring), map(tuple, ring[1:]), strict=False)
            edges.setdefault(feature["properties"]["region_code"], set()).update(map(frozenset, pairs))
    assert len(edges["BROOKLYN"] & edges["QUEENS"]) > 20
    assert not edges["STATEN_ISLAND"] & edges["BROOKLYN"]
