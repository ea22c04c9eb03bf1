"""Whole views over millions of tickets against the same views of the demo city, no answer known yet.

A new view needs one line in VIEWS. Views are run on the server's side alone, without a browser.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from bench.measure import ROOT, alternate, ratio, run
from bench.results import Figure
from warehouse.viewer import Role

GOAL, GOAL_WHAT_IF = 1.3, 3.0
ROLE: Final = "manager"
ROUNDS, LIMIT_S = 5, 300


@dataclass(frozen=True)
class View:
    """A page file and what its address says; `is_what_if` where a rule is tried out on all tickets, or quantiles are
    told of what a free filter leaves."""

    name: str
    page: str
    url: tuple[tuple[str, str], ...] = ()
    is_what_if: bool = False
    role: Role = ROLE
    tells: str = ""  # how a notice ends that the view rightly shows, and that is no failure of it


YEAR: Final = ("period", "year")
RULES: Final = (("view", "compliance"), ("part", "rules"))
OPEN: Final = (("view", "compliance"), ("part", "open"))
HANDOVER: Final = ("view", "handover")
DETOURS: Final = (HANDOVER, ("part", "detours"), YEAR)
REPLAY: Final = (("view", "replay"), YEAR)
VOICE: Final = ("view", "satisfaction")
REPEATS: Final = ("view", "repeats")


VIEWS = (
    View("today", "today.py"),
    View("structure", "complaints.py"),
    View("sub-types", "complaints.py", (("part", "subtypes"),)),
    View("rhythm", "complaints.py", (("part", "rhythm"),)),
    View("who", "complaints.py", (("part", "who"),)),
    View("satisfaction", "complaints.py", (VOICE,)),
    View("satisfaction, a year", "complaints.py", (VOICE, YEAR)),
    View("satisfaction by unit", "complaints.py", (VOICE, ("part", "units"))),
    View("satisfaction by unit, a year", "complaints.py", (VOICE, ("part", "units"), YEAR)),
    View("satisfaction, reasons", "complaints.py", (VOICE, ("part", "why"))),
    View("satisfaction, reasons, a year", "complaints.py", (VOICE, ("part", "why"), YEAR)),
    View("surveys", "complaints.py", (VOICE, ("part", "survey"))),
    View("surveys, a year", "complaints.py", (VOICE, ("part", "survey"), YEAR)),
    View("repeats", "complaints.py", (REPEATS,)),
    View("repeats, rows", "complaints.py", (REPEATS,), role="analyst"),
    View("outside", "complaints.py", (REPEATS, ("part", "outside"))),
    View("outside, a year", "complaints.py", (REPEATS, ("part", "outside"), YEAR), role="analyst"),
    View("opinion", "complaints.py", (REPEATS, ("part", "opinion"))),
    View("due board", "flow.py"),
    View("due board, rows", "flow.py", role="supervisor"),
    View("compliance", "flow.py", (("view", "compliance"),)),
    View("compliance, a year", "flow.py", (("view", "compliance"), YEAR)),
    View("open curve", "flow.py", OPEN),
    View("open curve, free filter", "flow.py", (*OPEN, YEAR, ("channel", "APP")), is_what_if=True),
    View("other rules", "flow.py", RULES, is_what_if=True),
    View("other rules, a year", "flow.py", (*RULES, YEAR), is_what_if=True),
    View("hand-overs", "flow.py", (HANDOVER,)),
    View("hand-overs, a year", "flow.py", (HANDOVER, YEAR)),
    View("hand-overs, free filter", "flow.py", (HANDOVER, YEAR, ("region", "321003")), is_what_if=True),
    View("hand-overs, gaps", "flow.py", (HANDOVER, ("part", "gaps"), YEAR)),
    View("hand-overs, detours", "flow.py", DETOURS, role="analyst"),
    View("hand-overs, detours of one department", "flow.py", (*DETOURS, ("stop", "NET")), role="analyst"),
    View("hand-overs, lying still", "flow.py", (HANDOVER, ("part", "still"), YEAR), role="analyst"),
    View("replay, approvals", "flow.py", (*REPLAY, ("rule", "approval")), is_what_if=True),
    View("replay, duty", "flow.py", (*REPLAY, ("rule", "duty")), is_what_if=True),
    View("replay, partners", "flow.py", (*REPLAY, ("rule", "partner")), is_what_if=True),
    View("replay, first line", "flow.py", (*REPLAY, ("rule", "firstline")), is_what_if=True),
    View("assessment", "flow.py", (("view", "assessment"),)),
    View("assessment, a year", "flow.py", (("view", "assessment"), YEAR)),
    View("cases", "actions.py", (("view", "cases"),)),
)

# Of a week a large city shows more than a small one: units enough to rank, more marks. Of a year both show the same, so
# "a year" tells what five million tickets cost, and the week what they show besides.

# What reads counters and cells of the network. The cell is one of those that send hours, with one and the same change
# of the network beside it in the demo city and among copies: of another one more would be shown there than here.
CELL: Final = "460-00-900013-1"
NETWORK = (
    View("today", "today.py"),
    View("map", "hotspots.py", role="planner"),
    View("map, cells", "hotspots.py", (("paint", "cells"),), role="planner"),
    View("map, weak", "hotspots.py", (("paint", "weak"),), role="planner"),
    View("hotspots", "hotspots.py", (("view", "hotspots"),), role="planner"),
    View("cells", "hotspots.py", (("view", "cells"),), role="planner"),
    View("cells, quiet ones", "hotspots.py", (("view", "cells"), ("part", "poor_quiet")), role="planner"),
    View("cells, for managers", "hotspots.py", (("view", "cells"),)),
    View("sites", "hotspots.py", (("view", "sites"),), role="planner"),
    View("effects", "hotspots.py", (("view", "effects"),), role="planner"),
    View("one cell", "cell.py", (("id", CELL),), role="planner"),
    View("cases", "actions.py", (("view", "cases"),)),
    View("review", "review.py"),
    View("wall", "wall.py"),
    View("data", "data.py", role="engineer", tells="did not load"),
)


def measure(large: Path, small: Path, work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """`large` and `small` are built homes. Every pair is (large, small) in CPU seconds, one right after the other."""
    told = work / "views.json"
    run(["-m", "bench.views", str(large), str(small), str(1 if is_quick else ROUNDS), str(told)])
    found = json.loads(told.read_text(encoding="utf-8"))
    figures = []
    for view in VIEWS:
        cost = ratio([(ours, floor) for ours, floor in found["seconds"][view.name]])
        goal = GOAL_WHAT_IF if view.is_what_if else GOAL
        name = f"CPU of a view not asked for before ÷ the demo city's: {view.name}"
        figures.append(Figure("views", name, cost, f"≤ {goal:g}", cost.value <= goal, "CPU s", found["sizes"]))
        say(f"{view.name}: {cost.value:.2f}")
    return figures


def _opened(home: Path, view: View, is_warm: bool = False) -> float:
    """CPU seconds of one run of a view whose answers nobody asked for yet, or `is_warm` somebody did."""
    from streamlit.testing.v1 import AppTest

    from pages._shared.shell import LANDING

    os.environ["LOOKOUT_HOME"] = str(home)
    if not is_warm:
        _forget()
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LIMIT_S)
    if view.page != f"{LANDING[view.role]}.py":
        at.switch_page(f"pages/{view.page}")
    for name, value in (("lang", "en"), *view.url):
        at.query_params[name] = value
    at.session_state["role"] = view.role
    gc.collect()  # what views before left behind is not this one's
    begun = time.process_time()
    at.run()
    seconds = time.process_time() - begun
    if at.exception:
        raise SystemExit(f"{view.name} over {home}: {at.exception[0].message}")
    for fault in faults(view, [told.value for told in at.error]):  # a view that failed is quick
        raise SystemExit(f"{view.name} over {home}: {fault}")
    return seconds


def faults(view: View, told: list[str]) -> list[str]:
    """What a view said in red, without what it rightly shows."""
    return [text for text in told if not (view.tells and text.endswith(view.tells))]


def _forget() -> None:
    """Forget the answers to questions. The open release, its names and choices hold for all of them."""
    from streamlit.runtime.caching.cache_type import CacheType
    from streamlit.runtime.caching.cache_utils import CachedFunc

    for name, module in list(sys.modules.items()):
        if name.startswith("pages._shared.data"):
            for what, kept in vars(module).items():
                if isinstance(kept, CachedFunc) and kept._info.cache_type is CacheType.DATA and what != "names":
                    kept.clear()


def _keep_navigation() -> None:
    """A test run forgets each time that the app's own navigation has taken over from the pages/ folder."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import app_test

    class Kept(PagesManager):
        uses_pages_directory = False

    told: Any = app_test
    told.PagesManager = Kept
    PagesManager.uses_pages_directory = False


