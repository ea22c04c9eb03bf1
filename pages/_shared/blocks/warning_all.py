"""全部: every warning by filters, and what warnings cost people (负担)."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from alerts.board import STATES, Row, state_of, waits
from alerts.listing import Wanted
from alerts.state import SEVERITIES
from pages._shared import data_warnings, states, tables, url, warning_words
from pages._shared.blocks import warning_burden
from pages._shared.blocks.warning_board import nothing_yet, own_part
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from pages._shared.theme import SEVERITY

PAGE_ROWS, MOST_PAGES = 20, 500
# px; together they fit beside each other at 1440, the sentence giving way to the short columns.
WIDTHS = {
    "severity": 64, "link": 52, "said": 410, "state": 158, "decision": 76, "owner": 156, "fired_at": 128,
    "cleared_at": 128,
}  # fmt: skip
TWO_ABREAST = 170  # px; on a phone two filters stand side by side
# How far back the list goes, in weeks.
SINCE: dict[str, int | None] = {"weeks1": 1, "weeks4": 4, "weeks26": 26, "ever": None}


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("warnings.all_title", lang))
    if data_warnings.last_run() is None:
        nothing_yet(frame)
        return
    place = st.container()
    wanted = _filters(frame)
    url.one("page", range(1, MOST_PAGES + 1), 1)
    page = int(st.session_state["page"])
    rows, total = data_warnings.page(frame.viewer, wanted, page - 1, PAGE_ROWS)
    pages = max(1, min(math.ceil(total / PAGE_ROWS), MOST_PAGES))
    if page > pages:
        st.session_state["page"] = page = pages
        rows, total = data_warnings.page(frame.viewer, wanted, page - 1, PAGE_ROWS)
    burden = data_warnings.burden(frame.viewer, frame.as_of, warning_burden.WEEKS)
    with place:
        st.markdown("## " + warning_burden.finding(frame, burden))
        own_part(frame)
    if total:
        st.markdown(f"**{t('warnings.listed', lang, n=total)}**")
        _table(frame, rows)
        if pages > 1:
            pager = f"warnings_pager_{page}_{pages}"
            st.pagination(pages, default=page, key=pager, on_change=_to, args=(pager,))
    else:
        states.empty(frame)
    warning_burden.show(frame, burden)


def _filters(frame: Frame) -> Wanted:
    lang = frame.lang
    known, rules = data_warnings.choices(frame.viewer), data_warnings.rules()
    for name, allowed in (
        ("state", STATES),
        ("severity", SEVERITIES[::-1]),
        ("rules", known["rule_id"]),
        ("owner", known["owner_dept"]),
        ("area", known["region_code"]),
    ):
        url.many(name, list(allowed))
    url.one("since", list(SINCE), "weeks4")
    url.one("trial", ["yes"], "")
    box = st.container(horizontal=True, vertical_alignment="bottom", key="warning_filters")
    box.selectbox(
        t("warnings.since", lang), list(SINCE), key="since", width=150,
        format_func=lambda s: word("warnings.back", s, lang),
    )  # fmt: skip
    everything = t("filter.all", lang)
    box.multiselect(
        t("warnings.state", lang), STATES, key="state", width=TWO_ABREAST, placeholder=everything,
        format_func=lambda s: word("warning.state", s, lang),
    )  # fmt: skip
    box.multiselect(
        t("warnings.severity", lang), SEVERITIES[::-1], key="severity", width=150, placeholder=everything,
        format_func=lambda s: f"{SEVERITY[s].glyph} {word('severity', s, lang)}",
    )  # fmt: skip
    box.multiselect(
        t("rules.rule", lang), list(known["rule_id"]), key="rules", width=TWO_ABREAST, placeholder=everything,
        format_func=lambda r: f"{r} {rules[r].name(lang)}" if r in rules else r,
    )  # fmt: skip
    box.multiselect(
        t("warnings.owner", lang), list(known["owner_dept"]), key="owner", width=TWO_ABREAST, placeholder=everything,
        format_func=lambda d: frame.name("owner_dept", d),
    )  # fmt: skip
    box.multiselect(
        t("filter.region", lang), list(known["region_code"]), key="area", width=TWO_ABREAST, placeholder=everything,
        format_func=lambda r: frame.name("region_code", r),
    )  # fmt: skip
    chosen = st.session_state
    box.toggle(
        t("warnings.trial_too", lang), value=st.session_state["trial"] == "yes", key="trial_all", on_change=_turn
    )
    weeks = SINCE[chosen["since"] or "weeks4"]
    return Wanted(
        tuple(chosen["state"]),
        tuple(chosen["severity"]),
        tuple(chosen["rules"]),
        tuple(chosen["owner"]),
        tuple(chosen["area"]),
        None if weeks is None else frame.as_of - timedelta(weeks=weeks),
        chosen["trial"] == "yes",
    )


def _table(frame: Frame, rows: list[dict[str, Any]]) -> None:
    lang, names, rules = frame.lang, data_warnings.called(frame.viewer), data_warnings.rules()
    lists = frozenset(r.id for r in rules.values() if r.is_list)
    shape = pd.DataFrame(
        [
            {
                "severity": f"{SEVERITY[r['severity']].glyph} {word('severity', r['severity'], lang)}",
                "said": warning_words.said(r, rules, names, lang),
                "state": word("warning.state", standing(r, lists), lang),
                "decision": word("warning.decision", r["decision"], lang) if r["decision"] else None,
                "owner": warning_words.owner(frame.name, r),
                "fired_at": r["fired_at"],
                "cleared_at": r["cleared_at"],
                "link": f"{warning_words.path()}/warning?id={r['warning_id']}&lang={lang}&role={frame.viewer.role}",
            }
            for r in rows
        ]
    )
    columns = [
        Column("severity", t("warnings.severity", lang), width="small"),
        Column("said", t("warnings.said", lang), width="large"),
        Column("state", t("warnings.state", lang), width="small"),
        Column("decision", t("warnings.decision", lang), width="small"),
        Column("owner", t("warnings.owner", lang), width="small"),
        Column("fired_at", t("warnings.fired_at", lang), "moment"),
        Column("cleared_at", t("warnings.cleared_at", lang), "moment"),
    ]
    config = tables.column_config(columns, lang)
    config["link"] = st.column_config.LinkColumn(
        t("warnings.card", lang), display_text=t("warnings.open", lang), width="small"
    )
    for name, width in WIDTHS.items():
        config[name]["width"] = width
    st.dataframe(
        shape,
        hide_index=True,
        row_height=32,
        placeholder="",
        column_order=["severity", "link", *(c.field for c in columns[1:])],
        column_config=config,
        height="content",
        alt=t("warnings.all_title", lang),
    )


def standing(row: Row, lists: frozenset[str]) -> str:
    """Its state; "over" is what cleared unseen but waits for nobody: the list of an earlier day, old history."""
    state = state_of(row)
    return "over" if state == "returned" and not waits(row, lists) else state


def _turn() -> None:
    st.session_state["trial"] = "yes" if st.session_state["trial_all"] else ""


def _to(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]
