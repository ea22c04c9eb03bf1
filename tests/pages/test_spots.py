"""热点网络 → 热点 and the card: the list equals the release, roles, a card by link, a name that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages._shared.text import Lang, t
from tests.pages.conftest import OpenView


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
    assert len(at.dataframe) == (4 if role == "planner" else 0), "cause, cells, what the new sites did, tickets"


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
