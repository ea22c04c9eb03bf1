"""What a person can do about a warning, in place: acknowledge, assign, supervise, decide, instruct, say, copy.

Every deed carries the revision that was on the screen. Who was slower is told so and sees the newer state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from alerts.board import Matter
from alerts.broadcast import link, paste
from alerts.handling import Deed, NotPossible, possible
from alerts.rights import NotYours, may
from alerts.store import Stale, Unknown
from pages._shared import clock, data_warnings, warning_words
from pages._shared.frame import Frame
from pages._shared.text import t, word

LEVELS = ("ordinary", "key", "listed")
TOLD = "_warning_told"  # what to say after a deed, on the next run


def show(frame: Frame, matter: Matter) -> None:
    _say(frame)
    allowed = deeds(frame, matter)
    box = st.container(horizontal=True, key=f"deeds_{matter.id}", gap="small")
    if "ack" in allowed:
        box.button(
            t("warning.ack", frame.lang),
            type="primary",
            icon=":material/done:",
            key=f"ack_{matter.id}",
            on_click=_act,
            args=(frame, matter.id, matter.revisions, "ack"),
        )
    for deed, draw in FORMS.items():
        if _deed_of(deed) in allowed:
            with box.popover(word("warning.deed", deed, frame.lang)):
                draw(frame, matter)
    with box.popover(t("warning.copy", frame.lang), icon=":material/content_copy:"):
        _copies(frame, matter)


def deeds(frame: Frame, matter: Matter) -> set[Deed]:
    """What this viewer can do now: what the states allow to some warning of the matter, and the role may."""
    found = {deed for row in matter.rows for deed in possible(row["handling"])}
    return {deed for deed in found if may(frame.viewer.role, deed)}


def _say(frame: Frame) -> None:
    told = st.session_state.pop(TOLD, None)
    if told:
        kind, key = told
        (st.success if kind == "done" else st.warning)(word("warning.told", key, frame.lang))


def _act(frame: Frame, number: str, seen: Mapping[str, int], deed: Deed, note: str = "", **detail: Any) -> None:
    """Do it, or keep what to say why not."""
    try:
        data_warnings.act(frame.viewer, frame.workspace, seen, deed, note, **detail)
    except (Stale, Unknown):
        st.session_state[TOLD] = ("not", "stale")
    except NotPossible:
        st.session_state[TOLD] = ("not", "not_possible")
    except NotYours:
        st.session_state[TOLD] = ("not", "not_yours")
    else:
        st.session_state[TOLD] = ("done", deed)
        st.session_state["id"] = number


def _submit(frame: Frame, matter: Matter, deed: Deed, key: str, needs_note: bool, **detail: Any) -> None:
    """The text and the button of a form. `detail` names the keys of widgets whose values go with the deed."""
    lang, text = frame.lang, f"{key}_note_{matter.id}"
    st.text_area(t("warning.note_needed" if needs_note else "warning.note", lang), key=text, height=80, max_chars=500)
    st.button(
        t("warning.do", lang),
        key=f"{key}_do_{matter.id}",
        type="primary",
        on_click=_from_form,
        args=(frame, matter, deed, text, needs_note, detail),
    )


def _from_form(
    frame: Frame, matter: Matter, deed: Deed, text: str, needs_note: bool, detail: Mapping[str, Any]
) -> None:
    note = str(st.session_state.get(text) or "").strip()
    if needs_note and not note:
        st.session_state[TOLD] = ("not", "note_needed")
        return
    values = {k: v() if callable(v) else v for k, v in detail.items()}
    _act(frame, matter.id, matter.revisions, deed, note, **values)


def _assign(frame: Frame, matter: Matter) -> None:
    key = f"dept_{matter.id}"
    depts = sorted(frame.names("owner_dept"))
    st.selectbox(
        t("warning.assign_to", frame.lang), depts, key=key, format_func=lambda d: frame.name("owner_dept", d),
        index=depts.index(matter.lead["owner_dept"]) if matter.lead["owner_dept"] in depts else 0,
    )  # fmt: skip
    _submit(frame, matter, "assign", "assign", False, owner_dept=lambda: st.session_state[key])


def _supervise(frame: Frame, matter: Matter) -> None:
    level, due = f"level_{matter.id}", f"due_{matter.id}"
    st.segmented_control(
        t("warning.level", frame.lang), LEVELS, key=level, default=LEVELS[0], required=True,
        format_func=lambda code: word("warning.level", code, frame.lang),
    )  # fmt: skip
    _due(frame, due, 7)
    _submit(
        frame, matter, "supervise", "supervise", True,
        level=lambda: st.session_state[level], due=lambda: st.session_state[due].isoformat(),
    )  # fmt: skip


def _instruct(frame: Frame, matter: Matter) -> None:
    due = f"reply_{matter.id}"
    _due(frame, due, 3)
    _submit(frame, matter, "instruct", "instruct", True, due=lambda: st.session_state[due].isoformat())


def _due(frame: Frame, key: str, days: int) -> None:
    today = clock.now(frame.workspace).date()
    st.date_input(t("warning.due", frame.lang), value=today + timedelta(days=days), min_value=today, key=key)


def _decide(decision: str, needs_note: bool) -> Callable[[Frame, Matter], None]:
    return lambda frame, matter: _submit(frame, matter, "decide", decision, needs_note, decision=decision)


def _other(frame: Frame, matter: Matter) -> None:
    """What is done less often: a comment, other decisions, closing and reopening."""
    lang, allowed = frame.lang, deeds(frame, matter)
    key = f"other_{matter.id}"
    choices = [
        *(["comment"] if "comment" in allowed else []),
        *(["rectify", "adjust"] if "decide" in allowed else []),
        *(deed for deed in ("close", "reopen") if deed in allowed),
        *(["silence"] if "assign" in allowed else []),
    ]
    st.selectbox(t("warning.what", lang), choices, key=key, format_func=lambda c: word("warning.deed", c, lang))
    chosen = st.session_state[key]
    if chosen == "silence":
        _silence(frame, matter)
    elif chosen in ("rectify", "adjust"):
        _submit(frame, matter, "decide", "other", False, decision=chosen)
    else:
        _submit(frame, matter, chosen, "other", chosen == "comment")


def _silence(frame: Frame, matter: Matter) -> None:
    """Quiet for a time, with a reason and an end."""
    due, text, lang = f"quiet_{matter.id}", f"quiet_note_{matter.id}", frame.lang
    _due(frame, due, 1)
    st.text_area(t("warning.note_needed", lang), key=text, height=80, max_chars=500)
    st.button(
        t("warning.do", lang), key=f"quiet_do_{matter.id}", type="primary", on_click=_quiet,
        args=(frame, matter, text, due),
    )  # fmt: skip


def _quiet(frame: Frame, matter: Matter, text: str, due: str) -> None:
    try:
        data_warnings.silence(
            frame.viewer, frame.workspace, matter.revisions, st.session_state[text], st.session_state[due]
        )
    except (Stale, Unknown):
        st.session_state[TOLD] = ("not", "stale")
    except NotYours:
        st.session_state[TOLD] = ("not", "not_yours")
    except ValueError:
        st.session_state[TOLD] = ("not", "note_needed")
    else:
        st.session_state[TOLD] = ("done", "silence")


def _deed_of(form: str) -> Deed:
    known: dict[str, Deed] = {"false_alarm": "decide", "observe": "decide", "other": "comment"}
    return known.get(form, form)  # type: ignore[arg-type]


FORMS: dict[str, Callable[[Frame, Matter], None]] = {
    "assign": _assign,
    "supervise": _supervise,
    "false_alarm": _decide("false_alarm", True),
    "observe": _decide("observe", False),
    "instruct": _instruct,
    "other": _other,
}


def _copies(frame: Frame, matter: Matter) -> None:
    """The link, and a few lines for a work group. A click on a box's corner copies it."""
    lang, names, rules = frame.lang, data_warnings.called(frame.viewer), data_warnings.rules()
    base = address(frame)
    st.markdown(t("warning.copy_link", lang))
    st.code(link(base, matter.id) or f"/warning?id={matter.id}", language=None, wrap_lines=True)
    rule = rules.get(matter.lead["rule_id"])
    if rule is not None and "value" in warning_words.evidence(matter.lead):
        st.markdown(t("warning.copy_lines", lang))
        others = warning_words.others(matter, rules, lang)
        text = paste(matter.lead, rule, names, lang, base, frame.workspace.settings.is_synthetic, others)
        st.code(text, language=None, wrap_lines=True)


def address(frame: Frame) -> str:
    """Where this installation is reached: as configured, else where the browser is."""
    if frame.workspace.settings.notify.base_url:
        return frame.workspace.settings.notify.base_url
    try:
        here = st.context.url or ""
    except Exception:  # outside a browser there is none
        return ""
    parts = urlsplit(here)
    return f"{parts.scheme}://{parts.netloc}{warning_words.path()}" if parts.netloc else ""
