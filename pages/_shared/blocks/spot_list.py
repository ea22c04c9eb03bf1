"""热点网络 → 热点: the week's hotspots in the order in which they deserve work, each one line away from its card."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alerts.actions import register
from pages._shared import (
    bearings,
    data_actions,
    data_map,
    data_spots,
    deck,
    draw,
    extent,
    findings,
    numbers,
    states,
    url,
)
from pages._shared.blocks import map_spots
from pages._shared.charts.legend import legend
from pages._shared.frame import Frame
from pages._shared.text import t, word
from pages._shared.theme import palette
from warehouse.periods import Period
from warehouse.query import SMALL_CELL
from warehouse.spots import GONE

_HEIGHT = 420


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("spots.title", lang))
    weeks = {w.first.isoformat(): w for w in data_map.span(frame.reader)}
    if not weeks:
        states.empty(frame)
        return
    names = list(weeks)
    url.one("week", weeks, names[-1])
    week = weeks[st.session_state["week"]]
    found = data_spots.of_week(frame.viewer, week.first, frame.filters)
    if found.empty:
        _choose(frame, weeks)
        st.info(t("spots.none", lang, week=findings.period_text(week, lang)), icon=":material/search_off:")
        return
    st.markdown("## " + finding(frame, found, week))
    _choose(frame, weeks)
    left, right = st.columns([5, 7])
    with left:
        _picture(frame, found, week)
    with right:
        _table(frame, found)
    _fixed(frame)
    note = "spots.note_small" if frame.viewer.level == "L1" else "spots.note"
    states.note(t(note, lang, least=SMALL_CELL))


def _fixed(frame: Frame) -> None:
    """How many measures against hotspots are verified, of those that are due; and what the states count."""
    lang = frame.lang
    done, due = register.hotspots_share(data_actions.items(frame.viewer), frame.as_of.date())
    with st.expander(t("word.evidence", lang)):
        said = t("spots.fixed", lang, n=due, k=done, share=numbers.rate(done / due, lang)) if due else ""
        st.markdown(said or t("spots.none_due", lang))
        states.computed(frame, ["M51_N", "M51_FIXED"])


def finding(frame: Frame, found: pd.DataFrame, week: Period) -> str:
    """How many there are, how they fare, and which one comes first."""
    lang = frame.lang
    alive = found[found["state"] != GONE]
    if alive.empty:
        return t("spots.all_gone", lang, week=findings.period_text(week, lang), gone=len(found))
    counts = alive["state"].value_counts()
    first = next(alive.itertuples())
    return t(
        "spots.finding",
        lang,
        week=findings.period_text(week, lang),
        n=numbers.count(len(alive), lang),
        fresh=int(counts.get("new", 0)),
        worse=int(counts.get("worse", 0)),
        place=map_spots.place(first, lang),
        customers=map_spots.people(frame, first.n_customers),
        cause=word("spot_cause", first.cause, lang),
    )


def _choose(frame: Frame, weeks: dict[str, Period]) -> None:
    st.selectbox(
        t("map.week", frame.lang),
        list(reversed(weeks)),
        key="week",
        format_func=lambda n: findings.period_text(weeks[n], frame.lang),
        width=260,
    )


def _picture(frame: Frame, found: pd.DataFrame, week: Period) -> None:
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    layers, keys = map_spots.spots(frame, week)
    if not layers:
        states.note(t("spots.no_positions", lang))
        return
    box = extent.bounds(space, [str(c) for c in dict(frame.filters.values).get("region_code", ())])
    deck.show(
        [
            *layers,
            *bearings.of_city(space, frame.names("region_code"), p, lang),
        ],
        extent.view(box, _HEIGHT),
        space,
        lang=lang,
        mode=frame.mode,
        key="spots_map",
        height=_HEIGHT,
        alt=t("spots.map_alt", lang, n=len(found)) + t("map.table_beside", lang),
        on_select=_open_clicked,
    )
    words = t("map.legend_alt", lang, names=t("chart.list_separator", lang).join(k.label for k in keys))
    draw.show(legend(keys, lang=lang, mode=frame.mode, columns=3), alt=words)


def _open_clicked() -> None:
    clicked = deck.chosen("spots_map").get("spots")
    if clicked:
        st.session_state["_open_spot"] = str(clicked["hotspot_id"])


def _table(frame: Frame, found: pd.DataFrame) -> None:
    lang = frame.lang
    shown = pd.DataFrame(
        {
            "state": [word("spot_state", s, lang) for s in found["state"]],
            "place": [map_spots.place(r, lang) for r in found.itertuples()],
            "customers": [map_spots.people(frame, n) for n in found["n_customers"]],
            "expected": [numbers.DASH if pd.isna(e) else numbers.fixed(e, 1) for e in found["expected"]],
            "weeks": [numbers.count(n, lang) for n in found["n_weeks"]],
            "cause": [word("spot_cause", c, lang) for c in found["cause"]],
            "score": [numbers.DASH if pd.isna(s) else numbers.fixed(s, 0) for s in found["score"]],
        }
    )
    config: dict[str, Any] = {
        c: st.column_config.TextColumn(
            t(f"spots.{c}", lang), alignment="left" if c in ("state", "place", "cause") else "right"
        )
        for c in shown
    }
    event: Any = st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        row_height=32,
        height=min(36 + 32 * len(shown), _HEIGHT),
        key="spots_table",
        on_select="rerun",
        selection_mode="single-row",
        alt=t("spots.table_alt", lang, n=len(found)),
    )
    picked = event["selection"]["rows"]
    wanted = st.session_state.pop("_open_spot", None) or (str(found["hotspot_id"].iloc[picked[0]]) if picked else None)
    if wanted:
        st.session_state["id"] = wanted
        st.switch_page("pages/hotspot.py")
    states.note(t("spots.choose_row", lang))
