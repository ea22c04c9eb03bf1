"""Cached questions of 流转: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import flow
from warehouse.analysis import waits
from warehouse.flow import Detour
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

QUANTILES = (0.5, 0.9)
# measure -> the column of its length classes
CLASS = {"M26_N": "wait_class", "M28_WAIT": "dispatch_class", "M29": "reply_class", "M37_PICK": "pick_class"}
# What the marts of hand-overs can be narrowed by; other filters act on rows only.
NARROWS = ("region_code", "type_l1")


def spread(measure: str, viewer: Viewer, period: Period, by: Sequence[str], where: Filters) -> pd.DataFrame:
    """`by`, n, p50, p90 (minutes) and is_small per group, from the length classes that `measure` counts.

    Computed on the whole of the viewer's scope; a group of fewer than five customers is marked for an L1 viewer.
    """
    source = data.reader()
    return _spread(source, source.id, viewer, measure, period, tuple(by), where).copy()


@st.cache_data(show_spinner=False, max_entries=400)
def _spread(
    _source: Reader, release: str, viewer: Viewer, measure: str, period: Period, by: tuple[str, ...], where: Filters
) -> pd.DataFrame:
    told = waits.quantiles(_in_classes(_source, measure, _whole(viewer), period, by, where), by, "n", QUANTILES)
    groups = _source.figures([measure], viewer, [period], by, where, "enough")
    if not by:
        return told.assign(is_small=bool(groups["is_small"].any()))
    return told.merge(groups[[*by, "is_small"]], on=list(by), how="left")


def classes(measure: str, viewer: Viewer, period: Period, by: Sequence[str], where: Filters) -> pd.DataFrame:
    """`by`, wait_class and n: the length classes themselves, for computing with; on the whole of the viewer's scope."""
    source = data.reader()
    return _classes(source, source.id, _whole(viewer), measure, period, tuple(by), where).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _classes(
    _source: Reader, release: str, viewer: Viewer, measure: str, period: Period, by: tuple[str, ...], where: Filters
) -> pd.DataFrame:
    return _in_classes(_source, measure, viewer, period, by, where)


def _in_classes(
    source: Reader, measure: str, viewer: Viewer, period: Period, by: Sequence[str], where: Filters
) -> pd.DataFrame:
    found = source.figures([measure], viewer, [period], [*by, CLASS[measure]], where, "none")
    found = found.rename(columns={CLASS[measure]: "wait_class", f"{measure}_num": "n"})
    return found.loc[found["n"].fillna(0) > 0, [*by, "wait_class", "n"]].astype({"n": float})


def picking(viewer: Viewer, period: Period, where: Filters, least: int) -> pd.DataFrame:
    """Which level-2 type waits longest to be signed for and which shortest, per department and level-1 type."""
    source = data.reader()
    return _picking(source, source.id, viewer, period, where, least).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _picking(_source: Reader, release: str, viewer: Viewer, period: Period, where: Filters, least: int) -> pd.DataFrame:
    by = ["dept", "type_l1", "type_code"]
    picks = _in_classes(_source, "M37_PICK", _whole(viewer), period, by, where)
    return waits.slowest_and_quickest(picks, by[:2], by[2], "n", least)


def detours(
    viewer: Viewer, period: Period, where: Filters, kind: Detour, page: int, size: int, dept: str = ""
) -> tuple[pd.DataFrame, int]:
    """One page of tickets that went astray, as `flow.detours` gives them."""
    source = data.reader()
    rows, n = _detours(source, source.id, viewer, period, where, kind, page, size, dept)
    return rows.copy(), n


@st.cache_data(show_spinner=False, max_entries=200)
def _detours(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    kind: Detour,
    page: int,
    size: int,
    dept: str,
) -> tuple[pd.DataFrame, int]:
    return flow.detours(_source, viewer, period, where, kind, page, size, dept)


def stuck(viewer: Viewer, where: Filters, page: int, size: int, dept: str = "") -> tuple[pd.DataFrame, int]:
    """One page of open tickets that lie still, as `flow.stuck` gives them."""
    source = data.reader()
    rows, n = _stuck(source, source.id, viewer, where, page, size, dept)
    return rows.copy(), n


@st.cache_data(show_spinner=False, max_entries=200)
def _stuck(
    _source: Reader, release: str, viewer: Viewer, where: Filters, page: int, size: int, dept: str
) -> tuple[pd.DataFrame, int]:
    return flow.stuck(_source, viewer, where, page, size, dept)


def arrivals(
    viewer: Viewer, period: Period, where: Filters, moment: tuple[int, bool], page: int, size: int, dept: str = ""
) -> tuple[pd.DataFrame, int]:
    """One page of tickets that came at one hour, as `flow.arrivals` gives them."""
    source = data.reader()
    rows, n = _arrivals(source, source.id, viewer, period, where, moment, page, size, dept)
    return rows.copy(), n


@st.cache_data(show_spinner=False, max_entries=200)
def _arrivals(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    moment: tuple[int, bool],
    page: int,
    size: int,
    dept: str,
) -> tuple[pd.DataFrame, int]:
    return flow.arrivals(_source, viewer, period, where, moment, page, size, dept)


def _whole(viewer: Viewer) -> Viewer:
    """The same scope without small-cell suppression: length classes are never shown, only what they say of a group."""
    return Viewer("analyst", "L2", viewer.regions, viewer.departments)
