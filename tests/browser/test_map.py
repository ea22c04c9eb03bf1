"""The map in a real browser: drawn without a network, clicked, stepped, the same numbers beside it."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from pages._shared import extent
from tests.browser.served import Visit
from warehouse import spots
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer
from warehouse.workspace import load_workspace

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]
MAP = '[data-testid="stDeckGlJsonChart"]'


def colours(window: Visit) -> int:
    """How many different colours the map shows: a blank canvas has one."""
    shot = window.page.locator(MAP).first.screenshot()
    found = Image.open(io.BytesIO(shot)).convert("RGB").resize((160, 160)).getcolors(160 * 160)
    return len(found or [])


def drawn(window: Visit) -> bool:
    """Whether WebGL has put anything on its canvas: some pixels differ from the first one."""
    window.page.wait_for_timeout(1500)
    return colours(window) > 8


def click_map(window: Visit, right: float, down: float) -> None:
    """Click at a share of the map's width and height."""
    box = window.page.locator(MAP).first.bounding_box()
    at = (box["x"] + box["width"] * right, box["y"] + box["height"] * down)
    window.page.mouse.move(*at)
    window.page.wait_for_timeout(500)  # what lies under the pointer is looked up when it rests
    window.page.mouse.click(*at)
    window.page.wait_for_timeout(1200)
    window.settle()


def choose_first_row(window: Visit) -> None:
    """The first row of the table by its mark: the map moves to its place."""
    box = window.page.locator('[data-testid="stDataFrame"]').first.bounding_box()
    window.page.mouse.click(box["x"] + 16, box["y"] + 36 + 16)
    window.page.wait_for_timeout(2500)
    window.settle()


@pytest.mark.deep
def test_the_week_steps_and_a_district_is_clicked(visit: Open) -> None:
    window = visit("/hotspots?role=manager&week=2024-10-14", lang="en")
    assert drawn(window), "districts, water and names are drawn"
    before = window.said
    assert "2024-W42" in before
    window.page.get_by_role("button", name="Week after").click()
    window.settle()
    assert window.query["week"] == ["2024-10-21"] and "2024-W43" in window.said
    click_map(window, 0.5, 0.25)  # Baoying, in the north
    assert window.query.get("region") == ["321023"]


@pytest.mark.deep
def test_a_hexagon_is_clicked_and_says_its_numbers(visit: Open) -> None:
    window = visit("/hotspots?role=planner&paint=excess&week=2024-10-14", lang="en")
    assert drawn(window)
    choose_first_row(window)
    assert drawn(window)
    click_map(window, 0.5, 0.5)  # the map now lies with the most unusual hexagon in its middle
    assert "Chosen:" in window.said and "customers" in window.said.split("Chosen:")[1]


@pytest.mark.deep
def test_a_hotspot_is_clicked_and_leads_to_its_card(visit: Open, demo_home: Path) -> None:
    releases = Releases(demo_home / "releases")
    reader = Reader(releases.path(str(releases.current())))
    found = spots.of_week(reader, Viewer.of("planner"), date(2024, 10, 14))
    north = found[found["state"] != spots.GONE].sort_values("lat").iloc[-1]  # nothing else lies near
    window = visit("/hotspots?role=planner&over=spots&week=2024-10-14", lang="en")
    assert drawn(window)
    click_map(window, *share_of(window, demo_home, float(north["lon"]), float(north["lat"])))
    said = window.said.split("Chosen:")[1]
    assert str(north["town"]) in said and f": {int(north['n_customers'])}, expected" in said
    link = window.page.get_by_role("link", name="Open the hotspot's card")
    assert str(north["hotspot_id"]) in str(link.first.get_attribute("href"))


def test_a_row_of_hotspots_opens_its_card(visit: Open) -> None:
    window = visit("/hotspots?role=planner&view=hotspots&week=2024-10-21", lang="en")
    choose_first_row(window)
    window.page.wait_for_url("**/hotspot?*id=H*week=2024-10-21*")
    window.settle()
    assert window.page.get_by_role("heading", level=1).inner_text() != "Hotspots"


@pytest.mark.deep
def test_a_row_of_cells_opens_its_card(visit: Open) -> None:
    window = visit("/hotspots?role=planner&view=cells", lang="en")
    choose_first_row(window)
    window.page.wait_for_url("**/cell?*id=*")


@pytest.mark.deep
@pytest.mark.parametrize(("lang", "theme"), [("zh", "dark"), ("en", "light")])
def test_the_slider_moves_and_language_and_theme_leave_the_map_drawn(visit: Open, lang: str, theme: str) -> None:
    window = visit("/hotspots?role=manager&paint=towns&week=2024-10-14", lang=lang, theme=theme)
    assert drawn(window)
    slider = window.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    window.settle()
    assert window.query["week"] == ["2024-10-21"]
    window.page.get_by_text("English" if lang == "zh" else "中文", exact=True).click()
    window.settle()
    assert ("Rate by town" if lang == "zh" else "街镇万投比") in window.said and drawn(window)


def share_of(window: Visit, home: Path, lon: float, lat: float) -> tuple[float, float]:
    """Where a place lies on the map of the whole city, as shares of its width and height."""
    box = window.page.locator(MAP).first.bounding_box()
    at = extent.view(extent.bounds(load_workspace(home)))
    size = 512 * 2**at.zoom
    x = (lon - at.longitude) / 360 * size
    y = (mercator(at.latitude) - mercator(lat)) * size
    return 0.5 + x / box["width"], 0.5 + y / box["height"]


def mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)
