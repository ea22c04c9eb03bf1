"""Every view × language × (full, empty, one ticket, stale): it opens, has a title, says its finding or its state."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import VIEWS, OpenView

ROLES = ("manager", "analyst")
# Warnings have a store of their own, maps weeks and boundaries, the wall has no filters: test_warnings.py, test_map.py,
# test_spots.py, test_wall.py. Access is for two roles: test_access.py.
TICKETS = [view for view in VIEWS if not view.startswith(("warning", "map", "hotspot", "cell", "wall", "access"))]
COMPLAINTS = ("structure", "subtypes", "rhythm", "who", "service")
REVIEW = ("review", "review_annex")
DATA = ("quality", "definitions", "cases", "register", "worked", *REVIEW)  # views without the filter bar
PROMISED = ("register", "worked")  # views of the store, in which nothing is promised here; see test_register.py
LIVE = ("due",)  # what is open now, whatever period is chosen
REPEATS = ("repeats", "outside", "opinion")
FLOW = ("handover", "replay", "compliance")
VOICE = ("satisfaction", "voice_units", "voice_why", "voice_survey")
Ask = Callable[..., Any]

PAIRS: tuple[tuple[Lang, str], ...] = (("zh", "manager"), ("en", "analyst"))
STATES = ("full", "nothing", "none", "one", "stale")

every_lang = pytest.mark.parametrize("lang", LANGS)


def every_look(state: str) -> Any:
    """Each view in every language and role. The quick run takes one pair by turns, of a full home and of one of the
    four other states; the deep run takes all."""
    found = []
    for number, view in enumerate(TICKETS):
        is_its_turn = number % (len(STATES) - 1) == STATES.index(state) - 1
        turn = PAIRS[number // 4 % 2 :][:1] if is_its_turn else PAIRS[number % 2 :][:1] if state == "full" else ()
        for lang in LANGS:
            for role in ROLES:
                marks = () if (lang, role) in turn else (pytest.mark.deep,)
                found.append(pytest.param(view, lang, role, marks=marks))
    return pytest.mark.parametrize("view, lang, role", found)


def texts(found: Any) -> list[str]:
    return [element.value for element in found]


def everything_said(at: Any) -> str:
    parts = [*at.title, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return "\n".join(p.value for p in parts)


def findings(at: Any) -> list[str]:
    """The generated sentences: headings of the fourth level, and the counting line of the rows."""
    return [m for m in texts(at.markdown) if m.startswith("## ")]


def opens(at: Any, view: str, lang: Lang) -> None:
    """No exception, no fault of the page, one title. That a file of the city was refused is no fault of a page."""
    assert [e.message for e in at.exception] == []
    refused = {t("quality.failed", lang, n=n) for n in range(1, 5)} if view == "quality" else set()
    assert set(texts(at.error)) <= refused
    assert len(at.title) == 1, texts(at.title)
    said = everything_said(at)
    assert "nan" not in said.lower().split(), said
    assert "None" not in said and "{" not in said, said


def title(view: str, lang: Lang) -> str:
    if view == "today":
        return t("today.title", lang, period="").strip(" ·")
    if view in COMPLAINTS:
        return t("types.title", lang)
    if view in LIVE:
        return t(f"{view}.title", lang)
    if view == "cases":
        return t("cases.title", lang)
    if view == "register":
        return t("ledger.title", lang)
    if view.startswith("review"):
        return t("review.title", lang, week="").strip(" ·")
    if view == "worked":
        return t("worked.title", lang)
    if view in REPEATS:
        return t("repeats.title", lang)
    if view.startswith(FLOW):
        return t(f"{view.split('_')[0]}.title", lang)
    if view == "assessment":
        return t("assess.title", lang)
    if view in VOICE:
        return t("voice.title", lang)
    return t("tickets.title", lang) if view == "tickets" else t("nav.data", lang)


@every_look("full")
def test_full(open_view: OpenView, demo_home: Path, view: str, lang: Lang, role: str) -> None:
    at = open_view(demo_home, view, lang, role)
    opens(at, view, lang)
    assert title(view, lang) in at.title[0].value
    assert t("state.empty", lang) not in texts(at.info)
    assert any(t("badge.simulated", lang) in m for m in texts(at.markdown)), "simulated data is marked on every page"
    if view == "tickets":
        if role == "manager":
            assert texts(at.info) == [t("state.no_permission", lang, role=word("role", role, lang))]
        else:
            assert len(at.dataframe[0].value) == 50
        return
    assert len(findings(at)) == 1 and (view in PROMISED or any(c.isdigit() for c in findings(at)[0]))


@every_look("nothing")
def test_filters_that_match_nothing(
    open_view: OpenView, demo_home: Path, ask: Ask, view: str, lang: Lang, role: str
) -> None:
    """A district and type without a ticket yesterday; such a pair is looked up, not assumed."""
    nothing = ask(
        demo_home,
        """
        select r.region_code, y.type_l1
        from (select distinct region_code from mart_ticket where region_code is not null) r
        cross join (select distinct type_l1 from mart_ticket where type_l1 is not null) y
        anti join (
            select region_code, type_l1 from mart_ticket where accepted_on = date '2025-03-30' or feedback_at is null
        ) m on m.region_code = r.region_code and m.type_l1 = y.type_l1
        order by all
        limit 1
        """,
    )
    assert nothing, "the demo city had every type in every district that day"
    region, kind = nothing[0]
    url = {} if view in DATA else {"period": "yesterday", "region": region, "type": kind}
    at = open_view(demo_home, view, lang, role, **url)
    opens(at, view, lang)
    if view in DATA:
        assert findings(at)
    elif view == "tickets" and role == "manager":
        assert t("state.no_permission", lang, role=word("role", role, lang)) in texts(at.info)
    else:
        assert t("state.empty", lang) in texts(at.info)
        assert any(t("state.empty_hint", lang).rstrip(".") in said for said in texts(at.markdown))
        assert findings(at) == []
        assert len(at.dataframe) == 0


@every_look("none")
def test_no_ticket_at_all(open_view: OpenView, no_ticket_home: Path, view: str, lang: Lang, role: str) -> None:
    at = open_view(no_ticket_home, view, lang, role)
    opens(at, view, lang)
    if view in DATA and view not in REVIEW:
        assert findings(at)
    elif view == "tickets":
        said = texts(at.info)
        assert t("state.empty", lang) in said or t("other.no_tickets", lang) in said
    else:
        assert t("other.no_tickets", lang) in texts(at.info)
        assert len(at.metric) == 0


@every_look("one")
def test_one_ticket(open_view: OpenView, one_row_home: Path, view: str, lang: Lang, role: str) -> None:
    """One ticket: an analyst sees it counted; a manager may be told that so few are not shown, but never "—"."""
    at = open_view(one_row_home, view, lang, role)
    opens(at, view, lang)
    if view in DATA:
        assert findings(at)
        return
    if role == "analyst":
        if view == "tickets":
            assert len(at.dataframe[0].value) == 1
        elif view in LIVE:
            assert "0" in findings(at)[0], "the only ticket is closed"
        else:
            assert "1" in findings(at)[0]
        assert t("state.empty", lang) not in texts(at.info)
    for sentence in findings(at):
        first_clause = re.split("[,，]", sentence)[0]
        assert any(c.isdigit() for c in first_clause), "a finding without its number says nothing"


@every_look("stale")
def test_stale(open_view: OpenView, stale_home: Path, view: str, lang: Lang, role: str) -> None:
    """Tickets that stopped coming five weeks ago are said on every page."""
    url = {} if view in DATA else {"period": "weeks13"}
    at = open_view(stale_home, view, lang, role, **url)
    opens(at, view, lang)
    moment = {"zh": "2月26日", "en": "26 Feb"}[lang]
    banner = [w for w in texts(at.warning) if moment in w]
    assert len(banner) == 1, texts(at.warning)
    assert any(t("badge.sources_stale", lang, n=1) in m for m in texts(at.markdown))
    if view not in DATA and not (view == "tickets" and role == "manager"):
        assert t("state.empty", lang) not in texts(at.info), "the older tickets are inside thirteen weeks"


@every_lang
def test_stale_week_is_empty_and_says_so(open_view: OpenView, stale_home: Path, lang: Lang) -> None:
    """Nothing last week because nothing came: the banner stands beside the empty state."""
    at = open_view(stale_home, "today", lang)
    assert t("state.empty", lang) in texts(at.info)
    assert at.warning, "an empty week must not look like good news"


@pytest.mark.parametrize(
    "view", [pytest.param(v, marks=[pytest.mark.deep] if n % 2 else []) for n, v in enumerate(TICKETS)]
)
@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.deep)])
def test_both_languages_say_different_words(open_view: OpenView, demo_home: Path, view: str, lang: Lang) -> None:
    """No Chinese is left on an English page, outside of what the data hold."""
    at = open_view(demo_home, view, lang, "analyst")
    own = [e.value for kind in (at.title, at.subheader, at.info, at.warning) for e in kind]
    own += [e.label for kind in (at.selectbox, at.multiselect, at.button, at.expander) for e in kind]
    own += findings(at)
    has_chinese = [s for s in own if any("\u4e00" <= c <= "\u9fff" for c in s)]
    if lang == "en":
        assert has_chinese == []
    else:
        assert len(has_chinese) > len(own) / 2
