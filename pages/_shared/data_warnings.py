"""The door to warnings: the store of what the engine found and people did, read anew at every run, and the rules.

Without a store there is nothing, and no page makes one: `python -m alerts run` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st

from alerts import board, listing, store, versions
from alerts.board import Matter
from alerts.listing import Wanted
from alerts.rules import SHIPPED, Rule
from alerts.sentence import Names
from alerts.sources import Release, names, rules_of
from pages._shared import data
from warehouse import ops
from warehouse.home import Home


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


@st.cache_resource(show_spinner=False, max_entries=2)
def _release(root: str, number: str) -> Release:
    return Release.current(Home(Path(root)))


def called() -> Names:
    """Codes in words, for the sentences of warnings."""
    source = release()
    return _called(source, source.id)


@st.cache_resource(show_spinner=False, max_entries=4)
def _called(_source: Release, number: str) -> Names:
    return names(_source)


def last_run() -> datetime | None:
    """The instant up to which rules were evaluated; None: never."""
    try:
        return listing.last_run(kept())
    except NoStore:
        return None


def waiting() -> list[Matter]:
    """What people still have to look at, the most urgent first, trial rules included."""
    lists = frozenset(r.id for r in rules().values() if r.is_list)
    try:
        source = kept()
    except NoStore:
        return []
    rows = [r for r in listing.open_ones(source) if board.waits(r, lists)]
    together = listing.with_their_incidents(source, rows)
    return board.matters(together, workdays(), listing.raised(source, together))


def matter_of(number: str) -> Matter | None:
    """The matter a warning belongs to."""
    try:
        source = kept()
    except NoStore:
        return None
    rows = store.warnings(source, ops.warning.c.warning_id == number)
    if not rows:
        return None
    together = listing.with_their_incidents(source, rows)
    (found,) = board.matters(together, workdays(), listing.raised(source, together))
    return found


def raised_by_rule(since: datetime) -> dict[str, int]:
    """How many warnings each rule began since an instant."""
    try:
        return listing.raised_by_rule(kept(), since)
    except NoStore:
        return {}


def workdays() -> Callable[[date], bool]:
    """Whether a day is worked, by the calendar of the release."""
    source = data.reader()
    days = _days(source, source.id)
    return lambda day: days.get(day, day.isoweekday() < 6)


@st.cache_resource(show_spinner=False, max_entries=4)
def _days(_source: Any, number: str) -> dict[date, bool]:
    from warehouse.viewer import Viewer

    frame = data.table("dim_date", Viewer.of("analyst"))
    return dict(zip(frame["date_on"].dt.date, frame["is_workday"].astype(bool), strict=True))


def page(wanted: Wanted, number: int, size: int) -> tuple[list[dict[str, Any]], int]:
    """One page of all warnings, newest first, and how many there are."""
    return listing.page(kept(), wanted, number, size)


def choices() -> dict[str, Collection[str]]:
    """What there is to filter by: rule_id, owner_dept, region_code."""
    return listing.choices(kept())
