"""From a line of a file to the row in the lake: datum, swap, place, grade, district, grid; each doubt with its rule."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.contract import read_contract
from etl.geo import grid_id, local_metres
from etl.geo.locate import Geography, Locator, is_located
from etl.quarantine import Judged
from tests.effort import examples
from tests.etl.geo.where import workspace, write
from tests.etl.small import HEAD, WORKSPACE, SmallHome
from warehouse.canonical import ARROW
from warehouse.datum import wgs84_to_bd09, wgs84_to_gcj02
from warehouse.workspace import load_workspace

# Two districts side by side, the border at 119.5; the south is nobody's.
BOUNDARIES: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"region_code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[west, 32.5], [west, 33.4], [east, 33.4], [east, 32.5], [west, 32.5]]],
            },
        }
        for code, west, east in (("R1", 119.0, 119.5), ("R2", 119.5, 119.9))
    ],
}
PLACES = """place_name,en,scene,region_code,lon,lat,radius_m
四季园小区,,,R1,119.2,32.7,300
阳光花园,,,R1,119.3,32.7,300
阳光花园,,,R2,119.7,32.7,300
"""
TOWNS = """town,region_code,lon,lat
东街道,R1,119.25,32.75
"""
PLACE = """bbox = [118.9, 32.1, 120.0, 33.5]
grid_origin = [119.4, 32.4]
merge_regions = { "R9" = "R1" }
"""
CONTRACT = (
    HEAD.format(name="small_tickets", table="ticket")
    + """
[file]
pattern = "工单*.csv"
format = "csv"

[position]
{position}

[columns]
ticket_id = {{ from = "号" }}
accepted_at = {{ from = "时间" }}
lon = {{ from = "经度" }}
lat = {{ from = "纬度" }}
region_code = {{ from = "区" }}
home_region = {{ from = "归属" }}
town = {{ from = "街镇" }}
place_name = {{ from = "地点" }}
geo_grade = {{ from = "方式", map = "grade" }}
serving_cell_id = {{ from = "小区" }}

[maps.grade]
"设备" = "A"
"匹配" = "B"
"质心" = "C"
"归属地" = "D"
"""
)
HEADER = ("号", "时间", "经度", "纬度", "区", "归属", "街镇", "地点", "方式", "小区", "坐标系")
POINT = (119.2345678, 32.7654321)


@pytest.fixture
def home(small: SmallHome) -> SmallHome:
    write(small.root, BOUNDARIES, PLACES, TOWNS, PLACE, WORKSPACE)
    put_contract(small)
    return small


def put_contract(home: SmallHome, position: str = 'datum = "WGS-84"') -> None:
    home.contract("small_tickets", CONTRACT.replace("{position}", position).replace("{{", "{").replace("}}", "}"))


def located(home: SmallHome, *lines: dict[str, object]) -> list[dict[str, Any]]:
    """The rows that came of these lines, and the file's outcome must be that it loaded."""
    text = [",".join(HEADER)]
    for n, line in enumerate(lines):
        row = dict.fromkeys(HEADER, "") | {"号": f"T{n}", "时间": "2024-03-05 10:00:00"} | line
        text.append(",".join('"' + str(v).replace('"', '""') + '"' for v in row.values()))
    home.put("工单.csv", "\n".join(text) + "\n")
    code, files = home.load()
    assert files["工单.csv"]["state"] == "loaded", files["工单.csv"]["message"]
    return sorted(home.rows("ticket"), key=lambda row: int(row["ticket_id"][1:]))


def rules(home: SmallHome) -> list[tuple[int, str, str, str]]:
    found = home.rows("quarantine")
    return sorted((r["row_no"], r["column_name"], r["rule"], r["action"]) for r in found)


def at(point: tuple[float, float]) -> dict[str, object]:
    return {"经度": f"{point[0]:.9f}", "纬度": f"{point[1]:.9f}"}


def metres(row: dict[str, Any], point: tuple[float, float]) -> float:
    return float(np.hypot(*local_metres(row["lon"], row["lat"], point)))


# --- datum --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("datum", "shift"), [("GCJ-02", wgs84_to_gcj02), ("BD-09", wgs84_to_bd09)])
def test_a_shifted_position_comes_back_within_a_centimetre(home: SmallHome, datum: str, shift: Any) -> None:
    put_contract(home, f'datum = "{datum}"')
    x, y = (float(v) for v in shift(*POINT))
    straight, swapped = located(home, at((x, y)), at((y, x)))
    assert metres(straight, POINT) < 0.01
    assert metres(swapped, POINT) < 0.01, "a swapped pair is put right before its datum is undone"
    assert rules(home) == [(2, "lon", "swapped", "flag")]
    assert straight["datum_original"] == datum


