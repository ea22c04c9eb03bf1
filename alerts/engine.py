"""From signals to warnings: evaluates rules over instants. One path for the live run, the backtest and the tests.

Does not belong here: the store (store.py), messages, wording.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from alerts.rules import Rule
from alerts.signals import Source, signals
from alerts.state import SEVERITIES, Ambiguous, Event, Instance, Reading, Severity, evaluate

# A list of tickets is one of a working day, which begins at this hour.
DAY_BEGINS = timedelta(hours=8)

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
    states, noted = dict(before or {}), []
    if not times:
        return Outcome(rule, states)
    frame = signals()[rule.signal].readings(source, times, rule.parameters)
    by_time: dict[datetime, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        by_time.setdefault(row["seen_at"].to_pydatetime(), []).append({str(k): v for k, v in row.items()})
    timing = rule.timing
    for now in times:
        known = {_scope(rule, row, now): row for row in by_time.get(now, ())}
        if len(known) < len(by_time.get(now, ())):
            raise Ambiguous(f"{rule.id}: two readings of one scope at {now:%Y-%m-%d %H:%M}")
        if rule.is_list:
            states, over = end_of_lists(states, now)
            noted += [Noted(e, {}) for e in over]
        readings = [
            Reading(scope, _number(r["value"]), _whole(r.get("n")), _severity(r.get("at_least")))
            for scope, r in known.items()
        ]
        states, events = evaluate(timing, states, readings, now)
        noted += [Noted(e, _evidence(known.get(e.scope, {}))) for e in events]
    return Outcome(rule, states, noted, times[-1])


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


def _scope(rule: Rule, row: Mapping[str, Any], now: datetime) -> str:
    return f"{row['scope_id']}{_list_day(now)}" if rule.is_list else str(row["scope_id"])


def _list_day(now: datetime) -> str:
    return f"/{now - DAY_BEGINS:%Y-%m-%d}"


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON can hold of a reading."""
    kept: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("seen_at", "scope_id"):
            continue
        if isinstance(value, datetime | pd.Timestamp):
            kept[name] = pd.Timestamp(value).isoformat(timespec="seconds")
        elif isinstance(value, str | bool) or value is None or value is pd.NA:
            kept[name] = None if value is pd.NA else value
        else:
            kept[name] = _number(value)
    return kept


def _number(value: Any) -> float | None:
    if value is None or pd.isna(value):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _severity(value: Any) -> Severity | None:
    return next((s for s in SEVERITIES if s == value), None)


def since(until: datetime, weeks: int) -> datetime:
    """The start of a backtest of so many weeks."""
    return until - timedelta(weeks=weeks)
