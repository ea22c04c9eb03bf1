"""The map page of a large city: how much it sends, how long a step takes, how it compares with the floor."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import h3
import numpy as np
import pandas as pd

from bench import browser, pages
from bench.measure import ROOT, ratio
from bench.results import Figure

HEXAGONS, SQUARES, QUICK = 100_000, 180_000, 10
PAYLOAD_MB, STEP_S, PAGE = 1.0, 0.4, 8.0
STEPS = 8
MIDDLE = (119.44, 32.8)


def measure(work: Path, home: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """`home` holds a built demo city; it is copied and filled with cells, and left as it is."""
    part = QUICK if is_quick else 1
    big = filled(home, work / "map-home", HEXAGONS // part, SQUARES // part)
    figures = []
    for paint, n in (("excess", HEXAGONS // part), ("weak", SQUARES // part)):
        size, steps = _opened(big, paint)
        note = f"{n:,} cells in the release"
        figures.append(_figure(f"payload: {paint}", [size], PAYLOAD_MB, "MB", note))
        figures.append(_figure(f"week step on the server: {paint}", steps, STEP_S, "s CPU", note))
    _, steps = _opened(big, "rate")
    figures.append(
        _figure("week step on the server: rate", steps, STEP_S, "s CPU", "every week asked for the first time")
    )
    _, steps = _opened(big, "towns")
    figures.append(
        _figure("week step on the server: towns", steps, STEP_S, "s CPU", "every week asked for the first time")
    )
    found = ratio(_against_floor(home, 3 if is_quick else 7))
    is_met = found.value <= PAGE
    figures.append(Figure("map", "view change: map", found, f"≤ {PAGE:g}", is_met, "ms", "warm, role manager"))
    for figure in figures:
        say(f"{figure.name}: {figure.ratio.value:.3g} {figure.unit}")
    return figures


def _figure(name: str, values: list[float], goal: float, unit: str, note: str) -> Figure:
    cost = ratio([(value, 1.0) for value in values])
    return Figure("map", name, cost, f"≤ {goal:g} {unit}", cost.value <= goal, unit, note)


def filled(home: Path, big: Path, n_hexagons: int, n_squares: int) -> Path:
    """The home with one release that holds so many cells in each of its last weeks."""
    shutil.rmtree(big, ignore_errors=True)
    (big / "releases").mkdir(parents=True)
    for file in home.iterdir():
        if file.is_file() and file.suffix in (".toml", ".csv", ".geojson", ".db"):
            shutil.copyfile(file, big / file.name)
    name = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    shutil.copyfile(home / "releases" / f"{name}.duckdb", big / "releases" / f"{name}.duckdb")
    (big / "releases" / "CURRENT").write_text(name, encoding="utf-8")
    (big / "releases" / f"{name}.duckdb").chmod(0o644)
    rng = np.random.default_rng(5)
    around = h3.grid_disk(h3.latlng_to_cell(MIDDLE[1], MIDDLE[0], 8), int(np.ceil(np.sqrt(n_hexagons / 3))))
    cells = sorted(around)[:n_hexagons]
    places = np.array([h3.cell_to_latlng(c) for c in cells])
    drawn = rng.poisson(4, len(cells)) + 1
    hexagons = pd.DataFrame({"cell": cells, "lon": places[:, 1], "lat": places[:, 0], "n": drawn})
    side = int(np.ceil(np.sqrt(n_squares)))
    x, y = (axis.ravel()[:n_squares] for axis in np.meshgrid(np.arange(side), np.arange(side)))
    squares = pd.DataFrame({"x": x + 224_000, "y": y + 71_000, "n": 200, "weak": rng.binomial(200, 0.06, n_squares)})
    squares["lon"], squares["lat"] = 119.2 + x * 0.00053, 32.2 + y * 0.00045
    with duckdb.connect(str(big / "releases" / f"{name}.duckdb")) as con:
        con.register("hexagons", hexagons)
        con.register("squares", squares)
        for statement in (ROOT / "bench" / "map.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                con.execute(statement)
    return big


def _opened(home: Path, paint: str) -> tuple[float, list[float]]:
    """MB of the map as it is sent, and CPU seconds of each step to a week that was not yet asked for."""
    from streamlit.testing.v1 import AppTest

    os.environ["LOOKOUT_HOME"] = str(home)
    at = _on_page(AppTest.from_file(str(ROOT / "app.py"), default_timeout=120))
    at.session_state["role"] = "planner"
    at.query_params["lang"], at.query_params["paint"] = "zh", paint
    at.run()
    if at.exception:
        raise RuntimeError(f"the map does not open: {at.exception[0].message}")
    size = max(len(e.proto.json) for e in _leaves(at.main) if getattr(e, "type", "") == "deck_gl_json_chart")
    taken = []
    for _ in range(STEPS):
        [back] = [b for b in at.button if b.key == "map_back"]
        begun = time.process_time()
        back.click().run()
        taken.append(time.process_time() - begun)
    return size / 1e6, taken


def _on_page(at: Any) -> Any:
    """AppTest forgets at every run that st.navigation has taken over from the automatic pages/ folder."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import app_test

    PagesManager.uses_pages_directory = False
    app_test.PagesManager = type("PagesManager", (PagesManager,), {})  # type: ignore[misc, attr-defined]
    return at.switch_page("pages/hotspots.py")


def _leaves(node: Any) -> list[Any]:
    children = getattr(node, "children", None)
    return [node] if not children else [leaf for child in children.values() for leaf in _leaves(child)]


def _against_floor(home: Path, rounds: int) -> list[tuple[float, float]]:
    """(map, floor) in ms: the same click on the navigation of both apps, in turn, everything seen once before."""
    ours, floor = browser.free_port(), browser.free_port()
    there, back = pages.View("hotspots", "hotspots"), pages.View("today", "")
    pairs = []
    with (
        browser.chromium() as chrome,
        browser.serving(browser.streamlit("app.py", ours), ours, {"LOOKOUT_HOME": str(home)}),
        browser.serving(browser.streamlit("bench/floor_app.py", floor), floor, {}),
    ):
        tabs = (browser.new_page(chrome), browser.new_page(chrome))
        for tab, port in zip(tabs, (ours, floor), strict=True):
            browser.open_page(tab, f"http://localhost:{port}/")
        for number in range(rounds + 1):
            a = browser.timed_click(tabs[0], partial(pages._go, view=there))
            b = browser.timed_click(tabs[1], partial(pages._go, view=pages.View("data", "data")))
            if number:
                pairs.append((a, b))
            for tab in tabs:
                browser.timed_click(tab, partial(pages._go, view=back))
    return pairs
