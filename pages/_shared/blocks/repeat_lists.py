"""Lists of rows behind figures: chains, running clocks, posts, and what a clicked mark counts. Paged in SQL; nobody is
named or placed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data_repeats, numbers, states
from pages._shared.access import seen
from pages._shared.frame import Frame
from pages._shared.text import maybe, t, word
from pages._shared.theme import ROW_HEIGHT
from warehouse.periods import Period
from warehouse.query import NotAllowed, TimedOut

SIZE = 20
# Lists whose rows lead to a ticket, and the column with its id; a chain is named by its first ticket.
IDS = {"mart_chain": "chain_id"}
MOST_PAGES = 200
MOMENTS = (
    "accepted_at", "first_at", "first_external_at", "due_at", "published_at", "handled_at", "first_reply_at",
    "feedback_at", "surveyed_at", "first_inside_at",
)  # fmt: skip
CODES = ("type_code", "region_code", "owner_dept", "channel_code", "topic", "platform", "priority", "reason")
Page = tuple[pd.DataFrame, int]
Only = tuple[tuple[str, str | int | bool], ...]


def chains(frame: Frame) -> None:
    """Who came again in the chosen period, the furthest and longest chains first."""
    columns = (
        "cust_key", "type_code", "region_code", "n_tickets", "n_chasers", "max_level", "first_at", "accepted_at",
        "lead", "journey", "answer_kind", "owner_dept",
    )  # fmt: skip
    if frame.viewer.sees_rows:
        listed(frame, "mart_chain", columns, t("repeats.chains", frame.lang))
    else:
        states.note(t("repeats.no_rows", frame.lang))


def clocks(frame: Frame) -> None:
    """Clocks of outside bodies that are running, the least time left first."""
    columns = ("state", "clock", "days_left", "due_at", "ticket_id", "type_code", "channel_code", "region_code")
    if frame.viewer.sees_rows:
        listed(
            frame, "fact_outside_clock", (*columns, "owner_dept"), t("repeats.clocks", frame.lang), (("is_open", True),)
        )
    else:
        states.note(t("repeats.no_rows", frame.lang))


def posts(frame: Frame, period: Period | None = None, only: Only = ()) -> None:
    """Posts of the chosen period, the hottest first; of another one, and of some alone, where that is said."""
    columns = ("published_at", "platform", "topic", "sentiment", "heat", "handled_at", "answer")
    listed(frame, "fact_opinion", columns, t("repeats.posts", frame.lang), only, period)


def listed(
    frame: Frame, name: str, columns: Sequence[str], title: str, only: Only = (), period: Period | None = None
) -> None:
    """A page of a list of `data_repeats.LISTS`, with its pager. `only`: columns and what they hold."""
    when = period or frame.comparison.now

    def ask(page: int, size: int) -> Page:
        return data_repeats.page_of(name, frame.viewer, when, frame.filters, page, size, only)

    paged(frame, name, columns, title, ask)


def paged(frame: Frame, name: str, columns: Sequence[str], title: str, ask: Callable[[int, int], Page]) -> None:
    """The rows that `ask(page from 0, size)` gives, with their number and a pager; a click on a ticket opens it."""
    lang, state = frame.lang, f"_page_{name}"
    page = int(st.session_state.get(state, 1))
    try:
        rows, total = ask(page - 1, SIZE)
        if rows.empty and total:
            page = 1
            rows, total = ask(0, SIZE)
    except NotAllowed:
        states.note(t("repeats.no_rows", lang))
        return
    except TimedOut:
        st.warning(t("state.timed_out", lang), icon=":material/timer_off:")
        return
    if total == 0:
        states.note(t("repeats.list_empty", lang, name=title))
        return
    st.markdown("**" + t("repeats.list_title", lang, name=title, n=numbers.count(total, lang)) + "**")
    seen.note(rows, name)
    shape = in_words(frame, rows)
    shown = [c for c in columns if c in shape and shape[c].notna().any()]
    key = IDS.get(name, "ticket_id" if "ticket_id" in rows else None)
    if key:
        states.note(t("ticket.choose", lang))
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-row"} if key else {}
    event = st.dataframe(
        shape[shown],
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=44 + ROW_HEIGHT * min(len(shape), 12),
        column_config={c: _config(c, frame) for c in shown},
        placeholder=numbers.DASH,
        alt=title,
        key=f"rows_{name}_{page}",
        **options,
    )
    if key and event["selection"]["rows"]:
        st.session_state["id"] = str(rows[key].iloc[event["selection"]["rows"][0]])
        st.switch_page("pages/ticket.py")
    pages = min(math.ceil(total / SIZE), MOST_PAGES)
    if pages > 1:
        key = f"pager_{name}_{page}_{pages}"
        st.pagination(pages, default=min(page, pages), key=key, on_change=_turn, args=(state, key))


def in_words(frame: Frame, rows: pd.DataFrame) -> pd.DataFrame:
    """Codes and hours as people read them; what is missing stays missing."""
    lang, shape = frame.lang, rows.copy()
    for column in CODES:
        if column in shape:
            shape[column] = [None if pd.isna(v) else frame.name(column, v) for v in shape[column]]
    for column in ("max_level", "answer_kind", "sentiment", "clock", "state"):
        if column in shape:
            shape[column] = [None if pd.isna(v) else maybe(f"value.{column}", v, lang) or v for v in shape[column]]
    if "cust_key" in shape:
        shape["cust_key"] = shape["cust_key"].str[:8]
    for column, hours, per in (
        ("lead", "lead_hours", 60),
        ("journey", "journey_hours", 60),
        ("answer", "answer_s", 1 / 60),
    ):
        if hours in shape:
            shape[column] = [None if pd.isna(v) else numbers.duration(v * per, lang) for v in shape[hours]]
    if "days_left" in shape:
        shape["days_left"] = [_left(v, lang) for v in shape["days_left"]]
    return shape


def _left(days: float, lang: Any) -> str:
    """3.2 days left, or how long it is over."""
    said = numbers.duration(abs(days) * 1440, lang)
    return t("repeats.left", lang, time=said) if days >= 0 else t("repeats.over", lang, time=said)


def _config(column: str, frame: Frame) -> Any:
    label = word("column", column, frame.lang)
    if column in MOMENTS:
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm")
    if column in ("n_tickets", "n_chasers", "heat"):
        return st.column_config.NumberColumn(label, format="%,d", alignment="right")
    return st.column_config.TextColumn(
        label, alignment="right" if column in ("lead", "journey", "answer", "days_left") else None
    )


def _turn(state: str, key: str) -> None:
    st.session_state[state] = st.session_state[key]
