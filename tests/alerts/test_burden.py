"""The load of warnings on people: weeks, floods, chatter, stale, noisiest, tiers, and how often rules were right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.burden import chatter, load, on_time, precision, stale
from alerts.rules import BEFORE, load_rules

UNTIL = datetime(2025, 3, 31)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RULES = load_rules()


def row(number: str, fired: datetime, **values: Any) -> dict[str, Any]:
    return {
        "warning_id": number, "rule_id": "RC01", "rule_version": 1, "scope_id": "NET/1", "severity": "yellow",
        "condition": "cleared", "handling": "new", "fired_at": fired, "cleared_at": None, "known_at": fired,
        "ack_at": None, "decision": None, "false_reason": None,
    } | values  # fmt: skip


def test_weeks_floods_noise_and_tiers() -> None:
    quiet = [row(f"q{k}", UNTIL - (7 * k + 3) * DAY) for k in range(1, 13)]
    loud = [row(f"l{k}", UNTIL - DAY, rule_id="RC06", severity="orange", scope_id=str(k)) for k in range(8)]
    found = load([*quiet, *loud], RULES, UNTIL, 13)
    assert list(found.per_week.values()) == [1] * 12 + [8]
    assert found.floods == [UNTIL - 7 * DAY]
    assert found.n == 20 and found.mean_per_week == pytest.approx(20 / 13)
    assert found.noisiest == [("RC01", 12), ("RC06", 8)] and found.noisiest_share == 1
    assert found.tiers == {"low": 0.6, "high": 0.4, "critical": 0}


def test_nothing_is_nothing() -> None:
    found = load([], RULES, UNTIL, 4)
    assert (found.n, found.floods, found.tiers, found.noisiest_share) == (0, [], {}, 0)
    assert precision([]) == []


def test_chatter_is_three_changes_in_four_evaluations() -> None:
    first, again = row("a", UNTIL - 9 * HOUR, cleared_at=UNTIL - 8 * HOUR), row("b", UNTIL - 7 * HOUR)
    assert chatter([first, again], RULES) == ["a", "b"]
    assert chatter([first, row("b", UNTIL - 2 * HOUR)], RULES) == []
    assert chatter([{**first, "rule_id": "RC06"}, {**again, "rule_id": "RC06"}], RULES) == [], "a list of a day"
    assert chatter([{**first, "rule_version": BEFORE}, {**again, "rule_version": BEFORE}], RULES) == []


def test_stale_is_firing_for_three_weeks_with_nobody_acting() -> None:
    old = UNTIL - 22 * DAY
    given = [
        row("a", old, condition="firing"),
        row("b", old, condition="firing", handling="in_progress"),
        row("c", UNTIL - 20 * DAY, condition="firing"),
        row("d", old),
    ]
    assert stale(given, UNTIL) == ["a"]


def test_precision_counts_decisions_with_its_interval() -> None:
    decided = [row(f"r{k}", UNTIL, decision="observe") for k in range(8)]
    wrong = [row("w", UNTIL, decision="false_alarm"), row("x", UNTIL, decision="adjust", false_reason="low_threshold")]
    (one, none) = precision([*decided, *wrong, row("open", UNTIL), row("other", UNTIL, rule_id="RN07")])
    assert (one.rule_id, one.n_raised, one.n_decided, one.n_right, one.value) == ("RC01", 11, 10, 8, 0.8)
    assert (one.low, one.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert none.rule_id == "RN07" and none.n_decided == 0


def test_in_time_is_counted_from_when_people_could_know() -> None:
    limits = {"red": timedelta(minutes=30)}
    given = [
        row("a", UNTIL, severity="red", ack_at=UNTIL + timedelta(minutes=30)),
        row("b", UNTIL, severity="red", ack_at=UNTIL + HOUR),
        row("c", UNTIL, severity="red", known_at=UNTIL + HOUR, ack_at=UNTIL + HOUR),
        row("d", UNTIL, severity="red"),
        row("e", UNTIL, severity="blue", ack_at=UNTIL),
    ]
    assert on_time(given, limits) == (2, 3)
