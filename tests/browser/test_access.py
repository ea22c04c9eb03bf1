"""Every view for people who use a keyboard, a screen reader or a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.served import LINKS, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]

# axe rule -> part of the page where it may be violated, and why. Nothing else may.
# Rule -> where it is allowed, and why.
ALLOWED: dict[str, tuple[str, str]] = {
    "svg-img-alt": (
        '[data-testid="stExpander"]',
        "a chart in a closed expander has its alt text once opened",
    ),
    "color-contrast": (
        '[data-testid="stCode"], [data-selected="true"], [data-testid="stSlider"], kbd',
        "Streamlit's highlighter chooses the colours of code; the selected segment and the slider's value in dark are "
        "the primary, 3.4:1 and 3.7:1; the key beside a button's words is Streamlit's pale grey",
    ),
    "landmark-unique": (
        '[data-testid="stDeckGlJsonChart"]',
        "MapLibre calls the canvas of each map 'Map'; what a map shows stands in the alt text around it",
    ),
}
# Light in English, dark in Chinese: the quick run opens a view of each page in one of them, the deep run all in both.
LOOKS = (("en", "light"), ("zh", "dark"))
QUICK = ("today", "structure", "map")
PARAMS = [
    pytest.param(
        (view, *look),
        id="-".join((view, *look)),
        marks=[] if view in QUICK and QUICK.index(view) % 2 == k else [pytest.mark.deep],
    )
    for view in LINKS
    for k, look in enumerate(LOOKS)
]


@pytest.fixture(scope="module", params=PARAMS)
def opened(request: pytest.FixtureRequest, browser: Any, server: str) -> Iterator[Visit]:
    """One window per view and look, opened once for the tests below; the last of them makes it narrow."""
    view, lang, theme = request.param
    window = Visit(browser, server, lang=lang, theme=theme)
    yield window.open(LINKS[view])
    window.close()


def violations(page: Any) -> list[str]:
    """What axe-core finds beyond the allowed list: rule, impact and the elements."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for violation in Axe().run(page).response["violations"]:
        rule = violation["id"]
        targets = [node["target"][0] for node in violation["nodes"]]
        if rule in ALLOWED:
            inside = ALLOWED[rule][0]
            targets = [
                target
                for target in targets
                if not page.evaluate("([t, i]) => !!document.querySelector(t)?.closest(i)", [target, inside])
            ]
        if targets:
            found.append(f"{rule} ({violation['impact']}): {targets[:4]}")
    return found


def test_opens_without_a_fault(opened: Visit) -> None:
    assert opened.title
    assert opened.page.locator('[data-testid="stException"]').count() == 0
    assert opened.faults == []


def test_no_violation(opened: Visit) -> None:
    assert violations(opened.page) == []


def test_a_phone_scrolls_down_only(opened: Visit) -> None:
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.settle()
    wide = opened.page.evaluate(
        """() => ['html', 'body', '[data-testid="stMain"]'].map(s => document.querySelector(s))
            .map(e => e.scrollWidth - e.clientWidth)"""
    )
    assert wide == [0, 0, 0], "wider than the window by so many pixels: html, body, main"
    switches = opened.page.locator(".st-key-switches button, .st-key-switches input")
    for box in switches.evaluate_all("all => all.map(e => e.getBoundingClientRect().right)"):
        assert box <= 391, "a switch is cut off"


def test_tab_reaches_switch_and_filters_in_order(visit: Open) -> None:
    window = visit("/complaints", lang="en")
    reached: list[str] = []
    for _ in range(40):
        window.page.keyboard.press("Tab")
        key = window.page.evaluate(
            """() => {
                const box = document.activeElement.closest('[class*="st-key-"]');
                return box ? [...box.classList].find(c => c.startsWith('st-key-')).slice(7) : '';
            }"""
        )
        if key and key not in reached:
            reached.append(key)
    wanted = ["role", "lang", "period", "region", "type", "part"]
    assert [key for key in reached if key in wanted] == wanted


@pytest.mark.deep
def test_the_switch_works_by_keyboard(visit: Open) -> None:
    window = visit("/data", lang="en")
    window.page.locator(".st-key-lang button", has_text="中文").focus()
    window.page.keyboard.press("Enter")
    window.page.wait_for_function("() => document.querySelector('h1')?.innerText.trim() === '数据管理'")
    window.settle()
    assert window.query["lang"] == ["zh"]


def test_charts_have_a_text_for_screen_readers(visit: Open) -> None:
    window = visit("/complaints", lang="en")
    charts = window.page.locator('[data-testid="stVegaLiteChart"]')
    charts.nth(2).wait_for(timeout=30_000)
    for n in range(charts.count()):
        described = charts.nth(n).evaluate(
            "e => [e, ...e.querySelectorAll('[aria-label]')].map(x => x.getAttribute('aria-label') || '').join(' ')"
        )
        assert any(c.isdigit() for c in described), "the alternative text holds the chart's figures"
