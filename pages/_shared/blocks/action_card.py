"""One measure in place: what, whose, until when, how it is judged, what can be done now, what happened.

Every deed carries the revision that was on the screen. Who was slower is told who changed what, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import streamlit as st

from alerts.actions.item import Action
from alerts.actions.rights import NotYours, may
from alerts.actions.states import NEEDS_REASON, RESULTS, Deed, NotPossible, possible
from alerts.actions.store import Changed, Unknown
from pages._shared import action_words, data_actions, numbers
from pages._shared.blocks import action_form
from pages._shared.blocks.action_form import TOLD
from pages._shared.frame import Frame
from pages._shared.text import Lang, plain, t, word
from warehouse.problems import Problems

# The order of the buttons: what usually comes next first.
ORDER: tuple[Deed, ...] = (
    "accept", "done", "verify", "reply", "reject", "refuse", "reissue", "delay", "edit", "comment", "close", "reopen",
)  # fmt: skip
PAGES = {"warning": "pages/warning.py", "hotspot": "pages/hotspot.py"}


def show(frame: Frame, action: Action) -> None:
    lang, today = frame.lang, data_actions.today(frame.workspace)
    st.markdown(action_words.badges(frame, action, today))
    title = action_words.headline(frame, action)
    st.markdown(f"### {plain(title)}")
    if action.problem not in title:  # as it was typed, in the other language
        st.markdown(plain(action.problem))
    waits = action.waits_for_reply
    facts = [
        (t("action.owner", lang), action_words.owner(frame, action)),
        (t("action.place", lang), action_words.place(frame, action)),
        (t("action.due_on", lang), _dates(action, lang)),
        (t("action.judged", lang), action_words.aim(frame, action)),
        (t("action.spent", lang), numbers.money(action.cost_yuan, lang) if action.cost_yuan is not None else ""),
        (t("action.reply_by", lang), numbers.date(action.reply_by, lang) if waits and action.reply_by else ""),
        (t("action.why", lang), action.result_note or ""),
    ]
    st.markdown("  \n".join(f"**{k}** {plain(v)}" for k, v in facts if v))
    _deeds(frame, action)
    _source(frame, action)
    past = data_actions.history(action.action_id)
    with st.expander(t("action.history", lang, n=len(past)), expanded=len(past) <= 6):
        st.markdown("\n".join(f"- {action_words.line(frame, e)}" for e in reversed(past)))


def say(frame: Frame) -> None:
    """What came of the last deed."""
    told = st.session_state.pop(TOLD, None)
    if told:
        kind, text = told
        (st.success if kind == "done" else st.warning)(text)


def _dates(action: Action, lang: Lang) -> str:
    due = numbers.date(action.due_on, lang, year=True)
    if not action.is_delayed:
        return due
    return t("action.delayed_from", lang, due=due, first=numbers.date(action.first_due_on, lang))


def _deeds(frame: Frame, action: Action) -> None:
    lang = frame.lang
    now = set(possible(action.state))
    mine = [d for d in ORDER if d in now and may(frame.viewer, d, action.level, action.owner_dept)]
    if action.source != "instruction" or not action.waits_for_reply:
        mine = [d for d in mine if d != "reply"]
    if not mine:
        return
    box = st.container(horizontal=True, key=f"action_deeds_{action.action_id}", gap="small")
    for n, deed in enumerate(mine):
        label = word("action.deed", deed, lang)
        if deed == "accept":
            box.button(
                label, type="primary", key=f"accept_{action.action_id}", icon=":material/done:", on_click=_act,
                args=(frame, action, "accept"),
            )  # fmt: skip
            continue
        with box.popover(label, icon=":material/arrow_forward:" if n == 0 else None):
            if deed == "edit":
                changed = action_form.edit(frame, action)
                if changed is not None:
                    _act(frame, action, "edit", "", changed)
                    st.rerun()
            else:
                _form(frame, action, deed)


def _form(frame: Frame, action: Action, deed: Deed) -> None:
    """The reason, and what else the deed needs. The key holds the revision: a newer state begins with an empty form."""
    lang, key = frame.lang, f"{deed}_{action.action_id}_{action.revision}"
    values: dict[str, Callable[[], Any]] = {}
    today = data_actions.today(frame.workspace)
    if deed == "verify":
        st.segmented_control(
            t("action.result", lang), RESULTS, key=f"result_{key}", default=RESULTS[0], required=True,
            format_func=lambda r: word("action.result", r, lang),
        )  # fmt: skip
        values["result"] = lambda: st.session_state[f"result_{key}"]
    if deed == "delay":
        least = max(action.due_on, today) + timedelta(days=1)
        st.date_input(t("action.new_due", lang), value=least + timedelta(days=6), min_value=least, key=f"to_{key}")
        values["due_on"] = lambda: st.session_state[f"to_{key}"]
    if deed == "done":
        st.date_input(
            t("action.done_on", lang), value=max(today, action.begins_on), min_value=action.begins_on,
            max_value=max(today, action.begins_on), key=f"on_{key}",
        )  # fmt: skip
        values["done_on"] = lambda: st.session_state[f"on_{key}"]
    if deed == "reissue":
        depts = sorted(frame.names("owner_dept"))
        st.selectbox(
            t("action.dept", lang), depts, key=f"to_{key}", format_func=lambda d: frame.name("owner_dept", d),
            index=depts.index(action.owner_dept) if action.owner_dept in depts else 0,
        )  # fmt: skip
        values["owner_dept"] = lambda: st.session_state[f"to_{key}"]
    needed = deed in NEEDS_REASON
    st.text_area(
        t("warning.note_needed" if needed else "warning.note", lang), key=f"note_{key}", height=80, max_chars=500
    )
    st.button(t("warning.do", lang), key=f"do_{key}", type="primary", on_click=_from_form,
              args=(frame, action, deed, f"note_{key}", values))  # fmt: skip


def _from_form(frame: Frame, action: Action, deed: Deed, note: str, values: Mapping[str, Callable[[], Any]]) -> None:
    _act(frame, action, deed, str(st.session_state.get(note) or ""), {k: v() for k, v in values.items()})


def _act(frame: Frame, action: Action, deed: Deed, note: str = "", values: Mapping[str, Any] | None = None) -> None:
    """Do it, or keep what to say why not."""
    lang = frame.lang
    st.session_state["action"] = action.action_id
    try:
        data_actions.act(frame.viewer, frame.workspace, action, deed, note, **(values or {}))
    except Changed as error:
        st.session_state[TOLD] = ("not", action_words.meanwhile(frame, error.events))
    except (NotPossible, Unknown):
        st.session_state[TOLD] = ("not", word("warning.told", "not_possible", lang))
    except NotYours:
        st.session_state[TOLD] = ("not", word("warning.told", "not_yours", lang))
    except Problems:
        st.session_state[TOLD] = ("not", word("action.needs", deed, lang))
    else:
        st.session_state[TOLD] = ("done", t("action.kept", lang, did=word("action.did", deed, lang)))


def _source(frame: Frame, action: Action) -> None:
    """A way back to what it came of."""
    kind, _, number = action.source_ref.partition(":")
    if kind in PAGES and number:
        st.page_link(
            PAGES[kind], label=t("action.open_source", frame.lang), icon=":material/open_in_new:",
            query_params={"id": number, "lang": frame.lang, "role": frame.viewer.role},
        )  # fmt: skip
