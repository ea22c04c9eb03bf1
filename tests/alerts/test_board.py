"""What waits for people: matters, their order, and until when they must be acknowledged."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from alerts.board import matters, seen_by, state_of, waits

MONDAY = datetime(2025, 3, 31, 8, 30)
HOUR = timedelta(hours=1)


def row(number: str = "A", **values: Any) -> dict[str, Any]:
    return {
        "warning_id": number, "rule_id": "RN07", "rule_version": 1, "scope_id": "S", "severity": "orange",
        "condition": "firing", "handling": "new", "is_trial": False, "first_breach_at": MONDAY - HOUR,
        "fired_at": MONDAY, "cleared_at": None, "known_at": MONDAY, "incident_id": None, "revision": 0,
    } | values  # fmt: skip


def worked(day: date) -> bool:
    return day.isoweekday() < 6


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "new"),
        ({"condition": "cleared"}, "returned"),
        ({"condition": "missing"}, "missing"),
        ({"condition": "cleared", "handling": "acknowledged"}, "acknowledged"),
        ({"condition": "missing", "handling": "closed"}, "closed"),
        ({"handling": "decided"}, "decided"),
    ],
)
def test_a_state_is_of_engine_and_people(values: dict[str, Any], state: str) -> None:
    assert state_of(row(**values)) == state


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, True),
        ({"condition": "cleared", "cleared_at": MONDAY}, True),
        ({"condition": "cleared", "cleared_at": MONDAY, "rule_id": "RC06"}, False),  # the list of an earlier day
        ({"condition": "cleared", "cleared_at": MONDAY, "rule_id": "RC06", "rule_version": 0}, True),  # a register's
        ({"condition": "cleared", "cleared_at": MONDAY - 25 * HOUR}, False),  # over before anybody could know
        ({"condition": "cleared", "cleared_at": MONDAY - 23 * HOUR}, True),
        ({"condition": "cleared", "cleared_at": MONDAY, "handling": "decided"}, False),
        ({"condition": "firing", "handling": "decided"}, True),
        ({"handling": "closed"}, False),
    ],
)
def test_what_waits(values: dict[str, Any], expected: bool) -> None:
    assert waits(row(**values), frozenset({"RC06"})) is expected


@pytest.mark.parametrize(
    ("severity", "since", "until"),
    [
        ("red", MONDAY, MONDAY + timedelta(minutes=30)),
        ("orange", MONDAY, MONDAY + 2 * HOUR),
        ("yellow", MONDAY, MONDAY + 24 * HOUR),
        ("yellow", datetime(2025, 4, 4, 17), datetime(2025, 4, 7, 17)),  # Friday to Monday
        ("blue", MONDAY, None),
    ],
)
def test_until_when_it_must_be_seen(severity: str, since: datetime, until: datetime | None) -> None:
    assert seen_by(severity, since, worked) == until


def test_time_begins_when_people_can_know_and_anew_when_it_gets_worse() -> None:
    late = row(fired_at=MONDAY - 9 * HOUR, known_at=MONDAY)
    (matter,) = matters([late], worked)
    assert matter.waits_since == MONDAY and matter.seen_by == MONDAY + 2 * HOUR
    (worse,) = matters([row(severity="red")], worked, {"A": MONDAY + HOUR})
    assert worse.seen_by == MONDAY + timedelta(minutes=90)


def test_an_incident_is_one_matter_as_bad_as_its_worst_and_as_far_as_its_least_handled() -> None:
    parts = [
        row("B", severity="red", incident_id="I-A", rule_id="RC02"),
        row("A", incident_id="I-A", condition="cleared", handling="acknowledged", cleared_at=MONDAY),
        row("C", severity="yellow"),
    ]
    first, second = matters(parts, worked)
    assert first.id == "A" and first.is_incident and [r["warning_id"] for r in first.rows] == ["A", "B"]
    assert (first.severity, first.state, first.is_firing) == ("red", "new", True)
    assert first.revisions == {"A": 0, "B": 0}
    assert second.id == "C"
    (done,) = matters([{**r, "handling": "in_progress"} for r in parts[:2]], worked)
    assert done.state == "in_progress" and done.seen_by is None


def test_a_firing_one_of_an_incident_is_no_return() -> None:
    parts = [row("A", incident_id="I-A", condition="cleared", cleared_at=MONDAY),
             row("B", incident_id="I-A", handling="acknowledged")]  # fmt: skip
    (matter,) = matters(parts, worked)
    assert matter.state == "new"


def test_the_order_is_unseen_worst_firing_oldest() -> None:
    given = [
        row("seen", severity="red", handling="in_progress"),
        row("yellow", severity="yellow"),
        row("over", severity="red", condition="cleared", cleared_at=MONDAY),
        row("late", severity="red", known_at=MONDAY + HOUR),
        row("red", severity="red"),
        row("blue", severity="blue"),
    ]
    assert [m.id for m in matters(given, worked)] == ["red", "late", "over", "yellow", "seen", "blue"]
    assert [m.id for m in matters(given[::-1], worked)] == ["red", "late", "over", "yellow", "seen", "blue"]


def test_a_matter_is_on_trial_only_if_all_of_it_is() -> None:
    parts = [row("A", incident_id="I-A"), row("B", incident_id="I-A", is_trial=True)]
    assert not matters(parts, worked)[0].is_trial
    assert matters([row(is_trial=True)], worked)[0].is_trial
