"""Many viewers of one server: what is counted, and that nobody sees a fault while releases change under them."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

import pytest

from bench import viewers
from bench.viewer import Answer, Step
from bench.viewers import Crowd, Load
from bench.writers import tidy
from warehouse.release import Releases

SOAK_MINUTES = float(os.environ.get("LOOKOUT_SOAK_MINUTES", "20"))


def crowd(n: int, times: list[float], memory: list[tuple[float, float]], fault: str = "") -> Crowd:
    return Crowd(n, [Answer(Step(""), 0, ms, 1, fault) for ms in times], memory)


def test_figures_are_those_of_the_first_crowd_and_the_knee_that_of_all() -> None:
    load = Load(viewers=3, further=(6, 9))
    alone = crowd(1, [100.0] * 20, [(0, 200.0)])
    held = crowd(3, [100.0] * 18 + [250.0, 250.0], [(t, 206.0) for t in range(60)])
    broke = crowd(6, [400.0] * 20, [(0, 300.0)])
    slower, faults, session, growth = viewers._figures(load, alone, [held, broke])
    assert (slower.ratio.value, slower.is_met) == (2.5, True)
    assert slower.note.endswith("held with 3, broke with 6")
    assert (faults.ratio.value, session.ratio.value, growth.ratio.value) == (0, 3.0, 0)
    assert session.is_met and growth.is_met


def test_a_fault_and_a_leak_are_missed_goals() -> None:
    alone = crowd(1, [100.0], [(0, 200.0)])
    bad = crowd(3, [100.0], [(60.0 * t, 200.0 + 5 * t) for t in range(60)], fault="error on the page")
    slower, faults, _, growth = viewers._figures(Load(viewers=3), alone, [bad])
    assert not faults.is_met and faults.ratio.value == 1
    assert growth.ratio.value == pytest.approx(5) and not growth.is_met
    assert "none held, broke with 3" in slower.note


def test_steps_are_drawn_alike_for_the_same_viewer() -> None:
    first, again = ([viewers.draw(rng) for _ in range(200)] for rng in (random.Random(7), random.Random(7)))
    assert first == again
    assert {s.path for s in first} == {s.path for s in viewers.VIEWS}
    assert any(k == "region" for s in first for k, _ in s.query)


def test_a_server_that_goes_away_is_a_fault_and_no_traceback() -> None:
    import asyncio

    from bench.viewer import Viewer

    class Gone:
        async def send(self, _: bytes) -> None:
            raise ConnectionResetError("gone")

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        viewer = Viewer(taken.getsockname()[1])
        viewer._socket = Gone()
        answer = asyncio.run(viewer.look(Step("flow", (("view", "compliance"),))))
    assert answer.fault == "ConnectionResetError: gone" and answer.step.link == "/flow?view=compliance"


@pytest.mark.deep
def test_twenty_viewers_see_no_fault_while_days_are_loaded_and_built(demo_home: Path) -> None:
    """The soak: `LOOKOUT_SOAK_MINUTES` (20) long. Memory may grow while new releases are read, but not on and on."""
    said: list[str] = []
    load = Load(viewers=20, think_s=10, minutes=SOAK_MINUTES, further=(), alone=20, load_s=SOAK_MINUTES * 60 / 10)
    _, faults, session, growth = viewers.measure(demo_home, False, said.append, load)
    assert faults.ratio.value == 0, said
    assert session.ratio.value <= viewers.SESSION_GOAL_MIB, said
    assert growth.ratio.value <= 2 * viewers.SLOPE_GOAL_MIB, said
    assert any("loaded and built" in line for line in said)


def test_names_given_to_releases_are_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    folder.mkdir()
    releases = Releases(folder)
    for name in ("first", "first-again", "first-again-2"):
        releases.path(name).touch()
    releases.use("first-again-2")
    tidy(tmp_path)
    assert releases.current() == "first"
    assert [path.stem for path in sorted(folder.glob("*.duckdb"))] == ["first"]
