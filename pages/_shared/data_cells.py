"""Cached questions about cells: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from pages._shared import data, data_map
from warehouse import cells
from warehouse.analysis.cell_excess import with_excess, with_kind
from warehouse.cells import JUDGED
from warehouse.hotspots import radio
from warehouse.hotspots.settings import Settings
from warehouse.query import Filters, Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer


def end_of_weeks(as_of: datetime) -> date:
    """The Monday after the newest whole week."""
    return as_of.date() - timedelta(as_of.weekday())


def judged(viewer: Viewer, end: date, where: Filters) -> pd.DataFrame:
    """Cells of the 13 weeks before `end`: `cells.network` with figures, badness, worst, state, excess and kind.

    The cache gives each who asks a frame of their own.
    """
    source, rules = data.reader(), data_map.limits()
    return _judged(source, source.id, viewer, end, where, rules, rules.model_dump_json())


@st.cache_data(show_spinner=False, max_entries=20)
def _judged(
    _source: Reader, release: str, viewer: Viewer, end: date, where: Filters, _rules: Settings, rules: str
) -> pd.DataFrame:
    found = cells.network(_source, viewer, end, where)
    if found.empty:
        return found
    told = [found.drop(columns=[c for c in JUDGED if c not in ("n_days", "rrc_att")]), radio.judged(found, _rules)]
    return with_kind(with_excess(pd.concat(told, axis=1)))


def counted(viewer: Viewer, end: date, where: Filters) -> pd.DataFrame:
    """The same for who sees no rows: only for numbers of cells, without name (a running number), place or counter."""
    whole = Viewer("analyst", "L2", viewer.regions, viewer.departments)
    kept = ["n_tickets", "n_days", "expected", "excess", "badness", "state", "is_poor", "kind"]
    found = judged(whole, end, where)
    return found[[c for c in kept if c in found]].assign(cell_id=range(len(found)))


def beyond(viewer: Viewer, end: date, where: Filters) -> dict[str, tuple[int, int]]:
    """M49: for poor, heavily loaded and weakly covered cells how many there are, of how many that tell it."""
    whole = viewer if viewer.sees_rows else Viewer("analyst", "L2", viewer.regions, viewer.departments)
    source, rules = data.reader(), data_map.limits()
    return _beyond(source, source.id, whole, end, where, rules, rules.model_dump_json())


@st.cache_data(show_spinner=False, max_entries=20)
def _beyond(
    _source: Reader, release: str, viewer: Viewer, end: date, where: Filters, _rules: Settings, rules: str
) -> dict[str, tuple[int, int]]:
    found = _judged(_source, release, viewer, end, where, _rules, rules)
    if found.empty:
        return {}
    figures = {"M49_POOR": "", "M49_LOAD": "load", "M49_WEAK": "weak"}
    return {name: radio.beyond(found, _rules, figure) for name, figure in figures.items()}


def about(viewer: Viewer, cell_id: str) -> pd.Series | None:
    """As `cells.about`."""
    return cells.about(data.reader(), viewer, cell_id)


def days(viewer: Viewer, cell_id: str, first: date, end: date) -> pd.DataFrame:
    """As `cells.days`."""
    source = data.reader()
    return _days(source, source.id, viewer, cell_id, first, end).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _days(_source: Reader, release: str, viewer: Viewer, cell_id: str, first: date, end: date) -> pd.DataFrame:
    return cells.days(_source, viewer, cell_id, first, end)


def hours(viewer: Viewer, cell_id: str, end: datetime) -> pd.DataFrame:
    """As `cells.hours`."""
    source = data.reader()
    return _hours(source, source.id, viewer, cell_id, end).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _hours(_source: Reader, release: str, viewer: Viewer, cell_id: str, end: datetime) -> pd.DataFrame:
    home = data.home()
    path = Releases(home.releases).path(release)
    return cells.hours(_source, viewer, path, home.lake, cell_id, end)


def alarms(viewer: Viewer, site_id: str, cell_id: str, first: datetime, end: datetime) -> pd.DataFrame:
    """As `cells.alarms`."""
    return cells.alarms(data.reader(), viewer, site_id, cell_id, first, end)


def complaints(viewer: Viewer, cell_id: str, first: date, end: date) -> pd.DataFrame:
    """As `cells.complaints`."""
    return cells.complaints(data.reader(), viewer, cell_id, first, end)
