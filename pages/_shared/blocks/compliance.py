"""合规: how limits are kept, by both timelinesses, by stage, under other rules and over time. Parts are blocks."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, data_flow, findings, hidden, numbers, states, views
from pages._shared.blocks import limits_kept, open_curve, other_rules
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.intervals import Z95

PARTS: dict[str, views.Show] = {
    "stages": limits_kept.show,
    "rules": other_rules.show,
    "open": open_curve.show,
}
LEAST_N = 30


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("compliance.title", lang))
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if whole["is_small"] or not whole["M01"]:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return
    period = findings.period_text(frame.comparison.now, lang)
    n = numbers.count(whole["M01"], lang, "tickets")
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters, in_force=True)
    final = told[told["stage"] == "FBK"]
    if final.empty:
        st.markdown("## " + t("compliance.no_rule", lang, period=period, n=n) + t("today.stop", lang))
        states.note(t("compliance.no_rule_hint", lang))
    else:
        _finding(frame, period, n, final.iloc[0])
    views.parts(frame, PARTS, "stages", t("compliance.parts", lang), lambda p: word("compliance.part", p, lang))


def _finding(frame: Frame, period: str, n: str, final: pd.Series) -> None:
    """Both rates, the gap to the target, and the department that is furthest below the rest."""
    lang = frame.lang
    parts = [
        t(
            "compliance.finding",
            lang,
            period=period,
            n=n,
            matured=numbers.rate(final["matured"], lang),
            strict=numbers.rate(final["strict"], lang),
        )
    ]
    aim = frame.workspace.settings.targets.get("M04")
    if aim is not None and not pd.isna(final["matured"]):
        gap = aim.value - float(final["matured"])
        key = "compliance.finding_below" if gap > 0 else "compliance.finding_met"
        parts.append(
            t(
                key,
                lang,
                target=numbers.target(aim.value, "rate", lang),
                gap=numbers.pp(gap, lang, prose=True, signed=False),
            )
        )
    worst = _worst(frame, final)
    if worst is not None:
        name, value = frame.name("owner_dept", worst["owner_dept"]), numbers.rate(worst["M04"], lang)
        parts.append(t("compliance.finding_worst", lang, dept=name, value=value))
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _worst(frame: Frame, final: pd.Series) -> pd.Series | None:
    """The department with the lowest rate, where that is clearly below the whole."""
    by = data.figures(["M01", "M04"], frame.viewer, [frame.comparison.now], ["owner_dept"], frame.filters)
    by = hidden.visible(frame, by, "M01_num")
    by = by[by["M04_n"].fillna(0) >= LEAST_N].dropna(subset=["M04"])
    if len(by) < 2:
        return None
    last = by.loc[by["M04"].astype(float).idxmin()]
    spread = (float(final["matured"]) * (1 - float(final["matured"])) / float(last["M04_n"])) ** 0.5
    return last if float(final["matured"]) - float(last["M04"]) > Z95 * spread else None
