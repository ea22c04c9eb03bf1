"""The district map and its table, on the demo city's boundaries."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from pages._shared.maps import _inside, borders, district_map, district_table, label_point, room
from pages._shared.theme import LIGHT

GEOJSON = Path(__file__).resolve().parents[3] / "workspaces/demo/boundaries.geojson"
FEATURES = json.loads(GEOJSON.read_text(encoding="utf-8"))["features"]
CODES = {"321002", "321003", "321012", "321023", "321081", "321084"}
RATES = pd.DataFrame(
    {
        "region_code": ["321003", "321023", "321081", "321071"],
        "name": ["邗江区", "宝应县", "仪征市", "经济技术开发区"],
        "value": [8.2, 5.4, None, 7.7],
        "n": [140, 60, 3, 20],
        "label": ["8.20", "5.40", "<5", "7.70"],
    }
)


def ring(feature):
    return [tuple(p) for p in feature["geometry"]["coordinates"][0]]


def doubled_area(points):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:], strict=False))


def spec(**options):
    settings = {"lang": "zh", "mode": "light", "title": "邗江最高", **options}
    return district_map(FEATURES, RATES, **settings).to_dict()


def drawn(found):
    return {row["region_code"]: row for row in found["datasets"][found["layer"][0]["data"]["name"]]}


def test_boundaries_are_small_and_complete():
    assert GEOJSON.stat().st_size < 60_000
    assert {f["properties"]["region_code"] for f in FEATURES} == CODES
    assert {f["properties"]["datum"] for f in FEATURES} == {"WGS-84"}
    assert all(f["properties"]["name_zh"] and f["properties"]["name_en"] for f in FEATURES)
    assert (GEOJSON.parent / "boundaries.LICENSE.txt").read_text(encoding="utf-8").count("MIT License") == 1


def test_rings_close_and_run_clockwise_as_d3_expects():
    for feature in FEATURES:
        points = ring(feature)
        assert points[0] == points[-1]
        assert doubled_area(points) < 0, feature["properties"]["name_zh"]


def test_neighbours_share_their_borders_exactly():
    edges = Counter(frozenset(e) for f in FEATURES for e in zip(ring(f), ring(f)[1:], strict=False))
    assert max(edges.values()) == 2
    assert sum(n == 2 for n in edges.values()) > 300


def test_centres_lie_in_their_districts():
    # WGS-84 centres of the domain reference; before the datum change some border points were 550 m off.
    centres = {
        "321002": (119.44, 32.39),
        "321023": (119.36, 33.24),
        "321084": (119.46, 32.78),
        "321012": (119.57, 32.43),
    }
    import numpy as np

    for feature in FEATURES:
        code = feature["properties"]["region_code"]
        if code in centres:
            assert _inside(np.array([centres[code]]), np.array(ring(feature)))[0], code


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f["properties"]["name_en"])
def test_a_name_stands_inside_its_district(feature):
    import numpy as np

    assert _inside(np.array([label_point(feature["geometry"])]), np.array(ring(feature)))[0]


def test_label_point_of_a_square_is_its_middle():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}
    lon, lat = label_point(square)
    assert (lon, lat) == pytest.approx((0.5, 0.5), abs=0.1)


def test_every_polygon_is_drawn_and_hidden_values_are_grey():
    found = drawn(spec())
    assert set(found) == CODES
    assert found["321081"]["text"] == "<5" and found["321081"]["step"] == "无数据或不显示"
    assert found["321002"]["text"] == "—"
    scale = spec()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["range"][scale["domain"].index("无数据或不显示")] == LIGHT.gray.tint
    assert found["321003"]["step"] in scale["domain"]


def test_regions_without_a_polygon_are_named():
    assert "".join(spec()["title"]["subtitle"]) == "图上没有单独边界：经济技术开发区"


def test_no_hidden_count_leaks_into_the_picture():
    assert drawn(spec())["321081"]["n_text"] == "—"


def test_a_click_yields_the_region():
    picked = spec(select=True)["params"][0]
    assert (picked["name"], picked["select"]["fields"]) == ("pick", ["region_code"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_compiles_with_no_rows_at_all(lang, mode):
    chart = district_map(FEATURES, RATES.head(0), lang=lang, mode=mode, title="T")
    assert {r["text"] for r in drawn(chart.to_dict()).values()} == {"—"}


def test_the_table_tells_the_same_and_hides_small_counts():
    table = district_table(RATES, lang="zh")
    assert list(table["name"]) == ["邗江区", "经济技术开发区", "宝应县", "仪征市"]
    assert list(table["text"]) == ["8.20", "7.70", "5.40", "<5"]
    assert pd.isna(table["n"].iloc[-1])


def test_a_name_that_runs_over_its_border_gets_a_rim():
    found = drawn(spec(lang="en"))
    narrow = [f for f in FEATURES if f["properties"]["name_en"] == "Guangling"]
    code = narrow[0]["properties"]["region_code"]
    assert (found[code]["ink"], found[code]["halo"]) == (LIGHT.text, LIGHT.background)
    wide = next(f for f in FEATURES if f["properties"]["name_en"] == "Baoying")["properties"]["region_code"]
    assert found[wide]["halo"] == "transparent"


def test_room_of_a_square():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}
    assert room(square) == pytest.approx(1.0, abs=0.1)
    assert room(square, tall=0.5) == pytest.approx(1.0, abs=0.1)
    assert room(square, tall=3.0) == 0.0


def test_borders_are_told_once_with_holes_and_every_polygon():
    west = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    hole = [[1.2, 0.2], [1.4, 0.2], [1.2, 0.4], [1.2, 0.2]]
    east = {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]], hole]}
    isle = [[5, 5], [5.000001, 5], [6, 5], [5, 6], [5, 5]]
    many = {"type": "MultiPolygon", "coordinates": [[isle], west["coordinates"]]}
    parts = [frozenset((tuple(part["from"]), tuple(part["to"]))) for part in borders([west, east, many])]
    assert len(parts) == len(set(parts)) == 4 + 3 + 3 + 3
    assert parts.count(frozenset({(1, 0), (1, 1)})) == 1, "the two squares meet there"
    assert frozenset({(1.2, 0.4), (1.2, 0.2)}) in parts


def test_the_borders_of_the_city_are_those_of_its_districts():
    told = {frozenset((tuple(part["from"]), tuple(part["to"]))) for part in borders([f["geometry"] for f in FEATURES])}
    rings = [[(round(x, 5), round(y, 5)) for x, y in ring(f)] for f in FEATURES]
    assert told == {frozenset(pair) for points in rings for pair in pairwise(points) if pair[0] != pair[1]}
    assert len(told) < sum(len(points) - 1 for points in rings)
