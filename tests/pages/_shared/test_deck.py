"""Layers of a moving map: fans that point where the antenna does, a view that holds the city, names as plain text."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from pages._shared import basemap, deck, extent
from pages._shared.theme import LIGHT, MAP_HEIGHT
from warehouse.workspace import Workspace, load_workspace

DEMO = Path(__file__).resolve().parents[3] / "workspaces" / "demo"


@pytest.fixture(scope="module")
def space() -> Workspace:
    return load_workspace(DEMO / "workspace.toml")


def test_cells_are_fans_without_an_outline_and_dots_from_afar() -> None:
    cells = pd.DataFrame({"lon": [119.4], "lat": [32.4], "azimuth_deg": [0.0], "rgba": [[1, 2, 3, 70]], "tip": ["x"]})
    fan, dot = (json.loads(layer.to_json()) for layer in (deck.sectors("cells", cells), deck.dots("dots", cells, 4)))
    assert (fan["stroked"], fan["pickable"], len(fan["data"][0]["ring"])) == (False, True, 7)
    assert "azimuth_deg" not in fan["data"][0] and fan["data"][0]["tip"] == "x"
    assert (dot["radius"], dot["radiusUnits"], dot["extruded"], dot["pickable"]) == (4, "pixels", False, True)
    rim = json.loads(deck.dots("rims", cells[["lon", "lat", "rgba"]], 5, pickable=False).to_json())
    assert rim["data"] == [{"lon": 119.4, "lat": 32.4, "rgba": [1, 2, 3, 70]}] and not rim["pickable"]


def test_districts_are_filled_and_their_borders_are_straight_lines_above(space: Workspace) -> None:
    """The outline of a polygon is drawn by a program that costs a browser more than all the rest of the map."""
    assert space.boundaries is not None
    features = [{**f, "properties": {"region_code": "x", "fill": "#010203"}} for f in space.boundaries["features"]]
    fill, border = (json.loads(layer.to_json()) for layer in deck.areas("district", features, LIGHT, stroke="#040506"))
    assert (fill["id"], fill["@@type"], fill["filled"], fill["stroked"]) == ("district", "GeoJsonLayer", True, False)
    assert fill["data"]["features"][0]["properties"]["rgba"] == [1, 2, 3, 215] and fill["pickable"]
    assert (border["@@type"], border["getColor"], border["pickable"]) == ("LineLayer", [4, 5, 6, 255], False)
    assert len(border["data"]) > 500


def test_the_whole_city_fits(space: Workspace) -> None:
    west, south, east, north = extent.bounds(space)
    at = extent.view((west, south, east, north))
    world = 512 * 2**at.zoom
    tall = (math.asinh(math.tan(math.radians(north))) - math.asinh(math.tan(math.radians(south)))) / (2 * math.pi)
    assert 0.6 * MAP_HEIGHT < tall * world <= MAP_HEIGHT
    assert (east - west) / 360 * world <= 400
    inner = extent.bounds(space, ["321002"])
    assert west <= inner[0] and inner[2] <= east and inner != (west, south, east, north)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_background_asks_nothing_of_the_network(space: Workspace, mode: str) -> None:
    style = basemap.style(space, mode)  # type: ignore[arg-type]
    assert style["version"] == 8 and {"districts", "water"} == set(style["sources"])
    assert all(source["type"] == "geojson" for source in style["sources"].values())
    text = json.dumps(style)
    assert "://" not in text.replace(style["sources"]["water"]["data"]["source"], "") and "glyphs" not in style
    assert len(text) < 150_000


def test_tiles_of_ones_own_network_lie_under_the_borders(space: Workspace) -> None:
    place = space.settings.place.model_copy(update={"tiles": "http://tiles.intranet/{z}/{x}/{y}.png"})
    own = Workspace(space.settings.model_copy(update={"place": place}), space.folder)
    assert [layer["id"] for layer in basemap.style(own, "light")["layers"]] == ["background", "tiles", "border"]


def test_the_address_changes_with_what_is_drawn(space: Workspace, tmp_path: Path) -> None:
    for file in DEMO.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    copy = load_workspace(tmp_path / "workspace.toml")
    assert basemap.url(copy, "light") == basemap.url(space, "light") != basemap.url(space, "dark")
    assert basemap.url(space, "light", "/care/").startswith("/care/basemap/light.json?v=")
    (tmp_path / "water.geojson").write_text('{"features": []}', encoding="utf-8")
    assert basemap.url(load_workspace(tmp_path / "workspace.toml"), "light") != basemap.url(space, "light")


def test_rings_have_no_outline_and_keep_their_words() -> None:
    squares = pd.DataFrame({"ring": [[[119.4, 32.4], [119.5, 32.4], [119.5, 32.5]]], "rgba": [[1, 2, 3]], "tip": ["x"]})
    drawn = json.loads(deck.rings("weak", squares).to_json())
    assert (drawn["@@type"], drawn["stroked"], drawn["pickable"]) == ("PolygonLayer", False, True)
    assert drawn["data"] == [{"ring": squares["ring"][0], "rgba": [1, 2, 3], "tip": "x"}]
