"""The state machine of one rule: previous states, readings and a time in; states and events out. Pure.

Does not belong here: what a signal is (signals/), what people do with a warning (the store), messages (notify.py).

A reading meets the rule or not, or says nothing: there are no data, or too few. Timing follows Prometheus: a condition
that holds is pending until it has held for `hold_s`, then firing; a firing one that stops is kept for `keep_s`, counted
from the first evaluation at which it did not hold. To this come a recovery threshold, steps of severity, and what
happens when data stop, which Prometheus does not have.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Op = Literal[">", ">=", "<", "<=", "==", "!="]
State = Literal["inactive", "pending", "firing", "missing"]
NoData = Literal["warn", "keep", "fire", "normal"]
Severity = Literal["blue", "yellow", "orange", "red"]
Action = Literal["fire", "raise", "clear", "no_data", "data_back", "missing", "back"]
Seen = Literal["met", "not_met", "no_data", "too_few"]

SEVERITIES: tuple[Severity, ...] = ("blue", "yellow", "orange", "red")
COMPARE: dict[Op, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
OPPOSITE: dict[Op, Op] = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
MISSED = 2  # evaluations that a scope may be absent while others report


class Ambiguous(Exception):
    """Two readings of one evaluation have the same identity."""


class TooMany(Exception):
    """A rule has more active instances than it may."""


@dataclass(frozen=True)
class Step:
    """From this threshold on a warning is of this severity."""

    severity: Severity
    threshold: float


@dataclass(frozen=True)
class Timing:
    """What of a rule the machine needs. `steps` go from the mildest to the worst.

    `recovery`: an instance that is pending or firing stops only when the value passes this one, in the opposite
    direction; None takes the threshold itself. `limit`: the most active instances, beyond which the rule fails as a
    whole instead of hiding some.
    """

    op: Op
    steps: tuple[Step, ...]
    hold_s: int = 0
    keep_s: int = 0
    recovery: float | None = None
    no_data: NoData = "keep"
    least_n: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Reading:
    """What a signal says of one scope at one time. No value: there are no data. n is None where it means nothing.

    `at_least` is how bad it is for other reasons, should the value meet the rule at all.
    """

    scope: str
    value: float | None
    n: int | None = None
    at_least: Severity | None = None


@dataclass(frozen=True)
class Instance:
    """One rule in one scope. An episode lasts from `active_at` until it is inactive again; `met_at` is the last time in
    it that the condition held, with the value it had."""

    scope: str
    state: State = "inactive"
    active_at: datetime | None = None
    fired_at: datetime | None = None
    stopped_at: datetime | None = None
    severity: Severity | None = None
    value: float | None = None
    seen: Seen = "not_met"
    met_at: datetime | None = None
    met_value: float | None = None
    n_missed: int = 0

    @property
    def is_active(self) -> bool:
        return self.state != "inactive"


@dataclass(frozen=True)
class Event:
    """A change that somebody should know of, and since when and until when the condition held."""

    at: datetime
    scope: str
    action: Action
    severity: Severity | None
    value: float | None
    began_at: datetime | None = None
    met_at: datetime | None = None
    met_value: float | None = None


def evaluate(
    timing: Timing,
    before: Mapping[str, Instance],
    readings: Iterable[Reading],
    now: datetime,
    any_reported: bool | None = None,
) -> tuple[dict[str, Instance], list[Event]]:
    """One evaluation: the instances that are not inactive afterwards, and what changed, ordered by scope.

    `readings` may lack scopes that are inactive and do not meet the rule; then `any_reported` says whether any scope
    gave a reading.
    Raises `Ambiguous` when two readings have one scope and `TooMany` above `timing.limit`.
    """
    rows: dict[str, Reading] = {}
    for reading in readings:
        if reading.scope in rows:
            raise Ambiguous(f'two readings of scope "{reading.scope}" at {now:%Y-%m-%d %H:%M}')
        rows[reading.scope] = reading
    others_report = bool(rows) if any_reported is None else any_reported
    after: dict[str, Instance] = {}
    events: list[Event] = []
    for scope in sorted(rows.keys() | before.keys()):
        old = before.get(scope, Instance(scope))
        new = _absent(timing, old, now, others_report) if scope not in rows else _seen(timing, old, rows[scope], now)
        events += _events(old, new, now)
        if new.is_active or new.seen in ("no_data", "too_few"):
            after[scope] = new
    n_active = sum(i.state in ("pending", "firing") for i in after.values())
    if timing.limit is not None and n_active > timing.limit:
        raise TooMany(f"{n_active} active instances at {now:%Y-%m-%d %H:%M}, at most {timing.limit} are expected")
    return after, events


def rested(instance: Instance, value: float, at: datetime) -> Instance:
    """A firing instance after evaluations up to `at` that all met and raised nothing; `value` is the last."""
    return _but(instance, value=value, met_at=at, met_value=value)


def run(
    timing: Timing, series: Sequence[tuple[datetime, Sequence[Reading]]], before: Mapping[str, Instance] | None = None
) -> tuple[dict[str, Instance], list[Event]]:
    """Evaluations one after another. However a history is cut into runs, the events are the same."""
    states, events = dict(before or {}), []
    for now, readings in series:
        states, more = evaluate(timing, states, readings, now)
        events += more
    return states, events


def severity_of(timing: Timing, value: float) -> Severity | None:
    """The worst step that a value meets, or None."""
    met = [s.severity for s in timing.steps if COMPARE[timing.op](value, s.threshold)]
    return max(met, key=SEVERITIES.index) if met else None


def _but(old: Instance, **changed: Any) -> Instance:
    """As dataclasses.replace, at a fifth of its time: millions of these are made in a backtest."""
    new = object.__new__(Instance)
    vars(new).update(vars(old), **changed)
    return new


def _seen(timing: Timing, old: Instance, row: Reading, now: datetime) -> Instance:
    if old.n_missed or old.state == "missing":
        # Its scope reports again: it goes on where it was.
        old = _but(old, n_missed=0, state="firing" if old.state == "missing" else old.state)
    if row.n is not None and row.n < timing.least_n:
        # Too few to judge is no clearance, and no reason to begin either.
        kept = old if old.state == "firing" else Instance(old.scope)
        return replace(kept, value=row.value, seen="too_few")
    if row.value is None:
        return _nothing(timing, old, now)
    return _judged(timing, old, row.value, row.at_least, now)


def _judged(timing: Timing, old: Instance, value: float, at_least: Severity | None, now: datetime) -> Instance:
    severity = severity_of(timing, value)
    is_met = severity is not None
    severity = _worse(severity, at_least) if is_met else None
    if not is_met and old.is_active and timing.recovery is not None:
        is_met = not COMPARE[OPPOSITE[timing.op]](value, timing.recovery)
    if not is_met:
        return _stopped(timing, _but(old, value=value, seen="not_met"), now)
    return _met(timing, _but(old, value=value, seen="met"), severity, now)


def _met(timing: Timing, old: Instance, severity: Severity | None, now: datetime) -> Instance:
    began = old.active_at if old.is_active and old.active_at is not None else now
    worst = _worse(old.severity if old.is_active else None, severity)
    met: dict[str, Any] = {"active_at": began, "stopped_at": None, "met_at": now, "met_value": old.value}
    if old.state == "firing":
        return _but(old, **met, state="firing", severity=worst)
    if now - began >= timedelta(seconds=timing.hold_s):
        # What was worse while it was pending is past; it fires with what it is now.
        return _but(old, **met, state="firing", fired_at=now, severity=severity or worst)
    return _but(old, **met, state="pending", severity=worst)


def _stopped(timing: Timing, old: Instance, now: datetime) -> Instance:
    if old.state == "firing":
        since = old.stopped_at or now
        if now - since < timedelta(seconds=timing.keep_s):
            return replace(old, stopped_at=since)
    return Instance(old.scope, value=old.value, seen=old.seen)


def _nothing(timing: Timing, old: Instance, now: datetime) -> Instance:
    quiet = replace(old, seen="no_data")
    if timing.no_data == "normal":
        return _stopped(timing, quiet, now)
    if timing.no_data == "fire":
        return _met(timing, quiet, timing.steps[0].severity, now)
    # "warn" and "keep": what fired keeps firing, what was only pending starts anew with the next data.
    return quiet if old.state == "firing" else Instance(old.scope, seen="no_data")


def _absent(timing: Timing, old: Instance, now: datetime, others_report: bool) -> Instance:
    """Its scope gave no reading at all."""
    if timing.no_data == "normal" and old.state != "missing":
        # Such a signal lists what is the case: what it does not list is over, and forgotten.
        return _stopped(timing, _but(old, value=None, seen="not_met"), now)
    if old.state in ("inactive", "pending"):
        return Instance(old.scope)
    if old.state == "missing" or not others_report:
        return old
    missed = old.n_missed + 1
    return replace(old, n_missed=missed, state="missing" if missed > MISSED else old.state)


def _worse(one: Severity | None, other: Severity | None) -> Severity | None:
    known = [s for s in (one, other) if s is not None]
    return max(known, key=SEVERITIES.index) if known else None


def _events(old: Instance, new: Instance, now: datetime) -> list[Event]:
    def event(action: Action) -> Event:
        lasting = new if new.is_active else old
        return Event(
            now, new.scope, action, lasting.severity, new.value, lasting.active_at, lasting.met_at, lasting.met_value
        )

    found = []
    fired = (old.state in ("firing", "missing"), new.state in ("firing", "missing"))
    if fired == (False, True):
        found.append(event("fire"))
    elif fired == (True, False):
        found.append(event("clear"))
    elif fired == (True, True) and _worse(old.severity, new.severity) != old.severity:
        found.append(event("raise"))
    if new.state == "missing" and old.state != "missing":
        found.append(event("missing"))
    if old.state == "missing" and new.state == "firing":
        found.append(event("back"))
    if new.seen == "no_data" and old.seen != "no_data":
        found.append(event("no_data"))
    if old.seen == "no_data" and new.seen in ("met", "not_met"):
        found.append(event("data_back"))
    return found
