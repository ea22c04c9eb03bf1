"""Cached questions about what changes of the network brought: as `data.py`, keyed by release, scope and day."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages._shared import data, data_map
from warehouse import changes, effects
from warehouse.changes import Change
from warehouse.effects import Told
from warehouse.query import Reader
from warehouse.viewer import Viewer

MOST = 40  # changes judged and listed, the newest


def listed(viewer: Viewer, as_of: date) -> list[Change]:
    """As `changes.changes`."""
    source = data.reader()
    return _listed(source, source.id, viewer, as_of, _no_fix())


@st.cache_data(show_spinner=False, max_entries=20)
def _listed(_source: Reader, release: str, viewer: Viewer, as_of: date, no_fix: tuple[str, ...]) -> list[Change]:
    return changes.changes(_source, viewer, as_of, no_fix)


def _no_fix() -> tuple[str, ...]:
    return tuple(data_map.limits().fix.not_by)


def told(viewer: Viewer, change: Change, as_of: date) -> Told:
    """As `effects.told`, beside all other changes."""
    source = data.reader()
    return _told(source, source.id, viewer, change.change_id, as_of, change)


@st.cache_data(show_spinner=False, max_entries=400)
def _told(_source: Reader, release: str, viewer: Viewer, change_id: str, as_of: date, _change: Change) -> Told:
    return effects.told(_source, viewer, _change, _listed(_source, release, viewer, as_of, _no_fix()), as_of)


def around(viewer: Viewer, site_id: str | None, first: date, last: date, as_of: date) -> list[Told]:
    """What came of the changes that concern the ground of a site and began between two days, newest first."""
    return [told(viewer, c, as_of) for c in listed(viewer, as_of) if site_id in c.ground and first <= c.first <= last]


def site_at(viewer: Viewer, lon: float, lat: float) -> str | None:
    """As `changes.site_at`."""
    return changes.site_at(data.reader(), viewer, lon, lat)