def test_a_column_may_say_the_datum_row_by_row(home: SmallHome) -> None:
    put_contract(home, 'datum = "GCJ-02"\ndatum_column = "坐标系"\ndatums = { "老网管" = "BD-09" }')
    gcj = tuple(float(v) for v in wgs84_to_gcj02(*POINT))
    baidu = tuple(float(v) for v in wgs84_to_bd09(*POINT))
    rows = located(
        home,
        {**at(POINT), "坐标系": "wgs84"},
        {**at(gcj), "坐标系": "高德坐标"},
        {**at(baidu), "坐标系": "BD09"},
        {**at(baidu), "坐标系": "老网管"},
        {**at(gcj), "坐标系": ""},
        {**at(gcj), "坐标系": "BD09MC"},
    )
    assert [metres(r, POINT) < 0.01 for r in rows[:5]] == [True] * 5
    assert [r["datum_original"] for r in rows] == ["WGS-84", "GCJ-02", "BD-09", "BD-09", "GCJ-02", None]
    assert (rows[5]["lon"], rows[5]["lat"]) == (None, None)
    assert rules(home) == [(6, "lon", "unknown_datum", "missing")]


# --- no position --------------------------------------------------------------------------------------------


def test_what_is_no_position_is_missing_by_a_named_rule(home: SmallHome) -> None:
    odd = [(0, 0), (-1, -1), ("", 32.7), (119.2, ""), (121.47, 31.23), (500, 500), (119.2, 0), (1e300, -1e300)]
    rows = located(home, *({"经度": x, "纬度": y} for x, y in odd), {"经度": "", "纬度": ""})
    assert {(r["lon"], r["lat"], r["geo_grade"], r["grid50"], r["h3_8"]) for r in rows} == {(None,) * 5}
    assert rules(home) == [(n, "lon", "no_fix", "missing") for n in (1, 2, 3, 4)] + [
        (n, "lon", "outside", "missing") for n in (5, 6, 7, 8)
    ]


@pytest.mark.parametrize("lon", ["119°12′", "119度12分", "119.12.00", "E119°12'00\"", "１１９．２", "119,2"])
def test_degrees_and_minutes_are_read(home: SmallHome, lon: str) -> None:
    [row] = located(home, {"经度": lon, "纬度": "北纬32°42′"})
    assert (row["lon"], row["lat"]) == (pytest.approx(119.2, abs=1e-9), pytest.approx(32.7, abs=1e-9))
    assert rules(home) == []


def test_both_halves_may_stand_in_one_column_in_either_order(home: SmallHome) -> None:
    path = home.home.contracts / "small_tickets.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('from = "纬度"', 'from = "经度"'), encoding="utf-8")
    rows = located(
        home, {"经度": "119.2,32.7"}, {"经度": "32.7,119.2"}, {"经度": "119.2"}, {"经度": "城东"}, {"经度": ""}
    )
    assert [(r["lon"], r["lat"]) for r in rows] == [(119.2, 32.7), (119.2, 32.7)] + [(None, None)] * 3
    assert rules(home) == [
        (2, "lon", "swapped", "flag"),
        (3, "lon", "outside", "missing"),
        (4, "lat", "not_readable", "missing"),
        (4, "lon", "not_readable", "missing"),
    ]


def test_without_a_box_a_latitude_beyond_the_pole_is_a_swap(small: SmallHome) -> None:
    write(small.root, settings=WORKSPACE)
    put_contract(small)
    rows = located(small, {"经度": 32.7, "纬度": 119.2}, {"经度": 200, "纬度": 100})
    assert (rows[0]["lon"], rows[0]["lat"]) == (119.2, 32.7)
    assert rows[1]["lon"] is None
    assert rules(small) == [(1, "lon", "swapped", "flag"), (2, "lon", "outside", "missing")]
    assert rows[0]["point_region"] is None and rows[0]["grid50"] is None and rows[0]["h3_8"] is not None


# --- grade --------------------------------------------------------------------------------------------------


def test_the_grade_says_how_a_row_was_located(home: SmallHome) -> None:
    rows = located(
        home,
        {**at(POINT), "区": "R1"},  # A: a position of its own
        {**at(POINT), "区": "R1", "方式": "匹配"},  # B: as the source says
        {"区": "R1", "地点": "东街道四季园小区3幢"},  # B: by name
        {"区": "R1", "街镇": "东街道"},  # C: the centre of its street
        {"区": "R1", "街镇": "东街道", "方式": "归属地"},  # D: the street is the customer's home
        {"归属": "R2"},  # D
        {"小区": "460-00-1-2"},  # D
        {},  # nothing at all
        {"经度": 0, "纬度": 0, "区": "R1", "方式": "设备"},  # A was said, but there is no position
    )
    assert [r["geo_grade"] for r in rows] == ["A", "B", "B", "C", "D", "D", "D", None, "D"]
    assert [r["lon"] for r in rows[2:5]] == [119.2, 119.25, None]
    assert [r["place_id"] for r in rows] == [None, None, "四季园小区", *[None] * 6]


