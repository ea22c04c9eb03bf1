"""The card of one matter: what, since when, why, what stands behind it, what to do, what was done."""

from __future__ import annotations

import streamlit as st

from alerts.actions.of_warning import ref
from alerts.board import Matter
from alerts.incidents import SPOT
from pages._shared import clock, data_warnings, warning_words
from pages._shared.blocks import (
    action_today,
    warning_actions,
    warning_behind,
    warning_evidence,
    warning_picture,
    warning_timeline,
)
from pages._shared.frame import Frame
from pages._shared.text import t


def show(frame: Frame, matter: Matter, heading: str) -> None:
    """Everything about one matter; `heading` is the Markdown sign of its sentence."""
    lang = frame.lang
    now = clock.now(frame.workspace)
    names, rules = data_warnings.called(frame.viewer), data_warnings.rules()
    parts = [
        warning_words.mark(matter.severity, lang),
        f":gray-badge[{warning_words.state(matter, lang)}]",
        f":gray-badge[{t('warnings.trial', lang)}]" if matter.is_trial else "",
        f":gray[{warning_words.age(matter, now, lang)}]",
        warning_words.left(matter, now, lang),
    ]
    st.markdown(" ".join(p for p in parts if p))
    st.markdown(f"{heading} {warning_words.plain(warning_words.headline(matter, rules, names, lang))}")
    if matter.is_incident:
        spots = [r for r in matter.rows if r["rule_id"] == SPOT]
        for row in (matter.lead, *spots[:1]):
            st.markdown(warning_words.plain(warning_words.said(row, rules, names, lang)))
    warning_actions.show(frame, matter)
    action_today.of(frame, [ref(str(row["warning_id"])) for row in matter.rows])
    rule = rules.get(matter.lead["rule_id"])
    if rule is not None:
        runbook = warning_words.plain(rule.runbook.zh if lang == "zh" else rule.runbook.en)
        st.markdown(f"**{t('warning.to_do', lang)}** {runbook}")
    warning_picture.show(frame, matter)
    warning_behind.show(frame, matter)
    warning_timeline.show(frame, matter)
    warning_evidence.show(frame, matter)
