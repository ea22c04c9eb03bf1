"""Versions of a rule that people saved. The newest version is the one in force, whoever wrote it: a file or a person.

A version holds thresholds and times, never what a rule looks at or says: that stays in its file. Nothing is saved
without a reason, and without a backtest of exactly what is saved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from alerts.backtest import Backtest
from alerts.durations import written
from alerts.rules import Rule, Standing
from alerts.workbench import Figures
from warehouse import ops
from warehouse.problems import Problem, Problems, from_validation

V = ops.rule_version.c
TRIED = ("steps", "recovery", "for", "keep_firing_for", "min_n", "parameters")
LONGEST_REASON = 500


class NotSaved(ValueError):
    """Something that has to be there before a version is kept is missing: `reason` or `backtest`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Overtaken(RuntimeError):
    """Somebody else saved a version meanwhile."""

    def __init__(self, version: int, by: str) -> None:
        super().__init__(f"version {version} was saved by {by} meanwhile")
        self.version, self.by = version, by


@dataclass(frozen=True)
class Version:
    """One saved version: what it sets, why, by whom, when (local time), and what its backtest said."""

    rule_id: str
    version: int
    settings: Mapping[str, Any]
    reason: str
    changed_by: str
    changed_at: datetime
    backtest: Mapping[str, Any]


def settings_of(rule: Rule) -> dict[str, Any]:
    """What of a rule can be tried and saved, as it stands in a file."""
    whole = rule.model_dump(mode="json", by_alias=True)
    # pydantic writes a duration as ISO 8601; rules are written "4h".
    whole |= {"for": written(rule.hold), "keep_firing_for": written(rule.keep)}
    return {name: whole[name] for name in TRIED} | {"standing": rule.standing}


def history(store: sa.Engine, rule_id: str) -> list[Version]:
    """All saved versions of a rule, newest first."""
    query = sa.select(ops.rule_version).where(V.rule_id == rule_id).order_by(V.version.desc())
    with store.connect() as con:
        return [_version(row) for row in con.execute(query).mappings()]


def newest(store: sa.Engine) -> dict[str, Version]:
    """The newest saved version of each rule that has any."""
    with store.connect() as con:
        rows = con.execute(sa.select(ops.rule_version).order_by(V.rule_id, V.version)).mappings()
        return {row["rule_id"]: _version(row) for row in rows}


def in_force(rules: Mapping[str, Rule], saved: Mapping[str, Version]) -> dict[str, Rule]:
    """The rules with their newest versions. Raises `Problems` with every saved version that no longer fits its rule."""
    faults: list[Problem] = []
    found = dict(rules)
    for name, version in saved.items():
        rule = rules.get(name)
        if rule is None or version.version <= rule.version:
            continue  # the file is newer, or the rule is gone
        try:
            found[name] = applied(rule, version)
        except ValidationError as error:
            faults.extend(from_validation(error, f"rule {name}, saved version {version.version}").problems)
    if faults:
        raise Problems(faults)
    return found


def applied(rule: Rule, version: Version) -> Rule:
    """A rule as a saved version has it."""
    whole = {f: getattr(rule, f) for f in Rule.model_fields}
    settings = dict(version.settings)
    # A parameter that a later file added keeps its value; one that is gone stays gone.
    kept = {k: v for k, v in settings.pop("parameters", {}).items() if k in rule.parameters}
    names = {"for": "hold", "keep_firing_for": "keep"}
    whole |= {names.get(k, k): v for k, v in settings.items()}
    whole |= {"parameters": {**rule.parameters, **kept}, "version": version.version}
    whole |= {"changed_by": version.changed_by, "reason": version.reason}
    return Rule(**whole)


def save(
    store: sa.Engine,
    rule: Rule,
    seen: Rule,
    tested: Backtest | None,
    told: Figures | None,
    author: str,
    reason: str,
    at: datetime,
) -> int:
    """Keep `rule` as the next version; gives its number. `seen` is the version in force that the author looked at.

    Raises `NotSaved` without a reason or without a backtest of exactly these settings, and `Overtaken` when a newer
    version was saved meanwhile.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise NotSaved("reason")
    if tested is None or told is None or not _is_same(tested.rule, rule):
        raise NotSaved("backtest")
    settings = settings_of(rule)
    kept = {"from": tested.begin.isoformat(), "to": tested.end.isoformat(), **told.as_dict()}
    number = seen.version + 1
    with ops.writing(store) as con:
        last = con.execute(
            sa.select(V.version, V.changed_by).where(V.rule_id == rule.id).order_by(V.version.desc())
        ).first()
        if last is not None and last.version > seen.version:
            raise Overtaken(last.version, last.changed_by)
        con.execute(
            ops.rule_version.insert().values(
                rule_id=rule.id,
                version=number,
                settings_json=json.dumps(settings, ensure_ascii=False, sort_keys=True),
                reason=reason,
                changed_by=author,
                changed_at=at,
                backtest_json=json.dumps(kept, ensure_ascii=False, sort_keys=True),
            )
        )
    return number


def with_standing(rule: Rule, standing: Standing) -> Rule:
    """The rule evaluated and told (sending), evaluated only (trial), or not evaluated (off)."""
    return rule.model_copy(update={"standing": standing})


def _is_same(one: Rule, other: Rule) -> bool:
    """Whether two rules would raise the same warnings."""
    a, b = settings_of(one), settings_of(other)
    return one.id == other.id and all(a[name] == b[name] for name in TRIED)


def _version(row: sa.RowMapping) -> Version:
    return Version(
        row["rule_id"],
        row["version"],
        json.loads(row["settings_json"]),
        row["reason"],
        row["changed_by"],
        row["changed_at"],
        json.loads(row["backtest_json"]),
    )
