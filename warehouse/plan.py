"""What a build must make anew, by comparing what a release was built from with what is there now. Pure: no files.

A step is a set of parts: the empty set keeps a table, a set of partitions replaces those, None makes it whole.
A model may be sliced ("-- Slice: part") when each of its rows depends only on rows of the same part of its sliced
inputs; then changed parts of those inputs are all that is replaced. A model "by month" may read inputs kept by day:
a changed day then replaces its month, and the days of the month are what is read for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.canonical import tables
from warehouse.catalog import Model

Parts = frozenset[str] | None
KEEP: frozenset[str] = frozenset()
MONTH = len("2025-03")


@dataclass(frozen=True)
class Plan:
    """A step for every model, in build order, and what of the lake is read for it (tables not named: nothing)."""

    models: dict[str, Parts]
    lake: dict[str, Parts]

    def __str__(self) -> str:
        steps = list(self.models.values())
        whole, kept = steps.count(None), steps.count(KEEP)
        return f"{whole} tables whole, {len(steps) - whole - kept} by part, {kept} kept"


def full_plan(models: Mapping[str, Model]) -> Plan:
    """Everything from nothing."""
    return _with_inputs(models, dict.fromkeys(models))


def incremental_plan(models: Mapping[str, Model], before: Mapping[str, Any], now: Mapping[str, Any]) -> Plan | None:
    """The least that leads from one state (`build.state_of`) to another; None when only a full build is right."""
    if before.get("format") != now["format"] or before["models"].keys() != now["models"].keys():
        return None
    changed: dict[str, Parts] = {f"lake_{name}": _lake_step(name, before, now) for name in now["files"]}
    given = before["given"].keys() | now["given"].keys()
    changed |= {n: KEEP if before["given"].get(n) == now["given"].get(n) else None for n in given}
    for model in models.values():
        came = [changed[name] for name in model.inputs]
        if before["models"][model.name] != now["models"][model.name]:
            changed[model.name] = None
        else:
            changed[model.name] = _step(model, came)
    return _with_inputs(models, {name: changed[name] for name in models})


def _step(model: Model, came: Iterable[Parts]) -> Parts:
    total = _sliced(model, _union(came))
    return total if total == KEEP or model.slice_column else None


def _sliced(model: Model, parts: Parts) -> Parts:
    return parts if parts is None or not model.is_by_month else frozenset(p[:MONTH] for p in parts)


def _union(steps: Iterable[Parts]) -> Parts:
    total = KEEP
    for step in steps:
        if step is None:
            return None
        total |= step
    return total


def _lake_step(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Parts:
    """Parts of a lake table whose counted rows may differ."""
    old, new = before["files"].get(name, {}), now["files"][name]
    touched = set(old.items()) ^ set(new.items())
    if tables()[name].internal:
        is_same = not touched and (name == "etl_file" or before["live"] == now["live"])
        return KEEP if is_same else None
    gone = [t for entry, t in before["live"].items() if entry not in now["live"]]
    come = [t for entry, t in now["live"].items() if entry not in before["live"]]
    # Rows that stopped counting, or that lay there uncounted, may be in any part.
    if name in gone or (name in come and not touched):
        return None
    parts = {part for _, part in touched}
    return None if "" in parts else frozenset(parts)


def _with_inputs(models: Mapping[str, Model], steps: dict[str, Parts]) -> Plan:
    """Staging exists only during a build, so it is made as far as something reads it; the lake likewise."""
    needed: dict[str, list[Parts]] = {}
    for model in reversed(list(models.values())):
        if not model.is_published:
            step = _union(needed.get(model.name, []))
            steps[model.name] = step if step == KEEP or model.slice_column else None
        step = steps[model.name]
        if step != KEEP:
            for name in model.inputs:
                needed.setdefault(name, []).append(step)
    lake = {name.removeprefix("lake_"): _union(n) for name, n in needed.items() if name.startswith("lake_")}
    return Plan(steps, lake)
