"""Cached questions about what findings explain of the complaints: as `data.py`, keyed by release, scope and limits."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages._shared import data, data_map
from warehouse import explaining
from warehouse.hotspots.settings import Settings
from warehouse.query import Reader
from warehouse.viewer import Viewer


def layers(viewer: Viewer, end: date) -> pd.DataFrame:
    """As `explaining.layers`."""
    source, rules = data.reader(), data_map.limits()
    return _layers(source, source.id, viewer, end, rules, rules.model_dump_json()).copy()


@st.cache_data(show_spinner=False, max_entries=20)
def _layers(_source: Reader, release: str, viewer: Viewer, end: date, _rules: Settings, rules: str) -> pd.DataFrame:
    return explaining.layers(_source, viewer, _rules, end)
