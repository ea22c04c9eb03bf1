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
    # Who follows a link to it reads why it is not for them; nobody else is shown a door that stays closed.
    has_intake = frame.viewer.role in intake.ROLES or st.query_params.get("view") == "intake"
    views = {name: show for name, show in VIEWS.items() if name != "intake" or has_intake}
    url.one("view", views, "quality")
    view = st.segmented_control(
        t("frame.views", frame.lang),
        list(views),
        required=True,
        format_func=lambda v: word("view", v, frame.lang),
        key="view",
        label_visibility="collapsed",
    )
    views[view or "quality"](frame)


main()
