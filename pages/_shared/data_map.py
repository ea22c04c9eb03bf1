"""Cached questions of the map: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import drives as drive_tests
from warehouse import mapping, week_map
from warehouse.cells import LISTED
from warehouse.hotspots import radio
from warehouse.hotspots.settings import Settings, settings
from warehouse.periods import Period, weeks
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace


def span(reader: Reader, most: int = 65) -> list[Period]:
    """The complete weeks a map can show, oldest first."""
    known = reader.span()
    if known is None:
        return []
    first = known[0].date()
    return [w for w in weeks(reader.info["as_of"], most) if w.first >= first - timedelta(first.weekday())]


def holding(tables: Collection[str]) -> frozenset[str]:
    """Those of some tables that hold a row in this release."""
    source = data.reader()
    return _holding(source, source.id, tuple(sorted(tables)))


@st.cache_data(show_spinner=False, max_entries=8)
def _holding(_source: Reader, release: str, tables: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in tables if _source.n_rows(name) > 0)


def limits() -> Settings:
    """From when on a cell is bad, and all else about hotspots, as this workspace has it."""
    return settings(data.workspace().settings.hotspots)


def districts(viewer: Viewer, week: Period, where: Filters) -> week_map.Weekly:
    """As `week_map.districts`. Not to be written to."""
    source = data.reader()
    return _districts(source, source.id, viewer, week, where.without("region_code"))


@st.cache_data(show_spinner=False, max_entries=200)
def _districts(_source: Reader, release: str, viewer: Viewer, week: Period, where: Filters) -> week_map.Weekly:
    return week_map.districts(_source, viewer, week, where)


def towns(viewer: Viewer, week: Period, where: Filters) -> week_map.Weekly:
    """As `week_map.towns`, narrowed to the chosen districts after it was decided what is hidden."""
    source, chosen = data.reader(), dict(where.values).get("region_code")
    told = _towns(source, source.id, viewer, week, where.without("region_code"))
    if not chosen:
        return told
    parts, rest = (f[f["region_code"].isin(chosen)].reset_index(drop=True) for f in (told.parts, told.rest))
    return week_map.Weekly(parts, told.n, told.user_months, rest, told.is_carried_back)


@st.cache_data(show_spinner=False, max_entries=200)
def _towns(_source: Reader, release: str, viewer: Viewer, week: Period, where: Filters) -> week_map.Weekly:
    return week_map.towns(_source, viewer, week, where)


def usual(viewer: Viewer, where: Filters) -> float:
    """Complaints per 10,000 user-months over all complete weeks; 1 where that is not known."""
    source = data.reader()
    weeks = span(source)
    every = Period("usual", weeks[0].first, weeks[-1].end, weeks[-1].cutoff)
    found = data.figures(["M02"], viewer, [every], (), where.without("region_code"))["M02"].iloc[0]
    return float(found) if pd.notna(found) and found > 0 else 1.0


def town_places(space: Workspace) -> pd.DataFrame:
    """Towns with their middle: region_code, town, lon, lat, and metres: a radius that leaves its neighbours room."""
    listed = space.dimension("town").to_pandas().dropna(subset=["lon", "lat"])
    listed[["lon", "lat"]] = listed[["lon", "lat"]].astype(float)
    if listed.empty:
        return listed.assign(metres=[])
    east = 111_320 * np.cos(np.radians(listed["lat"].mean()))
    x, y = listed["lon"].to_numpy() * east, listed["lat"].to_numpy() * 110_900
    apart = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    np.fill_diagonal(apart, np.inf)
    return listed.assign(metres=np.clip(apart.min(axis=1) / 2, 300, 2500))


def cells(viewer: Viewer, week: date) -> pd.DataFrame:
    """Cells of the week with figures, badness, worst and state, as `radio.judged` gives them."""
    source, rules = data.reader(), limits()
    return _cells(source, source.id, viewer, week, rules, rules.model_dump_json())


@st.cache_data(show_spinner=False, max_entries=40)
def _cells(_source: Reader, release: str, viewer: Viewer, week: date, _rules: Settings, rules: str) -> pd.DataFrame:
    found = mapping.cells(_source, viewer, week)
    return pd.concat([found[[*LISTED, "site_id"]], radio.judged(found, _rules)], axis=1)


def weak_grids(
    viewer: Viewer, end: date, regions: tuple[str, ...] = (), near: tuple[float, float] | None = None
) -> tuple[pd.DataFrame, int, date | None]:
    """As `mapping.weak_grids`."""
    source = data.reader()
    rows, side, day = _weak(source, source.id, viewer, end, regions, near)
    return rows.copy(), side, day


@st.cache_data(show_spinner=False, max_entries=40)
def _weak(
    _source: Reader,
    release: str,
    viewer: Viewer,
    end: date,
    regions: tuple[str, ...],
    near: tuple[float, float] | None,
) -> tuple[pd.DataFrame, int, date | None]:
    return mapping.weak_grids(_source, viewer, end, regions, near)


def alarms(viewer: Viewer, week: date) -> pd.DataFrame:
    """As `mapping.alarms`."""
    source = data.reader()
    return _alarms(source, source.id, viewer, week).copy()


@st.cache_data(show_spinner=False, max_entries=40)
def _alarms(_source: Reader, release: str, viewer: Viewer, week: date) -> pd.DataFrame:
    return mapping.alarms(_source, viewer, week)


def halls(viewer: Viewer, week: date, where: Filters) -> pd.DataFrame:
    """As `mapping.halls`."""
    source = data.reader()
    return _halls(source, source.id, viewer, week, where).copy()


@st.cache_data(show_spinner=False, max_entries=40)
def _halls(_source: Reader, release: str, viewer: Viewer, week: date, where: Filters) -> pd.DataFrame:
    return mapping.halls(_source, viewer, week, where)


def masts(viewer: Viewer, since: date) -> pd.DataFrame:
    """As `mapping.masts`."""
    source = data.reader()
    return _masts(source, source.id, viewer, since).copy()


@st.cache_data(show_spinner=False, max_entries=40)
def _masts(_source: Reader, release: str, viewer: Viewer, since: date) -> pd.DataFrame:
    return mapping.masts(_source, viewer, since)


def drives(viewer: Viewer, end: date) -> pd.DataFrame:
    """As `drives.points`."""
    source = data.reader()
    return _drives(source, source.id, viewer, end).copy()


@st.cache_data(show_spinner=False, max_entries=40)
def _drives(_source: Reader, release: str, viewer: Viewer, end: date) -> pd.DataFrame:
    return drive_tests.points(_source, viewer, end)
