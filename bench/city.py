"""The demo city from nothing to a release, and a second `make run` to the first page: times by the clock."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import browser
from bench.measure import Ratio, run
from bench.results import Figure

DEMO_GOAL_S, STARTUP_GOAL_S = 120.0, 8.0
OVER_LIMIT = 3  # etl load: done, but rows were refused above a contract's limit


def home_of(folder: Path) -> Path:
    return folder / "city"


def is_built(home: Path) -> bool:
    return (home / "releases" / "CURRENT").exists()


def measure_demo(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """Generate, load and build into `folder`/city, which is made anew."""
    home = home_of(folder)
    shutil.rmtree(home, ignore_errors=True)
    env = {"LOOKOUT_HOME": str(home)}
    steps = {
        "generate": ["-m", "etl", "demo", "--out", str(home)],
        "load": ["-m", "etl", "load"],
        "build": ["-m", "warehouse", "build"],
    }
    run(["-m", "etl", "init", "demo"], env)
    walls, parts = [], []
    for name, arguments in steps.items():
        cost = run(arguments, env, allowed=(0, OVER_LIMIT))
        walls.append(cost.wall_s)
        parts.append(f"{name} {cost.wall_s:.0f} s ({cost.cpu_s:.0f} CPU s)")
        say(f"demo: {parts[-1]}")
    return [_seconds("demo", "demo city generated, loaded, built", [sum(walls)], DEMO_GOAL_S, ", ".join(parts))]


def measure_startup(home: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """From starting `make run` to the last change of the first page. The browser is open before that."""
    make = shutil.which("make")
    if make is None:
        raise browser.Missing("make is not there; install it (apt-get install make)")
    (home / ".ready").touch()
    walls = []
    with browser.chromium() as chrome:
        for _ in range(2 if is_quick else 4):
            port = browser.free_port()
            # This Python's environment stands for .venv, and counts as set up.
            venv = sys.prefix
            command = [
                make,
                "run",
                f"PORT={port}",
                f"VENV={venv}",
                "-o",
                f"{venv}/.run",
                "-o",
                f"{venv}/bin/python",
            ]
            page = browser.new_page(chrome)
            with browser.serving(command, port, {"LOOKOUT_HOME": str(home)}) as started:
                asked = time.perf_counter()
                page.goto(f"http://localhost:{port}/")
                browser.settle(page)
                drawn = asked - started + float(page.evaluate("() => window.__bench.last")) / 1000
            page.close()
            walls.append(drawn)
            say(f"startup: {drawn:.1f} s")
    return [
        _seconds(
            "startup",
            "second make run to the first page",
            walls[1:],
            STARTUP_GOAL_S,
            "the first run is not counted",
        )
    ]


def _seconds(id_: str, name: str, walls: list[float], goal: float, note: str) -> Figure:
    middle = statistics.median(walls)
    found = Ratio(middle, min(walls), max(walls), middle, 1.0, len(walls))
    return Figure(id_, name, found, f"< {goal:g} s", middle < goal, "s", note)
