"""Cached questions of 到期看板: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import open_bands
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer


def board(viewer: Viewer, cutoff: datetime, where: Filters, bands: Sequence[str]) -> pd.DataFrame:
    """Open tickets by department and band, as `open_bands.by_department` gives them."""
    source = data.reader()
    return _board(source, source.id, viewer, cutoff, where, tuple(bands)).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _board(
    _source: Reader, release: str, viewer: Viewer, cutoff: datetime, where: Filters, bands: tuple[str, ...]
) -> pd.DataFrame:
    return open_bands.by_department(_source, viewer, cutoff, where, bands)


def signs(
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    bands: Sequence[str],
    others: Sequence[str] = (),
    whole: str = open_bands.OPEN,
) -> dict[str, str]:
    """Which counts of all departments together a role must not see, as `open_bands.in_all` says."""
    source = data.reader()
    return dict(_signs(source, source.id, viewer, cutoff, where, tuple(bands), tuple(others), whole))


@st.cache_data(show_spinner=False, max_entries=400)
def _signs(
    _source: Reader,
    release: str,
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    bands: tuple[str, ...],
    others: tuple[str, ...],
    whole: str,
) -> dict[str, str]:
    return open_bands.in_all(_source, viewer, cutoff, where, bands, others, whole)
