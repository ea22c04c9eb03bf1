"""投诉分析 Complaints. One view so far, 类型渠道: what people complain about, through which channel, when, and who."""

from __future__ import annotations

import streamlit as st

from pages._shared import other_sources, states, url
from pages._shared.blocks import rhythm, structure, subtypes, who
from pages._shared.frame import Frame, current
from pages._shared.text import t, word

# The parts of the view, each its own block; only the open one runs.
PARTS = {"structure": structure.show, "subtypes": subtypes.show, "rhythm": rhythm.show, "who": who.show}


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    st.title(t("types.title", frame.lang))
    if not structure.finding(frame):
        return
    url.one("part", PARTS, "structure")
    part = st.segmented_control(
        t("types.parts", frame.lang),
        list(PARTS),
        required=True,
        format_func=lambda p: word("types.part", p, frame.lang),
        key="part",
        label_visibility="collapsed",
    )
    PARTS[part or "structure"](frame)
    _drill(frame)


def _drill(frame: Frame) -> None:
    """To the rows behind what is shown; the filters go along."""
    if frame.viewer.sees_rows:
        st.page_link("pages/tickets.py", label=t("types.drill", frame.lang), icon=":material/list:")
    else:
        states.note(t("types.no_rows", frame.lang))


main()
