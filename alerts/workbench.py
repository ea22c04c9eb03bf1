"""What a change of a rule would mean: its warnings beside those of the version in force. Pure; nothing is read here.

Does not belong here: evaluating a history (backtest.py), keeping a version (versions.py), what people see.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from alerts.aftermath import CITY, Changes, matter
from alerts.backtest import Backtest, Episode
from alerts.handling import was_right
from alerts.rules import Rule

TOLD = ("agents_briefed_at", "mass_notice_at", "reported_at")
EARLY, LATE = timedelta(hours=24), timedelta(hours=24)
# What an incident is about, by its kind: level-1 type of complaints, or handling.
BILLING = "TAR"
MATTERS = {"outage": "NET", "congestion": "NET", "network_fault": "NET", "billing_fault": BILLING}


@dataclass(frozen=True)
class Decided:
    """A warning people have judged: where, how long it lasted (None: it still does), and whether it was right."""

    scope: str
    fired_at: datetime
    ended_at: datetime | None
    is_real: bool
    value: float | None = None
    warning_id: str = ""


@dataclass(frozen=True)
class Incident:
    """A recorded incident; `told_at` is when people were first told of it. `region` None: the whole city."""

    id: str
    title: str
    matter: str
    region: str | None
    started_at: datetime
    ended_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True)
class Lead:
    """Of the recorded incidents a rule could warn of: how many it did, and how long before people were told (median,
    hours; below 0 is later; None where it warned of none, or nobody was told)."""

    n: int
    n_warned: int
    hours: float | None


@dataclass(frozen=True)
class Figures:
    """One version over the time looked back at."""

    n: int
    per_week: float
    n_floods: int
    n_chatter: int
    n_worst: int  # red and orange
    n_real: int
    n_false: int
    n_missed_real: int
    lead: Lead

    @property
    def precision(self) -> float | None:
        """Share right, of its warnings that people have judged."""
        judged = self.n_real + self.n_false
        return self.n_real / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Share it raises, of what people found right."""
        real = self.n_real + self.n_missed_real
        return self.n_real / real if real else None

    def as_dict(self) -> dict[str, Any]:
        """What is kept with a saved version."""
        return {**vars(self), "lead": vars(self.lead), "precision": self.precision, "recall": self.recall}


def decided(rows: Iterable[dict[str, Any]]) -> list[Decided]:
    """Of rows of the store's warnings: those people have judged right or wrong."""
    judged = ((r, was_right(r["decision"], r["false_reason"])) for r in rows)
    return [
        Decided(str(r["scope_id"]), r["fired_at"], r["cleared_at"], is_real, r["value"], str(r["warning_id"]))
        for r, is_real in judged
        if is_real is not None
    ]


def figures(found: Backtest, judged: Sequence[Decided], incidents: Sequence[Incident], known: Changes) -> Figures:
    """The figures of one version."""
    by_scope = _by_scope(found.episodes)
    judged = [d for d in judged if d.fired_at <= found.end and (d.ended_at or found.end) > found.begin]
    raised = [any(_meets(e, d.fired_at, d.ended_at) for e in by_scope.get(d.scope, ())) for d in judged]
    n_real = sum(d.is_real and is_raised for d, is_raised in zip(judged, raised, strict=True))
    return Figures(
        len(found.episodes),
        found.per_week,
        found.n_floods(),
        len(found.chatter),
        sum(e.severity in ("red", "orange") for e in found.episodes),
        n_real,
        sum(not d.is_real and is_raised for d, is_raised in zip(judged, raised, strict=True)),
        sum(d.is_real for d in judged) - n_real,
        lead(found, incidents, known),
    )


def lead(found: Backtest, incidents: Sequence[Incident], known: Changes) -> Lead:
    """How early a rule warned of recorded incidents of its matter and place."""
    able, early = 0, []
    n_warned = 0
    for incident in incidents:
        if not found.begin < incident.started_at <= found.end or not concerns(found.rule, incident):
            continue
        able += 1
        last = (incident.ended_at or found.end) + LATE
        near = [
            e
            for e in found.episodes
            if incident.started_at - EARLY <= e.fired_at <= last
            and matter(found.rule, e.scope) == incident.matter
            and incident.region in (None, known.region(found.rule, e.scope))
        ]
        if near:
            n_warned += 1
            if incident.told_at is not None:
                early.append((incident.told_at - min(e.fired_at for e in near)) / timedelta(hours=1))
    return Lead(able, n_warned, median(early) if early else None)


def incidents(rows: Iterable[dict[str, Any]]) -> list[Incident]:
    """Of rows of fact_incident; the newest report of each, the first time anybody was told."""
    return [
        Incident(
            str(r["incident_id"]),
            str(r["title"] or ""),
            MATTERS.get(str(r["kind"]), ""),
            None if str(r["region_code"]) in CITY else str(r["region_code"]),
            r["started_at"],
            _time(r["ended_at"]),
            min((at for c in TOLD if (at := _time(r[c])) is not None), default=None),
        )
        for r in rows
    ]


def gone(before: Backtest, after: Backtest) -> list[bool]:
    """Per episode of `before`: whether `after` says nothing of that scope while it lasts."""
    by_scope = _by_scope(after.episodes)
    return [not any(_meets(o, e.fired_at, e.ended_at) for o in by_scope.get(e.scope, ())) for e in before.episodes]


def missed(before: Backtest, after: Backtest, judged: Sequence[Decided]) -> list[Decided]:
    """What people found right, `before` raised and `after` would not."""
    old, new = _by_scope(before.episodes), _by_scope(after.episodes)
    return [
        d
        for d in judged
        if d.is_real
        and any(_meets(e, d.fired_at, d.ended_at) for e in old.get(d.scope, ()))
        and not any(_meets(e, d.fired_at, d.ended_at) for e in new.get(d.scope, ()))
    ]


def concerns(rule: Rule, incident: Incident) -> bool:
    """Whether a rule is about the matter of an incident at all."""
    if rule.is_list or not incident.matter:
        return False
    if rule.id.startswith("RN"):
        return incident.matter == "NET"
    if rule.scope == "subtype":
        return incident.matter == BILLING
    return rule.scope in ("type_district", "type_area")


def _time(at: Any) -> datetime | None:
    return None if at is None or at != at else at  # NaT is not itself


def _by_scope(episodes: Iterable[Episode]) -> dict[str, list[Episode]]:
    found: dict[str, list[Episode]] = {}
    for episode in episodes:
        found.setdefault(episode.scope, []).append(episode)
    return found


def _meets(episode: Episode, first: datetime, last: datetime | None) -> bool:
    """Whether an episode and a stretch of time have an instant in common."""
    begins_in_time = last is None or episode.fired_at <= last
    return begins_in_time and (episode.ended_at is None or episode.ended_at >= first)