def test_a_contract_may_call_its_positions_less_exact(home: SmallHome) -> None:
    put_contract(home, 'datum = "WGS-84"\ngrade = "C"')
    assert [r["geo_grade"] for r in located(home, at(POINT), {**at(POINT), "方式": "设备"})] == ["C", "A"]


def test_a_place_named_beside_a_position_does_not_move_it(home: SmallHome) -> None:
    [row] = located(home, {**at(POINT), "区": "R1", "地点": "四季园"})
    assert (row["place_id"], row["geo_grade"]) == ("四季园小区", "A")
    assert metres(row, POINT) < 0.01


def test_a_doubtful_name_is_not_taken_and_counted(home: SmallHome) -> None:
    rows = located(home, {"地点": "阳光花园"}, {"地点": "阳光花园", "区": "R2"}, {"地点": "四季园", "区": "R2"})
    assert [r["lon"] for r in rows] == [None, 119.7, None]
    assert rules(home) == [(1, "place_name", "place_ambiguous", "flag"), (3, "place_name", "place_elsewhere", "flag")]
    assert {r["value_scrubbed"] for r in home.rows("quarantine")} == {"阳光花园", "四季园"}


# --- district -----------------------------------------------------------------------------------------------


def test_the_source_keeps_its_district_and_the_point_says_its_own(home: SmallHome) -> None:
    rows = located(
        home,
        {**at((119.2, 32.7)), "区": "R1"},
        {**at((119.7, 32.7)), "区": "R1"},  # the point lies in the other district
        {**at((119.7, 32.7))},  # the source says none
        {**at((119.2, 32.7)), "区": "R9"},  # drawn inside R1
        {**at((119.501, 32.7)), "区": "R1"},  # 94 m beyond the border
        {**at((119.2, 32.3))},  # in the box, in nobody's district
        {**at((119.2, 32.3)), "区": "R1"},
        {**at((119.2, 32.7)), "区": "X7"},  # a district that is not drawn cannot be judged
    )
    assert [r["region_code"] for r in rows] == ["R1", "R1", None, "R9", "R1", None, "R1", "X7"]
    assert [r["point_region"] for r in rows] == ["R1", "R2", "R2", "R1", "R2", None, None, "R1"]
    assert rules(home) == [
        (2, "region_code", "other_district", "flag"),
        (6, "region_code", "no_district", "flag"),
        (7, "region_code", "no_district", "flag"),
    ]
    shown = {r["row_no"]: r["value_scrubbed"] for r in home.rows("quarantine")}
    assert shown == {2: "R2", 6: None, 7: None}


# --- grid ---------------------------------------------------------------------------------------------------


def test_cells_are_those_of_the_point_and_the_same_after_another_load(home: SmallHome) -> None:
    [row] = located(home, at(POINT))
    x, y = local_metres(*POINT, (119.4, 32.4))
    assert [row[f"grid{size}"] for size in (50, 250, 500)] == [int(grid_id(x, y, size)) for size in (50, 250, 500)]
    assert [row["h3_8"], row["h3_9"]] == [h3.latlng_to_cell(POINT[1], POINT[0], r) for r in (8, 9)]
    [again] = located(home, {**at(POINT), "街镇": "东街道"})[-1:]
    assert {k: again[k] for k in ("grid50", "grid500", "h3_9")} == {k: row[k] for k in ("grid50", "grid500", "h3_9")}


def test_only_precise_rows_have_a_cell(home: SmallHome) -> None:
    rows = located(home, {**at(POINT), "方式": "质心"}, {"街镇": "东街道", "区": "R1"}, {**at(POINT), "方式": "匹配"})
    assert [r["lon"] is not None for r in rows] == [True, True, True]
    cells = ("grid50", "grid250", "grid500", "h3_8", "h3_9")
    assert [[r[c] is not None for c in cells] for r in rows] == [[False] * 5, [False] * 5, [True] * 5]


# --- anything at all ----------------------------------------------------------------------------------------

