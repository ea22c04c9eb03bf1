"""What a rule would have said over a stretch of history: the same engine as the live run, nothing kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from alerts.aftermath import FIRED, changes, in_history, looking_at, raised
from alerts.engine import follow, instants, since
from alerts.rules import Rule
from alerts.signals import Source
from alerts.state import SEVERITIES, Severity
from warehouse.problems import from_validation, problem

WEEKS = 26
FLOOD = 3  # times the median week
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
        """Weeks with more than three times the median week, and more than three."""
        counts = sorted(self.by_week().values())
        if not counts:
            return 0
        median = counts[len(counts) // 2]
        return sum(n > max(FLOOD * median, FLOOD) for n in counts)

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
            "episodes": [vars(e) for e in self.episodes],
        }


def run(
    rule: Rule, source: Source, begin: datetime, end: datetime, others: Mapping[str, Rule] | None = None
) -> Backtest:
    """Evaluate `rule` at every instant in (begin, end]. A rule about warnings of others needs them: `others`."""
    known = changes(source)
    if FIRED in rule.parameters and others:
        rule = looking_at(rule, in_history(others, source, known, begin, end))
    outcome = raised(follow(rule, source, instants(rule, begin, end)), known)
    running: dict[str, Episode] = {}
    episodes: list[Episode] = []
    n_changes = 0
    for noted in outcome.noted:
        event = noted.event
        if event.action == "fire" and event.severity:
            running[event.scope] = Episode(event.scope, event.at, None, event.severity, noted.evidence)
            n_changes += 1
        elif event.action == "raise" and event.severity and event.scope in running:
            old = running[event.scope]
            running[event.scope] = Episode(old.scope, old.fired_at, None, event.severity, noted.evidence)
        elif event.action == "clear" and event.scope in running:
            old = running.pop(event.scope)
            episodes.append(Episode(old.scope, old.fired_at, event.at, old.severity, old.evidence))
            n_changes += 1
    episodes += running.values()
    return Backtest(rule, begin, end, sorted(episodes, key=lambda e: (e.fired_at, e.scope)), n_changes)


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
