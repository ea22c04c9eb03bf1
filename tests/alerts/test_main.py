"""The commands, on the demo city: they find what was planted, twice the same, and say what is wrong."""

from __future__ import annotations

import io
import json
import shutil
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from alerts.__main__ import main

Capture = pytest.CaptureFixture[str]


TARGET = """
[notify]
base_url = "http://lookout:8501"
[[notify.targets]]
name = "care"
url_env = "LOOKOUT_TEST_CARE"
"""
pytestmark = pytest.mark.xdist_group("alerts_main")  # the rules are evaluated once


def city(demo_home: Path, root: Path) -> Path:
    """The demo city's releases and workspace with a store of its own."""
    for source in demo_home.iterdir():
        if source.name in ("releases", "lake"):
            (root / source.name).symlink_to(source)
        elif source.suffix in (".toml", ".csv", ".geojson"):
            shutil.copy(source, root / source.name)
    return root


@pytest.fixture(scope="module")
def run(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with somebody to be told, after the first run of all rules; and what that run printed."""
    root = city(demo_home, tmp_path_factory.mktemp("run"))
    with (root / "workspace.toml").open("a", encoding="utf-8") as settings:
        settings.write(TARGET)
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told):
        patch.setenv("LOOKOUT_HOME", str(root))
        patch.delenv("LOOKOUT_OPS_URL", raising=False)
        assert main(["run", "--json"]) == 0
    return root, told.getvalue()


@pytest.fixture
def evaluated(run: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """That home."""
    return use(run[0], monkeypatch)


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo city before any run."""
    return use(city(demo_home, tmp_path), monkeypatch)


def use(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LOOKOUT_HOME", str(root))
    monkeypatch.delenv("LOOKOUT_OPS_URL", raising=False)
    return root


@cache
def backtested(rule: str) -> list[dict[str, Any]]:
    """The episodes a rule would have had in the last half year of the city in LOOKOUT_HOME."""
    told = io.StringIO()
    with redirect_stdout(told):
        assert main(["backtest", rule, "--json"]) == 0
    episodes: list[dict[str, Any]] = json.loads(told.getvalue())["episodes"]
    return episodes


def said(capture: Capture, *arguments: str, code: int = 0) -> str:
    assert main(list(arguments)) == code
    return capture.readouterr().out


@pytest.mark.deep
def test_a_run_finds_what_was_planted_and_a_second_nothing_more(
    run: tuple[Path, str], evaluated: Path, capsys: Capture
) -> None:
    first = json.loads(run[1])
    assert first["faults"] == {} and first["n_new"] > 0 and first["as_of"] == "2025-03-31T08:30:00"
    again = json.loads(said(capsys, "run", "--json"))
    assert again["n_new"] == 0 and again["n_firing"] == first["n_firing"]


@pytest.mark.parametrize(
    "rule, scope, day",
    [
        ("RC01", "NET/321002", "2025-03-30"),  # the outage of Sunday evening
        ("RC01", "TAR/321012", "2025-03-25"),  # a day of changes of package
        ("RT01", "BIL", "2025-03-31"),
        ("RT02", "BIL", "2025-03-28"),
    ],
)
def test_planted_events_are_found(home: Path, rule: str, scope: str, day: str) -> None:
    assert (scope, day) in {(e["scope"], e["fired_at"][:10]) for e in backtested(rule)}


def test_nine_answers_are_no_warning(home: Path) -> None:
    """A district with nine bad answers stays quiet: the rules ask for thirty."""
    assert all(e["evidence"]["n"] >= 30 for e in backtested("RT01"))


def test_a_milder_threshold_gives_fewer(home: Path, capsys: Capture) -> None:
    many = [e for e in backtested("RC01") if e["fired_at"] >= "2025-03-01"]
    few = json.loads(said(capsys, "backtest", "RC01", "--json", "--from", "2025-03-01", "--set", "least=10"))
    assert 0 < len(few["episodes"]) < len(many)


def test_a_long_backtest_says_how_far_it_is(home: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weekly counts, on which the wrong bills of March are unusual too; on stderr, so that JSON stays JSON."""
    monkeypatch.setattr("alerts.__main__.PROGRESS_S", 0.0)
    assert main(["backtest", "RC11", "--json", "--from", "2025-03-24"]) == 0
    told = capsys.readouterr()
    assert "1 of 1 evaluations, about 0 s left" in told.err
    found = {e["scope"]: e["evidence"] for e in json.loads(told.out)["episodes"]}
    assert found["TAR/321012"]["years"] == 4 and found["TAR/321012"]["n_now"] >= found["TAR/321012"]["bound_count"]


@pytest.mark.deep
def test_a_warning_is_explained_in_both_languages(evaluated: Path, capsys: Capture) -> None:
    from alerts import store
    from warehouse import ops

    kept = ops.open_ops(f"sqlite:///{evaluated / 'ops.db'}")
    (number,) = store.numbers(store.warnings(kept, ops.warning.c.rule_id == "RT02"))
    lines = said(capsys, "explain", number).splitlines()
    assert lines[0].startswith("计费中心近7天满意率") and lines[1].startswith("Billing centre: ")
    assert "engine: fire" in lines[-1]


@pytest.mark.parametrize(
    "arguments, fault",
    [
        (["backtest", "RX99"], "RX99: is no rule; use one of "),
        (["backtest", "RC01", "--set", "yellow"], "--set yellow: has no value; write KEY=VALUE"),
        (["backtest", "RC01", "--set", "colour=3"], "--set colour: is no setting of this rule; use one of alpha"),
        (["backtest", "RC01", "--set", "for=3 dys"], 'is not a duration; write a number and s, m, h, d or w'),
        (["explain", "RC01-none"], "RC01-none: no warning has this id"),
    ],
)  # fmt: skip
def test_wrong_words(home: Path, capsys: Capture, arguments: list[str], fault: str) -> None:
    assert main(arguments) == 2
    assert fault in capsys.readouterr().err


def test_a_broken_rule_of_the_workspace_stops_the_run(home: Path, capsys: Capture) -> None:
    (home / "rules").mkdir()
    (home / "rules" / "own.toml").write_text('[XX01]\nzh = "x"\n', encoding="utf-8")
    assert main(["run"]) == 2
    assert 'rules/own.toml: rule "XX01": en is missing; add it.' in capsys.readouterr().err
    assert not (home / "ops.db").exists() or main(["rules"]) == 2


@pytest.mark.deep
def test_people_are_told_what_was_found(evaluated: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest of the morning in the language of the target; without an address it waits and the command says so."""
    monkeypatch.delenv("LOOKOUT_TEST_CARE", raising=False)
    shown = said(capsys, "notify", "--dry-run", "--at", "2025-03-31T08:30:00")
    assert "预警日报 3月31日" in shown and "计费中心" in shown and "http://lookout:8501/warning?id=" in shown
    said(capsys, "notify", "--at", "2025-03-31T08:31:00", code=1)
    assert "warning?id=" not in capsys.readouterr().out