ODD = st.sampled_from([0.0, -1.0, -0.0, np.nan, np.inf, -np.inf, 1e308, 5e-324, 119.5, 32.5, 180.0, 90.0])
NUMBERS = st.one_of(st.none(), ODD, st.floats(), st.floats(118.0, 121.0), st.floats(31.0, 34.0))
WORDS = st.one_of(
    st.none(), st.sampled_from(["四季园", "阳光花园", "R1", "R2", "D", "A", "BD09", ""]), st.text(max_size=9)
)
LINES = st.lists(st.tuples(NUMBERS, NUMBERS, *[WORDS] * 7), min_size=1, max_size=30)


@pytest.mark.deep
@pytest.mark.examples
@settings(deadline=None, max_examples=examples(60, 10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, datum=st.sampled_from(["GCJ-02", "BD-09", "WGS-84"]))
def test_any_values_end_inside_the_box_or_nowhere(home: SmallHome, lines: list[tuple[Any, ...]], datum: str) -> None:
    put_contract(home, f'datum = "{datum}"\ndatum_column = "坐标系"')
    contract = read_contract(home.home.contracts / "small_tickets.toml")
    judged = Judged(contract, "f", datetime(2024, 1, 1))
    said = ("region_code", "home_region", "town", "place_name", "geo_grade", "serving_cell_id", "datum_original")
    columns: dict[str, pa.Array] = {
        name: pa.nulls(len(lines), ARROW[column.type]) for name, column in contract.target.columns.items()
    }
    given_columns = list(zip(*lines, strict=True))
    columns |= {n: pa.array(v, pa.float64()) for n, v in zip(("lon", "lat"), given_columns[:2], strict=True)}
    columns |= {n: pa.array(v, pa.string()) for n, v in zip(said, given_columns[2:], strict=True)}
    before = dict(columns)
    Locator(contract, Geography.of(load_workspace(home.root)), judged).fill(columns, pa.array(range(len(lines))))
    rows = pa.table(columns).to_pylist()
    for row in rows:
        has_point = row["lon"] is not None
        assert has_point == (row["lat"] is not None)
        assert not has_point or (118.9 <= row["lon"] <= 120.0 and 32.1 <= row["lat"] <= 33.5)
        assert row["geo_grade"] in ((*"ABC", "D") if has_point else ("D", None))
        assert (row["grid50"] is not None) == (row["h3_9"] is not None) == (row["geo_grade"] in ("A", "B"))
        assert row["point_region"] is None or has_point
    assert columns["region_code"] == before["region_code"], "the source's district stays"
    lost = sum(r["lon"] is None and x is not None for r, (x, *_) in zip(rows, lines, strict=True) if x == x)
    named = sum(n for (_, rule), n in judged.per_rule.items() if rule in ("no_fix", "outside", "unknown_datum"))
    assert lost <= named, "no position is lost without a rule"


# --- a run --------------------------------------------------------------------------------------------------


def test_new_places_read_the_files_again(home: SmallHome) -> None:
    [row] = located(home, {"地点": "月亮湾"})
    assert row["geo_grade"] is None
    assert home.load()[1] == {}
    with (home.root / "places.csv").open("a", encoding="utf-8") as file:
        file.write("月亮湾,,,R1,119.3,32.9,200\n")
    assert home.load()[1]["工单.csv"]["state"] == "loaded"
    [row] = home.rows("ticket")
    assert (row["geo_grade"], row["lon"], row["point_region"]) == ("B", 119.3, "R1")


def test_counters_do_not_depend_on_places(home: SmallHome) -> None:
    contracts = {n: read_contract(home.home.contracts / f"{n}.toml") for n in ("small_days", "small_tickets")}
    assert {n: is_located(c.target) for n, c in contracts.items()} == {"small_days": False, "small_tickets": True}


def test_the_digest_follows_everything_that_places_depend_on(tmp_path: Path) -> None:
    base = {"boundaries": BOUNDARIES, "places": PLACES, "towns": TOWNS, "place": PLACE}
    changed = [
        base,
        {**base, "places": PLACES.replace("119.2", "119.21")},
        {**base, "towns": TOWNS.replace("东", "西")},
        {**base, "boundaries": {**BOUNDARIES, "features": BOUNDARIES["features"][:1]}},
        {**base, "place": PLACE.replace("119.4", "119.5")},
    ]
    digests = [Geography.of(workspace(tmp_path / str(n), **how)).digest for n, how in enumerate(changed)]
    assert len(set(digests)) == len(changed)
    assert Geography.of(workspace(tmp_path / "again", **base)).digest == digests[0]


def test_a_phone_number_written_as_a_place_is_not_kept(home: SmallHome) -> None:
    number = "1" + "38" + "00138000"
    located(home, {"地点": f"阳光花园 {number}"})
    assert rules(home)[0][2] == "place_ambiguous"
    assert number not in str(home.rows("quarantine")) + str(home.rows("ticket"))
