"""Whose rows a page shows: noted before they are drawn. The keys are asked of the release, the page may cut them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa
import streamlit as st

from pages._shared import data
from pages._shared.access import trail
from pages._shared.frame import KEY, Frame

_AT_ONCE = 500


def note(rows: pd.DataFrame, what: str) -> None:
    """Leave a row of the trail where a frame about to be shown holds tickets. Raises `trail.NotNoted`."""
    frame = st.session_state.get(KEY)
    if not isinstance(frame, Frame) or not len(rows) or not {"ticket_id", "cust_key"} & set(rows):
        return
    if trail.store() is None:
        return
    trail.rows(frame.viewer, what, keys(rows), len(rows))


def keys(rows: pd.DataFrame) -> list[str]:
    """The customers whose rows a frame holds."""
    if "cust_key" in rows:
        return [str(k) for k in rows["cust_key"].dropna()]
    return customers(sorted({str(t) for t in rows["ticket_id"].dropna()})) if "ticket_id" in rows else []


def customers(tickets: Sequence[str]) -> list[str]:
    """The keys of the customers of some tickets."""
    source = data.reader()
    return _customers(source.id, tuple(tickets))


@st.cache_data(show_spinner=False, max_entries=500)
def _customers(release: str, tickets: tuple[str, ...]) -> list[str]:
    source, found = data.reader(), []
    fact = sa.table("fact_ticket", sa.column("ticket_id"), sa.column("cust_key"))
    for begin in range(0, len(tickets), _AT_ONCE):
        some = tickets[begin : begin + _AT_ONCE]
        chosen = sa.select(fact.c.cust_key).distinct().where(fact.c.ticket_id.in_(some), fact.c.cust_key.is_not(None))
        found += [str(k) for k in source.run(chosen)["cust_key"]]
    return sorted(set(found))
