"""What a build must make anew, by comparing what a release was built from with what is there now. Pure: no files.

A step is one of: the empty set keeps a table, a set of partitions replaces those, KEYS replaces the rows of the tickets
that something happened to, SUMS adds to its sums what those tickets changed, None makes the table whole.
A model may be sliced by "part" when each of its rows depends only on rows of the same part of its sliced inputs, and by
"ticket_id" when each depends only on rows of its ticket's family (`families/`). A model sliced by part "by month" may
read inputs kept by day: a changed day then replaces its month, and the days of the month are what is read for it. One
"by day" may read inputs kept by month: a changed month then replaces its days, a changed day itself alone.
"-- Reaches: N days" is said of one by day whose rows also depend on rows of the N days before, of published inputs: a
changed day then replaces the N days after it too, and the N days before those are read.
"-- Open: <condition>" names the rows that a later instant of the release alone can change.
"-- Slice: grows" is said of a small table that rows of the lake only ever add to, and seldom do. Files that came leave
it as it is; that they add nothing to it is found out before anything is made (`Plan.guards`).
"-- Sums: <columns>" is said of a table that only groups rows sliced by ticket: whole numbers added up, never null, the
first of them 0 only where a group has no rows; all other columns are what it groups by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from warehouse import made, parts
from warehouse.canonical import tables
from warehouse.catalog import Model

KEYS: Final = "keys"
SUMS: Final = "sums"
KEY: Final = "ticket_id"
Step = frozenset[str] | Literal["keys", "sums"] | None
KEEP: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Plan:
    """A step for every model, in build order, and what of the lake is read for it (tables not named: nothing)."""

    models: dict[str, Step]
    lake: dict[str, Step]
    # New files of the tables that KEYS comes from, and the published models whose open rows must be judged again.
    came: dict[str, frozenset[str]] = field(default_factory=dict)
    open_models: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()  # growing tables that must not grow by the files that came
    given: frozenset[str] = frozenset()  # settings that changed, the instant among them
    anew: frozenset[str] = frozenset()  # models whose own select changed

    @property
    def by_keys(self) -> bool:
        return KEYS in self.models.values()

    def __str__(self) -> str:
        steps = list(self.models.values())
        whole, kept, keys, sums = (steps.count(kind) for kind in (None, KEEP, KEYS, SUMS))
        n_parts = len(steps) - whole - kept - keys - sums
        return f"{whole} tables whole, {n_parts} by part, {keys} by ticket, {sums} added to, {kept} kept"


def full_plan(models: Mapping[str, Model]) -> Plan:
    """Everything from nothing."""
    return _with_inputs(models, dict.fromkeys(models))


def incremental_plan(
    models: Mapping[str, Model], before: Mapping[str, Any], now: Mapping[str, Any], may_use_keys: bool = True
) -> Plan | None:
    """The least that leads from one state (`build.state_of`) to another; None when only a full build is right."""
    if before.get("format") != now["format"] or before["models"].keys() != now["models"].keys():
        return None
    changed: dict[str, Step] = {f"lake_{name}": _lake_step(name, before, now) for name in now["files"]}
    given = before["given"].keys() | now["given"].keys()
    changed |= {n: KEEP if before["given"].get(n) == now["given"].get(n) else None for n in given}
    is_later = changed.get("run") == KEEP and before.get("as_of") != now.get("as_of")
    grown = {f"lake_{name}": come for name in now["files"] if (come := _grown(name, before, now)) and may_use_keys}
    open_models, guards, anew = [], set[str](), set[str]()
    for model in models.values():
        changed |= _made(model, changed, is_later)
        came = {name: changed[name] for name in model.inputs}
        if is_later and "run" in came:
            came["run"] = KEYS if model.open_when and may_use_keys else None
        if before["models"][model.name] != now["models"][model.name]:
            changed[model.name] = None
            anew.add(model.name)
            continue
        stale = {name for name, step in came.items() if step != KEEP} | (model.inputs & guards)
        if model.grows and stale and stale <= grown.keys() | guards:
            changed[model.name] = KEEP
            guards.add(model.name)
            continue
        if model.slice_column == KEY:
            came |= {name: KEYS for name in came if name in grown}
        changed[model.name] = _step(model, came.values())
        if came.get("run") == KEYS and changed[model.name] == KEYS:
            open_models.append(model.name)
    plan = _with_inputs(models, {name: changed[name] for name in models})
    by_keys = {name for name, step in plan.models.items() if step == KEYS}
    read = {i for name in by_keys | guards for i in models[name].inputs}
    settings = {n for n in given if changed[n] != KEEP} | ({"run"} if is_later else set())
    return replace(
        plan,
        came={name.removeprefix("lake_"): files for name, files in grown.items() if name in read},
        open_models=tuple(open_models),
        guards=tuple(sorted(name for name in guards if models[name].is_published)),
        given=frozenset(settings),
        anew=frozenset(anew),
    )


def _made(model: Model, changed: Mapping[str, Step], is_later: bool) -> dict[str, Step]:
    """Steps of the made tables a model reads. Whether what came really changes them is asked when they are made."""
    known = {name: changed.get(name, KEEP) for name in made.behind(model.inputs)}
    stays = all(step == KEEP for step in known.values()) and not ("run" in known and is_later)
    return {name: KEEP if stays else None for name in model.inputs & made.BY_TABLE.keys()}


def _step(model: Model, came: Iterable[Step]) -> Step:
    total = _union(came)
    if total == KEYS and model.sums:
        return SUMS
    if total is None or total == KEEP or model.slice_column is None or (total == KEYS) != (model.slice_column == KEY):
        return KEEP if total == KEEP else None
    if model.reach_days:
        return parts.around(total, 0, model.reach_days)
    if model.is_by_month:
        return parts.months(total)
    return parts.days(total) if model.is_by_day else total


def _union(steps: Iterable[Step]) -> Step:
    found = {step for step in steps if step != KEEP}
    # What changed in a table of sums is no ticket's row: whatever reads one is made whole.
    if None in found or SUMS in found or (KEYS in found and len(found) > 1):
        return None
    if KEYS in found:
        return KEYS
    return frozenset(part for step in found if isinstance(step, frozenset) for part in step)


def _lake_step(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Step:
    """Parts of a lake table whose counted rows may differ."""
    touched = _touched(name, before, now)
    if tables()[name].internal:
        is_same = not touched and (name == "etl_file" or before["live"] == now["live"])
        return KEEP if is_same else None
    gone, come = _register(name, before, now)
    # Rows that stopped counting, or that lay there uncounted, may be in any part.
    if gone or (come and not touched):
        return None
    found = {part for _, part in touched}
    return None if "" in found else frozenset(found)


def _grown(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """Names of the files that came, where nothing went and every row that came to count lies in them; else none."""
    if tables()[name].internal or KEY not in tables()[name].columns:
        return frozenset()
    old, new = before["files"].get(name, {}), now["files"][name]
    gone, _ = _register(name, before, now)
    # A load's rows lie in files of its own, so files that came while nothing of it stopped counting hold them all.
    if gone or old.keys() - new.keys():
        return frozenset()
    return frozenset(new.keys() - old.keys())


def _touched(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> set[tuple[str, str]]:
    return set(before["files"].get(name, {}).items()) ^ set(now["files"][name].items())


def _register(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether loads of a table stopped counting, and whether some began to."""
    gone = name in (t for entry, t in before["live"].items() if entry not in now["live"])
    come = name in (t for entry, t in now["live"].items() if entry not in before["live"])
    return gone, come


def _with_inputs(models: Mapping[str, Model], steps: dict[str, Step]) -> Plan:
    """Staging exists only during a build, so it is made as far as something reads it; the lake likewise."""
    needed: dict[str, list[Step]] = {}
    for model in reversed(list(models.values())):
        if not model.is_published:
            steps[model.name] = _step(model, needed.get(model.name, []))
        step = steps[model.name]
        if step != KEEP:
            for name in model.inputs:
                needed.setdefault(name, []).append(step)
    lake = {name.removeprefix("lake_"): _union(n) for name, n in needed.items() if name.startswith("lake_")}
    return Plan(steps, lake)
