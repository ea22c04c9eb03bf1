"""大屏 Wall: three panels by turns on a screen that nobody operates; figures of many only, whoever looks.

Opened as `/wall?role=wall&embed=true&embed_options=dark_theme`; `panel=` keeps one of them.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages._shared import data, shell, states, url
from pages._shared.blocks import wall
from pages._shared.frame import Frame, current
from pages._shared.text import t
from warehouse.viewer import Viewer

TURN_S = 30
# Read from five metres: everything of the view grows with the screen, where the screen is one for a wall. Charts
# measure the room they have on the screen, which is grown already: told of a part of it, they grow to the whole.
STYLE = """<style>
.st-key-wall_as_of h2 { font-size: 1.6rem; }
[data-testid="stVegaLiteChart"], :has(> [data-testid="stMetricChart"]) { overflow: visible; }
@media (min-width: 1600px) {
  [data-testid="stMainBlockContainer"] { zoom: 1.5; padding: 14px 28px 0; }
  [data-testid="stVegaLiteChart"], :has(> [data-testid="stMetricChart"]) { width: 66.66% !important; }
}
@media (min-width: 3200px) {
  [data-testid="stMainBlockContainer"] { zoom: 3; }
  [data-testid="stVegaLiteChart"], :has(> [data-testid="stMetricChart"]) { width: 33.33% !important; }
}
</style>"""
_TURN, _FRESH = "wall_turn", "wall_fresh"


def main() -> None:
    seen = current()
    frame = replace(seen, viewer=Viewer.of("wall", seen.viewer.regions, seen.viewer.departments))
    url.one("panel", ["", *wall.PANELS], "")
    st.html(STYLE)
    if not st.context.is_embedded:  # somebody is choosing, not a screen
        box = st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="wall_bar")
        box.link_button(t("wall.open", frame.lang), wall.link(frame), icon=":material/tv:")
        shell.switches(box, frame.lang)
    if not frame.has_tickets:
        st.title(t("wall.title", frame.lang))
        states.note(t("other.no_tickets", frame.lang))
        return
    st.session_state[_FRESH] = True
    fixed = st.session_state["panel"]
    st.fragment(_board, run_every=TURN_S)(frame, fixed)


def _board(frame: Frame, fixed: str) -> None:
    """One panel; each time the fragment runs by itself the next one. A new release draws everything anew."""
    if data.reader().id != frame.reader.id:
        st.rerun()
    turn = int(st.session_state.get(_TURN, 0)) + (0 if st.session_state.pop(_FRESH, False) else 1)
    st.session_state[_TURN] = turn
    names = list(wall.PANELS)
    name = fixed or names[turn % len(names)]
    wall.head(frame, name)
    wall.PANELS[name](frame)
    wall.foot(frame, name)


main()
