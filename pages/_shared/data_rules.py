"""The door to the workbench of rules: what a rule looked at, read once per release, and the versions people saved.

A history is read for what its select needs; thresholds and times are then tried on it at every run, uncached.
"""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from alerts import backtest, listing, store, versions, workbench
from alerts.backtest import Backtest, History
from alerts.engine import ready
from alerts.rules import Rule
from alerts.signals import signals
from alerts.sources import Release
from alerts.versions import Version
from alerts.workbench import Decided, Figures, Incident
from pages._shared import data, data_warnings
from warehouse import ops
from warehouse.home import Home
from warehouse.viewer import Viewer

# One reader at a time: a release keeps open the hours it read last.
_READING = threading.Lock()
SAMPLE = 5000  # values, to know how far they reach
_INCIDENTS = """select incident_id, kind, title, region_code, started_at, ended_at, agents_briefed_at, mass_notice_at,
    reported_at from fact_incident order by started_at, incident_id"""


def history(rule: Rule) -> History:
    """What a rule looked at in the last 26 weeks of the release in use. Seconds at first, then nothing."""
    rule = data_warnings.aware(rule)
    needed = {name: rule.parameters[name] for name in sorted(signals()[rule.signal].parameters)}
    about = json.dumps([rule.signal, needed, str(rule.every), rule.scope, rule.is_list], sort_keys=True)
    return _history(str(data.home().root), data.reader().id, rule.id, about, rule)


@st.cache_resource(show_spinner=False, max_entries=16)
def _history(root: str, release: str, rule_id: str, about: str, _rule: Rule) -> History:
    with _READING:
        source = Release.current(Home(Path(root)))
        until = source.as_of
        return backtest.read(_rule, source, backtest.default_start(until), until, data_warnings.rules())


def in_force(rule: Rule) -> Backtest:
    """What the version in force says of its history."""
    rule = data_warnings.aware(rule)
    return _in_force(str(data.home().root), data.reader().id, rule.model_dump_json(), rule)


@st.cache_resource(show_spinner=False, max_entries=64)
def _in_force(root: str, release: str, text: str, _rule: Rule) -> Backtest:
    return backtest.over(_rule, history(_rule))


def values(rule: Rule) -> list[float]:
    """What its signal gave, finite values only, at most some thousands of them."""
    return _values(str(data.home().root), data.reader().id, rule.model_dump_json(), rule)


@st.cache_resource(show_spinner=False, max_entries=64)
def _values(root: str, release: str, text: str, _rule: Rule) -> list[float]:
    read = history(_rule)
    seen = ready(_rule, read.found, read.times).frame["value"].astype(float)
    seen = seen[np.isfinite(seen)]
    return [float(v) for v in seen.iloc[:: max(1, len(seen) // SAMPLE)]]


def figures(found: Backtest, rule: Rule) -> Figures:
    """The figures of a version, against what people decided and the incidents on record."""
    return workbench.figures(found, judged(rule), incidents(), history(rule).known)


def judged(rule: Rule) -> list[Decided]:
    """The warnings of a rule that people have judged."""
    try:
        kept = data_warnings.kept()
    except data_warnings.NoStore:
        return []
    w = ops.warning.c
    return workbench.decided(store.warnings(kept, w.rule_id == rule.id, w.decision.is_not(None)))


def incidents() -> list[Incident]:
    """The incidents on record."""
    source = data_warnings.release()
    return _incidents(source, str(data.home().root), source.id)


@st.cache_resource(show_spinner=False, max_entries=4)
def _incidents(_source: Release, root: str, release: str) -> list[Incident]:
    rows = _source.select(_INCIDENTS, {}).to_dict("records")
    return workbench.incidents([{str(k): _plain(v) for k, v in row.items()} for row in rows])


def _plain(value: Any) -> Any:
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") and value == value else value


def saved(rule: Rule) -> list[Version]:
    """The versions of a rule that people saved, newest first."""
    try:
        return versions.history(data_warnings.kept(), rule.id)
    except data_warnings.NoStore:
        return []


def raised(viewer: Viewer, since: datetime) -> dict[str, int]:
    """How many warnings each rule began since an instant, within the viewer's limits."""
    try:
        return listing.raised_by_rule(data_warnings.kept(), since, viewer)
    except data_warnings.NoStore:
        return {}


def save(rule: Rule, seen: Rule, tested: Backtest, told: Figures, author: str, reason: str, at: datetime) -> int:
    """Keep a version; as `versions.save`. The store is made where there was none."""
    try:
        kept = data_warnings.kept()
    except data_warnings.NoStore:
        kept = ops.open_ops(ops.ops_url(data.home()))
    return versions.save(kept, rule, seen, tested, told, author, reason, at)
