"""Cached questions about what findings explain of the complaints: as `data.py`, keyed by release and scope."""

from __future__ import annotations

import streamlit as st

from pages._shared import data
from warehouse import explaining
from warehouse.explaining import Told
from warehouse.query import Reader
from warehouse.viewer import Viewer


def told(viewer: Viewer, regions: tuple[str, ...] = ()) -> Told | None:
    """As `explaining.told`."""
    source = data.reader()
    return _told(source, source.id, viewer, regions)


@st.cache_data(show_spinner=False, max_entries=20)
def _told(_source: Reader, release: str, viewer: Viewer, regions: tuple[str, ...]) -> Told | None:
    return explaining.told(_source, viewer, regions)
