"""What is worse than accepted is named, once, in the right direction; the picture has what has a goal in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import accepted, pages, picture
from bench.measure import Ratio
from bench.results import Figure


def figure(value: float, goal: str = "≤ 3", is_met: bool = True, name: str = "load ÷ parse") -> Figure:
    return Figure("ingest", name, Ratio(value, value, value, value, 1, 1), goal, is_met, "CPU s")


@pytest.mark.parametrize(
    ("now", "goal", "is_worse"),
    [(2.4, "≤ 3", False), (2.6, "≤ 3", True), (1.0, "≤ 3", False), (0.5, "≥ .68", True), (9.0, "≥ .68", False)],
)
def test_only_what_is_worse_by_a_quarter_is_named(tmp_path: Path, now: float, goal: str, is_worse: bool) -> None:
    path = tmp_path / "accepted.json"
    accepted.accept([figure(2.0 if goal[0] == "≤" else 0.7, goal)], False, path)
    assert len(accepted.worse([figure(now, goal)], False, path)) == is_worse
    assert accepted.worse([figure(now, goal)], True, path) == [], "another size is another figure"


def test_what_was_not_measured_keeps_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    accepted.accept([figure(2.0), figure(5.0, name="other")], False, path)
    accepted.accept([figure(2.2)], False, path)
    assert sorted(accepted.read(path).values()) == [2.2, 5.0]


def test_every_kind_of_figure_is_held_against_what_was_accepted() -> None:
    kept = accepted.read()
    kinds = {key.split(" | ")[0] for key in kept}
    asked = {"ingest", "increment", "volume", "judge", "gb18030", "sheet", "alerts", "alerts_hour", "detection"}
    assert kinds >= asked | {"joint", "pages", "map", "hotspots", "pack"}
    assert all(key.endswith(" | full") and value > 0 for key, value in kept.items())
    names = {key.split(" | ")[1] for key in kept if key.startswith("pages")}
    assert {f"view change: {view.name}" for view in pages.VIEWS} <= names
    slow = Figure("pages", "view change: today", Ratio(9, 9, 9, 9, 1, 1), "≤ 3", False, "ms")
    [said] = accepted.worse([slow], is_quick=False)
    assert "view change: today" in said


def test_shares_of_goals() -> None:
    found = picture.shares([figure(1.5), figure(0.34, "≥ .68", False), figure(1, "more than the best")])
    assert list(found["share"].round(3)) == [0.5, 2.0] and list(found["is_met"]) == [True, False]


def test_the_picture_is_a_picture(tmp_path: Path) -> None:
    path = picture.draw([figure(1.5), figure(4.0, is_met=False, name="x")], tmp_path / "run.png")
    assert path is not None and path.read_bytes()[:4] == b"\x89PNG"
    assert picture.draw([figure(1, "none")], tmp_path / "no.png") is None
