"""View changes, first and warm, and filter changes of the app against the floor app, click for click in turn.

A new view needs one line in VIEWS, a new kind of change one in FILTERS. `python -m bench.pages LARGE SMALL ROUNDS` has
three apps take turns: over a large home, over the demo city, and the floor.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import browser
from bench.measure import ratio
from bench.results import Figure, rows

GOAL, MAP_GOAL, LARGE_GOAL = 3.0, 8.0, 1.3


@dataclass(frozen=True)
class View:
    """A page of the top navigation. All apps have it under the same path; "" is the default page."""

    name: str
    path: str
    goal: float = GOAL


@dataclass(frozen=True)
class Filter:
    """A selectbox (by key) of both apps and the two options, counted from 0, between which it is switched."""

    name: str
    key: str
    options: tuple[int, int]


VIEWS = (
    View("today", ""),
    View("review", "review"),
    View("warnings", "warnings"),
    View("complaints", "complaints"),
    View("flow", "flow"),
    View("map", "hotspots", MAP_GOAL),
    View("actions", "actions"),
    View("data", "data"),
)
FILTERS = (Filter("period", "period", (5, 0)),)
# Maps beside the first of the page of hotspots: a button of "view" or "paint", or a link. The first lies between them.
PARTS = {
    "hotspots, list": ".st-key-view button >> nth=1",
    "hotspots, cells": ".st-key-view button >> nth=2",
    "hotspots, weak coverage": ".st-key-paint button >> nth=4",
    "hotspots, painted cells": ".st-key-paint button >> nth=5",
    "hotspots, one of them": '[data-testid=stPageLink-NavLink][href*="hotspot"] >> nth=0',
}
SITES = ".st-key-view button >> nth=3"  # the view that links to single hotspots
FILTERED_VIEWS = ("today", "complaints", "flow")
Laps = dict[str, list[tuple[float, ...]]]


def measure(home: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """`home` holds a built demo city. Every pair is (app, floor) in ms, one right after the other."""
    first = _first_looks(home, 1 if is_quick else 3)
    figures = [_told(f"first view change: {name}", pairs) for name, pairs in first.items()]
    changes, filters = _clicked([home], 3 if is_quick else 7)
    figures += _against_floor(changes, filters, "")
    parts = _part_changes(home, 3 if is_quick else 7)
    figures += [_figure(f"view change: {name}", pairs, MAP_GOAL) for name, pairs in parts.items()]
    for kind, found in (("view change", changes), ("filter change", filters)):
        figures.append(_figure(f"{kind}: all", [pair for pairs in found.values() for pair in pairs], GOAL))
    for figure in figures:
        say(f"{figure.name}: {figure.ratio.value:.2f}")
    return figures


def measure_large(large: Path, small: Path, rounds: int) -> list[Figure]:
    """Of a large home the same figures, and each change against that of the demo city in `small`."""
    changes, filters = _clicked([large, small], rounds)
    figures = _against_floor(_without_small(changes), _without_small(filters), ", large")
    for kind, found in (("view change", changes), ("filter change", filters)):
        for name, laps in found.items():
            figures.append(_figure(f"{kind}: {name}, large ÷ the demo city's", laps, LARGE_GOAL))
    return figures


def _without_small(found: Laps) -> Laps:
    return {name: [(lap[0], lap[2]) for lap in laps] for name, laps in found.items()}


def _first_looks(home: Path, rounds: int) -> Laps:
    """(app, floor) in ms of the first look at each view, after the first page: servers and browser new each round."""
    laps: Laps = {view.name: [] for view in VIEWS[1:]}
    for _ in range(rounds):
        with _opened([home]) as tabs:
            for view in VIEWS[1:]:
                laps[view.name].append(tuple(browser.timed_click(tab, partial(_go, view=view)) for tab in tabs))
    return laps


def _clicked(homes: list[Path], rounds: int) -> tuple[Laps, Laps]:
    """Milliseconds of every change, a lap a round: over each of the homes, and the floor's."""
    with _opened(homes) as tabs:
        for tab in tabs:
            for view in (*VIEWS[1:], VIEWS[0]):  # everything was seen once: the caches are warm
                browser.timed_click(tab, partial(_go, view=view))
        return _view_changes(tabs, rounds), _filter_changes(tabs, rounds)


