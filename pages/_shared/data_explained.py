"""Cached questions about what findings explain of the complaints: as `data.py`, keyed by release and scope."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import explaining
from warehouse.query import Reader
from warehouse.viewer import Viewer


def layers(viewer: Viewer) -> pd.DataFrame:
    """As `explaining.layers`."""
    source = data.reader()
    return _layers(source, source.id, viewer).copy()


@st.cache_data(show_spinner=False, max_entries=20)
def _layers(_source: Reader, release: str, viewer: Viewer) -> pd.DataFrame:
    return explaining.layers(_source, viewer)
