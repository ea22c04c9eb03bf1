"""数据管理 Data: can the figures be trusted (数据质量), and what exactly do they mean (口径)."""

from __future__ import annotations

import streamlit as st

from pages._shared import views
from pages._shared.access import mode
from pages._shared.blocks import access, definitions, intake, quality
from pages._shared.frame import current
from pages._shared.text import t

VIEWS: dict[str, views.Show] = {
    "quality": quality.show,
    "definitions": definitions.show,
    "intake": intake.show,
    "access": access.show,
}


def main() -> None:
    frame = current()
    st.title(t("nav.data", frame.lang))
    # Who follows a link to it reads why it is not for them; nobody else is shown a door that stays closed.
    wished, role = st.query_params.get("view"), frame.viewer.role
    own = {"intake": intake.ROLES, "access": (*access.MAY, *mode.settings().export_approvers)}
    shown = {name: show for name, show in VIEWS.items() if name == wished or role in own.get(name, (role,))}
    views.run(frame, shown, "quality")


main()
