"""首次解决与重开: how many complaints were over after one round, of a year of tickets old enough to know it."""

from __future__ import annotations

import streamlit as st

from pages._shared import data, findings, numbers
from pages._shared.blocks.refunds import few
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.periods import Period

KEYS = {"M16": "repeats.first_solved", "M17": "repeats.reopened"}


def show(frame: Frame, period: Period) -> None:
    """One line: first contact resolution and reopen rate over `period`, each with its n and its target."""
    lang, parts, told = frame.lang, [], []
    for measure in data.supported(list(KEYS)):
        row = data.figures([measure], frame.viewer, [period], (), frame.filters).iloc[0]
        if row["is_small"] or not row[f"{measure}_n"] or few(frame, row, measure):
            continue
        said = {"rate": numbers.rate(row[measure], lang), "n": numbers.count(row[f"{measure}_n"], lang)}
        parts.append(t(KEYS[measure], lang, **said) + _aim(frame, measure))
        told.append(data.measure_help(measure, lang))
    if parts:
        whole = t("repeats.first_period", lang, period=findings.period_text(period, lang))
        st.markdown(whole + t("today.join", lang).join(parts) + t("today.stop", lang), help="\n\n".join(told))


def _aim(frame: Frame, measure: str) -> str:
    aim = frame.workspace.settings.targets.get(measure)
    if aim is None:
        return ""
    return t("repeats.first_target", frame.lang, rate=numbers.target(aim.value, "rate", frame.lang))
