"""热点网络 → 热点 and the card: the list equals the release, roles, a card by link, a name that is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pages._shared.blocks import map_spots
from pages._shared.text import Lang, t
from tests.pages.conftest import OpenView
from warehouse import spots
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer


@pytest.mark.parametrize(("lang", "role"), [("zh", "planner"), ("en", "manager")])
def test_the_list_says_where_to_look_first(demo_home: Path, open_view: OpenView, lang: Lang, role: str) -> None:
    at = open_view(demo_home, "hotspots", lang, role)
    assert not at.exception
    [finding] = [m.value for m in at.markdown if m.value.startswith("## ")]
    assert "四季园" in finding and "24" in finding
    shown = at.dataframe[0].value
    few = [int(n) for n in shown["customers"] if int(n) < 5]
    assert bool(few) == (role == "planner")


@pytest.mark.parametrize(("lang", "role"), [("en", "planner"), ("zh", "manager")])
def test_a_card_by_link(demo_home: Path, open_view: OpenView, lang: Lang, role: str) -> None:
    at = open_view(demo_home, "hotspot", lang, role, id="H2441-QSGK", week="2024-10-21")
    assert not at.exception
    assert at.title[0].value.startswith("邗江新建小区")
    [finding] = [m.value for m in at.markdown if m.value.startswith("## ")]
    assert "27" in finding and "1.1" in finding
    assert len(at.dataframe) == (3 if role == "planner" else 0), "cause, cells, tickets"
    assert len(at.table) == (1 if role == "planner" else 0), "what the new sites did"
    said = [m.value for m in at.markdown if "**To do: " in m.value or "**建议：" in m.value]
    assert len(said) == (1 if role == "planner" else 0), "what to do, what it costs and brings"
    to_come = [m.value for m in at.markdown if "sites to come 2" in m.value]
    assert len(to_come) == (1 if role == "planner" else 0), "the two that are planned"
    assert len(at.get("vega_lite_chart")) == (3 if role == "planner" else 1), "customers, cells beside them, the sites"


@pytest.mark.deep
def test_a_card_recommends_what_the_list_of_needs_does(demo_home: Path, open_view: OpenView) -> None:
    listed = open_view(demo_home, "hotspot_needs", "en", "planner").dataframe[0].value.iloc[0]
    name = _of_place(demo_home, str(listed["place"]))
    at = open_view(demo_home, "hotspot", "en", "planner", id=name)
    [said] = [m.value for m in at.markdown if m.value.startswith("**To do: ")]
    assert said.startswith(f"**To do: {listed['action']}**") and listed["avoided"] in said
    assert f"{listed['per']} per 10,000" in said and f"evidence: {listed['grade']}" in said


def _of_place(home: Path, place: str) -> str:
    releases = Releases(home / "releases")
    reader = Reader(releases.path(str(releases.current())))
    found = spots.of_week(reader, Viewer.of("planner"), date(2025, 3, 24))
    return str(next(r.hotspot_id for r in found.itertuples() if map_spots.place(r, "en") == place))


@pytest.mark.parametrize("name", ["H0000-XXXX", "../../etc", "<script>alert(1)</script>", ""])
def test_a_card_that_is_none(demo_home: Path, open_view: OpenView, name: str) -> None:
    at = open_view(demo_home, "hotspot", "en", "planner", **({"id": name} if name else {}))
    assert not at.exception and at.title[0].value == t("spot.title", "en")
    [said] = [m.value for m in at.markdown if m.value.startswith(":small[:gray[") and "no hotspot" in m.value] or [""]
    assert name in said.replace("\\", ""), "once escaped, it reads as it came"
    assert "\\\\" not in said


@pytest.mark.parametrize("home", ["one_row_home", "no_ticket_home"])
def test_nothing_to_list(request: pytest.FixtureRequest, open_view: OpenView, home: str) -> None:
    at = open_view(request.getfixturevalue(home), "hotspots", "zh", "planner")
    assert not at.exception and at.info


def test_alarms_are_counted_and_never_told_as_a_share(demo_home: Path, open_view: OpenView) -> None:
    name, week = _of_place(demo_home, "四季园小区 · 东关街道"), date(2025, 3, 24)
    releases = Releases(demo_home / "releases")
    reader = Reader(releases.path(str(releases.current())))
    behind = spots.behind(reader, "mart_hotspot_cause", Viewer.of("planner"), name, week).set_index("figure")
    n_alarms = int(behind.loc["alarms", "value"])
    causes = open_view(demo_home, "hotspot", "en", "planner", id=name, week=week.isoformat()).dataframe[0].value
    [alarms] = causes[causes["figure"] == t("spot_figure.alarms", "en")].to_dict("records")
    assert n_alarms >= 1 and (alarms["value"], alarms["limit"]) == (str(n_alarms), "30.0%")
