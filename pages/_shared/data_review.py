"""The door to the weekly review: sealed issues from their own folder, drafts from the release and the store.

What hangs on the release alone takes seconds and is kept with it; what people did is read anew at every run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
import streamlit as st

from alerts.review import book as meeting
from alerts.review import late, scoped, seal
from alerts.review.asked import Asked, Sources
from alerts.review.book import Book, Decided, Decision, NotYours
from alerts.review.bundle import Change, Issue, Item, fingerprint
from alerts.review.content import Figured, composed, figured
from pages._shared import clock, data, data_cases, data_warnings, typed
from pages._shared.access import trail
from pages._shared.frame import Frame
from warehouse.analysis.calendar_compare import iso_week
from warehouse.periods import compare
from warehouse.problems import Problems
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

MOST_WEEKS = 106


Part = Literal["", "draft", "sealed", "gone"]


@dataclass(frozen=True)
class Meeting:
    """The issue of a week, sealed or as a draft, and what the meeting wrote. `is_intact` is None for a draft.

    `part` is set where the viewer is confined to districts or departments, and says what the numbers of that part were
    read from: data of a week that is not sealed, those that the city's seal names, or newer ones since those are gone.
    """

    issue: Issue
    book: Book
    is_intact: bool | None
    part: Part = ""


def weeks(frame: Frame) -> list[str]:
    """Whole weeks that can be looked at, newest first: those of the data, and sealed ones whatever the data say now."""
    span = frame.reader.span()
    newest = compare("week", frame.as_of).now.first
    first = newest if span is None else span[0].date() - timedelta(span[0].date().weekday())
    found = {iso_week(newest - timedelta(7 * back)) for back in range(max((newest - first).days // 7, 0) + 1)}
    return sorted(found | set(seal.weeks(data.home().reviews)), reverse=True)[:MOST_WEEKS]


def kept() -> sa.Engine | None:
    """The store, or None where there is none yet."""
    try:
        return data_warnings.kept()
    except data_warnings.NoStore:
        return None


def meeting_of(frame: Frame, week: str) -> Meeting:
    """Raises `Problems` for a sealed issue that cannot be read."""
    folder, store = data.home().reviews, kept()
    written = meeting.book(store, folder, week)
    opened = seal.read(folder, week, written.issue_hash)
    if frame.viewer.is_limited:
        return _of_part(frame, week, written, opened)
    if opened is not None:
        whole = written.minutes_hash in (None, seal.minutes_hash(folder, week))
        return Meeting(opened.issue, written, opened.is_intact and whole)
    return Meeting(_draft(frame, week), written, None)


def _draft(frame: Frame, week: str) -> Issue:
    source = sources(frame, kept())
    asked = Asked.of(source, week, frame.as_of)
    release, workspace, settings = source.reader.id, frame.workspace.id, _settings(frame)
    changes = [
        change
        for issue in late.sealed_before(data.home().reviews, week)
        for change in _changes(source, issue, release, workspace, settings, fingerprint(issue))
    ]
    return composed(asked, _figured(asked, release, workspace, settings, week, asked.viewer.key), tuple(changes))


def _of_part(frame: Frame, week: str, written: Book, opened: seal.Opened | None) -> Meeting:
    """The week as the viewer's districts and departments had it. Seal, minutes and decisions are of the whole city: a
    person sees their own part, and of the decisions those about what stands in it."""
    sealed = opened.issue if opened is not None and opened.is_intact else None
    path = scoped.sealed_release(Releases(data.home().releases), sealed)
    source, at = replace(sources(frame, kept()), viewer=_figures_only(frame.viewer)), frame.as_of
    if sealed is not None and path is not None:
        source, at = replace(source, reader=_released(str(path))), sealed.as_of
    asked = Asked.of(source, week, at)
    told = _figured(asked, source.reader.id, frame.workspace.id, _settings(frame), week, asked.viewer.key)
    issue = composed(asked, told)
    about = {item.source for screen in issue.screens for item in screen.items if item.source}
    own = tuple(d for d in written.decisions if d.source in about)
    mine = replace(written, attendees="", minutes="", decisions=own)
    part: Part = "draft" if written.status in ("draft", "held") else "gone" if path is None else "sealed"
    return Meeting(issue, mine, None, part)


def _figures_only(viewer: Viewer) -> Viewer:
    """An issue is of large groups, whoever reads it."""
    return Viewer.of("manager", viewer.regions, viewer.departments)


@st.cache_resource(show_spinner=False, max_entries=2, on_release=Reader.rest)
def _released(path: str) -> Reader:
    return Reader(Path(path))


def sources(frame: Frame, store: sa.Engine | None) -> Sources:
    """What an issue is made of."""
    try:
        cases = data_cases.case_file()
    except Problems:
        cases = None
    everything = data_warnings.called(Viewer.of("analyst"))
    return Sources(frame.reader, frame.workspace, store, data_warnings.rules(), everything, cases)


def _settings(frame: Frame) -> str:
    """Targets are those of the file as it is now, not of the release."""
    return repr(sorted(frame.workspace.settings.targets.items()))


@st.cache_data(show_spinner=False, max_entries=60)
def _figured(_asked: Asked, release: str, workspace: str, settings: str, week: str, viewer: str) -> Figured:
    return figured(_asked)


@st.cache_data(show_spinner=False, max_entries=60)
def _changes(
    _sources: Sources, _issue: Issue, release: str, workspace: str, settings: str, sealed: str
) -> tuple[Change, ...]:
    return tuple(late.of(_sources, _issue))


# --- what the meeting writes ------------------------------------------------------------------------------


def may_write(frame: Frame) -> bool:
    """The meeting is the city's: who is confined to a part of it reads."""
    return not frame.viewer.is_limited


