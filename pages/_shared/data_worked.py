"""The door to 成效: what came of every measure that was carried out, and of its kind; kept by release and register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from alerts.actions import lag
from alerts.actions.item import Action
from alerts.actions.lag import Lag
from pages._shared import data
from warehouse import measure_effects
from warehouse.analysis.price_list import Judged, Price, price
from warehouse.measure_effects import Fix, Outcome
from warehouse.query import Reader

WEEK, WEEKS_BACK = 7, 26


def fixes(actions: Sequence[Action]) -> tuple[Fix, ...]:
    """The measures that were carried out and are judged by complaints of a place, hall, district or the city."""
    return tuple(
        Fix(
            a.action_id, a.kind, a.scope_kind, a.scope_id, a.verify_type, a.begins_on, max(a.done_on, a.begins_on),
            -(-a.verify_days // WEEK), a.control, a.cost_yuan,
        )
        for a in actions
        if a.done_on is not None and a.scope_kind in ("place", "hall", "region", "city")
    )  # fmt: skip


def outcomes(actions: Sequence[Action], as_of: date) -> list[Outcome]:
    """As `measure_effects.outcomes`, of every measure of the register."""
    source = data.reader()
    return _outcomes(source, source.id, fixes(actions), as_of)


@st.cache_data(show_spinner=False, max_entries=8)
def _outcomes(_source: Reader, release: str, wanted: tuple[Fix, ...], as_of: date) -> list[Outcome]:
    return measure_effects.outcomes(_source, wanted, as_of)


def lagging(actions: Sequence[Action], as_of: date) -> list[Lag]:
    """As `lag.lagging`, over the last half year's whole weeks."""
    source = data.reader()
    end = as_of - timedelta(as_of.weekday())
    return lag.lagging(_weekly(source, source.id, end - timedelta(WEEKS_BACK * WEEK), end), actions)


@st.cache_data(show_spinner=False, max_entries=8)
def _weekly(_source: Reader, release: str, first: date, end: date) -> pd.DataFrame:
    return measure_effects.weekly_types(_source, first, end)


def prices(found: Sequence[Outcome]) -> dict[str, Price]:
    """What every kind of measure brings, the best proven first."""
    kinds: dict[str, list[Judged]] = {}
    for o in found:
        kinds.setdefault(o.fix.kind, []).append(Judged(o.effect, o.effect.periods_after, o.fix.cost_yuan))
    made = {kind: price(judged) for kind, judged in kinds.items()}
    rank = ("enough", "fair", "thin")
    return dict(sorted(made.items(), key=lambda kv: (rank.index(kv[1].evidence), -(kv[1].avoided or 0.0))))
