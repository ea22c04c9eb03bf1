"""工单明细 Tickets: the rows behind a figure, pseudonymous, paged, with the filters that led here. By role."""

from __future__ import annotations

import math
from typing import Any, cast

import pandas as pd
import streamlit as st

from pages._shared import data, findings, numbers, states, url
from pages._shared.access import seen
from pages._shared.frame import Frame, current
from pages._shared.text import t, word
from warehouse.query import ROW_COLUMNS, NotAllowed, TimedOut, Waiting

PAGE_ROWS = 50
MOST_PAGES = 200
WAITING = ("", "due_today", "overdue", "open")
SORTS = ("accepted_at", "feedback_at", "priority", "region_code", "type_code")
NAMED = ("type_l1", "type_code", "channel_code", "region_code", "owner_dept", "cust_type", "age_band", "priority",
         "cause_l1", "cause_l2")  # fmt: skip


def main() -> None:
    frame = current()
    lang = frame.lang
    st.title(t("tickets.title", lang))
    st.page_link("pages/complaints.py", label=t("tickets.back", lang), icon=":material/arrow_back:")
    if not frame.has_tickets:
        states.empty(frame)
        return
    if not frame.viewer.sees_rows:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    _table(frame)


def _table(frame: Frame) -> None:
    lang, period = frame.lang, frame.comparison.now
    box = st.container(horizontal=True, vertical_alignment="bottom")
    url.one("waiting", WAITING, "")
    chosen = box.selectbox(
        t("tickets.which", lang),
        WAITING,
        format_func=lambda w: word("waiting", w or "all", lang),
        key="waiting",
        width=220,
    )
    waiting = cast(Waiting | None, chosen or None)
    url.one("sort", SORTS, SORTS[0])
    order = box.selectbox(
        t("tickets.sort", lang),
        SORTS,
        format_func=lambda c: word("column", c, lang),
        key="sort",
        width=220,
    )
    where = frame.filters.with_(overdue_reason=_reason(frame, box))
    url.one("page", range(1, MOST_PAGES + 1), 1)
    page = int(st.session_state["page"])
    try:
        shown, total = data.rows(frame.viewer, period, where, page - 1, PAGE_ROWS, order or SORTS[0], waiting)
    except NotAllowed:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    except TimedOut:
        st.warning(t("state.timed_out", lang), icon=":material/timer_off:")
        return
    if total == 0:
        states.empty(frame)
        return
    pages = min(math.ceil(total / PAGE_ROWS), MOST_PAGES)
    if page > pages:
        st.session_state["page"] = pages
        shown, total = data.rows(frame.viewer, period, where, pages - 1, PAGE_ROWS, order or SORTS[0], waiting)
    st.markdown(
        t(
            "tickets.finding",
            lang,
            n=numbers.count(total, lang, "tickets"),
            period=word("waiting", waiting, lang) if waiting else findings.period_text(period, lang),
        )
    )
    seen.note(shown, "tickets")
    for column in NAMED:
        if column in shown:
            shown[column] = [None if pd.isna(v) else frame.name(column, v) for v in shown[column]]
    if "cust_key" in shown:
        shown["cust_key"] = shown["cust_key"].str[:8]
    labels: dict[str, Any] = {c: word("column", c, lang) for c in ROW_COLUMNS if c in shown}
    for column in ("accepted_at", "first_reply_at", "feedback_at"):
        labels[column] = st.column_config.DatetimeColumn(labels[column], format="YYYY-MM-DD HH:mm")
    filled = [c for c in shown if shown[c].notna().any()]
    st.dataframe(
        shown[filled],
        hide_index=True,
        column_config=labels,
        row_height=32,
        height=min(640, 42 + 32 * len(shown)),
        alt=t("tickets.title", lang),
    )
    if pages > 1:
        pager = f"pager_{page}_{pages}"
        st.pagination(pages, default=min(page, pages), key=pager, on_change=_turn, args=(pager,))
    states.note(t("tickets.note", lang))


def _reason(frame: Frame, box: Any) -> list[str]:
    """Why a ticket was late, as the source codes it; all of them where nothing is chosen or the source knows none."""
    lang = frame.lang
    if "overdue_reason" not in frame.reader.filled("mart_ticket"):
        return []
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], ["overdue_reason"])
    known = sorted(str(r) for r in asked["overdue_reason"].dropna())
    url.one("reason", ["", *known], "")
    chosen = box.selectbox(
        t("tickets.reason", lang),
        ["", *known],
        format_func=lambda r: frame.name("overdue_reason", r) if r else t("filter.all", lang),
        key="reason",
        width=220,
    )
    return [chosen] if chosen else []


def _turn(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]


main()
