"""Warm view changes and filter changes of the app against the floor app, click for click in turn.

A new view needs one line in VIEWS, a new kind of change one in FILTERS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import browser
from bench.measure import ratio
from bench.results import Figure

GOAL = 4.0


@dataclass(frozen=True)
class View:
    """A page of the top navigation. Both apps have it under the same path; "" is the default page."""

    name: str
    path: str


@dataclass(frozen=True)
class Filter:
    """A selectbox (by key) of both apps and the two options, counted from 0, between which it is switched."""

    name: str
    key: str
    options: tuple[int, int]


VIEWS = (View("today", ""), View("complaints", "complaints"), View("data", "data"))
FILTERS = (Filter("period", "period", (5, 0)),)
FILTERED_VIEWS = ("today", "complaints")


def measure(home: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """`home` holds a built demo city. Every pair is (app, floor) in ms, one right after the other."""
    rounds = 3 if is_quick else 7
    ours, floor = browser.free_port(), browser.free_port()
    with (
        browser.chromium() as chrome,
        browser.serving(browser.streamlit("app.py", ours), ours, {"LOOKOUT_HOME": str(home)}),
        browser.serving(browser.streamlit("bench/floor_app.py", floor), floor, {}),
    ):
        tabs = (browser.new_page(chrome), browser.new_page(chrome))
        for tab, port in zip(tabs, (ours, floor), strict=True):
            browser.open_page(tab, f"http://localhost:{port}/")
            for view in (*VIEWS[1:], VIEWS[0]):  # everything was seen once: the caches are warm
                browser.timed_click(tab, partial(_go, view=view))
        changes, filters = _view_changes(tabs, rounds), _filter_changes(tabs, rounds)
    figures = [_figure("view change", name, pairs) for name, pairs in changes.items()]
    figures += [_figure("filter change", name, pairs) for name, pairs in filters.items()]
    for kind, found in (("view change", changes), ("filter change", filters)):
        figures.append(_figure(kind, "all", [pair for pairs in found.values() for pair in pairs]))
    for figure in figures:
        say(f"{figure.name}: {figure.ratio.value:.2f}")
    return figures


def _view_changes(tabs: tuple[Any, Any], rounds: int) -> dict[str, list[tuple[float, float]]]:
    pairs: dict[str, list[tuple[float, float]]] = {view.name: [] for view in VIEWS}
    for _ in range(rounds):
        for view in (*VIEWS[1:], VIEWS[0]):
            a, b = (browser.timed_click(tab, partial(_go, view=view)) for tab in tabs)
            pairs[view.name].append((a, b))
    return pairs


def _filter_changes(tabs: tuple[Any, Any], rounds: int) -> dict[str, list[tuple[float, float]]]:
    pairs: dict[str, list[tuple[float, float]]] = {}
    for view in (v for v in VIEWS if v.name in FILTERED_VIEWS):
        for chosen in FILTERS:
            for tab in tabs:
                browser.timed_click(tab, partial(_go, view=view))
                for option in chosen.options:  # warm
                    browser.timed_click(tab, partial(_choose, chosen=chosen, option=option))
            found = pairs.setdefault(f"{chosen.name} on {view.name}", [])
            for _ in range(rounds):
                for option in chosen.options:
                    a, b = (browser.timed_click(tab, partial(_choose, chosen=chosen, option=option)) for tab in tabs)
                    found.append((a, b))
    return pairs


def _go(page: Any, view: View) -> None:
    page.bring_to_front()
    page.locator(f'a[data-testid="stTopNavLink"][href$="/{view.path}"]').first.click()
    page.wait_for_function("path => location.pathname === '/' + path", arg=view.path)


def _choose(page: Any, chosen: Filter, option: int) -> None:
    page.bring_to_front()
    page.locator(f".st-key-{chosen.key} button[aria-haspopup=listbox]").first.click()
    page.locator("[role=option]").nth(option).click()


def _figure(kind: str, name: str, pairs: list[tuple[float, float]]) -> Figure:
    found = ratio(pairs)
    return Figure("pages", f"{kind}: {name}", found, f"≤ {GOAL:g}", found.value <= GOAL, "ms")
