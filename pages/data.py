"""数据管理 Data: can the figures be trusted (数据质量), and what exactly do they mean (口径)."""

from __future__ import annotations

import streamlit as st

from pages._shared import views
from pages._shared.blocks import definitions, intake, quality
from pages._shared.frame import current
from pages._shared.text import t

VIEWS: dict[str, views.Show] = {"quality": quality.show, "definitions": definitions.show, "intake": intake.show}


def main() -> None:
    frame = current()
    st.title(t("nav.data", frame.lang))
    # Who follows a link to it reads why it is not for them; nobody else is shown a door that stays closed.
    has_intake = frame.viewer.role in intake.ROLES or st.query_params.get("view") == "intake"
    shown = {name: show for name, show in VIEWS.items() if name != "intake" or has_intake}
    views.run(frame, shown, "quality")


main()
