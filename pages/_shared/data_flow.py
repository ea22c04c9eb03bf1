"""Cached questions of 时限流转: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from pages._shared import data
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
