"""New York on the map: real requests, real boroughs, one line of configuration; nothing leaves the machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.served import Visit, serve
from tests.browser.test_map import MAP, drawn
from tests.pages.homes import shipped_home

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]


def test_boroughs_are_drawn_and_told(browser: Any, tmp_path: Path) -> None:
    files = sorted((Path(os.environ.get("LOOKOUT_DATA", "")) / "nyc311").glob("nyc311*.csv"))
    if not os.environ.get("LOOKOUT_DATA") or not files:
        pytest.skip("LOOKOUT_DATA is not set or holds no nyc311/nyc311*.csv")
    home = shipped_home(tmp_path, "nyc311", files)
    settings = (home / "workspace.toml").read_text(encoding="utf-8")
    assert settings.count('boundaries = "') == 1, "the one line that says where the boroughs are"
    with serve(home, tmp_path / "server.log") as base:
        window = Visit(browser, base, lang="en")
        window.open("/hotspots?role=planner&week=2019-03-18")
        assert window.page.locator(MAP).count() == 1 and drawn(window)
        assert "2019-W12" in window.said
        window.open("/hotspots?role=planner&week=2019-03-18&lang=zh")
        assert drawn(window) and "2019年第12周" in window.said
        assert window.faults == []
        window.close()
