"""热点网络 → 地图 of another city: a GeoJSON and one line of configuration, and no users counted."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, plain, t
from tests.pages.conftest import OpenView
from tests.pages.homes import ticket, tiny_home
from tests.pages.test_map import deck_of

AS_OF = datetime(2025, 3, 31, 8, 30)
WEST, EAST, THIRD = "321002", "321003", "321012"  # any codes the workspace knows; the shapes are made up


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight weeks of ten complaints in each of two districts, then a week of thirty and ten; a third never has one."""
    rows = []
    for week in range(1, 10):
        monday = datetime(2025, 3, 31) - timedelta(weeks=week)
        for region, n in ((WEST, 30 if week == 1 else 10), (EAST, 10)):
            for one in range(n):
                at = monday + timedelta(days=one % 7, hours=9)
                rows.append(ticket(len(rows) + 1, at, at + timedelta(hours=4)) | {"region": region})
    found = tiny_home(tmp_path_factory.mktemp("city"), "city", AS_OF, rows)
    squares = [_square(code, 10.0 + at, 50.0) for at, code in enumerate((WEST, EAST, THIRD))]
    text = json.dumps({"type": "FeatureCollection", "features": squares})
    (found / "city.geojson").write_text(text, encoding="utf-8")
    with (found / "workspace.toml").open("a", encoding="utf-8") as file:
        file.write('\n[place]\nboundaries = "city.geojson"\n')
    return found


def _square(code: str, west: float, south: float) -> dict[str, Any]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"region_code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.mark.deep
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_districts_are_compared_with_their_own_share(home: Path, open_view: OpenView, lang: Lang, role: str) -> None:
    at = open_view(home, "map", lang, role)
    assert not at.exception
    table = at.dataframe[0].value.set_index("name")
    # 40 complaints, half of them expected in either: 30 are 1.50 times, 10 are 0.50 times of 20.
    said = [t("map.share_times", lang, ratio=ratio) for ratio in ("1.50", "0.50")]
    assert list(table["value"]) == [*said, t("map.share_few", lang)]
    assert list(table["expected"]) == ["20.0", "20.0", "—"] and list(table["n"]) == ["30", "10", "0"]
    [shapes] = [layer for layer in deck_of(at)["layers"] if layer["id"] == "district"]
    fills = {f["properties"]["region_code"]: f["properties"]["fill"] for f in shapes["data"]["features"]}
    assert set(fills) == {WEST, EAST, THIRD} and len(set(fills.values())) == 3
    # Thirty where twenty are usual is no sure difference at 99 %: the lowest count behind thirty is 17.8.
    assert any(m.value.endswith(t("map.share_none", lang, week="")) for m in at.markdown)


def test_a_week_without_enough_before_it_is_said(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "map", "en", "analyst", week="2025-01-27")
    assert not at.exception
    assert any("too few complaints" in m.value for m in at.markdown if m.value.startswith("## "))


def test_layers_that_the_source_has_nothing_for_are_not_offered(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "map_weak", "en", "analyst")
    assert not at.exception
    assert any(plain(t("map.not_in_source", "en")) in m.value for m in at.markdown)
    assert not [g for g in at.segmented_control if g.key in ("paint", "over")]
