"""类型渠道: what people complain about, through which channel, when, and who. The parts are blocks of their own."""

from __future__ import annotations

import streamlit as st

from pages._shared import states, views
from pages._shared.blocks import rhythm, service, structure, subtypes, who
from pages._shared.frame import Frame
from pages._shared.text import t, word

PARTS: dict[str, views.Show] = {
    "structure": structure.show,
    "subtypes": subtypes.show,
    "rhythm": rhythm.show,
    "who": who.show,
    "service": service.show,
}


def show(frame: Frame) -> None:
    st.title(t("types.title", frame.lang))
    if not structure.finding(frame):
        return
    views.parts(frame, PARTS, "structure", t("types.parts", frame.lang), lambda p: word("types.part", p, frame.lang))
    drill(frame)


def drill(frame: Frame) -> None:
    """To the rows behind what is shown; the filters go along."""
    if frame.viewer.sees_rows:
        st.page_link("pages/tickets.py", label=t("types.drill", frame.lang), icon=":material/list:")
    else:
        states.note(t("types.no_rows", frame.lang))
