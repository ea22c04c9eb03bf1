"""What the assessment asks for: five axes per department or person at equal types. Cached by release."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data
from pages._shared.data_voice import everyone_of
from warehouse.analysis.standardise import standardised_mean, standardised_rate
from warehouse.periods import Period
from warehouse.query import SMALL_CELL, Filters, Reader
from warehouse.scope import may_see_staff
from warehouse.viewer import Viewer

# Axis -> the measure that speaks for it.
AXES = {
    "speed": "A1_SPEED",
    "solved": "A2_SOLVED",
    "satisfied": "A3_SATISFIED",
    "rules": "A4_INFORMED",
    "continuity": "A5_KEPT",
}
HOURS = "A2_HOURS"
STRATUM = "type_l1"


def axes(viewer: Viewer, period: Period, unit: str, where: Filters) -> pd.DataFrame:
    """unit, axis, rate, expected, adjusted, low, high, overall (0–1) and n: each axis per department (`owner_dept`)
    or person (`staff_key`), at equal types. Departments of under five customers are missing for an L1 viewer.

    Raises NotAllowed for persons where the viewer is not of their department.
    """
    source = data.reader()
    return _axes(source, source.id, viewer, period, unit, where).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _axes(_source: Reader, release: str, viewer: Viewer, period: Period, unit: str, where: Filters) -> pd.DataFrame:
    ids = [m for m in AXES.values() if not _source.missing_for(m)]
    asker = viewer if unit == "staff_key" else everyone_of(viewer)
    cells = _source.figures(ids, asker, [period], [unit, STRATUM], where, people="none").dropna(subset=[unit])
    found = []
    for axis, measure in AXES.items():
        if measure not in ids:
            continue
        parts = cells.rename(columns={f"{measure}_num": "k", f"{measure}_den": "n"}).fillna({"k": 0, "n": 0})
        table = standardised_rate(parts, unit, STRATUM)
        overall = float(table["k"].sum() / table["n"].sum()) if table["n"].sum() else float("nan")
        table = table.rename(columns={unit: "unit"}).assign(axis=axis, overall=overall)
        found.append(table.drop(columns=["k"]))
    if not found:
        return pd.DataFrame(columns=["unit", "axis", "rate", "expected", "adjusted", "low", "high", "overall", "n"])
    table = pd.concat(found, ignore_index=True)
    return table[~table["unit"].isin(_few(_source, viewer, period, unit, where))]


def _few(source: Reader, viewer: Viewer, period: Period, unit: str, where: Filters) -> set[str]:
    """Departments of too few customers for this viewer."""
    if viewer.level != "L1":
        return set()
    asked = source.figures(["A2_SOLVED"], viewer, [period], [unit], where, "enough")
    few = asked["is_small"].astype(bool) | asked["A2_SOLVED_den"].fillna(0).between(1, SMALL_CELL - 1)
    return set(asked.loc[few, unit])


def hours(viewer: Viewer, period: Period, unit: str, where: Filters) -> pd.DataFrame:
    """unit, n, mean, expected (hours at the department) and ratio, at equal types."""
    source = data.reader()
    return _hours(source, source.id, viewer, period, unit, where).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _hours(_source: Reader, release: str, viewer: Viewer, period: Period, unit: str, where: Filters) -> pd.DataFrame:
    asker = viewer if unit == "staff_key" else everyone_of(viewer)
    cells = _source.figures([HOURS], asker, [period], [unit, STRATUM], where, people="none").dropna(subset=[unit])
    names = {f"{HOURS}_num": "total", f"{HOURS}_den": "n"}
    table = standardised_mean(cells.rename(columns=names).fillna({"total": 0, "n": 0}), unit, STRATUM)
    return table.rename(columns={unit: "unit"})


def sees_staff(viewer: Viewer) -> bool:
    """Whether single persons may be shown: to their own department's supervisor or handlers only."""
    return may_see_staff(viewer)
