"""The short cut over readings that change nothing gives what the state machine gives when it is told of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from alerts.engine import Outcome, judge
from alerts.readings import Readings
from alerts.resting import rests
from alerts.rules import Rule
from alerts.state import NoData, Reading, run

WORDS = {"zh": "x", "en": "x"}
START = datetime(2025, 3, 3)
HOUR = timedelta(hours=1)
POLICIES: tuple[NoData, ...] = ("keep", "warn", "fire", "normal")


def rule(no_data: NoData = "keep", **settings: object) -> Rule:
    given = {"scope": "district", "op": ">", "steps": {"yellow": 10, "red": 16}, "every": "1h", "owner": "NET",
             "unit": WORDS, "sentence": WORDS, "runbook": WORDS, "rationale": WORDS, "noise": WORDS}  # fmt: skip
    return Rule(id="XX01", zh="x", en="x", signal="none", no_data=no_data, **(given | settings))  # type: ignore[arg-type]


def history(seed: int, n_hours: int = 60, n_scopes: int = 6) -> pd.DataFrame:
    """Values that go up and down, some missing, some of too few, some scopes silent for a while."""
    rng = np.random.default_rng(seed)
    rows = []
    for scope in range(n_scopes):
        level = rng.normal(8, 3)
        for hour in range(n_hours):
            level += rng.normal(0, 2) - 0.1 * (level - 8)
            if rng.random() < 0.12 or rng.random() < 0.02 and hour > 40:
                continue
            value = np.nan if rng.random() < 0.08 else level
            rows.append((START + hour * HOUR, f"s{scope}", value, int(rng.integers(10, 60)), f"row {hour}"))
    frame = pd.DataFrame(rows, columns=["seen_at", "scope_id", "value", "n", "note"])
    return frame.sample(frac=1, random_state=seed)  # in no order


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_lost(policy: NoData, seed: int) -> None:
    frame = history(seed)
    of = rule(policy, min_n=20 * (seed % 2), recovery=7 if seed % 3 else None, **{"for": "2h", "keep_firing_for": "1h"})
    times = tuple(START + n * HOUR for n in range(60))
    series = [
        (at, [Reading(r.scope_id, None if np.isnan(r.value) else r.value, r.n) for r in part.itertuples()])
        for at in times
        for part in [frame[frame["seen_at"] == at]]
    ]
    states, events = run(of.timing, series)
    found = judge(of, Readings(frame, times))
    assert [n.event for n in found.noted] == events
    assert found.instances == states
    cut = 25
    first = judge(of, Readings(frame, times[:cut]))
    second = judge(of, Readings(frame, times[cut:]), first.instances)
    assert [n.event for n in first.noted + second.noted] == events and second.instances == states


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(4))
def test_what_goes_on_as_it_was_is_slept_through(policy: NoData, seed: int) -> None:
    """A rule without a wait skips what changes nothing; a worse reason, a gap, too few and the end still count."""
    frame = history(seed).sort_values(["scope_id", "seen_at"])
    frame["value"] += 4  # on for long
    frame["at_least"] = np.where(frame["n"] > 55, "orange", None)
    of = rule(policy, min_n=15 * (seed % 2), recovery=7 if seed % 3 else None, keep_firing_for="1h")
    times = tuple(START + n * HOUR for n in range(60))
    quiet = rests(of.timing, Readings(frame, times))
    assert quiet is not None and quiet.is_dull.mean() > 0.15
    assert rests(of.timing, Readings(frame.iloc[:0], times)) is not None
    known = {"orange": "orange"}
    series = [
        (
            at,
            [
                Reading(r.scope_id, None if np.isnan(r.value) else r.value, r.n, known.get(r.at_least))
                for r in part.itertuples()
            ],
        )
        for at in times
        for part in [frame[frame["seen_at"] == at]]
    ]
    states, events = run(of.timing, series)
    for cut in (0, 7, 31):
        first = judge(of, Readings(frame, times[:cut])) if cut else Outcome(of, {})
        second = judge(of, Readings(frame, times[cut:]), first.instances)
        assert [n.event for n in first.noted + second.noted] == events and second.instances == states


def test_nothing_sleeps_while_a_rule_waits_or_counts_instances() -> None:
    readings = Readings(history(0), tuple(START + n * HOUR for n in range(60)))
    assert rests(rule(**{"for": "1h"}).timing, readings) is None and rests(rule(limit=9).timing, readings) is None


def test_an_event_has_the_row_that_made_it() -> None:
    frame = history(1)
    found = judge(rule(), Readings(frame, tuple(START + n * HOUR for n in range(60))))
    fired = [n for n in found.noted if n.event.action == "fire"]
    assert fired
    for noted in fired:
        row = frame[(frame["seen_at"] == noted.event.at) & (frame["scope_id"] == noted.event.scope)].iloc[0]
        assert noted.evidence == {"value": row["value"], "n": row["n"], "note": row["note"]}


def test_an_instant_without_any_row_lets_nothing_go_missing() -> None:
    """A scope is missing where others report; an instant at which nothing came at all says nothing about it."""
    of = rule()
    frame = pd.DataFrame(
        [(START, "a", 12.0, 50), (START, "b", 1.0, 50), *((START + n * HOUR, "b", 1.0, 50) for n in (4, 5, 6))],
        columns=["seen_at", "scope_id", "value", "n"],
    )
    times = tuple(START + n * HOUR for n in range(7))
    found = judge(of, Readings(frame, times))
    assert [(n.event.action, n.event.at) for n in found.noted] == [("fire", START), ("missing", times[6])]
    assert judge(of, Readings(frame.iloc[:0], times)).noted == []


def test_rows_of_other_instants_are_left_out() -> None:
    frame = history(2)
    times = tuple(START + n * HOUR for n in range(10, 30))
    inside = frame[frame["seen_at"].isin(list(times))]
    assert judge(rule(), Readings(frame, times)) == judge(rule(), Readings(inside, times))


def test_how_bad_it_is_for_other_reasons() -> None:
    frame = pd.DataFrame(
        [(START, "a", 12.0, 50, "red"), (START, "b", 12.0, 50, None)],
        columns=["seen_at", "scope_id", "value", "n", "at_least"],
    )
    found = judge(rule(), Readings(frame, (START,)))
    assert [n.event.severity for n in found.noted] == ["red", "yellow"]
    assert replace(found.noted[0].event, severity="yellow", scope="b") == found.noted[1].event


def test_evidence_is_what_json_can_hold() -> None:
    """Whatever type a column of a select has; instant and scope stand beside it."""
    frame = pd.DataFrame(
        {
            "seen_at": [START] * 2,
            "scope_id": ["a", "b"],
            "value": [12.0, np.inf],
            "n": np.array([50, 51], dtype=np.int32),
            "k": pd.array([3, None], dtype="Int64"),
            "town": ["西湖", None],
            "any": pd.array([np.float64(1.5), "x"], dtype=object),
            "is_new": [True, False],
            "begun_at": [START, pd.NaT],
        }
    )
    told = Readings(frame, (START,)).evidence([1, 0])
    assert told == [
        {"value": None, "n": 51.0, "k": None, "town": None, "any": "x", "is_new": False, "begun_at": None},
        {"value": 12.0, "n": 50.0, "k": 3.0, "town": "西湖", "any": 1.5, "is_new": True,
         "begun_at": "2025-03-03T00:00:00"},
    ]  # fmt: skip
    assert {type(v) for row in told for v in row.values()} <= {float, str, bool, type(None)}
    assert Readings(frame[["seen_at", "scope_id"]], (START,)).evidence([0]) == [{}]
