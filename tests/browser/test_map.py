"""The map in a real browser: drawn without a network, clicked, stepped, the same numbers beside it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.browser.served import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


def colours(window: Visit) -> int:
    """How many different colours the map shows: a blank canvas has one."""
    shot = window.page.locator('[data-testid="stDeckGlJsonChart"]').first.screenshot()
    found = Image.open(io.BytesIO(shot)).convert("RGB").resize((160, 160)).getcolors(160 * 160)
    return len(found or [])


def test_the_week_steps_and_a_district_is_clicked(visit: Open) -> None:
    window = visit("/hotspots?role=manager&week=2024-10-14", lang="en")
    window.page.wait_for_timeout(1500)
    assert colours(window) > 8, "districts, water and names are drawn"
    before = window.said
    assert "2024-W42" in before
    window.page.get_by_role("button", name="Week after").click()
    window.settle()
    assert window.query["week"] == ["2024-10-21"] and "2024-W43" in window.said
    box = window.page.locator('[data-testid="stDeckGlJsonChart"]').first.bounding_box()
    window.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.25)  # Baoying, in the north
    window.page.wait_for_timeout(600)
    window.settle()
    assert window.query.get("region") == ["321023"]
