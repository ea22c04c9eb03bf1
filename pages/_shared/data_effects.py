"""Cached questions about what changes of the network brought: as `data.py`, keyed by release, scope and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from pages._shared import data, data_map
from warehouse import changes, effects
from warehouse.changes import Change
from warehouse.effects import Told
from warehouse.query import Reader
from warehouse.viewer import Viewer


def listed(viewer: Viewer, as_of: date) -> list[Change]:
    """As `changes.changes`."""
    source = data.reader()
    return _listed(source, source.id, viewer, as_of, _no_fix())


@st.cache_data(show_spinner=False, max_entries=20)
def _listed(_source: Reader, release: str, viewer: Viewer, as_of: date, no_fix: tuple[str, ...]) -> list[Change]:
    return changes.changes(_source, viewer, as_of, no_fix)


def _no_fix() -> tuple[str, ...]:
    return tuple(data_map.limits().fix.not_by)


def verdicts(viewer: Viewer, some: Sequence[Change], as_of: date) -> list[Told]:
    """As `effects.verdicts`, beside all other changes."""
    source = data.reader()
    return _verdicts(source, source.id, viewer, tuple(c.change_id for c in some), as_of, tuple(some))


@st.cache_data(show_spinner=False, max_entries=20)
def _verdicts(
    _source: Reader, release: str, viewer: Viewer, change_ids: tuple[str, ...], as_of: date, _some: Sequence[Change]
) -> list[Told]:
    return effects.verdicts(_source, viewer, _some, _listed(_source, release, viewer, as_of, _no_fix()), as_of)


def in_full(viewer: Viewer, one: Told, as_of: date) -> Told:
    """As `effects.in_full`."""
    source = data.reader()
    return _in_full(source, source.id, viewer, one.change.change_id, as_of, one)


@st.cache_data(show_spinner=False, max_entries=400)
def _in_full(_source: Reader, release: str, viewer: Viewer, change_id: str, as_of: date, _one: Told) -> Told:
    return effects.in_full(_source, _one, as_of)


def around(viewer: Viewer, site_id: str | None, first: date, last: date, as_of: date) -> list[Told]:
    """What came of the changes that concern the ground of a site and began between two days, newest first."""
    here = [c for c in listed(viewer, as_of) if site_id in c.ground and first <= c.first <= last]
    return [in_full(viewer, one, as_of) for one in verdicts(viewer, here, as_of)]


def site_at(viewer: Viewer, lon: float, lat: float) -> str | None:
    """As `changes.site_at`."""
    return changes.site_at(data.reader(), viewer, lon, lat)
