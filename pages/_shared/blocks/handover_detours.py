"""Tickets that went astray: passed on, sent back, round in loops, round again; the rows by role."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_handover, draw, hidden, numbers, states, tables, url
from pages._shared.blocks import handover_path
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from pages._shared.tiles import Tile, tile
from warehouse.flow import DETOURS
from warehouse.measures import measures
from warehouse.query import TimedOut

TILES = ("M25_RIGHT", "M25_ASTRAY", "M25_REJECT", "M27", "M27_THRICE", "M27_REOPEN", "M33", "M05_GAPS", "M05_SAT")
LEAST = 30
PAGE_ROWS, MOST_PAGES = 20, 500


def show(frame: Frame) -> None:
    lang = frame.lang
    asked = data.figures(TILES, frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if asked["is_small"]:
        states.suppressed(frame)
        return
    # Three a row: where to, how often passed on, what the record lacks.
    grid = st.grid(columns=3, min_column_width=150, gap="small", key="detour_tiles")
    for i in TILES:
        spec = Tile(
            key=i,
            name=measures()[i].name(lang),
            value=numbers.rate(asked[i], lang),
            help=data.measure_help(i, lang),
            sample=numbers.count(asked[f"{i}_n"], lang),
        )
        tile(grid, spec, lang)
    passing = _of(frame, "dept", "M25_PASS")
    handover_path.choose(frame, list(passing["dept"]))
    dept = str(st.session_state["stop"])
    left, right = st.columns(2, gap="medium")
    with left:
        if dept:
            _by(frame, "type_l1", "M25_PASS", dept)
        else:
            _by(frame, "type_l1", "M25_RIGHT")
    with right:
        _by(frame, "dept", "M25_PASS")
    _rows(frame)


def _of(frame: Frame, dimension: str, measure: str, dept: str = "") -> pd.DataFrame:
    """The groups of a rate that may be shown, of one department alone where one is named."""
    by = ["dept", dimension] if dept else [dimension]
    asked = data.figures([measure], frame.viewer, [frame.comparison.now], by, frame.filters)
    asked = asked[asked["dept"] == dept] if dept else asked
    asked = asked[
        (asked["is_small"].astype(bool) | (asked[f"{measure}_n"].fillna(0) > 0)) & (asked[dimension] != "NONE")
    ]
    if dimension == "dept":
        # A partner always hands back what it was asked for.
        depts = data.table("dim_dept", frame.viewer)
        asked = asked[~asked["dept"].isin(depts.loc[depts["kind"] == "PARTNER", "dept_code"])]
    return hidden.visible(frame, asked, f"{measure}_den")


def _by(frame: Frame, dimension: str, measure: str, dept: str = "") -> None:
    """A rate by type or by department, worst first, with its intervals under the evidence. A click on a type narrows;
    one on a department shows what it passes on, by type, and its tickets below."""
    lang, entry = frame.lang, measures()[measure]
    asked = _of(frame, dimension, measure, dept)
    enough = asked[asked[f"{measure}_n"] >= LEAST]
    if asked.empty:
        states.few(frame)
        return
    asked = asked.sort_values(measure, ascending=entry.good == "up")
    names = {"dept": "owner_dept"}.get(dimension, dimension)
    shape = pd.DataFrame(
        {
            "key": asked[dimension].astype(str),
            "label": [frame.name(names, c) for c in asked[dimension]],
            "value": asked[measure],
            "low": asked[f"{measure}_low"],
            "high": asked[f"{measure}_high"],
            "n": asked[f"{measure}_n"],
        }
    )
    title = entry.name(lang)
    if len(enough):
        worst = enough.loc[enough[measure].idxmin() if entry.good == "up" else enough[measure].idxmax()]
        title = t(
            "handover.worst_of" if dept else f"handover.worst_{dimension}",
            lang,
            name=frame.name(names, worst[dimension]),
            value=numbers.rate(worst[measure], lang),
            dept=frame.name("owner_dept", dept),
        )
    key = "handover.pass_subtitle" if dimension == "dept" and not dept else "handover.rate_subtitle"
    subtitle = t(key, lang, name=entry.name(lang), n=numbers.count(shape["n"].sum(), lang))
    draw.show(
        charts.ranked_bars(shape, title=title, subtitle=subtitle, select=True, with_n=True, lang=lang, mode=frame.mode),
        **_click(frame, dimension, f"by_{dimension}"),
        alt=charts.ranked_alt(shape, lang=lang, title=title),
    )
    with st.expander(t("word.evidence", lang)):
        name = entry.name(lang)
        draw.show(
            charts.ranked_bars(
                shape, title=name, subtitle=subtitle, evidence=True, select=True, lang=lang, mode=frame.mode
            ),
            **_click(frame, dimension, f"by_{dimension}_evidence"),
            alt=charts.ranked_alt(shape, lang=lang, title=name),
        )


def _click(frame: Frame, dimension: str, key: str) -> dict[str, Any]:
    if dimension == "type_l1":
        return clicks.narrowing(frame, key, {"key": "type_l1"})
    return clicks.choosing(key, lambda mark: st.session_state.update(stop=str(mark["key"]), page=1))


def _rows(frame: Frame) -> None:
    lang = frame.lang
    url.one("astray", DETOURS, "loop")
    url.one("page", range(1, MOST_PAGES + 1), 1)
    if not frame.viewer.sees_rows:
        states.note(t("handover.no_rows", lang))
        return
    st.subheader(t("handover.rows", lang))
    kind = st.selectbox(
        t("handover.astray", lang),
        DETOURS,
        format_func=lambda d: word("handover.detour", d, lang),
        key="astray",
        width=260,
    )
    try:
        _table(frame, kind or "loop")
    except TimedOut:
        st.warning(t("state.timed_out", lang), icon=":material/timer_off:")


def _table(frame: Frame, kind: str) -> None:
    lang, period, page = frame.lang, frame.comparison.now, int(st.session_state["page"])
    chosen, dept = next(d for d in DETOURS if d == kind), str(st.session_state["stop"])
    rows, total = data_handover.detours(frame.viewer, period, frame.filters, chosen, page - 1, PAGE_ROWS, dept)
    pages = max(1, min(math.ceil(total / PAGE_ROWS), MOST_PAGES))
    if page > pages:
        st.session_state["page"] = page = pages
        rows, total = data_handover.detours(frame.viewer, period, frame.filters, chosen, page - 1, PAGE_ROWS, dept)
    if not total:
        states.note(t("handover.no_detour", lang))
        return
    shape = rows.assign(
        type_code=[frame.name("type_code", c) for c in rows["type_code"]],
        region_code=[frame.name("region_code", c) for c in rows["region_code"]],
        took=[numbers.duration(None if pd.isna(h) else h * 60, lang) for h in rows["handling_hours"]],
        path=[path_in_words(frame, p) for p in rows["path"]],
    )
    columns = [
        Column("ticket_id", word("column", "ticket_id", lang)),
        Column("path", t("handover.column_path", lang), width="large"),
        Column("took", t("handover.column_took", lang)),
        Column("type_code", word("column", "type_code", lang)),
        Column("region_code", word("column", "region_code", lang)),
        Column("accepted_at", word("column", "accepted_at", lang), "moment"),
        Column("n_transfers", word("column", "n_transfers", lang), "count"),
        Column("n_reopens", word("column", "n_reopens", lang), "count"),
    ]
    name = word("handover.detour", kind, lang)
    tables.show(st, shape, columns, lang=lang, alt=name, height="content")
    said = t("handover.rows_note", lang, n=numbers.count(total, lang, "tickets"))
    states.note(t("handover.hours_of", lang, dept=frame.name("owner_dept", dept), said=said) if dept else said)
    if pages > 1:
        pager = f"astray_pager_{kind}_{page}_{pages}"
        st.pagination(pages, default=page, key=pager, on_change=_turn, args=(pager,))


def path_in_words(frame: Frame, path: str) -> str:
    return " → ".join(frame.name("owner_dept", d) for d in str(path).split(" → ") if d)


def _turn(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]
