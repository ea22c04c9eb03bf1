"""预警 Warning: one card alone, by `?id=`. Where the links of messages lead; made for a phone."""

from __future__ import annotations

import streamlit as st

from pages._shared import data_warnings, url
from pages._shared.blocks import warning_card
from pages._shared.frame import current
from pages._shared.text import t


def main() -> None:
    frame = current()
    lang = frame.lang
    wanted = str(st.query_params.get("id") or st.session_state.get("id") or "")
    url.one("id", [wanted] if wanted else [], None)
    st.title(t("warning.title", lang))
    if not wanted:
        st.info(t("warning.none_chosen", lang), icon=":material/notifications:")
        return
    matter = data_warnings.matter_of(frame.viewer, wanted)
    if matter is None:
        st.info(t("warning.unknown", lang), icon=":material/search_off:")
        return
    warning_card.show(frame, matter, heading="##")


main()
