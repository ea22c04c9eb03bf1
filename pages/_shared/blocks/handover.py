"""流转: where tickets wait, loop and bounce, from the event log alone. The parts are blocks of their own."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, data_handover, findings, numbers, states, views
from pages._shared.blocks import handover_detours, handover_gaps, handover_path, handover_still
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.waits import ratio_of_medians

PARTS: dict[str, views.Show] = {
    "path": handover_path.show,
    "gaps": handover_gaps.show,
    "detours": handover_detours.show,
    "still": handover_still.show,
}
LEAST_RATIO = 1.5  # the target of M29


def show(frame: Frame) -> None:
    st.title(t("handover.title", frame.lang))
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if whole["is_small"] or not whole["M01"]:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return
    n = numbers.count(whole["M01"], frame.lang, "tickets")
    when = findings.period_text(frame.comparison.now, frame.lang)
    by_dept = handover_path.stays(frame)
    if by_dept.empty:
        st.markdown("## " + t("handover.no_log", frame.lang, period=when, n=n) + t("today.stop", frame.lang))
        states.note(t("handover.no_log_hint", frame.lang))
        return
    _finding(frame, when, n, by_dept)
    _not_narrowed(frame)
    label, lang = t("handover.parts", frame.lang), frame.lang
    views.parts(frame, PARTS, "path", label, lambda p: word("handover.part", p, lang))


def _finding(frame: Frame, when: str, n: str, by_dept: pd.DataFrame) -> None:
    """Where the time goes, what one approval costs, how much longer who comes on a weekend waits."""
    lang, top = frame.lang, by_dept.iloc[0]
    parts = [
        t(
            "handover.finding",
            lang,
            period=when,
            n=n,
            dept=frame.name("owner_dept", top["dept"]),
            share=numbers.rate(top["share"], lang),
            p50=numbers.duration(top["p50"], lang),
            p90=numbers.duration(top["p90"], lang),
        )
    ]
    cost = handover_gaps.approval_cost(frame)
    if cost is not None:
        said = numbers.duration(cost.approved - cost.plain, lang)
        parts.append(t("handover.finding_approval", lang, n=numbers.count(cost.n_approved, lang, "tickets"), more=said))
    waits = data_handover.classes("M29", frame.viewer, frame.comparison.now, ["is_off"], frame.filters)
    gap = ratio_of_medians(waits, [], "is_off", "n") if len(waits) else pd.DataFrame()
    if len(gap) and gap["ratio"].notna().all() and float(gap["ratio"].iloc[0]) > LEAST_RATIO:
        parts.append(t("handover.finding_weekend", lang, ratio=numbers.fixed(float(gap["ratio"].iloc[0]), 1)))
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _not_narrowed(frame: Frame) -> None:
    """Filters that the marts of hand-overs have no column for: better said than silently left out."""
    others = [name for name, _ in frame.filters.values if name not in data_handover.NARROWS]
    if others:
        names = t("chart.list_separator", frame.lang).join(t(f"handover.filter_{name}", frame.lang) for name in others)
        states.note(t("handover.not_narrowed", frame.lang, names=names))
