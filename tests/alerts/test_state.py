"""The state machine: recorded timings, and what Prometheus does not have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.state import Ambiguous, Event, Instance, Reading, Step, Timing, TooMany, evaluate, run

CASES = json.loads((Path(__file__).parent / "golden" / "rule_timing.json").read_text(encoding="utf-8"))
BEGIN = datetime(2025, 3, 24)
MINUTE = timedelta(minutes=1)
HIGH = Timing(">", (Step("yellow", 10), Step("orange", 20), Step("red", 30)))


def follow(timing: Timing, *values: float | None, n: int | None = None) -> tuple[list[Instance], list[Event]]:
    """One scope, a reading a minute: the instance after each, and all events."""
    states: dict[str, Instance] = {}
    seen, events = [], []
    for k, value in enumerate(values):
        states, more = evaluate(timing, states, [Reading("a", value, n)], BEGIN + k * MINUTE)
        seen.append(states.get("a", Instance("a")))
        events += more
    return seen, events


def said(events: Sequence[Event]) -> list[str]:
    return [e.action for e in events]


def timing_of(case: dict[str, Any]) -> Timing:
    return Timing(case["op"], (Step("yellow", case["threshold"]),), case["for_s"], case["keep_s"], no_data="normal")


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_recorded_timing(case: dict[str, Any]) -> None:
    """Every state at every step, one evaluation a minute."""
    states: dict[str, Instance] = {}
    for k in range(len(next(iter(case["series"].values())))):
        readings = [Reading(scope, values[k]) for scope, values in case["series"].items()]
        states, _ = evaluate(timing_of(case), states, readings, BEGIN + k * MINUTE)
        for scope, expected in case["expected"].items():
            assert states.get(scope, Instance(scope)).state == expected[k], (scope, k)


@pytest.mark.parametrize("op, inside, outside", [(">", 30, 29), (">=", 30, 29), ("<", -30, -29), ("<=", -30, -29)])
def test_a_recovery_threshold_splits_met(op: Any, inside: int, outside: int) -> None:
    """Fires at 100, and then stops only at 30 or less: at that value for > and <, beyond it for the others."""
    sign = 1 if op.startswith(">") else -1
    timing = Timing(op, (Step("yellow", 100 * sign),), recovery=30 * sign)
    seen, _ = follow(timing, 101 * sign, 50 * sign, inside, outside, 50 * sign)
    stops_at_it = op in (">", "<")
    expected = ["firing", "firing", "inactive" if stops_at_it else "firing", "inactive", "inactive"]
    assert [i.state for i in seen] == expected


def test_a_worse_value_raises_and_a_better_one_does_not_close() -> None:
    seen, events = follow(HIGH, 12, 25, 12, 35, 5)
    assert said(events) == ["fire", "raise", "raise", "clear"]
    assert [i.severity for i in seen] == ["yellow", "orange", "orange", "red", None]
    assert events[-1].severity == "red", "what cleared was a red warning"


def test_it_fires_with_what_it_is_not_with_what_it_was() -> None:
    timing = Timing(">", HIGH.steps, hold_s=120)
    seen, events = follow(timing, 35, 12, 12)
    assert [i.state for i in seen] == ["pending", "pending", "firing"]
    assert events[0].severity == "yellow"


def test_too_few_neither_begin_nor_clear() -> None:
    timing = Timing(">", HIGH.steps, least_n=30)
    states, _ = evaluate(timing, {}, [Reading("a", 50, 9)], BEGIN)
    assert states["a"].state == "inactive" and states["a"].seen == "too_few"
    states, events = evaluate(timing, {}, [Reading("a", 50, 30)], BEGIN)
    assert said(events) == ["fire"]
    states, events = evaluate(timing, states, [Reading("a", 0, 29)], BEGIN + MINUTE)
    assert states["a"].state == "firing" and states["a"].seen == "too_few" and events == []


@pytest.mark.parametrize(
    "policy, states",
    [
        ("keep", ["firing", "firing", "inactive"]),
        ("warn", ["firing", "firing", "inactive"]),
        ("fire", ["firing", "firing", "inactive"]),
        ("normal", ["firing", "inactive", "inactive"]),
    ],
)
def test_when_data_stop(policy: Any, states: list[str]) -> None:
    seen, events = follow(Timing(">", HIGH.steps, no_data=policy), 12, None, 5)
    assert [i.state for i in seen] == states
    assert "no_data" in said(events) and "data_back" in said(events)


def test_no_data_may_be_the_reason_to_fire() -> None:
    seen, events = follow(Timing(">", HIGH.steps, hold_s=60, no_data="fire"), None, None)
    assert [i.state for i in seen] == ["pending", "firing"]
    assert events[-1].action == "fire" and events[-1].severity == "yellow"


def test_a_scope_that_vanishes_is_missing_after_two_evaluations() -> None:
    states, events = evaluate(HIGH, {}, [Reading("a", 12), Reading("b", 1)], BEGIN)
    found = []
    for k in range(1, 4):
        states, more = evaluate(HIGH, states, [Reading("b", 1)], BEGIN + k * MINUTE)
        found.append((states["a"].state, said(more)))
    assert found == [("firing", []), ("firing", []), ("missing", ["missing"])]
    states, more = evaluate(HIGH, states, [Reading("a", 12), Reading("b", 1)], BEGIN + 4 * MINUTE)
    assert states["a"].state == "firing" and said(more) == ["back"]


def test_when_nobody_reports_nothing_goes_missing() -> None:
    states, _ = evaluate(HIGH, {}, [Reading("a", 12)], BEGIN)
    for k in range(1, 6):
        states, events = evaluate(HIGH, states, [], BEGIN + k * MINUTE)
        assert states["a"].state == "firing" and events == []


def test_two_readings_of_one_scope_are_a_fault() -> None:
    with pytest.raises(Ambiguous, match='two readings of scope "a" at 2025-03-24 00:00'):
        evaluate(HIGH, {}, [Reading("a", 1), Reading("a", 50)], BEGIN)


def test_more_than_a_rule_may_have_is_a_fault_and_never_a_cut() -> None:
    rows = [Reading(str(k), 50) for k in range(4)]
    assert len(evaluate(Timing(">", HIGH.steps, limit=4), {}, rows, BEGIN)[0]) == 4
    with pytest.raises(TooMany, match="4 active instances at 2025-03-24 00:00, at most 3"):
        evaluate(Timing(">", HIGH.steps, limit=3), {}, rows, BEGIN)


values = st.none() | st.integers(0, 40)
timings = st.builds(
    Timing,
    op=st.just(">"),
    steps=st.just(HIGH.steps),
    hold_s=st.sampled_from([0, 60, 120, 150]),
    keep_s=st.sampled_from([0, 60, 120, 150]),
    recovery=st.sampled_from([None, 5]),
    no_data=st.sampled_from(["warn", "keep", "fire", "normal"]),
    least_n=st.just(0),
)
histories = st.lists(st.fixed_dictionaries({}, optional={"a": values, "b": values}), max_size=25)


def readings(history: list[dict[str, float | None]], begin: datetime = BEGIN) -> list[tuple[datetime, list[Reading]]]:
    return [(begin + k * MINUTE, [Reading(s, v) for s, v in row.items()]) for k, row in enumerate(history)]


@given(timings, histories, st.integers(0, 25))
def test_however_history_is_cut_the_events_are_the_same(timing: Timing, history: Any, cut: int) -> None:
    series = readings(history)
    states, events = run(timing, series)
    first, early = run(timing, series[:cut])
    second, late = run(timing, series[cut:], first)
    assert (second, early + late) == (states, events)


@given(timings, histories, st.integers(-10_000, 10_000))
def test_shifted_times_shift_the_events(timing: Timing, history: Any, minutes: int) -> None:
    _, events = run(timing, readings(history))
    _, later = run(timing, readings(history, BEGIN + minutes * MINUTE))
    assert [(e.at + minutes * MINUTE, e.scope, e.action) for e in events] == [(e.at, e.scope, e.action) for e in later]


@given(timings, histories)
def test_an_unrelated_scope_changes_nothing(timing: Timing, history: Any) -> None:
    """Another scope that always reports. Only that it reports matters to scopes that vanish, so here all report."""
    whole = [{"a": row.get("a"), "b": row.get("b")} for row in history]
    alone = [{"a": row["a"]} for row in whole]
    _, both = run(timing, readings(whole))
    _, one = run(timing, readings(alone))
    assert [e for e in both if e.scope == "a"] == one


@given(timings, histories)
def test_nothing_fires_without_being_held(timing: Timing, history: Any) -> None:
    """Between the first evaluation that met the rule and the firing lies the time it must hold."""
    states: dict[str, Instance] = {}
    for now, rows in readings(history):
        states, events = evaluate(timing, states, rows, now)
        for event in events:
            if event.action == "fire":
                instance = states[event.scope]
                assert instance.active_at is not None
                assert now - instance.active_at >= timedelta(seconds=timing.hold_s)
