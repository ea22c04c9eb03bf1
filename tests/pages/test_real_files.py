"""Real files of other operators open on every view, in both languages, and the pages say what each cannot show."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, plain, t
from tests.pages.conftest import VIEWS, OpenView
from warehouse.measures import measures
from warehouse.workspace import load_workspace

pytestmark = pytest.mark.xdist_group("real_pages")  # each home is loaded and built once
RealHome = Callable[[str], Path]
Ask = Callable[..., Any]
BOROUGHS = ("BRONX", "BROOKLYN", "MANHATTAN", "QUEENS", "STATEN_ISLAND")
NAMES = ("comcast", "trai", "mathorcup", "nyc311", "ucc5g")


def every_look() -> list[Any]:
    """Each view of one source in one language by turns; the deep run takes every source in both."""
    found = []
    for (at, name), (number, view), (k, lang) in product(enumerate(NAMES), enumerate(VIEWS), enumerate(LANGS)):
        marks = [pytest.mark.deep] if (at - number) % len(NAMES) or (number // len(NAMES) + k) % 2 or number % 4 else []
        found.append(pytest.param(name, view, lang, marks=marks))
    return found


@pytest.mark.deep
@pytest.mark.parametrize(("name", "view", "lang"), every_look())
def test_opens(open_view: OpenView, real_home: RealHome, name: str, view: str, lang: Lang) -> None:
    at = open_view(real_home(name), view, lang, "analyst")
    assert [e.message for e in at.exception] == []
    assert [e.value for e in at.error] == []
    assert len(at.title) == 1
    assert not any(t("badge.simulated", lang) in m.value for m in at.markdown), "these data are real"


@pytest.mark.parametrize("lang", LANGS)
def test_comcast_counts_its_tickets_and_names_what_it_lacks(
    open_view: OpenView, real_home: RealHome, lang: Lang
) -> None:
    at = open_view(real_home("comcast"), "today", lang, "analyst", period="all")
    assert any("2,224" in m.value for m in at.markdown), [m.value for m in at.markdown]
    said = "\n".join(m.value for m in at.markdown)
    for measure in ("M02", "M04", "M09", "M14"):
        assert plain(measures()[measure].name(lang)) in said, "named as not supported"
    assert t("state.no_map", lang) in [i.value for i in at.info]


@pytest.mark.parametrize("lang", LANGS)
def test_comcast_has_two_channels(open_view: OpenView, real_home: RealHome, ask: Ask, lang: Lang) -> None:
    home = real_home("comcast")
    assert ask(home, "select count(distinct channel_code), count(*) from mart_ticket") == [(2, 2224)]
    at = open_view(home, "who", lang, "analyst", period="all")
    assert t("who.none", lang) in [i.value for i in at.info]


@pytest.mark.parametrize("lang", LANGS)
def test_a_second_city_is_drawn_without_anybody_counting_its_users(
    open_view: OpenView, real_home: RealHome, ask: Ask, lang: Lang
) -> None:
    home = real_home("nyc311")
    at = open_view(home, "map", lang, "analyst", week="2019-03-18")
    assert not at.exception
    asked = "select region_code, count(*) from mart_ticket where accepted_at >= '2019-03-18' and accepted_at < "
    told = dict(ask(home, asked + "'2019-03-25' and region_code is not null group by 1"))
    table = at.dataframe[0].value
    assert len(table) == 5 and sorted(int(n) for n in table["n"]) == sorted(told.get(c, 0) for c in BOROUGHS)


@pytest.mark.parametrize("view", ["today", "structure"])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["trai", "mathorcup"])
def test_a_source_without_tickets_shows_what_it_has(
    open_view: OpenView, real_home: RealHome, name: str, lang: Lang, view: str
) -> None:
    home = real_home(name)
    at = open_view(home, view, lang)
    assert t("other.no_tickets", lang) in [i.value for i in at.info]
    assert len(at.metric) >= 2
    notes = load_workspace(home).settings.notes
    assert notes
    for note in notes:
        said = plain(note.zh if lang == "zh" else note.en)
        assert any(said in m.value for m in at.markdown)


@pytest.mark.parametrize(("lang", "role"), [("zh", "planner"), ("en", "manager")])
def test_drives_without_tickets_are_on_the_map(
    open_view: OpenView, real_home: RealHome, ask: Ask, lang: Lang, role: str
) -> None:
    """Who may see positions sees where was driven, and reads that there are no complaints; others read only that."""
    home = real_home("ucc5g")
    at = open_view(home, "map", lang, role)
    assert [e.message for e in at.exception] == [] and len(at.title) == 1
    if role == "manager":
        assert t("other.no_tickets", lang) in [i.value for i in at.info]
        assert len(at.get("deck_gl_json_chart")) == 0
        return
    ((n,),) = ask(
        home,
        "select count(distinct test_id) from fact_drive_test where lon is not null and rsrp_dbm is not null "
        "and measured_at >= (select cast(as_of as date) from release_info) - interval 90 day",
    )
    assert len(at.table[0].value) == n > 0
    assert at.title[0].value == t("drives.title", lang)
    assert any(m.value.startswith("## ") and f"{n}" in m.value for m in at.markdown)
    assert len(at.get("deck_gl_json_chart")) == 1
    assert any(t("drives.no_tickets", lang) in m.value.replace("\\", "") for m in at.markdown)
