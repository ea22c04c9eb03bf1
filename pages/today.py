"""今日 Today: is it better or worse, what moved it, what needs doing.

Numbers come from the measures, words from findings.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from alerts.board import Matter
from pages._shared import data, findings, numbers, other_sources, states
from pages._shared.blocks import action_today, district, month, movers, today_tiles, warning_today
from pages._shared.blocks import weeks as weeks_block
from pages._shared.frame import Frame, current
from pages._shared.text import t
from pages._shared.tiles import tile_grid
from warehouse.measures import measures

# What waits, each a way to its rows on the due board.
WAITING = ("M23_TODAY", "M22_OPEN", "M24")


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    comparison = frame.comparison
    shown = data.supported(today_tiles.TILES)
    history = today_tiles.history(frame, comparison)
    asked = data.figures(
        [*shown, *data.supported(today_tiles.BESIDE)], frame.viewer, [*comparison.periods, *history], (), frame.filters
    )
    now = findings.row_of(asked, "now")
    st.title(t("today.title", frame.lang, period=findings.period_text(comparison.now, frame.lang)))
    if now is None or now["M01"] == 0:
        states.empty(frame)
        return
    if now["is_small"]:
        states.suppressed(frame)
        return
    st.markdown("## " + today_tiles.verdict(frame, comparison, asked))
    warnings = warning_today.waiting(frame)
    _to_do(frame, asked, warnings)
    movable = movers.explainable(shown)
    tile_grid([today_tiles.tile(frame, i, asked, comparison, history, _opens(i, movable)) for i in shown], frame.lang)
    states.unsupported(frame, today_tiles.TILES)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        movers.show(frame, comparison, shown)
    with right:
        warning_today.worst(frame, warnings)
        month.show(frame)
    left, right = st.columns([5, 7], gap="medium")
    with left:
        district.show(frame, comparison)
    with right:
        weeks_block.show(frame, _trend_measure(shown))


def _to_do(frame: Frame, asked: pd.DataFrame, warnings: list[Matter] | None) -> None:
    """今天要办: counts of what waits, each a way to it on the due board."""
    row = findings.row_of(asked, "now")
    shown = [i for i in WAITING if row is not None and i in row]
    if row is None or not (shown or warnings):
        return
    box = st.container(horizontal=True, vertical_alignment="center", key="to_do")
    box.markdown(f"**{t('today.to_do', frame.lang)}**", width="content")
    warning_today.count(frame, box, warnings)
    action_today.counts(frame, box)
    for measure in shown:
        n = numbers.count(row[measure], frame.lang, "tickets")
        said = t("today.waiting", frame.lang, name=measures()[measure].name(frame.lang), n=n)
        help_text = data.measure_help(measure, frame.lang)
        if box.button(said, key=f"waiting_{measure}", help=help_text, icon=":material/timer:"):
            st.session_state.update(waiting=measure, view="due")
            st.switch_page("pages/flow.py")


def _opens(measure: str, movable: list[str]) -> Callable[[], None] | None:
    """What a click on a tile does: open what moved it, where that can be said."""
    return (lambda: _show_movers(measure)) if measure in movable else None


def _show_movers(measure: str) -> None:
    st.session_state["moved"] = measure


def _trend_measure(shown: list[str]) -> str:
    """The trend follows the measure whose movement is open."""
    choices = movers.explainable(shown)
    chosen = st.session_state.get("moved")
    return chosen if chosen in choices else choices[0]


main()
