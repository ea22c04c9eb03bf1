"""The joint rules on the demo city: a slow incident is found weeks before its complaints; the clean twin is quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts import backtest
from alerts.engine import follow, instants
from alerts.rules import load_rules
from alerts.sources import Release
from warehouse.home import Home

RULES = load_rules()
JOINT = ("RJ01", "RJ02", "RJ03")
ESTATE = "place:P05"
WEAK_FROM, COMPLAINTS_FROM = datetime(2024, 9, 1), datetime(2024, 10, 8)  # K-WEAK-OCT, E-ESTATE-OCT
# Weeks of the city's first months have too little past to be judged by.
QUIET = (datetime(2024, 5, 27), datetime(2025, 3, 31, 8, 30))


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Release:
    return Release.current(Home(demo_home))


def first(found: backtest.Backtest, scope: str) -> datetime:
    """When the first warning about a scope fired; fails when there is none."""
    fired = [e.fired_at for e in found.episodes if scope in e.scope]
    assert fired, f"{found.rule.id} says nothing of {scope}"
    return min(fired)


def test_weak_coverage_is_told_before_customers_complain(release: Release) -> None:
    found = backtest.run(RULES["RJ03"], release, WEAK_FROM - timedelta(days=3), COMPLAINTS_FROM)
    at = first(found, ESTATE)
    assert WEAK_FROM < at <= WEAK_FROM + timedelta(days=14)
    assert COMPLAINTS_FROM - at >= timedelta(days=21)
    (told,) = [e for e in found.episodes if e.scope == ESTATE]
    assert told.evidence["weak_sd"] == max(told.evidence[f"{s}_sd"] for s in ("dropped", "slow", "weak"))


def test_history_in_parts_is_the_same_history(release: Release) -> None:
    rule = RULES["RJ03"]
    times = instants(rule, datetime(2024, 9, 6), datetime(2024, 9, 16))
    at_once = follow(rule, release, times)
    start = follow(rule, release, times[:5])
    rest = follow(rule, release, times[5:], start.instances)
    assert [*start.noted, *rest.noted] == at_once.noted and rest.noted
    assert rest.instances == at_once.instances


@pytest.mark.deep
def test_lead_over_rules_for_single_signals(release: Release) -> None:
    """Before every rule about complaints; a week after RN02, which looks at coverage under a fixed limit."""
    at = {}
    for rule in ("RJ03", "RN02", "RC02"):
        at[rule] = first(
            backtest.run(RULES[rule], release, WEAK_FROM - timedelta(days=3), datetime(2024, 11, 5)), ESTATE
        )
        print(f"{rule}: {(at[rule] - WEAK_FROM) / timedelta(days=1):.1f} days after coverage became weak")
    assert at["RJ03"] < at["RC02"] - timedelta(days=14)


@pytest.mark.deep
def test_the_twin_city_is_quiet(twin_home: Path) -> None:
    twin = Release.current(Home(twin_home))
    found = {r: backtest.run(RULES[r], twin, *QUIET) for r in JOINT}
    for rule, told in found.items():
        print(f"{rule} {told.per_week:.2f} a week")
    assert sum(told.per_week for told in found.values()) <= 0.25
    assert {e.severity for told in found.values() for e in told.episodes} <= {"yellow"}
