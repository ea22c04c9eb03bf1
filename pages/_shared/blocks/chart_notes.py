"""批注: notes on a chart of a measure, as lines and bands on it, and a small control beside it to write one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from alerts.notes import MOST, Note
from pages._shared import data_notes, numbers, states, warning_words
from pages._shared.charts.context import Event
from pages._shared.frame import Frame
from pages._shared.text import plain, t
from warehouse.problems import Problems

_SHORT = 10  # characters at a line; the whole note is told on hover and in the list
_TOLD = "_note_told"


def on(frame: Frame, measure: str, first: date, last: date) -> list[Note]:
    """The notes that belong on this chart; on one of several districts they say whose they are."""
    found = data_notes.of_chart(measure, first, last, frame.filters, frame.viewer)
    if len(data_notes.regions(frame.filters, frame.viewer)) < 2:
        return found
    return [replace(n, text=_of(frame, n)) if n.region_code else n for n in found]


def _of(frame: Frame, note: Note) -> str:
    return t("chart.of_district", frame.lang, name=frame.name("region_code", note.region_code), text=note.text)


def events(found: Sequence[Note]) -> list[Event]:
    """Notes about a day, as thin lines."""
    return [Event(n.begins_on, _short(n.text), n.text) for n in found if not n.is_range]


def bands(found: Sequence[Note]) -> list[tuple[date, date, str]]:
    """Notes about a stretch of time, as bands."""
    return [(n.begins_on, n.ends_on, _short(n.text)) for n in found if n.is_range]


def beside(frame: Frame, measure: str, found: Sequence[Note], last: date) -> None:
    """The control: what was noted, a form to note more."""
    lang, key = frame.lang, f"note_{measure}"
    if frame.viewer.role not in data_notes.WRITERS and not found:
        return
    with st.popover(t("notes.open", lang, n=len(found)), icon=":material/sticky_note_2:", type="tertiary"):
        told = st.session_state.pop(_TOLD, None)
        if told:
            st.warning(t("notes.wrong", lang))
        for n in found:
            days = numbers.date(n.begins_on, lang) + (f" – {numbers.date(n.ends_on, lang)}" if n.is_range else "")
            st.markdown(f"{plain(n.text)}  \n:small[:gray[{plain(days)} · {warning_words.person(n.author, lang)}]]")
            if data_notes.may_take_back(frame.viewer, n):
                st.button(
                    t("notes.take_back", lang), key=f"unnote_{measure}_{n.note_id}", type="tertiary",
                    on_click=_take_back, args=(frame, n),
                )  # fmt: skip
        if frame.viewer.role not in data_notes.WRITERS:
            return
        st.text_input(t("notes.text", lang), key=f"{key}_text", max_chars=MOST, help=t("action.no_numbers", lang))
        st.date_input(
            t("notes.days", lang), value=(last, last), max_value=last + timedelta(days=366), key=f"{key}_days"
        )
        st.button(t("notes.keep", lang), key=f"{key}_keep", type="primary", on_click=_keep, args=(frame, measure, key))
        states.note(t("notes.where", lang))


def _keep(frame: Frame, measure: str, key: str) -> None:
    chosen = st.session_state[f"{key}_days"]
    days = list(chosen) if isinstance(chosen, tuple | list) else [chosen]
    try:
        if not days:
            raise ValueError
        data_notes.write(
            frame.viewer, frame.workspace, str(st.session_state[f"{key}_text"] or ""), days[0], days[-1], measure,
            frame.filters,
        )  # fmt: skip
    except (Problems, PermissionError, ValueError):
        st.session_state[_TOLD] = True
    else:
        st.session_state[f"{key}_text"] = ""


def _take_back(frame: Frame, note: Note) -> None:
    data_notes.withdraw(frame.viewer, frame.workspace, note)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