@contextlib.contextmanager
def _opened(homes: list[Path]) -> Iterator[tuple[Any, ...]]:
    """A tab with the first page of the app over each home, and one with the floor's."""
    with contextlib.ExitStack() as kept:
        chrome = kept.enter_context(browser.chromium())
        ports = []
        for script, home in (*(("app.py", home) for home in homes), ("bench/floor_app.py", None)):
            ports.append(browser.free_port())
            env = {"LOOKOUT_HOME": str(home)} if home else {}
            kept.enter_context(browser.serving(browser.streamlit(script, ports[-1]), ports[-1], env))
        tabs = tuple(browser.new_page(chrome) for _ in ports)
        for tab, port in zip(tabs, ports, strict=True):
            browser.open_page(tab, f"http://localhost:{port}/")
        yield tabs


def _against_floor(changes: Laps, filters: Laps, of: str) -> list[Figure]:
    goals = {view.name: view.goal for view in VIEWS}
    figures = [_figure(f"view change: {name}{of}", pairs, goals[name]) for name, pairs in changes.items()]
    return figures + [_figure(f"filter change: {name}{of}", pairs, GOAL) for name, pairs in filters.items()]


def _view_changes(tabs: tuple[Any, ...], rounds: int) -> Laps:
    laps: Laps = {view.name: [] for view in VIEWS}
    for _ in range(rounds):
        for view in (*VIEWS[1:], VIEWS[0]):
            laps[view.name].append(tuple(browser.timed_click(tab, partial(_go, view=view)) for tab in tabs))
    return laps


def _part_changes(home: Path, rounds: int) -> Laps:
    """(app, floor) in ms of a planner's change to each of PARTS, warm."""
    laps: Laps = {part: [] for part in PARTS}
    with _opened([home]) as (app, floor):
        turns = cycle(VIEWS[1:3])
        start = f"{app.url.split('?')[0].rstrip('/')}/hotspots?role=planner"
        for turn in range(rounds + 1):
            for part, button in PARTS.items():
                browser.open_page(app, start)
                if "href" in button:
                    browser.timed_click(app, partial(_press, button=SITES))
                pair = (
                    browser.timed_click(app, partial(_press, button=button)),
                    browser.timed_click(floor, partial(_go, view=next(turns))),
                )
                if turn:
                    laps[part].append(pair)
    return laps


def _press(page: Any, button: str) -> None:
    page.bring_to_front()
    page.locator(button).click()


def _filter_changes(tabs: tuple[Any, ...], rounds: int) -> Laps:
    laps: Laps = {}
    for view in (v for v in VIEWS if v.name in FILTERED_VIEWS):
        for chosen in FILTERS:
            for tab in tabs:
                browser.timed_click(tab, partial(_go, view=view))
                for option in chosen.options:  # warm
                    browser.timed_click(tab, partial(_choose, chosen=chosen, option=option))
            found = laps.setdefault(f"{chosen.name} on {view.name}", [])
            for _ in range(rounds):
                for option in chosen.options:
                    act = partial(_choose, chosen=chosen, option=option)
                    found.append(tuple(browser.timed_click(tab, act) for tab in tabs))
    return laps


def _go(page: Any, view: View) -> None:
    page.bring_to_front()
    page.locator(f'a[data-testid="stTopNavLink"][href$="/{view.path}"]').first.click()
    page.wait_for_function("path => location.pathname === '/' + path", arg=view.path)


def _choose(page: Any, chosen: Filter, option: int) -> None:
    page.bring_to_front()
    page.locator(f".st-key-{chosen.key} button[aria-haspopup=listbox]").first.click()
    page.locator("[role=option]").nth(option).click()


def _figure(name: str, laps: Sequence[tuple[float, ...]], goal: float) -> Figure:
    found = ratio([(lap[0], lap[1]) for lap in laps])
    return Figure("pages", name, found, f"≤ {goal:g}", found.value <= goal, "ms")


def _told(name: str, laps: Sequence[tuple[float, ...]]) -> Figure:
    """A figure without a goal: it is held against what was accepted."""
    return Figure("pages", name, ratio([(lap[0], lap[1]) for lap in laps]), "", True, "ms", "nothing asked before")


if __name__ == "__main__":
    told = measure_large(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int(sys.argv[3]))
    print("\n".join(rows(told)))
