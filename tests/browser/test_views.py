"""Every view by its deep link in a real browser: words, filters, links, no error, nothing beyond loopback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from pages._shared.shell import LANDING, WITHOUT_FILTERS
from pages._shared.text import LANGS, Lang, t, word
from tests.browser.served import LINKS, Visit, serve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]
# One language by turns; the deep run takes both.
IN_ENGLISH = [pytest.param("zh", marks=pytest.mark.deep), "en"]
IN_CHINESE = ["zh", pytest.param("en", marks=pytest.mark.deep)]
OTHER: dict[Lang, Lang] = {"zh": "en", "en": "zh"}


def with_query(link: str, query: str) -> str:
    return link + ("&" if "?" in link else "?") + query


def choose_role(window: Visit, role: str, lang: Lang) -> None:
    window.page.locator(".st-key-role input").click()
    window.page.get_by_role("option", name=word("role", role, lang), exact=True).click()
    window.settle()


def drill(window: Visit) -> None:
    window.page.get_by_text(t("types.drill", "en")).click()
    window.page.wait_for_url("**/tickets*")
    window.settle()


FIRST_OF_THEIR_KIND = {"structure"}  # the deep run takes every view that has the filter bar


# The other half of the pairs of view and language is opened in test_access.py, without filters.
@pytest.mark.parametrize(
    ("view", "lang"),
    [
        pytest.param(view, LANGS[n % 2], marks=[] if view in FIRST_OF_THEIR_KIND else [pytest.mark.deep])
        for n, view in enumerate(
            v for v in LINKS if v not in ("quality", "definitions", "access", "hotspot") and "warning" not in v
        )
    ],
)
def test_opens_by_deep_link_with_filters(visit: Open, view: str, lang: Lang) -> None:
    link = urlsplit(LINKS[view])
    window = visit(with_query(LINKS[view], "region=321003&type=NET&period=weeks4"), lang=lang)
    assert window.page.locator('[data-testid="stException"]').count() == 0
    assert window.title
    assert t("state.bad_link", lang, value="\0").split("\0")[0] not in window.said
    if link.path.strip("/") in {*WITHOUT_FILTERS, "tickets"}:  # a manager is told that single tickets are for others
        assert window.page.locator(".st-key-filters").count() == 0
        return
    assert window.query["region"] == ["321003"] and window.query["type"] == ["NET"]
    assert window.query["period"] == parse_qs(link.query).get("period", ["weeks4"]), "the link's own comes first"
    bar = window.page.locator(".st-key-filters")
    bar.get_by_text({"zh": "邗江区", "en": "Hanjiang"}[lang]).first.wait_for()
    assert {"zh": "网络质量", "en": "Network"}[lang] in bar.inner_text()


@pytest.mark.parametrize("lang", IN_CHINESE)
def test_the_language_switch_changes_words_and_url(visit: Open, lang: Lang) -> None:
    window = visit("/complaints?region=321003", lang=lang)
    other = OTHER[lang]
    assert window.title == t("types.title", lang)
    switch = window.page.locator(".st-key-switches")
    switch.get_by_text({"zh": "中文", "en": "English"}[other], exact=True).click()
    window.page.wait_for_function(
        "title => document.querySelector('h1')?.innerText.trim() === title", arg=t("types.title", other)
    )
    window.settle()
    assert window.query == {"region": ["321003"], "lang": [other]}
    window.page.reload()
    window.settle()
    assert window.title == t("types.title", other), "the link keeps the language"


@pytest.mark.deep
def test_a_link_made_in_chinese_opens_in_english(visit: Open) -> None:
    chinese = visit("/complaints?region=321002&type=SVC", lang="zh")
    link = chinese.page.url.removeprefix(chinese.base)
    english = visit(link, lang="en")
    assert english.title == t("types.title", "en")
    assert "Guangling" in english.page.locator(".st-key-filters").inner_text()


@pytest.mark.deep
@pytest.mark.parametrize("lang", IN_ENGLISH)
def test_nonsense_in_a_link_opens_the_view_with_a_hint(visit: Open, lang: Lang) -> None:
    window = visit("/complaints?region=nowhere&part=zzz&period=%3Cimg%20src%3Dx%3E", lang=lang)
    assert window.title == t("types.title", lang)
    start = t("state.bad_link", lang, value="\0").split("\0")[0]
    assert window.said.count(start) == 1, "one hint names them all"
    assert "nowhere" in window.said and "zzz" in window.said
    assert "<img src=x>" in window.said
    assert window.page.locator('[data-testid="stMain"] img[src="x"]').count() == 0
    assert "region" not in window.query


def test_clicking_a_mark_narrows_every_view(visit: Open) -> None:
    window = visit("/complaints", lang="en")
    chart = window.page.locator('[data-testid="stVegaLiteChart"]').first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    for step in range(3, 10):
        window.page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * step / 10)
        window.page.wait_for_timeout(400)
        window.settle()
        button = window.page.locator('[class*="st-key-narrow"] button')
        if button.count():
            button.first.click()
            window.settle()
        if "type" in window.query:
            break
    assert window.query.get("type"), "no mark under any of the points narrowed the view"
    window.page.get_by_role("link", name="Today", exact=True).first.click()
    window.page.wait_for_url("**/?*")
    window.settle()
    assert window.query.get("type"), "the filter goes along to the next view"


def test_drill_from_complaints_to_rows_carries_the_filters(visit: Open) -> None:
    window = visit("/complaints?region=321003&period=weeks13", lang="en")
    choose_role(window, "analyst", "en")
    drill(window)
    assert window.title == t("tickets.title", "en")
    assert window.query["region"] == ["321003"] and window.query["period"] == ["weeks13"]
    assert window.page.locator('[data-testid="stDataFrame"]').count() == 1

    pager = window.page.locator('[data-testid="stPagination"]')
    pager.get_by_role("button", name="2", exact=False).first.click()
    window.page.wait_for_function("() => location.search.includes('page=2')")
    window.settle()
    assert window.query["page"] == ["2"] and window.query["region"] == ["321003"]


@pytest.mark.deep
def test_the_back_button_goes_back(visit: Open) -> None:
    window = visit("/complaints?part=rhythm&type=NET", lang="en")
    window.page.get_by_role("link", name="Data", exact=True).first.click()
    window.page.wait_for_url("**/data*")
    window.settle()
    assert window.title == t("nav.data", "en")
    window.page.go_back()
    window.page.wait_for_url("**/complaints*")
    window.settle()
    assert window.title == t("types.title", "en")
    assert window.query.get("type") == ["NET"]


@pytest.mark.deep
@pytest.mark.parametrize("lang", IN_CHINESE)
def test_the_role_picker_lands_on_the_roles_own_view_with_language_and_filters(visit: Open, lang: Lang) -> None:
    window = visit(f"/?lang={lang}&region=321003&period=weeks4", lang=OTHER[lang])
    kept = {"lang": [lang], "region": ["321003"], "period": ["weeks4"]}
    for role, title in (("analyst", t("types.title", lang)), ("handler", t("due.title", lang))):
        choose_role(window, role, lang)
        window.page.wait_for_function("title => document.querySelector('h1')?.innerText.startsWith(title)", arg=title)
        window.settle()
        assert window.query == {**kept, "role": [role]}
        assert {"zh": "邗江区", "en": "Hanjiang"}[lang] in window.page.locator(".st-key-filters").inner_text()
        window.page.reload()
        window.settle()
        assert window.title.startswith(title), "the address holds what is shown"
        assert window.query == {**kept, "role": [role]}
    window.page.go_back()
    window.settle()
    assert window.page.locator("h1").count() == 1


@pytest.mark.deep  # every role, link and language: half a minute
def test_nothing_bounces_after_a_role_was_picked(visit: Open) -> None:
    """Every click in the navigation goes where it says, whichever roles were picked before."""
    titles = {name: word("nav", name, "en") for name in ("data", "today")} | {"complaints": t("types.title", "en")}
    titles["flow"] = t("due.title", "en")
    titles["warnings"] = t("warnings.title", "en")
    window = visit("/data?region=321003", lang="en")
    for role in ("handler", "auditor", "analyst"):
        choose_role(window, role, "en")
        window.page.wait_for_timeout(700)
        window.settle()
        assert window.title.startswith(titles[LANDING[role]])
        assert window.page.locator(".st-key-filters").count() == (LANDING[role] != "data")
        for name, title in titles.items():
            window.page.get_by_role("link", name=word("nav", name, "en"), exact=True).first.click()
            window.page.wait_for_timeout(700)
            window.settle()
            assert window.title.startswith(title)
            assert window.path == ("/" if name == LANDING[role] else f"/{name}")
            assert window.query["role"] == [role]


@pytest.mark.deep
@pytest.mark.parametrize("lang", LANGS)
def test_a_link_with_a_role_opens_that_roles_own_view(visit: Open, lang: Lang) -> None:
    window = visit(f"/?lang={lang}&role=analyst", lang=OTHER[lang])
    assert window.title == t("types.title", lang)


@pytest.mark.deep
@pytest.mark.parametrize(
    "link",
    [
        "/today?role=auditor",
        *(
            pytest.param(link, marks=pytest.mark.deep)
            for link in ("/complaints?role=analyst", "/today", "/data?role=auditor")
        ),
    ],
)
def test_a_link_to_a_page_holds_for_every_role(visit: Open, link: str) -> None:
    window = visit(link, lang="en")
    assert window.page.locator('[role="dialog"]').count() == 0
    assert window.path == link.split("?")[0]


@pytest.mark.deep
def test_markup_in_a_complaint_is_shown_as_text(visit: Open, script_ticket: dict[str, str]) -> None:
    """The demo city's texts hold <script> and <b>; the grid draws them as characters and makes nothing of them."""
    window = visit("/complaints?" + urlencode({**script_ticket, "period": "weeks13"}), lang="en")
    dialogs: list[str] = []
    window.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    choose_role(window, "handler", "en")
    window.page.wait_for_url("**/?*")
    window.settle()
    window.page.get_by_role("link", name="Complaints", exact=True).first.click()
    window.page.wait_for_url("**/complaints*")
    window.settle()
    drill(window)
    grid = window.page.locator('[data-testid="stDataFrame"]')
    assert grid.count() == 1
    # The grid keeps the cells in view in a table for screen readers: there the characters can be read.
    found = False
    for _ in range(30):
        found = any("<script>" in cell for cell in grid.locator("td").all_inner_texts())
        if found:
            break
        grid.hover()
        window.page.mouse.wheel(300, 0)
        window.page.wait_for_timeout(60)
    assert found, "the text is not among the cells"
    main = window.page.locator('[data-testid="stMain"]')
    assert main.locator("script").count() == 0 and main.locator("td b").count() == 0
    assert dialogs == []


@pytest.mark.deep
def test_the_first_visit_after_a_start_may_be_a_deep_link(browser: Any, demo_home: Path, tmp_path: Path) -> None:
    """Streamlit takes pages/ for its older automatic pages until st.navigation has run once in the server."""
    with serve(demo_home, tmp_path / "server.log") as base:
        window = Visit(browser, base, "en")
        window.page.goto(base + "/complaints?region=321003")
        window.page.wait_for_function(
            """() => document.querySelector('h1') || document.querySelector('[data-testid="stException"]')"""
        )
        assert window.page.locator('[data-testid="stException"]').count() == 0
        window.settle()
        assert window.title == t("types.title", "en")
        assert window.query["region"] == ["321003"]
        window.close()
