"""热点网络 → 地图: numbers equal the release, roles see what they may, an unknown week is said."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pages._shared import numbers
from pages._shared.text import Lang, plain, t
from tests.pages.conftest import OpenView
from warehouse.figures import add_values
from warehouse.periods import Period
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

WEEK = Period("now", date(2024, 10, 14), date(2024, 10, 21), datetime(2024, 10, 21, 8, 30))


def deck_of(at: Any) -> dict[str, Any]:
    [element] = [e for e in at.main if e.type == "deck_gl_json_chart"] or [
        e for block in at.main.children.values() for e in _all(block) if getattr(e, "type", "") == "deck_gl_json_chart"
    ]
    found: dict[str, Any] = json.loads(element.proto.json)
    return found


def _all(node: Any) -> list[Any]:
    children = getattr(node, "children", None)
    return [node] if not children else [leaf for child in children.values() for leaf in _all(child)]


def test_the_map_the_table_and_the_release_say_the_same(demo_home: Path, open_view: OpenView) -> None:
    releases = Releases(demo_home / "releases")
    current = releases.current()
    assert current
    demo_reader = Reader(releases.path(current))
    at = open_view(demo_home, "map", "en", "manager", week="2024-10-14")
    assert not at.exception
    asked = add_values(demo_reader.figures(["M02"], Viewer.of("manager"), [WEEK], ["region_code"]), ["M02"])
    told = dict(zip(asked["region_code"], asked["M02"], strict=True))
    shown = {
        f["properties"]["region_code"]: f["properties"]["tip"]
        for layer in deck_of(at)["layers"]
        if layer["id"] == "district"
        for f in layer["data"]["features"]
    }
    alone = set(shown) - {"321003"}  # the development zone is drawn inside Hanjiang
    assert {c: numbers.per_10k(told[c]) in shown[c] for c in alone} == dict.fromkeys(alone, True)
    table = at.dataframe[0].value
    assert all(any(value in tip for tip in shown.values()) for value in table["value"])


def test_a_manager_is_drawn_no_single_place(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "map_cells", "zh", "manager")
    no_place = {"district", "district_borders", "names", "scale"}
    assert {layer["id"] for layer in deck_of(at)["layers"]} <= no_place


def test_a_planner_sees_cells_with_their_reason_and_moves_by_row(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "map_cells", "zh", "planner")
    assert not at.exception
    drawn = {layer["id"]: layer for layer in deck_of(at)["layers"]}
    assert len(drawn["cells"]["data"]) > 1000 and len(drawn["alarms"]["data"]) > 10
    assert len(json.dumps(drawn)) < 1_500_000
    table = at.dataframe[0].value
    assert (table["why"] != "").any()


@pytest.mark.parametrize("week", ["2031-01-06", "nonsense", "2024-10-15"])
def test_a_week_that_is_none_is_said_and_the_newest_is_shown(demo_home: Path, open_view: OpenView, week: str) -> None:
    at = open_view(demo_home, "map", "en", "manager", week=week)
    assert any(plain(week) in info.value for info in at.info)
    assert any("2025-W13" in m.value or "W13" in m.value for m in at.markdown if m.value.startswith("## "))


@pytest.mark.parametrize("home", ["one_row_home", "stale_home", "no_ticket_home"])
@pytest.mark.parametrize(("lang", "role"), [("zh", "manager"), ("en", "planner")])
def test_a_home_without_boundaries_says_so(
    request: pytest.FixtureRequest, open_view: OpenView, home: str, lang: Lang, role: str
) -> None:
    at = open_view(request.getfixturevalue(home), "map_cells", lang, role)
    assert not at.exception
    told = [i.value for i in at.info]
    assert t("state.no_map", lang) in told or t("other.no_tickets", lang) in told


def test_a_layer_of_single_places_is_replaced_for_a_manager_and_said(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "map_weak", "en", "manager")
    assert not at.info, "the link is no nonsense"
    assert any("this role may not see" in m.value for m in at.markdown)


def test_a_week_of_a_district_and_type_without_a_complaint(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "map", "en", "manager", type="TRM", week="2024-01-08")
    assert not at.exception and len(deck_of(at)["layers"]) == 4


def test_small_towns_are_folded_for_a_manager_and_shown_to_an_analyst(demo_home: Path, open_view: OpenView) -> None:
    releases = Releases(demo_home / "releases")
    reader = Reader(releases.path(str(releases.current())))
    asked = reader.figures(["M02_TOWN"], Viewer.of("analyst"), [WEEK], ["region_code", "town"])
    asked = add_values(asked, ["M02_TOWN"])
    small = set(asked.loc[asked["n_customers"] < 5, "town"])
    for role in ("manager", "analyst"):
        at = open_view(demo_home, "map_towns", "en", role, week="2024-10-14")
        assert not at.exception
        [layer] = [one for one in deck_of(at)["layers"] if one["id"] == "town"]
        tips = {str(d["tip"]).split(" · ")[0]: str(d["tip"]).split("\n") for d in layer["data"]}
        listed = {str(name).split(" · ")[0] for name in at.dataframe[0].value["name"]}
        if role == "analyst":
            told = {r.town: numbers.per_10k(r.M02_TOWN) for r in asked.itertuples()}
            assert all(told[town] in tips[town][1] for town in told) and small <= listed
        else:
            assert all(tips[town][1] == "<5" for town in small) and not small & listed
            assert any("other towns of" in str(name) for name in at.dataframe[0].value["name"])
    assert any("shares stand in" in m.value for m in at.markdown), "users of that week are carried back"


def test_towns_by_type_become_districts_for_a_manager(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "map_towns", "en", "manager", type="NET")
    assert "district" in {layer["id"] for layer in deck_of(at)["layers"]}
    assert any("for all complaints together only" in m.value for m in at.markdown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_towns_without_users_are_not_counted_instead(one_row_home: Path, open_view: OpenView, lang: Lang) -> None:
    at = open_view(one_row_home, "map_towns", lang, "analyst")
    assert not at.exception


def test_planned_sites_lie_over_the_map_for_planners_only(demo_home: Path, open_view: OpenView) -> None:
    """The two sites of the case of Li go on air on 2024-10-29: later in the week before, new in the week after."""
    said = {}
    for week in ("2024-10-14", "2024-10-28"):
        at = open_view(demo_home, "map", "en", "planner", week=week, over="sites")
        assert not at.exception
        [layer] = [one for one in deck_of(at)["layers"] if one["id"] == "site_masts"]
        said[week] = {str(d["tip"]).split()[0]: str(d["tip"]).split("\n")[1] for d in layer["data"]}
    assert all(said["2024-10-14"][s].startswith("on air from") for s in ("YZS00016", "YZS00017"))
    assert all(said["2024-10-28"][s].startswith("on air since") for s in ("YZS00016", "YZS00017"))
    at = open_view(demo_home, "map", "en", "manager", over="sites")
    assert not {"site_masts", "site_areas"} & {layer["id"] for layer in deck_of(at)["layers"]}


@pytest.mark.deep
@pytest.mark.parametrize(("lang", "few"), [("en", "Fewer than 3 customers"), ("zh", "客户少于3人")])
def test_a_planner_is_drawn_hexagons_of_few_without_their_number(
    demo_home: Path, open_view: OpenView, lang: Lang, few: str
) -> None:
    at = open_view(demo_home, "map", lang, "planner", paint="excess", week="2024-10-14")
    assert not at.exception
    [layer] = [one for one in deck_of(at)["layers"] if one["id"] == "excess"]
    unnumbered = [d for d in layer["data"] if "<3" in d["tip"]]
    assert 0 < len(unnumbered) < len(layer["data"]) and len({tuple(d["rgba"]) for d in unnumbered}) == 1
    assert any(few in str(e.proto) for block in at.main.children.values() for e in _all(block)), "the legend says so"


@pytest.mark.deep
@pytest.mark.parametrize("paint", ["excess", "classes"])
def test_the_table_of_a_layer_says_in_words_where(demo_home: Path, open_view: OpenView, paint: str) -> None:
    """The estate that is planted in Jiangwang is named by that town, and squares by what decides their order."""
    at = open_view(demo_home, "map", "en", "planner", paint=paint, week="2024-10-21")
    table = at.dataframe[0].value
    assert not at.exception and "蒋王街道" in set(table["town"].head(8))
    assert (table["region"] == "Hanjiang")[table["town"] == "蒋王街道"].all()
    if paint == "classes":
        z = table["z"].astype(float).tolist()
        assert z == sorted(z, reverse=True) and z[0] > 1.96
