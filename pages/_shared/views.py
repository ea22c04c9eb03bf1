"""The views of one entry of the navigation: a segmented control bound to the URL. Only the open view runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages._shared import url, waits
from pages._shared.frame import Frame
from pages._shared.text import t, word

Show = Callable[[Frame], None]


def run(frame: Frame, views: Mapping[str, Show], default: str) -> None:
    """Let the viewer choose among `views` (parameter `view`) and draw the chosen one."""
    url.one("view", views, default)
    if len(views) > 1:
        st.segmented_control(
            t("frame.views", frame.lang),
            list(views),
            required=True,
            format_func=lambda v: word("view", v, frame.lang),
            key="view",
            label_visibility="collapsed",
        )
    with waits.reading(frame):
        views[st.session_state["view"] or default](frame)


def parts(frame: Frame, shown: Mapping[str, Show], default: str, label: str, named: Callable[[str], str]) -> None:
    """The parts of one view, chosen in the same way by the parameter `part`; `named` says what each is called."""
    url.one("part", shown, default)
    part = st.segmented_control(
        label,
        list(shown),
        required=True,
        format_func=named,
        key="part",
        label_visibility="collapsed",
    )
    shown[part or default](frame)
