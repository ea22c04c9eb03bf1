"""The register on the first page and on cards: 督办逾期, 批示待复, and the measures that came of something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from alerts.actions import register
from pages._shared import action_words, data_actions
from pages._shared.frame import Frame
from pages._shared.text import plain, t


def counts(frame: Frame, box: Any) -> None:
    """What is overdue under supervision and which instructions wait, each a way to them; nothing where none is kept."""
    lang = frame.lang
    found = data_actions.items(frame.viewer)
    if not found:
        return
    n = register.counts(found, data_actions.today(frame.workspace))
    _count(box, "supervised", t("today.supervised", lang, n=n.supervised_overdue), t("today.supervised_help", lang))
    _count(box, "replies", t("today.replies", lang, n=n.replies), t("today.replies_help", lang))


def _count(box: Any, stand: str, said: str, help_text: str) -> None:
    if box.button(said, key=f"waiting_{stand}", help=help_text, icon=":material/task_alt:"):
        st.session_state.update(view="register", stand=stand)
        st.switch_page("pages/actions.py")


def of(frame: Frame, source_refs: Sequence[str]) -> None:
    """The measures that came of something, each a way to its card."""
    lang, today = frame.lang, data_actions.today(frame.workspace)
    for found in data_actions.of_source(frame.viewer, source_refs):
        said = f"{action_words.badges(frame, found, today)} {plain(found.action_id)} {action_words.owner(frame, found)}"
        st.page_link(
            "pages/actions.py", label=said, icon=":material/task_alt:",
            query_params={"action": found.action_id, "lang": lang, "role": frame.viewer.role},
        )  # fmt: skip
