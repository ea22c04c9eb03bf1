"""What moved a measure: counts by group, rates split into mix and within."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data_movers, draw, findings, numbers, states, url
from pages._shared.blocks import mover_tables
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.measures import measures
from warehouse.periods import Comparison

DIMENSIONS = ("type_l1", "region_code", "channel_code")


def explainable(shown: list[str]) -> list[str]:
    """Measures whose change can be taken apart: counts and rates of tickets accepted in a period."""
    return [i for i in shown if measures()[i].kind in ("count", "rate") and measures()[i].basis == "accepted"]


def show(frame: Frame, comparison: Comparison, shown: list[str]) -> None:
    """What moved a measure, as sentence and chart: counts by group, rates split into mix and within."""
    lang = frame.lang
    choices = explainable(shown)
    url.one("moved", choices, choices[0] if choices else None)
    measure = st.selectbox(
        t("today.moved", lang),
        choices,
        format_func=lambda i: t("today.moved_option", lang, name=measures()[i].name(lang)),
        key="moved",
        label_visibility="collapsed",
    )
    if measure is None:
        return
    if measures()[measure].kind == "count":
        _count_movers(frame, comparison, measure)
    else:
        _rate_movers(frame, comparison, measure)


def _count_movers(frame: Frame, comparison: Comparison, measure: str) -> None:
    lang = frame.lang
    told = data_movers.explained(measure, frame.viewer, comparison, DIMENSIONS, frame.filters)
    bars = [
        {
            "label": findings.group_name(item.keys, frame.name, lang),
            "change": item.change,
            "kind": "worse" if item.change > 0 else "better",
            "key": clicks.group_key(item.keys),
        }
        for item in told.items
    ]
    bars.append({"label": t("chart.remainder", lang), "change": told.remainder, "kind": "remainder", "key": ""})
    title = findings.as_title(findings.cause(told, frame.name, lang))
    subtitle = t(
        "today.moved_subtitle",
        lang,
        name=measures()[measure].name(lang),
        before=numbers.count(told.total_before, lang),
        now=numbers.count(told.total_now, lang),
        change=numbers.difference(told.change, "count", lang),
    )
    shape = pd.DataFrame(bars)
    draw.show(
        charts.contribution_bars(
            shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True, height=50 + 34 * len(shape)
        ),
        **clicks.narrowing(frame, "movers"),
        alt=charts.contribution_alt(shape, lang=lang, title=title),
    )
    with states.folded(t("word.evidence", lang), "movers_evidence") as is_open:
        if is_open:
            states.note(t("today.moved_method", lang, p=f"{told.p_value:.3f}"))
            mover_tables.mover_table(frame, measure, comparison, DIMENSIONS)


def _rate_movers(frame: Frame, comparison: Comparison, measure: str) -> None:
    lang, entry = frame.lang, measures()[measure]
    dimensions = ("type_l1", "region_code")
    tables = [data_movers.rate_effects(measure, frame.viewer, comparison, d, frame.filters) for d in dimensions]
    effects = tables[0] if len(tables[0]) else tables[1]
    top = effects.dropna(subset=["effect"]).head(6)
    if top.empty:
        states.few(frame)
        return
    shape = pd.DataFrame(
        {
            "label": [frame.name(d, k) for d, k in zip(top["dim"], top["key"], strict=True)],
            "change": top["effect"],
            "kind": ["better" if (e > 0) == (entry.good == "up") else "worse" for e in top["effect"]],
            "key": [clicks.group_key({d: k}) for d, k in zip(top["dim"], top["key"], strict=True)],
        }
    )
    total = effects["effect"].sum()
    mix = effects["mix_effect"].sum()
    title = t(
        "today.rate_moved",
        lang,
        name=entry.name(lang),
        change=numbers.pp(total, lang, prose=True),
        first=shape["label"].iloc[0],
        effect=numbers.pp(float(shape["change"].iloc[0]), lang, prose=True),
    )
    subtitle = t("today.rate_subtitle", lang, mix=numbers.pp(mix, lang), within=numbers.pp(total - mix, lang))
    draw.show(
        charts.contribution_bars(
            shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind="rate", select=True
        ),
        **clicks.narrowing(frame, "movers_rate"),
        alt=charts.contribution_alt(shape, lang=lang, title=title, kind="rate"),
    )
    with states.folded(t("word.evidence", lang), "movers_evidence") as is_open:
        if is_open:
            states.note(t("today.rate_method", lang))
            mover_tables.effect_table(frame, pd.concat(tables), measure)
