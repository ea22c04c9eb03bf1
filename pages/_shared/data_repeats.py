"""Pages of chains, clocks and posts for the view 重复越级舆情, cached as `data.py` caches."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse.listing import listed
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

# table -> its time column (None: as of the release) and its order.
LISTS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "mart_chain": ("accepted_at", ("-max_level", "-n_tickets", "-accepted_at", "chain_id")),
    "fact_outside_clock": (None, ("days_left", "clock", "ticket_id")),
    "fact_outside": ("accepted_at", ("-accepted_at", "ticket_id")),
    "mart_voice": ("accepted_at", ("-accepted_at", "ticket_id")),
    "fact_opinion": ("published_at", ("-heat", "-published_at", "opinion_id")),
}


def page_of(
    name: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    page: int,
    size: int,
    only: tuple[tuple[str, str | int | bool], ...],
) -> tuple[pd.DataFrame, int]:
    """One page (from 0) of a list in its own order, and the number of rows in all. Raises `NotAllowed`."""
    source = data.reader()
    frame, n = _page_of(source, source.id, viewer, name, period, where, page, size, only)
    return frame.copy(), n


@st.cache_data(show_spinner=False, max_entries=200)
def _page_of(
    _source: Reader,
    release: str,
    viewer: Viewer,
    name: str,
    period: Period,
    where: Filters,
    page: int,
    size: int,
    only: tuple[tuple[str, str | int | bool], ...],
) -> tuple[pd.DataFrame, int]:
    at, order = LISTS[name]
    chosen = {column: (value,) for column, value in only}
    within = period if at else None
    return listed(_source, name, viewer, where, order, page, size, period=within, at=at or "", only=chosen)
