"""Saved versions: never without a reason and a backtest of the same settings; the next run uses the newest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts import live, store
from alerts.aftermath import Changes
from alerts.backtest import Backtest, changed
from alerts.rules import Rule, load_rules
from alerts.sources import Release
from alerts.versions import NotSaved, Overtaken, applied, history, in_force, newest, save, settings_of, with_standing
from alerts.workbench import Figures, figures
from tests.alerts.stores import KINDS, empty_store
from tests.alerts.test_workbench import test_of as tested
from warehouse.home import Home
from warehouse.problems import Problems

AT = datetime(2025, 3, 31, 9)
RULES = load_rules()
RC01 = RULES["RC01"]


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    with empty_store(request, tmp_path) as engine:
        yield engine


def told(found: Backtest) -> Figures:
    return figures(found, [], [], Changes((), {}))


def keep(kept: sa.Engine, rule: Rule, seen: Rule = RC01, reason: str = "too many in March", by: str = "analyst") -> int:
    found = tested(rule=rule)
    return save(kept, rule, seen, found, told(found), by, reason, AT)


def test_a_saved_version_is_in_force(kept: sa.Engine) -> None:
    stricter = changed(RC01, {"yellow": 2.0, "for": "2h", "alpha": 0.001})
    assert keep(kept, stricter) == 2
    now = in_force(RULES, newest(kept))["RC01"]
    assert now.steps == {"yellow": 2.0, "orange": 2.5} and now.hold == timedelta(hours=2)
    assert now.parameters == {"alpha": 0.001, "least": 5}
    assert (now.version, now.changed_by, now.reason) == (2, "analyst", "too many in March")
    assert now.sentence == RC01.sentence and now.timing == stricter.timing
    assert in_force(RULES, newest(kept))["RC02"] is RULES["RC02"]


def test_nothing_is_saved_without_a_reason(kept: sa.Engine) -> None:
    with pytest.raises(NotSaved, match="reason"):
        keep(kept, changed(RC01, {"yellow": 2.0}), reason=" \n ")
    assert newest(kept) == {}


@pytest.mark.parametrize("settings", [{"yellow": 1.9}, {"for": "1h"}, {"min_n": 3}, {"least": 6}, {"recovery": 1.0}])
def test_nothing_is_saved_without_a_backtest_of_exactly_these_settings(
    kept: sa.Engine, settings: dict[str, float]
) -> None:
    rule = changed(RC01, {"yellow": 2.0})
    other = tested(rule=changed(rule, settings))
    with pytest.raises(NotSaved, match="backtest"):
        save(kept, rule, RC01, other, told(other), "analyst", "why", AT)
    with pytest.raises(NotSaved, match="backtest"):
        save(kept, rule, RC01, None, None, "analyst", "why", AT)
    assert newest(kept) == {}


def test_of_two_people_at_once_the_second_is_told(kept: sa.Engine) -> None:
    keep(kept, changed(RC01, {"yellow": 2.0}), by="planner")
    with pytest.raises(Overtaken, match="version 2 was saved by planner"):
        keep(kept, changed(RC01, {"yellow": 1.2}))
    assert in_force(RULES, newest(kept))["RC01"].steps["yellow"] == 2.0
    again = in_force(RULES, newest(kept))["RC01"]
    assert keep(kept, changed(again, {"yellow": 1.2}), seen=again) == 3
    assert [(v.version, v.changed_by) for v in history(kept, "RC01")] == [(3, "analyst"), (2, "planner")]


def test_the_history_keeps_what_the_backtest_said(kept: sa.Engine) -> None:
    keep(kept, changed(RC01, {"yellow": 2.0}))
    [version] = history(kept, "RC01")
    assert version.backtest["n"] == 0 and version.backtest["lead"]["n"] == 0
    assert version.backtest["to"] == "2025-03-31T00:00:00"
    assert version.settings["steps"] == {"yellow": 2.0, "orange": 2.5} and version.settings["keep_firing_for"] == "6h"


def test_a_newer_file_comes_before_an_older_saved_version(kept: sa.Engine) -> None:
    keep(kept, changed(RC01, {"yellow": 2.0}))
    shipped = RULES | {"RC01": RC01.model_copy(update={"version": 3})}
    assert in_force(shipped, newest(kept))["RC01"].steps["yellow"] == 1.5


def test_a_saved_version_that_fits_no_longer_is_told(kept: sa.Engine) -> None:
    keep(kept, changed(RC01, {"yellow": 2.0, "recovery": 1.9}))
    downward = RULES | {"RC01": RC01.model_copy(update={"op": "<", "steps": {"yellow": 0.5, "orange": 0.2}})}
    with pytest.raises(Problems, match="rule RC01, saved version 2"):
        in_force(downward, newest(kept))


def test_every_shipped_rule_can_be_saved_and_comes_back_the_same(kept: sa.Engine) -> None:
    for rule in RULES.values():
        keep(kept, rule, seen=rule)
    back = in_force(RULES, newest(kept))
    for name, rule in RULES.items():
        assert settings_of(back[name]) == settings_of(rule) and back[name].timing == rule.timing


def test_what_is_off_is_kept_as_off(kept: sa.Engine) -> None:
    keep(kept, with_standing(RC01, "off"))
    assert in_force(RULES, newest(kept))["RC01"].standing == "off"
    [version] = history(kept, "RC01")
    assert applied(RC01, version).steps == RC01.steps


def test_the_next_run_uses_what_was_saved(kept: sa.Engine, demo_home: Path) -> None:
    """The bill surge of the demo week: a threshold far above it raises nothing; a warning says its version."""
    release, began = Release.current(Home(demo_home)), datetime(2025, 3, 24)

    def run(days: int) -> set[int]:
        rules = in_force({"RC07": RULES["RC07"]}, newest(kept))
        assert live.run(kept, release, rules, began + timedelta(days=days), began).faults == {}
        return {w["rule_version"] for w in store.warnings(kept)}

    keep(kept, changed(RULES["RC07"], {"red": 1000.0, "orange": 500.0}), seen=RULES["RC07"])
    assert run(2) == set()
    keep(kept, RULES["RC07"], seen=in_force(RULES, newest(kept))["RC07"])
    assert run(4) == {RULES["RC07"].version + 2}