def _of_the_city(frame: Frame) -> None:
    if not may_write(frame):
        raise NotYours(f"{frame.viewer.role}, confined to a part of the city")


def store_for_writing() -> sa.Engine:
    """The store; raises `NoStore` where the rules were never evaluated."""
    return data_warnings.kept()


def decide(frame: Frame, week: str, item: Item, decision: Decision, text: str, **detail: Any) -> Decided:
    """As `book.decide`, by the viewer's role at the viewer's time."""
    _of_the_city(frame)
    role, at = frame.viewer.role, now(frame)
    folder = data.home().reviews
    by = trail.signed(frame.viewer, "deed", f"review: {decision}", week=week)
    return meeting.decide(store_for_writing(), folder, week, item, decision, typed.public(text), by, at, role, **detail)


def write_minutes(frame: Frame, week: str, attendees: str, minutes: str, revision: int) -> int:
    """As `book.write_minutes`."""
    _of_the_city(frame)
    folder = data.home().reviews
    who, said = typed.public(attendees), typed.public(minutes)
    trail.deed(frame.viewer, "deed", "review: write minutes", week=week)
    return meeting.write_minutes(store_for_writing(), folder, week, who, said, revision, frame.viewer.role)


def seal_numbers(frame: Frame, issue: Issue) -> None:
    """As `book.seal_numbers`."""
    _of_the_city(frame)
    role = frame.viewer.role
    by = trail.signed(frame.viewer, "deed", "review: seal numbers")
    meeting.seal_numbers(store_for_writing(), data.home().reviews, issue, by, now(frame), role)


def seal_minutes(frame: Frame, week: str) -> None:
    """As `book.seal_minutes`."""
    _of_the_city(frame)
    role = frame.viewer.role
    by = trail.signed(frame.viewer, "deed", "review: seal minutes", week=week)
    meeting.seal_minutes(store_for_writing(), data.home().reviews, week, by, now(frame), role)


def now(frame: Frame) -> datetime:
    return clock.now(frame.workspace)


def today(frame: Frame) -> date:
    return now(frame).date()
