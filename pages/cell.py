"""小区 Cell: one cell alone, by `?id=`: where it stands, how it did, what happened to it, who complained."""

from __future__ import annotations

import streamlit as st

from pages._shared import data_cells, url
from pages._shared.blocks import cell_card
from pages._shared.frame import current
from pages._shared.text import t, word


def main() -> None:
    frame = current()
    lang = frame.lang
    wanted = str(st.query_params.get("id") or st.session_state.get("id") or "")
    url.one("id", [wanted] if wanted else [], None)
    st.title(t("cell.title", lang))
    if not frame.viewer.sees_rows:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    if not wanted:
        st.info(t("cell.none_chosen", lang), icon=":material/list:")
        return
    about = data_cells.about(frame.viewer, wanted)
    if about is None:
        st.info(t("cell.unknown", lang), icon=":material/search_off:")
        return
    cell_card.show(frame, about)


main()
