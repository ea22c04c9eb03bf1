"""The card of one matter: what, since when, why, what stands behind it, what to do, what was done."""

from __future__ import annotations

import streamlit as st

from alerts.board import Matter
from pages._shared import clock, data_warnings, states, warning_words
from pages._shared.frame import Frame
from pages._shared.text import t


def show(frame: Frame, matter: Matter, heading: str) -> None:
    lang = frame.lang
    now = clock.now(frame.workspace)
    names, rules = data_warnings.called(), data_warnings.rules()
    parts = [
        warning_words.mark(matter.severity, lang),
        f":gray-badge[{warning_words.state(matter, lang)}]",
        f":gray[{warning_words.age(matter, now, lang)}]",
        warning_words.left(matter, now, lang),
    ]
    st.markdown(" ".join(p for p in parts if p))
    st.markdown(f"{heading} {warning_words.plain(warning_words.headline(matter, rules, names, lang))}")
    rule = rules.get(matter.lead["rule_id"])
    if rule is not None:
        states.note(t("warning.rule", lang, id=rule.id, name=rule.name(lang), version=matter.lead["rule_version"]))
