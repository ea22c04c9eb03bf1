"""What to do about one hotspot, what it costs and brings, how good the evidence is, and the way to ask for it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data_needs, numbers
from pages._shared.blocks.site_needs import avoided_text, gate_text
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.spots import GONE


def show(frame: Frame, spot: Any, course: pd.DataFrame) -> None:
    """One line and a link; nothing for who sees no rows, for one that has gone or one of too few customers."""
    if not frame.viewer.sees_rows or spot.state == GONE or pd.isna(spot.n_customers):
        return
    lang = frame.lang
    case = data_needs.case(frame.viewer, frame.workspace, spot, course)
    need = case.need
    parts = [t("spot.need", lang, action=word("remedy", need.action, lang))]
    if need.yuan_10k:
        parts.append(t("spot.need_cost", lang, cost=numbers.fixed(need.yuan_10k, 1)))
    if need.avoided:
        parts.append(t("spot.need_avoided", lang, n=avoided_text(case, lang)))
    if need.per_10k:
        parts.append(t("spot.need_per", lang, n=numbers.fixed(need.per_10k, 1)))
    parts.append(t("spot.need_grade", lang, grade=word("need_grade", need.grade, lang)))
    parts.append(t("spot.need_gate", lang, gate=gate_text(case, lang)))
    stands = case.work.get("pipeline", "none")
    if stands != "none":
        parts.append(t("spot.need_pipeline", lang, state=word("pipeline", stands, lang)))
    st.markdown(" · ".join(parts))
    st.page_link(
        "pages/hotspots.py",
        label=t("spot.need_link", lang),
        icon=":material/playlist_add:",
        query_params={"view": "sites", "lang": lang, "role": frame.viewer.role},
    )
