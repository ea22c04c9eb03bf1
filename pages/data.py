"""数据管理 Data: can the figures be trusted (数据质量), and what exactly do they mean (口径)."""

from __future__ import annotations

import streamlit as st

from pages._shared import url
from pages._shared.blocks import definitions, intake, quality
from pages._shared.frame import current
from pages._shared.text import t, word

VIEWS = {"quality": quality.show, "definitions": definitions.show, "intake": intake.show}


def main() -> None:
    frame = current()
    st.title(t("nav.data", frame.lang))
    url.one("view", VIEWS, "quality")
    view = st.segmented_control(
        t("frame.views", frame.lang),
        list(VIEWS),
        required=True,
        format_func=lambda v: word("view", v, frame.lang),
        key="view",
        label_visibility="collapsed",
    )
    VIEWS[view or "quality"](frame)


main()
