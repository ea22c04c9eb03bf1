"""Cached questions about hotspots: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import spot_weeks, spots
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer


def of_week(viewer: Viewer, week: date, where: Filters) -> pd.DataFrame:
    """As `spots.of_week`, narrowed by district."""
    source = data.reader()
    regions = Filters.of({k: v for k, v in where.values if k == "region_code"})
    return _of_week(source, source.id, viewer, week, regions).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _of_week(_source: Reader, release: str, viewer: Viewer, week: date, where: Filters) -> pd.DataFrame:
    return spots.of_week(_source, viewer, week, where)


def course(viewer: Viewer, hotspot_id: str) -> pd.DataFrame:
    """As `spots.course`."""
    source = data.reader()
    return _course(source, source.id, viewer, hotspot_id).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _course(_source: Reader, release: str, viewer: Viewer, hotspot_id: str) -> pd.DataFrame:
    return spots.course(_source, viewer, hotspot_id)


def behind(name: str, viewer: Viewer, hotspot_id: str, week: date) -> pd.DataFrame:
    """As `spots.behind`."""
    source = data.reader()
    return _behind(source, source.id, name, viewer, hotspot_id, week).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _behind(_source: Reader, release: str, name: str, viewer: Viewer, hotspot_id: str, week: date) -> pd.DataFrame:
    return spots.behind(_source, name, viewer, hotspot_id, week)


def tickets(viewer: Viewer, hotspot_id: str, week: date, page: int, size: int) -> tuple[pd.DataFrame, int]:
    """As `spots.tickets`."""
    source = data.reader()
    rows, n = _tickets(source, source.id, viewer, hotspot_id, week, page, size)
    return rows.copy(), n


@st.cache_data(show_spinner=False, max_entries=100)
def _tickets(
    _source: Reader, release: str, viewer: Viewer, hotspot_id: str, week: date, page: int, size: int
) -> tuple[pd.DataFrame, int]:
    return spots.tickets(_source, viewer, hotspot_id, week, page, size)


def excess(viewer: Viewer, week: date, kind: str) -> pd.DataFrame:
    """As `spots.excess`, of those with an expectation; where they are very many, larger hexagons."""
    source = data.reader()
    return _excess(source, source.id, viewer, week, kind).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _excess(_source: Reader, release: str, viewer: Viewer, week: date, kind: str) -> pd.DataFrame:
    return spots.excess(_source, viewer, week, kind, spots.MOST_HEXAGONS)


def classes(viewer: Viewer, week: date) -> pd.DataFrame:
    """As `spots.classes`."""
    source = data.reader()
    return _classes(source, source.id, viewer, week).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _classes(_source: Reader, release: str, viewer: Viewer, week: date) -> pd.DataFrame:
    return spots.classes(_source, viewer, week)


def counters(viewer: Viewer, cells: tuple[str, ...], first: date, last: date) -> pd.DataFrame:
    """As `spot_weeks.counters`."""
    source = data.reader()
    return _counters(source, source.id, viewer, cells, first, last).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _counters(
    _source: Reader, release: str, viewer: Viewer, cells: tuple[str, ...], first: date, last: date
) -> pd.DataFrame:
    return spot_weeks.counters(_source, viewer, cells, first, last)
