"""Warnings on the first page: how many red and orange ones wait to be acknowledged, and the five worst."""

from __future__ import annotations

from typing import Any

import streamlit as st

from alerts.board import UNSEEN, Matter
from pages._shared import clock, data_warnings, warning_words
from pages._shared.frame import Frame
from pages._shared.text import t

WORST = 5
LOUD = ("red", "orange")


def waiting(frame: Frame) -> list[Matter] | None:
    """What waits, without rules on trial; None where the rules were never evaluated."""
    if data_warnings.last_run() is None:
        return None
    return [m for m in data_warnings.waiting(frame.viewer) if not m.is_trial]


def count(frame: Frame, box: Any, found: list[Matter] | None) -> None:
    """红橙待确认, a way to the board."""
    if found is None:
        return
    n = sum(m.state in UNSEEN and m.severity in LOUD for m in found)
    said = t("today.warnings", frame.lang, n=n)
    help_text = t("today.warnings_help", frame.lang)
    if box.button(said, key="waiting_warnings", help=help_text, icon=":material/notifications_active:"):
        st.session_state["view"] = "todo"
        st.switch_page("pages/warnings.py")


def worst(frame: Frame, found: list[Matter] | None) -> None:
    """The five worst in a line each; a click opens the card."""
    if found is None:
        return
    lang, now = frame.lang, clock.now(frame.workspace)
    st.markdown(f"**{t('today.worst', lang)}**")
    if not found:
        st.markdown(t("warnings.calm", lang))
        return
    rules, names = data_warnings.rules(), data_warnings.called(frame.viewer)
    for matter in found[:WORST]:
        sentence = warning_words.plain(warning_words.headline(matter, rules, names, lang))
        left = warning_words.left(matter, now, lang)
        urgent = left or f":gray[{warning_words.state(matter, lang)}]"
        # A link is one line and would be cut, so it holds what is short and the sentence stands whole below it.
        box = st.container(gap=None)
        label = f"{warning_words.mark(matter.severity, lang)} :small[{urgent}]"
        box.page_link("pages/warning.py", label=label, query_params={"id": matter.id}, width="stretch")
        box.markdown(f":small[{sentence}]")
