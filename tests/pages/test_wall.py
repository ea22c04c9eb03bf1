"""大屏: three panels by turns, sums only, and a role that sees nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages._shared import data, shell
from pages._shared.blocks.wall import PANELS
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import VIEWS, OpenView
from tests.pages.little import frames
from tests.pages.test_views import Ask, everything_said, findings, opens, texts
from warehouse.query import SMALL_CELL

OTHERS = sorted({page for page, _ in VIEWS.values()} - {"wall.py"})


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("panel", PANELS)
def test_each_panel_says_its_sentence_and_as_of(open_view: OpenView, demo_home: Path, lang: Lang, panel: str) -> None:
    at = open_view(demo_home, "wall", lang, "wall", panel=panel)
    opens(at, "wall", lang)
    assert word("wall.panel", panel, lang) in at.title[0].value
    assert {"zh": "3月31日 08:30", "en": "31 Mar 08:30"}[lang] in at.header[0].value, "as of when, as large as titles"
    assert len(findings(at)) == 1
    assert any(t("badge.simulated", lang) in m for m in texts(at.markdown))
    assert not frames(at) and len(at.button) == 0, "sums only, and nothing to press"


def test_the_panels_take_turns_and_a_link_keeps_one(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "wall", "zh", "wall")
    seen = []
    for turn in range(4):
        at.session_state["wall_turn"] = turn
        at.run()
        seen.append(at.title[0].value)
    assert [word("wall.panel", name, "zh") in said for name, said in zip([*PANELS, "today"], seen, strict=True)] == [
        True
    ] * 4
    at = open_view(demo_home, "wall", "zh", "wall", panel="warnings")
    at.session_state["wall_turn"] = 1
    assert word("wall.panel", "warnings", "zh") in at.run().title[0].value


def test_the_figures_are_those_of_the_mart_and_of_no_single_row(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    ((n,),) = ask(
        demo_home,
        "select count(*) from mart_ticket where accepted_on between date '2025-03-24' and date '2025-03-30'",
    )
    at = open_view(demo_home, "wall", "zh", "wall")
    assert f"投诉{n}件" in findings(at)[0]
    assert any(f"{n} " in m.value for m in at.metric)


def test_whoever_looks_sees_what_the_screen_shows(open_view: OpenView, one_row_home: Path) -> None:
    """An analyst sees single tickets elsewhere; on the wall one ticket is too few to be shown to anybody."""
    at = open_view(one_row_home, "wall", "zh", "analyst")
    assert texts(at.info) == [t("state.suppressed", "zh", least=SMALL_CELL)]
    assert len(at.metric) == 0


def test_the_map_carries_its_approval_number_where_one_is_given(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = everything_said(open_view(demo_home, "wall", "zh", "wall", panel="districts"))
    assert "示意图" in said
    space = data.workspace()
    place = space.settings.place.model_copy(update={"approval": "苏S(2025)009号"})
    monkeypatch.setattr(space.settings, "place", place)
    monkeypatch.setattr(data, "workspace", lambda: space)
    said = everything_said(open_view(demo_home, "wall", "zh", "wall", panel="districts"))
    assert "审图号：苏S(2025)009号" in said.replace("\\", "")


@pytest.mark.parametrize("page", OTHERS)
def test_the_role_opens_no_other_page(open_view: OpenView, demo_home: Path, page: str) -> None:
    view = next(name for name, (file, _) in VIEWS.items() if file == page)
    at = open_view(demo_home, view, "en", "wall")
    assert [e.message for e in at.exception] == []
    assert texts(at.info) == [t("state.only", "en", role=word("role", "wall", "en"))]
    assert len(at.metric) == 0 and not frames(at) and findings(at) == []


def test_a_home_without_tickets_says_so(open_view: OpenView, no_ticket_home: Path) -> None:
    opens(open_view(no_ticket_home, "wall", "en", "wall"), "wall", "en")


def test_every_page_has_a_way_for_every_role() -> None:
    for role in shell.LANDING:
        assert shell.LANDING[role] in {**shell.PAGES, **shell.HIDDEN}