def _scan_once() -> None:
    """A server looks for installed components once, a test run at every start: half of a warm view's seconds."""
    from streamlit.components.v2 import manifest_scanner

    told: Any = manifest_scanner
    told.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def _keep_releases() -> None:
    """Both homes' releases stay open, as the one of a server does: pages keep one, and opening counts every column."""
    from pages._shared import data
    from warehouse.query import Reader

    told: Any = data
    told._reader = cache(lambda path: Reader(Path(path)))


def main(
    large: Path, small: Path, rounds: int, told: Path, views: tuple[View, ...] = VIEWS, is_warm: bool = False
) -> None:
    """Open every view of both homes in turn, once unmeasured; write down the seconds."""
    from warehouse.query import Reader
    from warehouse.release import Releases

    _keep_navigation()
    _scan_once()
    _keep_releases()
    sizes = []
    for home in (large, small):
        releases = Releases(home / "releases")
        sizes.append(Reader(releases.path(str(releases.current()))).n_rows("mart_ticket"))
    seconds: dict[str, list[tuple[float, float]]] = {}
    for view in views:
        for home in (large, small):
            _opened(home, view)
        ours, floor = (partial(_opened, home, view, is_warm) for home in (large, small))
        seconds[view.name] = alternate(ours, floor, rounds)
    found = {"seconds": seconds, "sizes": f"{sizes[0]:,} complaints against {sizes[1]:,}; role {ROLE}"}
    told.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    asked = NETWORK if "network" in sys.argv[5:] else VIEWS
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), asked, "warm" in sys.argv[5:])
