"""Cached questions about terminals and drops of the signal: as `data.py`, keyed by release, scope and question."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import terminals
from warehouse.analysis.cross_table import cross_table
from warehouse.analysis.lead_lag import LeadLag, lead_lag
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer


def crossed(viewer: Viewer, end: date, where: Filters) -> pd.DataFrame:
    """`cross_table` of `terminals.by_type`."""
    source = data.reader()
    return _crossed(source, source.id, viewer, end, where).copy()


@st.cache_data(show_spinner=False, max_entries=40)
def _crossed(_source: Reader, release: str, viewer: Viewer, end: date, where: Filters) -> pd.DataFrame:
    return cross_table(terminals.by_type(_source, viewer, end, where), "terminal_model", "type_code")


def around_drops(viewer: Viewer, end: date) -> LeadLag:
    """`lead_lag` of `terminals.around_drops`."""
    source = data.reader()
    return _around_drops(source, source.id, viewer, end)


@st.cache_data(show_spinner=False, max_entries=20)
def _around_drops(_source: Reader, release: str, viewer: Viewer, end: date) -> LeadLag:
    return lead_lag(terminals.around_drops(_source, viewer, end))


def around_drops_of(viewer: Viewer, cell_id: str, end: date) -> LeadLag:
    """`lead_lag` of `terminals.around_drops_of`."""
    source = data.reader()
    return _around_drops_of(source, source.id, viewer, cell_id, end)


@st.cache_data(show_spinner=False, max_entries=100)
def _around_drops_of(_source: Reader, release: str, viewer: Viewer, cell_id: str, end: date) -> LeadLag:
    return lead_lag(terminals.around_drops_of(_source, viewer, cell_id, end))
