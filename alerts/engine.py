"""From signals to warnings: evaluates rules over instants. One path for the live run, the backtest and the tests.

Does not belong here: the store (store.py), messages, wording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from alerts.readings import Readings, remembers_few
from alerts.resting import rests
from alerts.rules import Rule
from alerts.signals import Source, signals
from alerts.signals.weekly import Say
from alerts.state import Ambiguous, Event, Instance, evaluate, rested

# A list of tickets is one of a working day, which begins at this hour.
DAY_BEGINS = timedelta(hours=8)
LIST_DAY = "/%Y-%m-%d"

# All evaluations lie on one grid, so that a week ends on Monday at 0:00 whoever asks, whenever.
ORIGIN = datetime(2000, 1, 3)


@dataclass(frozen=True)
class Noted:
    """An event with what the signal said at that time."""

    event: Event
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Where a rule stands after its last instant, and what happened on the way."""

    rule: Rule
    instances: dict[str, Instance]
    noted: list[Noted] = field(default_factory=list)
    evaluated_to: datetime | None = None


def instants(rule: Rule, after: datetime | None, until: datetime, at_most: int | None = None) -> list[datetime]:
    """The grid of the rule in (after, until], the newest `at_most` of it; without `after` the last instant only."""
    step = rule.every
    last = ORIGIN + ((until - ORIGIN) // step) * step
    if after is None:
        return [last]
    found: list[datetime] = []
    while last > after and (at_most is None or len(found) < at_most):
        found.append(last)
        last -= step
    return found[::-1]


def follow(
    rule: Rule, source: Source, times: Sequence[datetime], before: Mapping[str, Instance] | None = None
) -> Outcome:
    """Evaluate a rule at each of `times`, which come in order, from the states `before`."""
    return judge(rule, prepared(rule, source, times), before) if times else Outcome(rule, dict(before or {}))


def prepared(rule: Rule, source: Source, times: Sequence[datetime]) -> Readings:
    """What the signal of a rule says at each of `times`."""
    return ready(rule, signals()[rule.signal].found(source, times, rule.parameters), times)


def ready(rule: Rule, found: pd.DataFrame, times: Sequence[datetime], say: Say | None = None) -> Readings:
    """The readings of what the select of a rule found at `times`. Of a list the scope is that of its day. `say` is told
    how far a long computation is."""
    frame = signals()[rule.signal].finished(found, rule.parameters, say)
    if rule.is_list and len(frame):
        day = (frame["seen_at"] - DAY_BEGINS).dt.strftime(LIST_DAY)
        frame = frame.assign(scope_id=frame["scope_id"].astype(str) + day)
    return Readings(frame, tuple(times))


def judge(rule: Rule, readings: Readings, before: Mapping[str, Instance] | None = None) -> Outcome:
    """What a rule says of prepared readings, at each of their instants. Raises `Ambiguous` and `TooMany`."""
    double = readings.first_double()
    if double is not None:
        raise Ambiguous(f"{rule.id}: two readings of one scope at {double:%Y-%m-%d %H:%M}")
    timing, states = rule.timing, dict(before or {})
    events: list[Event] = []
    rows: list[int] = []  # of each event, or -1
    keeps_few = remembers_few(timing)
    quiet = None if rule.is_list else rests(timing, readings)
    asleep: dict[int, list[tuple[Instance, int]]] = {}  # by the instant to wake at, with the last row slept through
    for at, (now, telling) in enumerate(
        zip(readings.times, readings.telling(timing, None if quiet is None else quiet.is_dull), strict=True)
    ):
        states |= _woken(asleep.pop(at, []), readings)
        if rule.is_list and states:
            states, over = end_of_lists(states, now)
            events += over
            rows += [-1] * len(over)
        if not telling and not states:
            continue
        chosen = {readings.scope(row): row for row in telling}
        for scope in states:
            row = readings.row(at, scope)
            if row is not None:
                chosen[scope] = row
        told = [readings.reading(row) for row in chosen.values()]
        states, found = evaluate(timing, states, told, now, readings.any_at(at))
        if timing.least_n and not keeps_few:
            states = {s: i for s, i in states.items() if i.is_active or i.seen != "too_few"}
        events += found
        rows += [chosen.get(event.scope, -1) for event in found]
        if quiet is not None:
            for scope, row in chosen.items():
                if quiet.last[row] != row:
                    last = int(quiet.last[row])
                    asleep.setdefault(readings.instant(last) + 1, []).append((states.pop(scope), last))
    for left in asleep.values():
        states |= _woken(left, readings)
    for few in readings.too_few_at_the_end(timing):
        states.setdefault(few.scope, few)
    known = [row for row in rows if row >= 0]
    evidence = dict(zip(known, readings.evidence(known), strict=True)) if known else {}
    noted = [Noted(event, evidence.get(row, {})) for event, row in zip(events, rows, strict=True)]
    return Outcome(rule, dict(sorted(states.items())), noted, readings.times[-1])


def _woken(asleep: Iterable[tuple[Instance, int]], readings: Readings) -> dict[str, Instance]:
    """Instances as they are after the last row that changed nothing."""
    return {i.scope: rested(i, float(readings.values[row]), readings.times[readings.instant(row)]) for i, row in asleep}


def end_of_lists(before: Mapping[str, Instance], now: datetime) -> tuple[dict[str, Instance], list[Event]]:
    """The lists of today, and the clearing of those of earlier days: what is still to do is on today's list."""
    today = _list_day(now)
    kept = {scope: i for scope, i in before.items() if scope.endswith(today)}
    over = [
        Event(now, scope, "clear", i.severity, i.value, i.active_at, i.met_at, i.met_value)
        for scope, i in sorted(before.items())
        if scope not in kept and i.state in ("firing", "missing")
    ]
    return kept, over


def _list_day(now: datetime) -> str:
    return (now - DAY_BEGINS).strftime(LIST_DAY)


def since(until: datetime, weeks: int) -> datetime:
    """The start of a backtest of so many weeks."""
    return until - timedelta(weeks=weeks)
