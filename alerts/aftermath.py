"""What follows a change: a warning within a week after one in the same place and matter is a step worse (RX01). Pure.

Does not belong here: signals, the store. Source: requirements 6.2, RX01.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from alerts.engine import Noted, Outcome, follow, instants
from alerts.rules import Rule
from alerts.signals import Source
from alerts.state import SEVERITIES, Severity

HERE = Path(__file__)
WITHIN = timedelta(days=7)
FAMILIES = ("RC", "RN", "RB")
CITY = ("全市", "CITY", "", "None", "nan")
FIRED = "fired"  # the parameter of a rule that looks at warnings of others


@dataclass(frozen=True)
class Change:
    """A change event: when, in which district (None: everywhere), and what it can touch (none: everything)."""

    id: str
    title: str
    started_at: datetime
    region: str | None
    subjects: frozenset[str]


@dataclass(frozen=True)
class Changes:
    """All changes of a release, and the district of every place, cell, town and hall a warning can be about."""

    all: tuple[Change, ...]
    regions: Mapping[tuple[str, str], str]

    def before(self, rule: Rule, scope: str, at: datetime) -> Change | None:
        """The newest change of the last week that a warning of this rule and scope may come from, or None."""
        if not rule.id.startswith(FAMILIES) or rule.is_list or rule.scope == "ticket":
            return None
        region, subject = self.region(rule, scope), matter(rule, scope)
        near = [
            c
            for c in self.all
            if c.started_at <= at < c.started_at + WITHIN
            and (c.region is None or c.region == region)
            and (not c.subjects or subject in c.subjects)
        ]
        return max(near, key=lambda c: c.started_at) if near else None

    def region(self, rule: Rule, scope: str) -> str | None:
        """The district a warning of this rule and scope is about, or None."""
        if rule.scope == "type_district":
            return scope.partition("/")[2]
        if rule.scope == "district":
            return scope
        if rule.scope == "type_area":
            scope = scope.partition("/")[2]
        if rule.scope == "town":
            return self.regions.get(("area", f"town:{scope}"))
        return self.regions.get((rule.scope, scope)) or self.regions.get(("area", scope))


def changes(source: Source) -> Changes:
    """What a release says of changes."""
    rows = source.select((HERE.with_suffix(".sql")).read_text(encoding="utf-8"), {})
    is_change = rows["what"] == "change"
    found = tuple(
        Change(
            str(r["code"]),
            str(r["title"]),
            r["started_at"].to_pydatetime(),
            None if str(r["region_code"]) in CITY else str(r["region_code"]),
            _touches(f"{r['kind']} {r['system']}"),
        )
        for r in rows[is_change].to_dict("records")
    )
    # Of a large network these are tens of thousands.
    kinds, codes, regions = (rows.loc[~is_change, name].tolist() for name in ("what", "code", "region_code"))
    return Changes(found, {(what, str(code)): str(at) for what, code, at in zip(kinds, codes, regions, strict=True)})


def raised(outcome: Outcome, known: Changes) -> Outcome:
    """The outcome with every warning that follows a change a step worse; it says which change."""
    return replace(outcome, noted=[_raised(outcome.rule, n, known) for n in outcome.noted])


def _raised(rule: Rule, noted: Noted, known: Changes) -> Noted:
    event = noted.event
    if event.action not in ("fire", "raise") or event.severity is None:
        return noted
    change = known.before(rule, event.scope, event.began_at or event.at)
    if change is None:
        return noted
    evidence = {
        **noted.evidence,
        "change_id": change.id,
        "change_title": change.title,
        "change_at": change.started_at.isoformat(timespec="seconds"),
        "raised_from": event.severity,
    }
    return Noted(replace(event, severity=one_worse(event.severity)), evidence)


def one_worse(severity: Severity) -> Severity:
    """The next severity; red stays red."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def looking_at(rule: Rule, fired: Iterable[Mapping[str, Any]]) -> Rule:
    """The rule with the warnings that follow changes: change_id, rule_id, scope_id, severity, at of each."""
    kept = sorted(fired, key=lambda f: (str(f["at"]), str(f["rule_id"]), str(f["scope_id"])))
    text = json.dumps(kept, ensure_ascii=False, default=lambda v: v.isoformat(sep=" "))
    return rule.model_copy(update={"parameters": {**rule.parameters, FIRED: text}})


def after_changes(outcome: Outcome) -> list[dict[str, Any]]:
    """Of an outcome that was raised: the warnings that began after a change."""
    return [
        {
            "change_id": n.evidence["change_id"],
            "rule_id": outcome.rule.id,
            "scope_id": n.event.scope,
            "severity": n.event.severity,
            "at": n.event.at,
        }
        for n in outcome.noted
        if n.event.action == "fire" and "change_id" in n.evidence
    ]


def in_history(
    rules: Mapping[str, Rule], source: Source, known: Changes, begin: datetime, end: datetime
) -> list[dict[str, Any]]:
    """The warnings of all rules that began after changes between two instants: only the weeks after changes are run."""
    found: list[dict[str, Any]] = []
    for rule in rules.values():
        if not rule.id.startswith(FAMILIES) or rule.is_list or rule.scope == "ticket":
            continue
        for first, last in _weeks(known.all, begin - WITHIN, end):
            if matter(rule, "") == "NET" and not any(
                first <= c.started_at <= last and (not c.subjects or "NET" in c.subjects) for c in known.all
            ):
                continue
            found += after_changes(raised(follow(rule, source, instants(rule, first, last)), known))
    return [f for f in found if begin - WITHIN < f["at"] <= end]


def _weeks(all_: Sequence[Change], begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Stretches of time in which a change is at most a week old, not overlapping, a day before each as a start."""
    spans: list[tuple[datetime, datetime]] = []
    for start in sorted(c.started_at for c in all_):
        first, last = max(start - timedelta(days=1), begin), min(start + WITHIN, end)
        if first >= last:
            continue
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def matter(rule: Rule, scope: str) -> str:
    """What a warning is about: a level-1 type, or handling."""
    if rule.id.startswith("RN"):
        return "NET"
    if rule.id.startswith("RB"):
        return "HANDLING"
    return scope.partition("/")[0][:3]


@cache
def _subjects() -> list[tuple[tuple[str, ...], frozenset[str]]]:
    table = tomllib.loads(HERE.with_suffix(".toml").read_text(encoding="utf-8"))
    return [(tuple(k["words"]), frozenset(k["subjects"])) for k in table["kind"]]


def _touches(text: str) -> frozenset[str]:
    """What a change can touch by the words of its kind and system; nothing known: everything."""
    found = [subjects for words, subjects in _subjects() if any(w in text for w in words)]
    return frozenset().union(*found)
