"""Cached questions of 时限流转: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import judging
from warehouse.analysis.survival import open_share
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer
from warehouse.waiting import waiting_rows


def waiting(
    viewer: Viewer, cutoff: datetime, where: Filters, band: str, page: int, size: int, order: str
) -> tuple[pd.DataFrame, int]:
    """One page of open tickets of a band, as `waiting_rows` gives them."""
    source = data.reader()
    rows, total = _waiting(source, source.id, viewer, cutoff, where, band, page, size, order)
    return rows.copy(), total


def first_waiting(
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    band: str,
    size: int,
    order: str,
    source: Reader | None = None,
) -> pd.DataFrame:
    """The first `size` of the same, of the release that a page was made from where it is named; not kept."""
    return waiting_rows(source or data.reader(), viewer, cutoff, where, band, 0, size, order)[0]


@st.cache_data(show_spinner=False, max_entries=200)
def _waiting(
    _source: Reader,
    release: str,
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    band: str,
    page: int,
    size: int,
    order: str,
) -> tuple[pd.DataFrame, int]:
    return waiting_rows(_source, viewer, cutoff, where, band, page, size, order)


def judged(
    viewer: Viewer, period: Period, where: Filters, by: Sequence[str] = (), in_force: bool = False
) -> pd.DataFrame:
    """Tickets by state per policy, stage and group with both rates, as `judging.judged` and `with_rates` give them."""
    source = data.reader()
    return _judged(source, source.id, viewer, period, where, tuple(by), in_force).copy()


@st.cache_data(show_spinner=False, max_entries=400)
def _judged(
    _source: Reader, release: str, viewer: Viewer, period: Period, where: Filters, by: tuple[str, ...], in_force: bool
) -> pd.DataFrame:
    return judging.with_rates(judging.judged(_source, viewer, period, where, by, in_force=in_force))


def open_curves(viewer: Viewer, period: Period, where: Filters, last_hour: int) -> pd.DataFrame:
    """type_l1 ("" for all together) with the share still open by hour, as `survival.open_share` gives it."""
    source = data.reader()
    return _open_curves(source, source.id, viewer, period, where, last_hour).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _open_curves(
    _source: Reader, release: str, viewer: Viewer, period: Period, where: Filters, last_hour: int
) -> pd.DataFrame:
    counts = judging.closings(_source, viewer, period, where, last_hour)
    whole = counts.groupby("hour", as_index=False)[["n_closed", "n_open"]].sum().assign(type_l1="")
    parts = [open_share(part).assign(type_l1=key) for key, part in pd.concat([counts, whole]).groupby("type_l1")]
    return pd.concat(parts, ignore_index=True) if parts else whole.assign(share=1.0, n_at_risk=0.0)
