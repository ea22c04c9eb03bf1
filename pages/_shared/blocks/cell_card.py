"""One cell: what it is, whether it draws complaints beyond its traffic, how it did by hour and by day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data, data_cells, numbers, states, url
from pages._shared.access import seen
from pages._shared.blocks import cell_courses, cell_map, cell_words, drops, fix_effect
from pages._shared.frame import Frame
from pages._shared.text import Lang, plain, t, word
from pages._shared.theme import ROW_HEIGHT
from warehouse.analysis.cell_figures import NAMES
from warehouse.cells import HOURS_DAYS, WEEKS
from warehouse.query import Filters

MOST = 100  # complaints listed
# What a cell's figure is of the network's; "weak" and "outage" are what these lack to 1. Interference is in none.
MEASURE_OF = {
    "level": "M44", "weak": "M43", "load": "M47", "handover": "M45_HO", "drop": "M45_DROP", "access": "M45_ACCESS",
    "speed": "M46", "outage": "M48",
}  # fmt: skip


def show(frame: Frame, about: pd.Series) -> None:
    lang = frame.lang
    end = data_cells.end_of_weeks(frame.as_of)
    everyone = data_cells.judged(frame.viewer, end, Filters())
    here = everyone[everyone["cell_id"] == about["cell_id"]] if len(everyone) else everyone
    found = cell_courses.courses(frame, about, end)
    spot = st.container()
    spot.markdown(f"## {finding(frame, about, here, found)}")
    spot.markdown(facts(frame, about))
    url.one("kpi", NAMES, found.default)
    left, right = st.columns([8, 5], gap="medium")
    with left:
        name = st.segmented_control(
            t("cell.kpi", lang), [n for n in NAMES if n in found.known], key="kpi", required=True,
            format_func=lambda n: word("cell.figure", n, lang), label_visibility="collapsed", wrap=True,
        ) if found.known else None  # fmt: skip
        if name is None:
            states.note(t("cell.no_counters", lang))
        else:
            cell_courses.show(frame, found, name)
            if name in MEASURE_OF:
                entry = t("cell.defined", lang, measure=MEASURE_OF[name])
                st.markdown(f":small[:gray[{entry}]]", help=data.measure_help(MEASURE_OF[name], lang))
            drops.of_cell(frame, str(about["cell_id"]), end)
    with right:
        cell_map.show(frame, about, everyone)
        _complaints(frame, about, end)
    if isinstance(about["site_id"], str):
        fix_effect.around(frame, about["site_id"], end - 2 * fix_effect.BACK, frame.as_of.date())


def finding(frame: Frame, about: pd.Series, here: pd.DataFrame, found: cell_courses.Courses) -> str:
    """Complaints against what its traffic explains, and what of the network was unusual lately."""
    lang, name = frame.lang, plain(cell_words.name(about))
    if here.empty:
        first = t("cell.finding_gone", lang, name=name)
    else:
        row = here.iloc[0]
        verdict = "high" if row["is_high"] else "usual"
        first = word(
            "cell.finding", verdict, lang, name=name, weeks=WEEKS, n=int(row["n_tickets"]),
            expected=cell_words.expected(row["expected"], lang),
        )  # fmt: skip
    if not found.known:
        return first
    bad, is_hours = found.bad(found.default)
    figure = word("cell.figure", found.default, lang)
    since = found.since(found.default)
    if since is not None:
        return first + t("cell.and_since", lang, figure=figure, since=numbers.moment(since, lang))
    if not found.is_often(found.default):
        return first + t("cell.and_usual", lang)
    key = "cell.and_hours" if is_hours else "cell.and_days"
    return first + t(key, lang, figure=figure, n=bad, days=HOURS_DAYS, weeks=WEEKS)


def facts(frame: Frame, about: pd.Series) -> str:
    """Site, place, direction and age in a line."""
    lang = frame.lang

    def told(key: str, value: Any, said: str | None = None) -> str:
        if value is None or pd.isna(value) or value == "":
            return ""
        return f"{word('cell.fact', key, lang)} **{plain(said if said is not None else str(value))}**"

    region = about["region_code"]
    place = " ".join(str(v) for v in (frame.name("region_code", region), about["town"]) if v and pd.notna(v))
    parts = [
        told("site", about["site_id"]),
        told("place", place),
        told("scene", about["scene"]),
        told("rat", about["rat"], " ".join(str(v) for v in (about["rat"], about["band"]) if pd.notna(v))),
        told("azimuth", about["azimuth_deg"], f"{numbers.fixed(about['azimuth_deg'] or 0, 0)}°"),
        told("height", about["height_m"], f"{numbers.fixed(about['height_m'] or 0, 0)} m"),
        told("on_air", about["on_air_on"], _day(about["on_air_on"], lang)),
        told("off_air", about["valid_to"], _day(about["valid_to"], lang)),
    ]
    return " · ".join(p for p in parts if p)


def _day(value: Any, lang: Lang) -> str:
    return "" if pd.isna(value) else numbers.date(pd.Timestamp(value).date(), lang, year=True)


def _complaints(frame: Frame, about: pd.Series, end: Any) -> None:
    lang = frame.lang
    first = end - timedelta(7 * WEEKS)
    rows = data_cells.complaints(frame.viewer, str(about["cell_id"]), first, _tomorrow(frame))
    title = t("cell.complaints", lang, n=len(rows))
    with st.expander(title, expanded=0 < len(rows) <= 12):
        if rows.empty:
            states.note(t("cell.no_complaints", lang))
            return
        shown = rows.head(MOST)
        seen.note(shown, "cell")
        shape = pd.DataFrame(
            {
                "accepted": [numbers.moment(v, lang) for v in shown["accepted_at"]],
                "type": [frame.name("type_code", v) for v in shown["type_code"]],
                "terminal": shown["terminal_model"].fillna(numbers.DASH).astype(str),
                "put_by": [word("cell.put_by", v, lang) for v in shown["put_by"]],
            }
        )
        event: Any = st.dataframe(
            shape,
            hide_index=True,
            row_height=ROW_HEIGHT,
            column_config={c: word("cell.column", c, lang) for c in shape},
            key="cell_complaints",
            on_select="rerun",
            selection_mode="single-row",
            alt=title,
        )
        if event["selection"]["rows"]:
            st.session_state["id"] = str(shown["ticket_id"].iloc[event["selection"]["rows"][0]])
            st.switch_page("pages/ticket.py")
        states.note(t("ticket.choose", lang))


def _tomorrow(frame: Frame) -> Any:
    return datetime.combine(frame.as_of.date(), time()).date() + timedelta(1)
