"""The wall in a real browser: left alone for half a minute it turns to its next panel, and says the same figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages._shared.blocks.wall import PANELS
from pages._shared.text import word
from tests.browser.served import Visit

TURN_S = 30
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]


def test_left_alone_it_turns_to_the_next_panel_and_keeps_its_as_of(visit: Callable[..., Visit]) -> None:
    names = [word("wall.panel", name, "zh") for name in PANELS]
    window = visit("/wall?role=wall&embed=true&embed_options=dark_theme", lang="zh", width=1920, theme="dark")
    assert names[0] in window.title
    as_of = window.page.inner_text("h2 >> nth=0")
    said = window.said
    # As the page itself counts it, with room for a slow machine: nothing is clicked.
    window.page.wait_for_function(
        "next => document.querySelector('h1').innerText.includes(next)", arg=names[1], timeout=(TURN_S + 60) * 1000
    )
    window.settle()
    assert window.page.inner_text("h2 >> nth=0") == as_of and window.said != said
    fixed = visit("/wall?role=wall&embed=true&panel=" + list(PANELS)[1], lang="zh", width=1920, theme="dark")
    assert fixed.title == window.title
    assert numbers(fixed) == numbers(window), "the panel says the same whether it came by turn or by link"


def numbers(window: Visit) -> list[str]:
    """What the tiles of a panel say."""
    return [str(m) for m in window.page.locator('[data-testid="stMetricValue"]').all_inner_texts()]
