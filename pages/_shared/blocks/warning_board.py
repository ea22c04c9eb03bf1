"""待处理: what waits for people, the most urgent first, with the card of the chosen one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from alerts.board import UNSEEN, Matter
from pages._shared import clock, data_warnings, states, url, warning_words
from pages._shared.blocks import warning_card
from pages._shared.frame import Frame
from pages._shared.text import t, word

SECTIONS = ("new", "returned", "missing", "in_progress", "acknowledged", "decided")
SHOWN = 12  # lines of one state before the rest is asked for
# On a phone the card would lie below the whole list: there a warning opens on its own page.
STYLE = """<style>
@media (max-width: 640px) { .st-key-card, .st-key-todo_lines [class*="st-key-open_"] { display: none; } }
</style>"""


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("warnings.title", lang))
    if data_warnings.last_run() is None:
        nothing_yet(frame)
        return
    url.one("trial", ["yes"], "")
    everything = data_warnings.waiting(frame.viewer)
    with_trial = st.session_state["trial"] == "yes"
    shown = [m for m in everything if with_trial or not m.is_trial]
    now = clock.now(frame.workspace)
    st.markdown("## " + finding(frame, shown, now))
    own_part(frame)
    _switch(frame, sum(m.is_trial for m in everything))
    if not shown:
        st.success(t("warnings.calm", lang), icon=":material/check:")
        return
    url.one("id", [m.id for m in shown], shown[0].id)
    st.html(STYLE)
    left, right = st.columns([5, 7], gap="medium")
    with left, st.container(key="todo_lines"):
        for state in SECTIONS:
            _section(frame, state, [m for m in shown if m.state == state], now)
    with right:
        chosen = next(m for m in shown if m.id == st.session_state["id"])
        with st.container(border=True, key="card"):
            warning_card.show(frame, chosen, heading="###")


def finding(frame: Frame, shown: Sequence[Matter], now: datetime) -> str:
    """How much waits to be acknowledged, how much of it too long, and what to take up first."""
    lang = frame.lang
    unseen = [m for m in shown if m.state in UNSEEN]
    red, orange = (sum(m.severity == s for m in unseen) for s in ("red", "orange"))
    over = sum(m.seen_by is not None and m.seen_by < now for m in unseen)
    if not unseen:
        return t("warnings.finding_calm", lang, n=len(shown))
    names, rules = data_warnings.called(frame.viewer), data_warnings.rules()
    first = warning_words.headline(unseen[0], rules, names, lang)
    key = "warnings.finding_over" if over else "warnings.finding"
    return t(key, lang, n=len(unseen), red=red, orange=orange, over=over, first=first)


def own_part(frame: Frame) -> None:
    """Who is confined to a part of the city sees its warnings alone, and is told so."""
    if frame.viewer.is_limited:
        states.note(t("warnings.own_part", frame.lang))


def nothing_yet(frame: Frame) -> None:
    """The rules never ran here."""
    st.info(t("warnings.never_run", frame.lang), icon=":material/notifications_off:")
    st.code("python -m alerts run", language="bash")


def _switch(frame: Frame, n_trial: int) -> None:
    """Warnings of rules on trial are no work for anybody yet."""
    st.toggle(
        t("warnings.with_trial", frame.lang, n=n_trial),
        value=st.session_state["trial"] == "yes",
        key="trial_switch",
        on_change=_turn,
        help=t("warnings.trial_help", frame.lang),
    )


def _turn() -> None:
    st.session_state["trial"] = "yes" if st.session_state["trial_switch"] else ""


def _section(frame: Frame, state: str, found: Sequence[Matter], now: datetime) -> None:
    if not found:
        return
    lang = frame.lang
    st.markdown(
        f"**{word('warning.state', state, lang)}** :gray[{len(found)}]", help=word("warning.state_help", state, lang)
    )
    for matter in found[:SHOWN]:
        _line(frame, matter, now)
    if found[SHOWN:]:
        with st.expander(t("warnings.more", lang, n=len(found) - SHOWN)):
            for matter in found[SHOWN:]:
                _line(frame, matter, now)


def _line(frame: Frame, matter: Matter, now: datetime) -> None:
    """Badge, age, time left, the sentence; the arrow opens the card."""
    lang = frame.lang
    box = st.container(border=True, gap="xsmall", key=f"line_{matter.id}")
    top = [warning_words.mark(matter.severity, lang)]
    if matter.is_trial:
        top.append(f":gray-badge[{t('warnings.trial', lang)}]")
    if matter.is_incident:
        top.append(f":gray-badge[{t('warnings.joined', lang, n=len(matter.rows))}]")
    top += [f":small[:gray[{warning_words.age(matter, now, lang)}]]"]
    left = warning_words.left(matter, now, lang)
    if left:
        top.append(f":small[{left}]")
    is_open = st.session_state["id"] == matter.id
    head = box.container(horizontal=True, vertical_alignment="center", gap="small")
    head.markdown(" ".join(top), width="stretch")
    head.button(
        t("warnings.shown" if is_open else "warnings.open", lang),
        key=f"open_{matter.id}",
        type="tertiary",
        icon=":material/chevron_right:",
        disabled=is_open,
        on_click=_choose,
        args=(matter.id,),
    )
    head.page_link("pages/warning.py", label=t("warnings.alone", lang), query_params={"id": matter.id}, width="content")
    sentence = warning_words.plain(
        warning_words.headline(matter, data_warnings.rules(), data_warnings.called(frame.viewer), lang)
    )
    owner = warning_words.plain(warning_words.owner(frame.name, matter.lead))
    box.markdown(f"{f'**{sentence}**' if is_open else sentence} :small[:gray[{owner}]]")


def _choose(number: str) -> None:
    st.session_state["id"] = number
