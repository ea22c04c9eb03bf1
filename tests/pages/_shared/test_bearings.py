"""What tells where one is on a map: names as plain text, a scale, an arrow; words in one layer."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from pages._shared import bearings
from pages._shared.theme import LIGHT
from warehouse.workspace import load_workspace

DEMO = Path(__file__).resolve().parents[3] / "workspaces" / "demo"


def test_names_and_tooltips_reach_the_browser_as_text() -> None:
    """pydeck takes a bare string for an expression; one that looks like one must stay a name."""
    frame = pd.DataFrame({"lon": [119.4], "lat": [32.4], "label": ["<b>@@=x</b>"], "offset": [[0, 0]]})
    sent = json.loads(bearings.labels("names", frame, LIGHT).to_json())
    assert sent["data"][0]["label"] == "<b>@@=x</b>"
    assert sent["fontFamily"].startswith("Noto Sans CJK SC") and sent["characterSet"] == "auto"


def test_a_map_of_the_city_has_all_its_words_in_one_layer() -> None:
    space = load_workspace(DEMO / "workspace.toml")
    bar, said = (json.loads(layer.to_json()) for layer in bearings.of_city(space, {"321002": "广陵"}, LIGHT, "zh"))
    labels = {row["label"]: row["offset"] for row in said["data"]}
    assert labels["广陵"] == [0, 0] and "321003" in labels, "a district without a name keeps its code"
    assert labels["北"] == labels["20 km"] == [0, -12], "the words of the scale stand above its lines"
    assert said["getPixelOffset"] == "@@=offset" and len(bar["data"]) == 5


def test_the_arrow_to_the_north_is_drawn_and_no_letter_of_a_font() -> None:
    bar, said = (json.loads(layer.to_json()) for layer in bearings.scale((119.0, 32.1, 119.9, 33.4), LIGHT, "zh"))
    assert [row["label"] for row in said["data"]] == ["20 km", "北"]
    at, tip = said["data"][1]["lon"], said["data"][1]["lat"]
    assert not said["pickable"], "a name says nothing under the pointer, and hides nothing there"
    assert [row["tip"] for row in bar["data"]] == ["20 km"] * 3 + ["北"] * 2
    length, *ticks, head, stem = (row["ring"] for row in bar["data"])
    assert len(ticks) == 2 and [at, tip] in head and max(y for _, y in stem) < tip
    km = (length[1][0] - length[0][0]) * 111.32 * math.cos(math.radians(length[0][1]))
    assert km == pytest.approx(20, rel=0.001), "the bar is as long as it says"
    assert tip > said["data"][0]["lat"]
