"""The open tickets of one band, sorted and paged in SQL, and the same as a file. Rows by role."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data, data_flow, numbers, states, tables, url
from pages._shared.access import exports
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from warehouse.measures import measures
from warehouse.query import TimedOut
from warehouse.waiting import COLUMNS, ORDERS

CHOICES = ("M24", "M22_OPEN", "M23_TODAY", "M23_2H", "M23", "M24_BACKLOG", "M23_FLOOR", "M23_PROMISE", "M22_PROMISE")
AGES = ("M22_AGE_1D", "M22_AGE_3D", "M22_AGE_7D", "M22_AGE_OLD")
CLICKED_ONLY = ("M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE", *AGES)
PAGE_ROWS, MOST_PAGES, MOST_IN_FILE = 20, 500, 20_000
NAMED = ("type_l1", "type_code", "region_code", "owner_dept", "priority")
MOMENTS = ("accepted_at", "due_at", "promise_due_at", "floor_due_at")
SHOWN = ("left", "due_at", "owner_dept", "priority", "type_code", "region_code", "accepted_at", "n_chasers",
         "promise_due_at", "floor_due_at", "ticket_id")  # fmt: skip


def show(frame: Frame, asked: pd.Series) -> None:
    lang = frame.lang
    choices = data.supported(CHOICES)
    # Bands that only a click chooses stay choices too.
    every = [*choices, *data.supported(CLICKED_ONLY)]
    url.one("waiting", every, "M24")
    url.one("sort", ORDERS, "due_at")
    url.one("page", range(1, MOST_PAGES + 1), 1)
    if not frame.viewer.sees_rows:
        states.note(t("due.no_rows", lang))
        return
    st.subheader(t("due.rows", lang))
    box = st.container(horizontal=True, vertical_alignment="bottom")
    band = box.selectbox(
        t("due.which", lang),
        every,
        format_func=lambda b: _label(b, asked, lang),
        key="waiting",
        width=260,
    )
    order = box.selectbox(
        t("tickets.sort", lang), list(ORDERS), format_func=lambda c: word("column", c, lang), key="sort", width=220
    )
    try:
        _table(frame, band or "M24", order or "due_at", box)
    except TimedOut:
        st.warning(t("state.timed_out", lang), icon=":material/timer_off:")


def _label(band: str, asked: pd.Series, lang: Any) -> str:
    name = measures()[band].name(lang)
    return f"{name} {numbers.count(asked[band], lang, 'tickets')}" if band in asked else name


def _table(frame: Frame, band: str, order: str, box: Any) -> None:
    lang, cutoff = frame.lang, frame.comparison.now.cutoff
    page = int(st.session_state["page"])
    rows, total = data_flow.waiting(frame.viewer, cutoff, frame.filters, band, page - 1, PAGE_ROWS, order)
    pages = max(1, min(math.ceil(total / PAGE_ROWS), MOST_PAGES))
    if page > pages:
        st.session_state["page"] = page = pages
        rows, total = data_flow.waiting(frame.viewer, cutoff, frame.filters, band, page - 1, PAGE_ROWS, order)
    if not total:
        states.note(t("due.none_in_band", lang))
        return
    shape = _words(frame, rows)
    columns = [_column(c, lang) for c in SHOWN if shape[c].notna().any()]
    tables.show(st, shape, columns, lang=lang, alt=t("due.rows", lang), height="content")
    if pages > 1:
        pager = f"due_pager_{page}_{pages}"
        st.pagination(pages, default=page, key=pager, on_change=_turn, args=(pager,))
    asked = (frame.viewer, cutoff, frame.filters, band, MOST_IN_FILE, order, data.reader())
    read = partial(data_flow.first_waiting, *asked)
    every = exports.Later((*rows.columns, "left"), min(total, MOST_IN_FILE), read)
    name = f"lookout_{band}_{cutoff:%Y%m%d%H%M}.csv"
    cut = _cut(total, order, lang)
    tables.download(
        box, every, columns, lang=lang, file_name=name, key="due_csv", what="due", asked=(band,),
        last=cut, words=lambda found: _words(frame, found),
    )  # fmt: skip
    states.note(t("due.rows_note", lang))
    if cut:
        states.note(cut)


def _cut(total: int, order: str, lang: Any) -> str:
    """What a file of more tickets than it may hold leaves out; nothing of one that holds all."""
    if total <= MOST_IN_FILE:
        return ""
    most, whole = (numbers.count(n, lang) for n in (MOST_IN_FILE, total))
    return t("due.file_cut", lang, most=most, total=whole, order=word("column", order, lang))


def _words(frame: Frame, rows: pd.DataFrame) -> pd.DataFrame:
    lang = frame.lang
    named = rows.assign(**{c: [frame.name(c, v) for v in rows[c]] for c in NAMED})
    return named.assign(left=[_left(m, lang) for m in rows["left_min"]])


def _left(minutes: float | None, lang: Any) -> str:
    """3小时后 or 已超2.1天."""
    if minutes is None or pd.isna(minutes):
        return t("due.no_limit", lang)
    said = numbers.duration(abs(minutes), lang)
    return t("due.over_by", lang, time=said) if minutes < 0 else t("due.left_of", lang, time=said)


def _column(name: str, lang: Any) -> Column:
    assert name in ("left", "floor_due_at") or name in COLUMNS
    kind: tables.Format = "moment" if name in MOMENTS else "count" if name.startswith("n_") else "text"
    return Column(name, word("column", name, lang), kind)


def _turn(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]
