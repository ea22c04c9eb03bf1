"""全部: every warning by filters, and what they cost people."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from alerts.board import STATES, state_of
from alerts.listing import Wanted
from alerts.state import SEVERITIES
from pages._shared import data_warnings, states, tables, url, warning_words
from pages._shared.blocks.warning_board import nothing_yet
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from pages._shared.theme import SEVERITY

PAGE_ROWS, MOST_PAGES = 20, 500


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("warnings.all_title", lang))
    if data_warnings.last_run() is None:
        nothing_yet(frame)
        return
    wanted = _filters(frame)
    url.one("page", range(1, MOST_PAGES + 1), 1)
    rows, total = data_warnings.page(frame.viewer, wanted, int(st.session_state["page"]) - 1, PAGE_ROWS)
    st.markdown("## " + t("warnings.all_finding", lang, n=total))
    if not total:
        states.empty(frame)
        return
    _table(frame, rows)
    pages = max(1, min(math.ceil(total / PAGE_ROWS), MOST_PAGES))
    if pages > 1:
        pager = f"warnings_pager_{st.session_state['page']}_{pages}"
        st.pagination(pages, default=min(int(st.session_state["page"]), pages), key=pager, on_change=_to, args=(pager,))


def _filters(frame: Frame) -> Wanted:
    lang = frame.lang
    known = data_warnings.choices()
    url.many("state", STATES)
    url.many("severity", SEVERITIES[::-1])
    url.many("owner", known["owner_dept"])
    box = st.container(horizontal=True, vertical_alignment="bottom", key="warning_filters")
    box.multiselect(
        t("warnings.state", lang), STATES, key="state", width=240, placeholder=t("filter.all", lang),
        format_func=lambda s: word("warning.state", s, lang),
    )  # fmt: skip
    box.multiselect(
        t("warnings.severity", lang), SEVERITIES[::-1], key="severity", width=200, placeholder=t("filter.all", lang),
        format_func=lambda s: f"{SEVERITY[s].glyph} {word('severity', s, lang)}",
    )  # fmt: skip
    box.multiselect(
        t("warnings.owner", lang), known["owner_dept"], key="owner", width=240, placeholder=t("filter.all", lang),
        format_func=lambda d: frame.name("owner_dept", d),
    )  # fmt: skip
    chosen = st.session_state
    return Wanted(tuple(chosen["state"]), tuple(chosen["severity"]), (), tuple(chosen["owner"]))


def _table(frame: Frame, rows: list[dict[str, object]]) -> None:
    lang, names, rules = frame.lang, data_warnings.called(frame.viewer), data_warnings.rules()
    shape = pd.DataFrame(
        [
            {
                "severity": f"{SEVERITY[str(r['severity'])].glyph} {word('severity', str(r['severity']), lang)}",
                "said": warning_words.said(r, rules, names, lang),
                "state": word("warning.state", state_of(r), lang),
                "owner": warning_words.owner(frame.name, r),
                "fired_at": r["fired_at"],
                "cleared_at": r["cleared_at"],
                "id": f"/warning?id={r['warning_id']}",
            }
            for r in rows
        ]
    )
    columns = [
        Column("severity", t("warnings.severity", lang), width="small"),
        Column("said", t("warnings.said", lang), width="large"),
        Column("state", t("warnings.state", lang), width="small"),
        Column("owner", t("warnings.owner", lang)),
        Column("fired_at", t("warnings.fired_at", lang), "moment"),
        Column("cleared_at", t("warnings.cleared_at", lang), "moment"),
    ]
    tables.show(st, shape, columns, lang=lang, alt=t("warnings.all_title", lang), height="content")


def _to(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]
