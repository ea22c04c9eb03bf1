"""Whether complaints follow a drop of the signal, or come before it: of the whole network, and of one cell."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages._shared import data_cells, data_terminals, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.lead_lag import LeadLag, Window
from warehouse.terminals import DROP_DB, LEAD_LAG_WEEKS


def of_network(frame: Frame) -> None:
    """Nothing where no signal dropped, or for who sees a part of the network only."""
    lang = frame.lang
    found = data_terminals.around_drops(frame.viewer, data_cells.end_of_weeks(frame.as_of))
    if not found.n_drops:
        return
    said = word("drops.said", found.verdict, lang)
    st.markdown(
        t("drops.finding", lang, weeks=LEAD_LAG_WEEKS, n=found.n_drops, db=numbers.fixed(DROP_DB, 0), said=said)
    )
    _table(frame, found, said)


def of_cell(frame: Frame, cell_id: str, end: date) -> None:
    """What one cell's own drops tell, with the ratio and its interval; that they tell nothing, where they are few."""
    lang = frame.lang
    found = data_terminals.around_drops_of(frame.viewer, cell_id, end)
    with st.expander(t("drops.cell_title", lang)):
        if not found.n_drops:
            states.note(t("drops.cell_none", lang, weeks=LEAD_LAG_WEEKS, db=numbers.fixed(DROP_DB, 0)))
            return
        said = cell_finding(frame, found)
        st.markdown(said)
        _table(frame, found, said)


def cell_finding(frame: Frame, found: LeadLag) -> str:
    """Drops, complaints of the days from each on against those due, and what may be said of it."""
    lang = frame.lang
    after = next(w for w in found.windows if w.name == "after")
    return t(
        "drops.cell_finding", lang, weeks=LEAD_LAG_WEEKS, db=numbers.fixed(DROP_DB, 0), n=found.n_drops,
        complaints=numbers.count(after.n, lang), due=numbers.fixed(after.due, 1), ratio=_ratio(after),
        said=word("drops.cell_said", found.verdict, lang),
    )  # fmt: skip


def _ratio(window: Window) -> str:
    if window.ratio is None or window.low is None or window.high is None:
        return numbers.DASH
    return f"{numbers.fixed(window.ratio, 2)} ({numbers.fixed(window.low, 2)} – {numbers.fixed(window.high, 2)})"


def _table(frame: Frame, found: LeadLag, alt: str) -> None:
    lang = frame.lang
    rows = [
        {
            "name": word("drops.window", w.name, lang),
            "n": numbers.count(w.n, lang),
            "expected": numbers.fixed(w.due, 1),
            "ratio": _ratio(w),
        }
        for w in found.windows
    ]
    headers = {c: t(f"drops.column.{c}", lang) for c in ("name", "n", "expected", "ratio")}
    states.small_table(pd.DataFrame(rows), headers, alt)
    states.note(t("drops.method", lang))
