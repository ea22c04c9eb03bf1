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
from alerts.state import SEVERITIES, Event, Instance, Reading, Severity, evaluate

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
    by_time = {pd.Timestamp(at).to_pydatetime(): part for at, part in frame.groupby("seen_at")}
    for now in times:
        rows = by_time.get(now)
        records = [] if rows is None else rows.to_dict("records")
        readings = [
            Reading(str(r["scope_id"]), _number(r["value"]), _whole(r.get("n")), _severity(r.get("at_least")))
            for r in records
        ]
        states, events = evaluate(rule.timing, states, readings, now)
        if events:
            known = {str(r["scope_id"]): r for r in records}
            noted += [Noted(e, _evidence(known.get(e.scope, {}))) for e in events]
    return Outcome(rule, states, noted, times[-1])


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
