"""The door to warnings: the store of what the engine found and people did, read anew at every run, and the rules.

Without a store there is nothing, and no page makes one: `python -m alerts run` does.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
import streamlit as st

from alerts import board, deeds, listing, store, versions
from alerts.acted import knowing
from alerts.actions.item import Draft
from alerts.actions.of_warning import becomes, draft_of
from alerts.aftermath import FIRED, looking_at
from alerts.board import Matter, Row
from alerts.burden import WEEK, Load, Precision, load, on_time, precision
from alerts.course import Course, course
from alerts.deeds import act_together
from alerts.handling import Deed
from alerts.listing import Wanted
from alerts.rights import NotYours, may
from alerts.rules import SHIPPED, Rule
from alerts.sentence import Names
from alerts.sources import Release, names, rules_of
from alerts.state import Severity
from pages._shared import clock, data, rests, typed
from pages._shared.access import trail
from pages._shared.text import Lang, t
from pages._shared.warning_tickets import HIDDEN, kept_back, told_back
from warehouse import ops
from warehouse.home import Home
from warehouse.sealed import TimedOut
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace

# What is open for the hours of cells is one thing for all.
_ONE_AT_A_TIME = threading.Lock()


class NoStore(Exception):
    """The rules were never evaluated here."""


def rules() -> dict[str, Rule]:
    """The rules in force: as the files have them, read again when one changes, and as people saved them since."""
    home = data.home()
    files = [p for folder in (SHIPPED, home.root / "rules") for p in folder.glob("*.toml")]
    found = _rules(str(home.root), max((p.stat().st_mtime_ns for p in files), default=0), len(files))
    try:
        return versions.in_force(found, versions.newest(kept()))
    except NoStore:
        return found


@st.cache_resource(show_spinner=False, max_entries=8)
def _rules(root: str, changed_ns: int, n_files: int) -> dict[str, Rule]:
    return rules_of(Home(Path(root)))


def kept() -> sa.Engine:
    """The store. Raises `NoStore` where there is none yet."""
    url = sa.engine.make_url(ops.ops_url(data.home()))
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise NoStore
    return _kept(str(url.render_as_string(hide_password=False)))


@st.cache_resource(show_spinner=False, max_entries=4)
def _kept(url: str) -> sa.Engine:
    return ops.open_ops(url)


def release() -> Release:
    """The release in use, as the rules read it."""
    home, source = data.home(), data.reader()
    return _release(str(home.root), source.id)


@st.cache_resource(show_spinner=False, max_entries=1, on_release=rests.retire)
def _release(root: str, number: str) -> Release:
    return Release.current(Home(Path(root)))


def called(viewer: Viewer) -> Names:
    """Codes in words, for the sentences of warnings. Who sees no rows reads no number of a ticket."""
    source = release()
    known = _called(source, source.id)
    if viewer.sees_rows:
        return known

    def name(kind: str, code: str, lang: str) -> str:
        return t("warning.a_ticket", cast(Lang, lang)) if kind == "ticket" else known(kind, code, lang)

    return name


@st.cache_resource(show_spinner=False, max_entries=4)
def _called(_source: Release, number: str) -> Names:
    return names(_source)


def last_run() -> datetime | None:
    """The instant up to which rules were evaluated; None: never."""
    try:
        return listing.last_run(kept())
    except NoStore:
        return None


def waiting(viewer: Viewer) -> list[Matter]:
    """What people still have to look at, the most urgent first, trial rules included."""
    lists = frozenset(r.id for r in rules().values() if r.is_list)
    try:
        source = kept()
    except NoStore:
        return []
    rows = [r for r in listing.open_ones(source, viewer, lists) if board.waits(r, lists)]
    together = _for(viewer, listing.with_their_incidents(source, rows, viewer))
    return board.matters(together, workdays(), listing.raised(source, together))


def matter_of(viewer: Viewer, number: str) -> Matter | None:
    """The matter a warning belongs to, as far as the viewer may see it; None for one that is not there or elsewhere."""
    try:
        source = kept()
    except NoStore:
        return None
    rows = store.warnings(source, ops.warning.c.warning_id == number, *listing.within(viewer))
    if not rows:
        return None
    together = _for(viewer, listing.with_their_incidents(source, rows, viewer))
    (found,) = board.matters(together, workdays(), listing.raised(source, together))
    return found


def workdays() -> Callable[[date], bool]:
    """Whether a day is worked, by the calendar of the release."""
    source = data.reader()
    days = _days(source, source.id)
    return lambda day: days.get(day, day.isoweekday() < 6)


@st.cache_resource(show_spinner=False, max_entries=4)
def _days(_source: Any, number: str) -> dict[date, bool]:
    frame = data.table("dim_date", Viewer.of("analyst"))
    return dict(zip(frame["date_on"].dt.date, frame["is_workday"].astype(bool), strict=True))


def page(viewer: Viewer, wanted: Wanted, number: int, size: int) -> tuple[list[dict[str, Any]], int]:
    """One page of all warnings, newest first, and how many there are."""
    rows, total = listing.page(kept(), wanted, number, size, viewer)
    return _for(viewer, rows), total


@dataclass(frozen=True)
class Burden:
    """What warnings cost people over some weeks, how often they were right, how many were acknowledged in time (of)."""

    load: Load
    precision: list[Precision]
    on_time: tuple[int, int]


def burden(viewer: Viewer, as_of: datetime, weeks: int) -> Burden:
    """The load of the rules that send, whole weeks back from the Monday on or before `as_of`."""
    rows = listing.since(kept(), as_of - (weeks + 1) * WEEK, viewer=viewer)
    until = datetime.combine(as_of.date() - timedelta(days=as_of.weekday()), time())
    return Burden(load(rows, rules(), until, weeks), precision(rows), on_time(rows, board.SOON))


def choices(viewer: Viewer) -> dict[str, Collection[str]]:
    """What there is to filter by: rule_id, owner_dept, region_code."""
    return listing.choices(kept(), viewer)


def history(viewer: Viewer, matter: Matter) -> list[dict[str, Any]]:
    """Everything that happened to the warnings of a matter, in order; what people wrote names no ticket that the
    viewer may not read."""
    found = [event for row in matter.rows for event in store.history(kept(), str(row["warning_id"]))]
    found = told_back(viewer, found, data.reader())
    return sorted(found, key=lambda e: (e["happened_at"], e["event_no"]))


def act(
    viewer: Viewer, space: Workspace, seen: Mapping[str, int], deed: Deed, note: str = "", **detail: Any
) -> list[str]:
    """A deed of the viewer, by the name of the role where nobody signs in.

    Raises `NotYours`, also for a warning of elsewhere, and what `act_together` raises.
    """
    if not may(viewer.role, deed) or _elsewhere(viewer, seen):
        raise NotYours(deed)
    said, at = typed.harmless(note), clock.now(space)
    promised = (
        _promised(viewer, next(iter(seen), ""), deed, typed.public(said), detail, at.date())
        if becomes(deed, detail)
        else None
    )
    by = trail.signed(viewer, "deed", f"warning: {deed}", ids=sorted(seen))
    return act_together(kept(), seen, deed, by, at, said, promised, **detail)


def _promised(
    viewer: Viewer, number: str, deed: Deed, note: str, detail: Mapping[str, Any], today: date
) -> Draft | None:
    """What comes of a deed for the register, which everybody reads: without the numbers of tickets."""
    anybody = Viewer.of("manager", viewer.regions, viewer.departments)
    found = matter_of(anybody, number)
    if found is None:
        return None
    types = data.table("dim_type", Viewer.of("analyst"))
    codes = {*types["type_l1"], *types["type_code"]}
    rule = rules().get(found.lead["rule_id"])
    return draft_of(found.lead, rule, called(anybody), codes, deed, note, detail, today)


def silence(viewer: Viewer, space: Workspace, seen: Mapping[str, int], reason: str, until: date) -> list[str]:
    """Nobody is told of a matter until the end of a day. Raises `NotYours`, and what `deeds.silence` raises."""
    if not may(viewer.role, "assign") or _elsewhere(viewer, seen):
        raise NotYours("silence")
    end = datetime.combine(until, time()) + timedelta(days=1)
    by = trail.signed(viewer, "deed", "warning: silence", ids=sorted(seen))
    return deeds.silence(kept(), seen, by, clock.now(space), end, typed.harmless(reason))


def _elsewhere(viewer: Viewer, seen: Mapping[str, int]) -> bool:
    """Whether any of these warnings is outside the limits of the viewer."""
    if not viewer.is_limited:
        return False
    asked = ops.warning.c.warning_id.in_(list(seen))
    return len(store.warnings(kept(), asked, *listing.within(viewer))) < len(store.warnings(kept(), asked))


def aware(rule: Rule) -> Rule:
    """The rule with the measures that are under way, if it asks for them and there is a store."""
    try:
        return knowing(rule, kept())
    except NoStore:
        return rule


def course_of(lead: Row, as_of: datetime) -> Course | None:
    """How the signal of a warning went; None where its rule or its signal is gone or hidden, or it takes too long."""
    rule = rules().get(lead["rule_id"])
    if rule is None or lead["scope_id"] == HIDDEN or "value" not in json.loads(lead["evidence_json"] or "{}"):
        return None
    rule, source = aware(rule), release()
    fired = json.dumps(store.after_changes(kept()), default=str) if FIRED in rule.parameters else ""
    ended = None if lead["condition"] != "cleared" else lead["cleared_at"]
    return _course(
        source, source.id, rule, rule.model_dump_json(), lead["scope_id"], lead["first_breach_at"], ended, as_of,
        lead["severity"], fired,
    )  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=500)
def _course(
    _source: Release, number: str, _rule: Rule, rule: str, scope: str, began: datetime, ended: datetime | None,
    as_of: datetime, severity: Severity, fired: str,
) -> Course | None:  # fmt: skip
    seen = looking_at(_rule, json.loads(fired)) if fired else _rule
    with _ONE_AT_A_TIME:
        try:
            return course(seen, _source, scope, began, ended, as_of, severity)
        except TimedOut:
            return None


def _for(viewer: Viewer, rows: Sequence[Row]) -> list[dict[str, Any]]:
    return kept_back(viewer, rows, data.reader())
