"""Who may subscribe to what: limits are codes that exist, papers of a part hold no minutes of the whole."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from warehouse.problems import Problems
from warehouse.subscriptions import Subscription
from warehouse.viewer import Viewer
from warehouse.workspace import SEEDS, load_workspace

DEMO = SEEDS.parents[1] / "workspaces" / "demo"


def one(**changed: Any) -> Subscription:
    return Subscription(**({"name": "boss", "url_env": "BOSS_URL"} | changed))


@pytest.mark.parametrize("role", ["manager", "supervisor", "analyst"])
def test_whoever_subscribes_reads_as_a_viewer_of_figures_only(role: str) -> None:
    assert one(role=role).viewer == Viewer.of("manager")
    mine = one(role=role, regions=["321002"], departments=["NET"]).viewer
    assert mine == Viewer.of("manager", frozenset({"321002"}), frozenset({"NET"})) and not mine.sees_rows
    assert mine.is_limited and not one().viewer.is_limited


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"regions": []}, "regions\n.*names none; leave it out for the whole city"),
        ({"departments": ["NET", "NET"]}, "departments\n.*one code twice"),
        ({"regions": ["321002"], "files": ["page", "minutes"]}, "minutes are of the whole meeting"),
        ({"departments": "NET"}, "departments\n.*valid list"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused_with_its_cure(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        one(**changed)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for path in DEMO.iterdir():
        if path.suffix in (".csv", ".toml"):
            shutil.copy(path, tmp_path)
    settings = tmp_path / "workspace.toml"
    kept = [line for line in settings.read_text().splitlines() if not line.startswith(("boundaries", "water"))]
    settings.write_text("\n".join(kept))
    return tmp_path


def subscribed(home: Path, limits: str) -> None:
    with (home / "workspace.toml").open("a") as file:
        file.write(f'\n[[subscription]]\nname = "east"\nurl_env = "EAST_URL"\n{limits}\n')


def test_codes_that_nobody_has_are_told_with_those_there_are(home: Path) -> None:
    subscribed(home, 'regions = ["321002", "999999"]\ndepartments = ["NETT"]')
    with pytest.raises(Problems) as caught:
        load_workspace(home)
    region, dept = caught.value.problems
    assert region.where.endswith("workspace.toml")
    assert "subscription.0 (east).regions: no line of regions.csv has the code 999999" in region.what
    assert "321002" in region.cure and "NETT" in dept.what and "NET" in dept.cure.split(", ")


def test_codes_that_exist_are_taken_and_a_workspace_without_a_list_takes_any(home: Path) -> None:
    subscribed(home, 'regions = ["321002"]\ndepartments = ["NET"]')
    (read,) = load_workspace(home).settings.subscriptions
    assert read.regions == ["321002"] and read.departments == ["NET"]
    (home / "regions.csv").unlink()
    assert load_workspace(home).settings.subscriptions == [read]
