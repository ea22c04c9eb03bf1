"""热点 Hotspot: one place on one card, by `?id=`: how bad, since when, why, which cells, what to do."""

from __future__ import annotations

import streamlit as st

from pages._shared import data_spots, states, url
from pages._shared.blocks import spot_card
from pages._shared.frame import current
from pages._shared.text import t


def main() -> None:
    frame = current()
    lang = frame.lang
    wanted = str(st.query_params.get("id") or st.session_state.get("id") or "")[:40]
    url.one("id", [wanted] if wanted else [], None)
    course = data_spots.course(frame.viewer, wanted) if wanted else None
    if course is None or course.empty:
        st.title(t("spot.title", lang))
        states.note(t("spot.unknown" if wanted else "spot.none_chosen", lang, id=wanted))
        st.page_link("pages/hotspots.py", label=t("spot.back", lang), icon=":material/arrow_back:")
        return
    spot_card.show(frame, wanted, course)


main()
