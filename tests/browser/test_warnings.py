"""A message's link on a phone: the card alone, and one tap acknowledges it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from alerts.broadcast import link
from pages._shared.text import t, word
from tests.browser.test_views import Open


@pytest.mark.deep
def test_the_link_of_a_message_opens_the_card_and_one_tap_acknowledges(
    visit: Open, server: str, warned_store: Path
) -> None:
    con = sqlite3.connect(warned_store)
    # One that stands alone, so that other tests of this server find the incident as it was.
    ((number,),) = con.execute(
        "select warning_id from warning where rule_id = 'RS13' and condition = 'firing' limit 1"
    ).fetchall()
    con.close()
    window: Any = visit(link(server, number).removeprefix(server) + "&role=duty&lang=zh", lang="zh", width=390)
    assert window.title == t("warning.title", "zh")
    page = window.page
    wide = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollWidth")
    assert wide <= 390, "nothing to be pushed sideways"
    button = page.get_by_role("button", name=t("warning.ack", "zh"), exact=False).first
    assert button.bounding_box()["y"] < 900, "without scrolling"
    button.click()
    window.settle()
    assert word("warning.told", "ack", "zh") in window.said
    assert page.get_by_role("button", name=t("warning.ack", "zh"), exact=True).count() == 0


@pytest.mark.deep
def test_a_phone_lists_and_opens_warnings_on_their_own_page(visit: Open) -> None:
    page = visit("/warnings?role=duty", lang="zh", width=390).page
    assert page.locator(".st-key-card").count() == 1 and not page.locator(".st-key-card").is_visible()
    assert not page.get_by_role("button", name=t("warnings.open", "zh"), exact=True).first.is_visible()
    page.set_viewport_size({"width": 1280, "height": 844})
    page.locator(".st-key-card").wait_for(state="visible")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name=t("warnings.alone", "zh")).first.click()
    page.wait_for_url("**/warning?*id=*")
