"""What a rule would have said over a stretch of history: the same engine as the live run, nothing kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from pydantic import ValidationError

from alerts.acted import ACTED
from alerts.aftermath import FIRED, Changes, changes, in_history, looking_at, raised
from alerts.engine import instants, judge, ready, since
from alerts.load import chattering, flood_weeks
from alerts.readings import Readings
from alerts.rules import Rule
from alerts.signals import Source, signals
from alerts.signals.weekly import Say
from alerts.state import SEVERITIES, Severity
from warehouse.problems import from_validation, problem

WEEKS = 26
KEPT = 3  # readings of one history
_FIELDS = {"for": "hold", "keep_firing_for": "keep"}


@dataclass(frozen=True)
class Episode:
    """One warning that would have been: where, when it fired and ended, how bad it got."""

    scope: str
    fired_at: datetime
    ended_at: datetime | None
    severity: Severity
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Backtest:
    """The episodes of a rule between two instants, and the load they would have been."""

    rule: Rule
    begin: datetime
    end: datetime
    episodes: list[Episode]
    n_changes: int
    chatter: tuple[str, ...] = ()

    @property
    def n_weeks(self) -> float:
        return (self.end - self.begin) / timedelta(weeks=1)

    @property
    def per_week(self) -> float:
        return len(self.episodes) / self.n_weeks if self.n_weeks else 0.0

    def by_week(self) -> dict[datetime, int]:
        """Episodes per week, counted back from the end; weeks without any are there."""
        counts = Counter(int((self.end - e.fired_at) // timedelta(weeks=1)) for e in self.episodes)
        weeks = range(int(-(-self.n_weeks // 1)))
        return {self.end - timedelta(weeks=k + 1): counts.get(k, 0) for k in reversed(weeks)}

    def n_floods(self) -> int:
        """Weeks far above the usual ones, as `load.flood_weeks` has it."""
        return sum(flood_weeks(list(self.by_week().values())))

    def summary(self) -> str:
        worst = Counter(e.severity for e in self.episodes)
        told = ", ".join(f"{worst[s]} {s}" for s in reversed(SEVERITIES) if worst[s])
        return (
            f"{self.rule.id}: {len(self.episodes)} warnings in {self.n_weeks:.1f} weeks, {self.per_week:.2f} a week"
            f"{' (' + told + ')' if told else ''}, {self.n_floods()} flood weeks"
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule.id,
            "from": self.begin,
            "to": self.end,
            "per_week": self.per_week,
            "n_floods": self.n_floods(),
            "chatter": list(self.chatter),
            "episodes": [vars(e) for e in self.episodes],
        }


@dataclass(frozen=True)
class History:
    """What a rule looks at between two instants, read once; any thresholds and times can then be tried on it.

    `found` is what the select of its signal counted, `known` the changes of the release.
    """

    rule: Rule
    begin: datetime
    end: datetime
    times: tuple[datetime, ...]
    found: pd.DataFrame
    known: Changes
    _ready: dict[str, Readings] = field(default_factory=dict, compare=False, repr=False)

    def readings(self, rule: Rule, say: Say | None = None) -> Readings:
        """What the signal of `rule` says of what was found; kept while only thresholds move."""
        asked = json.dumps(rule.parameters, sort_keys=True)
        told = self._ready.get(asked)
        if told is None:
            told = ready(rule, self.found, self.times, say)
            if len(self._ready) >= KEPT:
                self._ready.clear()
            self._ready[asked] = told
        return told


def read(
    rule: Rule, source: Source, begin: datetime, end: datetime, others: Mapping[str, Rule] | None = None
) -> History:
    """Read what `rule` needs for every instant in (begin, end]. One about warnings of others needs them: `others`."""
    known = changes(source)
    if FIRED in rule.parameters and others:
        rule = looking_at(rule, in_history(others, source, known, begin, end))
    times = instants(rule, begin, end)
    return History(rule, begin, end, tuple(times), signals()[rule.signal].found(source, times, rule.parameters), known)


def is_answered_by(rule: Rule, history: History) -> bool:
    """Whether a rule differs from that of a history only in what can be tried on it."""
    needed = signals()[rule.signal].parameters - {FIRED, ACTED}
    was = history.rule
    same = ("id", "signal", "scope", "every", "is_list")
    return all(getattr(rule, f) == getattr(was, f) for f in same) and all(
        rule.parameters.get(name) == was.parameters.get(name) for name in needed
    )


def run(
    rule: Rule,
    source: Source,
    begin: datetime,
    end: datetime,
    others: Mapping[str, Rule] | None = None,
    say: Say | None = None,
) -> Backtest:
    """Evaluate `rule` at every instant in (begin, end]. A rule about warnings of others needs them: `others`. `say` is
    told how far a long computation is."""
    return over(rule, read(rule, source, begin, end, others), say)


def over(rule: Rule, history: History, say: Say | None = None) -> Backtest:
    """What `rule` says of a history. Raises ValueError where the history was read for something else."""
    if not is_answered_by(rule, history):
        raise ValueError(f"{rule.id}: this history was read with other parameters; read it anew")
    outcome = raised(judge(rule, history.readings(rule, say)), history.known)
    number = {at: n for n, at in enumerate(history.times)}
    changed_at: dict[str, list[int]] = {}
    running: dict[str, Episode] = {}
    episodes: list[Episode] = []
    n_changes = 0
    for noted in outcome.noted:
        event = noted.event
        if event.action == "fire" and event.severity:
            running[event.scope] = Episode(event.scope, event.at, None, event.severity, noted.evidence)
            n_changes += 1
            changed_at.setdefault(event.scope, []).append(number[event.at])
        elif event.action == "raise" and event.severity and event.scope in running:
            old = running[event.scope]
            running[event.scope] = Episode(old.scope, old.fired_at, None, event.severity, noted.evidence)
        elif event.action == "clear" and event.scope in running:
            old = running.pop(event.scope)
            episodes.append(Episode(old.scope, old.fired_at, event.at, old.severity, old.evidence))
            n_changes += 1
            changed_at.setdefault(event.scope, []).append(number[event.at])
    episodes += running.values()
    chatter = tuple(chattering(changed_at))
    ordered = sorted(episodes, key=lambda e: (e.fired_at, e.scope))
    return Backtest(rule, history.begin, history.end, ordered, n_changes, chatter)


def changed(rule: Rule, settings: Mapping[str, Any]) -> Rule:
    """The rule with other thresholds or times: names of severities, fields or parameters. Raises `Problems`."""
    values = rule.model_dump()
    for key, value in settings.items():
        name = _FIELDS.get(key, key)
        if name in rule.steps or name in SEVERITIES:
            values["steps"][name] = value
        elif name in rule.parameters:
            values["parameters"][name] = type(rule.parameters[name])(value)
        elif name in values:
            values[name] = value
        else:
            known = sorted([*SEVERITIES, *rule.parameters, "for", "keep_firing_for", "recovery", "min_n", "every"])
            raise problem(f"--set {key}", "is no setting of this rule", f"use one of {', '.join(known)}")
    try:
        return Rule(**values)
    except ValidationError as error:
        raise from_validation(error, f'rule "{rule.id}"') from None


def default_start(until: datetime) -> datetime:
    """26 weeks before."""
    return since(until, WEEKS)
