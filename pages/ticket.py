"""工单经过 Ticket: one matter as the customer saw it, by `?id=`. Pseudonymous, by role, without a row of places."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data_ticket, numbers, states, url
from pages._shared.access import seen
from pages._shared.blocks import case_course
from pages._shared.frame import Frame, current
from pages._shared.text import t, word
from warehouse.query import NotAllowed

FACTS = (
    "type_code",
    "type_detail",
    "channel_code",
    "region_code",
    "priority",
    "owner_dept",
    "accepted_at",
    "feedback_at",
)


def main() -> None:
    frame = current()
    lang = frame.lang
    st.title(t("ticket.title", lang))
    wanted = str(st.query_params.get("id") or st.session_state.get("id") or "")
    url.one("id", [wanted] if wanted else [], None)
    if not frame.viewer.sees_rows:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    if not wanted:
        st.info(t("ticket.none_chosen", lang), icon=":material/list:")
        return
    try:
        matter = data_ticket.matter(frame.viewer, wanted)
    except NotAllowed:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    if matter is None:
        st.info(t("ticket.unknown", lang), icon=":material/search_off:")
        return
    seen.note(matter[0], "ticket")
    _show(frame, wanted, *matter)


def _show(frame: Frame, wanted: str, tickets: pd.DataFrame, steps: pd.DataFrame) -> None:
    lang = frame.lang
    st.markdown("## " + finding(frame, tickets, steps))
    _facts(frame, tickets[tickets["ticket_id"] == wanted].iloc[0])
    shape = case_course.by_day(frame, (), steps)
    title = t("ticket.course", lang, n=len(tickets))
    order = [word("cases.lane", lane, lang) for lane in ("customer", "handover") if lane in set(steps["lane"])]
    chosen = case_course.picture(frame, shape, title, order)
    case_course.table(frame, chosen if len(chosen) else shape)
    states.note(t("ticket.note", lang))


def finding(frame: Frame, tickets: pd.DataFrame, steps: pd.DataFrame) -> str:
    """How often the customer came, how often we said nothing, and where it stands."""
    lang = frame.lang
    empty = int(((~steps["is_substantive"].astype(bool)) & steps["code"].isin(("FRS", "PROGRESS", "FBK"))).sum())
    said = t(
        "ticket.finding",
        lang,
        n=len(tickets),
        chasers=int((steps["code"] == "URGE").sum()),
        empty=empty,
    )
    first, done = tickets["accepted_at"].min(), tickets["feedback_at"]
    if done.isna().any():
        age = numbers.duration((frame.as_of - first).total_seconds() / 60, lang)
        return said + t("ticket.finding_open", lang, age=age)
    return said + t("ticket.finding_done", lang, time=numbers.duration((done.max() - first).total_seconds() / 60, lang))


def _facts(frame: Frame, ticket: pd.Series) -> None:
    """The ticket asked for, in one line."""
    lang = frame.lang
    parts = [str(ticket["ticket_id"])]
    for column in FACTS:
        value = ticket.get(column)
        if value is None or pd.isna(value):
            continue
        shown = numbers.moment(value, lang) if column.endswith("_at") else frame.name(column, value)
        parts.append(t("alt.item", lang, label=word("column", column, lang), value=shown))
    states.note(" · ".join(parts))


main()
