"""Level-2 types: which are many, which grew, and their course over thirteen weeks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, hidden, numbers, states
from pages._shared.blocks import measure_trend
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.contribution import contributions
from warehouse.periods import weeks

MOST = 12
TREND_WEEKS = 13


def show(frame: Frame) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _movers(frame)
    with right:
        _trend(frame)
    _table(frame)


def _asked(frame: Frame) -> pd.DataFrame:
    both = [frame.comparison.now, frame.comparison.before]
    asked = data.figures(["M01"], frame.viewer, both, ["type_l1", "type_code"], frame.filters)
    shown = hidden.in_every_period(frame, asked, "type_code", "M01_num", "type_l1")
    return shown.assign(n=shown["M01_num"].fillna(0))


def _movers(frame: Frame) -> None:
    lang, asked = frame.lang, _asked(frame)
    if asked.empty:
        states.nothing(frame, is_hidden=frame.viewer.level == "L1")
        return
    now, before = (asked[asked["period"] == p] for p in ("now", "before"))
    moved = contributions(now, before, ["type_code"], "n").head(MOST)
    shape = pd.DataFrame(
        {
            "label": [frame.name("type_code", k) for k in moved["key"]],
            "change": moved["change"],
            "kind": [_kind(c, p) for c, p in zip(moved["change"], moved["p_value"], strict=True)],
            "key": moved["key"].astype(str),
        }
    )
    sure = moved[moved["p_value"] < 0.05 / max(1, len(moved))]
    if len(sure):
        said = t("chart.list_separator", lang).join(
            f"{frame.name('type_code', r.key)} {numbers.difference(r.change, 'count', lang)}"
            for r in sure.head(3).itertuples()
        )
        title = t("subtypes.moved", lang, names=said)
    else:
        title = t("subtypes.quiet", lang)
    subtitle = t("subtypes.subtitle", lang, n=hidden.total(frame, frame.comparison.now))
    draw.show(
        charts.contribution_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.narrowing(frame, "subtype_movers", {"key": "type_code"}),
        alt=charts.contribution_alt(shape, lang=lang, title=title),
    )


def _kind(change: int, p: float) -> str:
    """Only movements beyond chance get a colour of their own."""
    if p >= 0.05:
        return "neutral"
    return "worse" if change > 0 else "better"


def _trend(frame: Frame) -> None:
    lang = frame.lang
    periods = weeks(frame.as_of, TREND_WEEKS)
    asked = data.figures(["M01"], frame.viewer, periods, (), frame.filters).set_index("period")
    counts = [float(asked["M01"].get(p.id, 0) or 0) for p in periods]
    shape = pd.DataFrame(
        {"period_start": [p.first for p in periods], "value": counts, "n": counts, "is_running": False}
    )
    if not any(counts):
        states.empty(frame)
        return
    title = states.trend_finding(frame, "M01", shape)
    first, last = periods[0].first, periods[-1].last
    measure_trend.show(
        frame, "M01", shape, first, last, title=title,
        subtitle=t("subtypes.trend_subtitle", lang, n=numbers.count(sum(counts), lang)),
        events=states.change_events(frame, first, last), height=320,
    )  # fmt: skip


def _table(frame: Frame) -> None:
    lang, asked = frame.lang, _asked(frame)
    wide = asked.pivot_table(index=["type_l1", "type_code"], columns="period", values="n", fill_value=0).reset_index()
    for period in ("now", "before"):
        if period not in wide:
            wide[period] = 0
    wide = wide.sort_values("now", ascending=False)
    shape = pd.DataFrame(
        {
            "name": [frame.name("type_code", c) for c in wide["type_code"]],
            "type": [frame.name("type_l1", c) for c in wide["type_l1"]],
            "now": wide["now"].astype(int),
            "before": wide["before"].astype(int),
            "change": (wide["now"] - wide["before"]).astype(int),
        }
    )
    with st.expander(t("subtypes.table", lang, n=len(shape))):
        st.dataframe(
            shape,
            hide_index=True,
            row_height=32,
            column_config={
                "name": t("subtypes.name", lang),
                "type": t("filter.type", lang),
                "now": t("today.now", lang),
                "before": t("today.before", lang),
                "change": t("chart.change", lang),
            },
            alt=t("subtypes.table", lang, n=len(shape)),
        )
