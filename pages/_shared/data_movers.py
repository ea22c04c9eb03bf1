"""Cached questions about what moved a figure from one period to the next: as `data.py`, keyed by release and scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse.analysis.contribution import Explanation, explain, rate_contributions
from warehouse.periods import Comparison, Period
from warehouse.query import SMALL_CELL, Filters, People, Reader
from warehouse.viewer import Viewer


def explained(measure: str, viewer: Viewer, comparison: Comparison, dims: Sequence[str], where: Filters) -> Explanation:
    """What moved a count from the period before to now.

    Computed on the whole of what lies in the viewer's scope; for an L1 viewer groups of fewer than five customers
    are left in the remainder, so that totals stay true and nobody is singled out.
    """
    source = data.reader()
    both = (comparison.now, comparison.before)
    return _explained(source, source.id, viewer, measure, both, tuple(dims), where)


@st.cache_data(show_spinner=False, max_entries=200)
def _explained(
    _source: Reader,
    release: str,
    viewer: Viewer,
    measure: str,
    both: tuple[Period, Period],
    dims: tuple[str, ...],
    where: Filters,
) -> Explanation:
    frame = _source.figures([measure], data.whole(viewer), both, dims, where, "none")
    frame["n"] = frame[f"{measure}_num"].fillna(0)
    now, before = (frame[frame["period"] == p.id] for p in both)
    told = explain(now, before, list(dims), "n", max_items=5, good_direction="down")
    if viewer.level != "L1":
        return told
    shown = [item for item in told.items if max(item.now, item.before) >= SMALL_CELL]
    return replace(told, items=shown, remainder=told.change - sum(item.change for item in shown))


def rate_effects(measure: str, viewer: Viewer, comparison: Comparison, dimension: str, where: Filters) -> pd.DataFrame:
    """The change of a rate split into mix and within per group of one dimension, as `rate_contributions` gives it.

    Computed on the whole of the viewer's scope; for an L1 viewer groups of fewer than five customers are left out.
    """
    source = data.reader()
    both = (comparison.now, comparison.before)
    return _rate_effects(source, source.id, viewer, measure, both, dimension, where).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _rate_effects(
    _source: Reader,
    release: str,
    viewer: Viewer,
    measure: str,
    both: tuple[Period, Period],
    dimension: str,
    where: Filters,
) -> pd.DataFrame:
    frame = _source.figures([measure], data.whole(viewer), both, [dimension], where, _told_apart(viewer))
    parts = [f"{measure}_num", f"{measure}_den"]
    frame[parts] = frame[parts].fillna(0)
    now, before = (frame[frame["period"] == p.id] for p in both)
    effects = rate_contributions(now, before, [dimension], *parts)
    if viewer.level != "L1" or "n_customers" not in frame:
        return effects
    most = frame.groupby(dimension)["n_customers"].max()
    return effects[effects["key"].map(most).fillna(0) >= SMALL_CELL]


def _told_apart(viewer: Viewer) -> People:
    """Customers are counted where few of them would be hidden."""
    return "all" if viewer.level == "L1" else "none"
