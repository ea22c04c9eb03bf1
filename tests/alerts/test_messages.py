"""When something is said: recorded decisions and timelines of Alertmanager."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts.messages import Cover, Group, Message, Route, Said, covered, flush, matches, take, why

GOLDEN = Path(__file__).parent / "golden"
DECISIONS = json.loads((GOLDEN / "message_decisions.json").read_text(encoding="utf-8"))
TIMELINES = json.loads((GOLDEN / "message_timelines.json").read_text(encoding="utf-8"))
BEGIN = datetime(2025, 3, 24)
REASONS = {
    "first notification": "first",
    "new alerts in group": "new",
    "repeat interval elapsed": "repeat",
    "new resolved alerts": "some_cleared",
    "all alerts resolved": "all_cleared",
}
END = 33.0  # seconds that were recorded


def ids(numbers: list[int]) -> frozenset[str]:
    return frozenset(map(str, numbers))


@pytest.mark.parametrize("case", DECISIONS["dedup"], ids=lambda c: c["n"])
def test_recorded_decision(case: dict[str, Any]) -> None:
    route = Route(timedelta(0), timedelta(0), timedelta(minutes=case["repeat_min"]), case["send_resolved"])
    entry = case["entry"]
    said = None
    if entry:
        ages = {None: 0.0, "infinite": 10**6}
        age = ages.get(entry["age_min"], entry["age_min"])
        said = Said(ids(entry["firing"]), ids(entry["resolved"]), BEGIN - timedelta(minutes=age))
    reason = why(said, ids(case["firing"]), ids(case["resolved"]), route, BEGIN)
    assert (reason is not None) == case["notify"]
    if "reason" in case:
        assert reason == REASONS[case["reason"]]


@pytest.mark.parametrize("case", DECISIONS["inhibit"]["cases"], ids=str)
def test_recorded_cover(case: tuple[dict[str, str], bool]) -> None:
    rules = [Cover(dict(r["source"]), dict(r["target"]), tuple(r["equal"])) for r in DECISIONS["inhibit"]["rules"]]
    firing = DECISIONS["inhibit"]["active"]
    labels, expected = case
    assert covered(labels, firing, rules) == expected


def told(scenario: dict[str, Any]) -> list[tuple[float, Message]]:
    """Play one scenario of one group: events and flushes in the order of time."""
    given = TIMELINES["routes"][scenario["route"]]
    route = Route(*(timedelta(seconds=given[f"{k}"]) for k in ("group_wait", "group_interval", "repeat_interval")),
                  given["send_resolved"])  # fmt: skip
    alerts = scenario["alerts"]
    cover = [Cover(TIMELINES["inhibit"]["source"], TIMELINES["inhibit"]["target"], ("site",))]
    group, found = Group(), []
    firing: set[int] = set()
    events = [(t, n, what == "fire") for t, n, what in scenario["events"]]

    def is_muted(number: str) -> bool:
        labels = alerts[int(number)]
        second = (now - BEGIN).total_seconds()
        silenced = any(s["start"] <= second < s["end"] and matches(s["match"], labels) for s in scenario["silences"])
        return silenced or covered(labels, [alerts[n] for n in firing], cover)

    now = BEGIN
    while True:
        next_event = events[0][0] if events else END
        flush_at = (group.flush_at - BEGIN).total_seconds() if group.flush_at else END
        if min(next_event, flush_at) >= END:
            return found
        if next_event <= flush_at:
            second, n, begins = events.pop(0)
            now = BEGIN + timedelta(seconds=second)
            (firing.add if begins else firing.discard)(n)
            group = take(group, route, str(n), begins, now)
        else:
            now = BEGIN + timedelta(seconds=flush_at)
            group, message = flush(group, route, now, is_muted)
            if message:
                found.append((flush_at, message))


@pytest.mark.parametrize("scenario", TIMELINES["scenarios"], ids=lambda s: s["id"])
def test_recorded_timeline(scenario: dict[str, Any]) -> None:
    """Every message at its time with what it names as firing and as cleared."""
    expected = [n for n in scenario["notifications"] if n["t"] < END]
    cells = [a["cell"] for a in scenario["alerts"]]
    got = []
    for at, message in told(scenario):
        lines = {cells[int(n)]: "firing" for n in message.firing} | {cells[int(n)]: "resolved" for n in message.cleared}
        got.append((round(at), lines))
    assert got == [(round(n["t"]), {a["cell"]: a["status"] for a in n["alerts"]}) for n in expected]


def test_what_clears_before_the_pause_ends_is_never_mentioned() -> None:
    route = Route(timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=4))
    group = take(Group(), route, "a", True, BEGIN)
    group = take(group, route, "a", False, BEGIN + timedelta(seconds=30))
    assert group.flush_at == BEGIN + timedelta(minutes=1)
    assert flush(group, route, group.flush_at)[1] is None


def test_a_silence_hides_and_its_end_tells() -> None:
    route = Route(timedelta(0), timedelta(minutes=5), timedelta(hours=4))
    group = take(Group(), route, "a", True, BEGIN)
    group, message = flush(group, route, BEGIN, lambda _: True)
    assert message is None and group.members == {"a": True}
    _, message = flush(group, route, BEGIN + timedelta(minutes=5))
    assert message is not None and message.reason == "first"
