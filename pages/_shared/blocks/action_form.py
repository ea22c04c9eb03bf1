"""Forms of the register: raise a measure (also from a warning, hotspot or case), and change what one says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import streamlit as st
from pydantic import ValidationError

from alerts.actions.item import MATCHED, MOST_TEXT, Action, Draft
from alerts.actions.kinds import called, kinds
from alerts.actions.rights import NotYours, may, sources
from alerts.actions.states import LEVELS
from pages._shared import data_actions
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.problems import Problems

DAYS, REPLY_DAYS = 14, 3
WINDOWS = (14, 28, 56, 91)
CONTROLS = (MATCHED, "none")
TOLD = "_action_told"  # what to say after a deed, on the next run: (kind, text)


def raise_one(frame: Frame, box: Any, given: Mapping[str, Any], key: str, label: str = "") -> None:
    """立项: a button that opens the form. `given` holds what is known already, such as source, source_ref, scope."""
    if not may(frame.viewer, "raise") or not allowed_sources(frame, given):
        return
    lang = frame.lang
    with box.popover(label or t("action.raise", lang), icon=":material/add_task:"):
        today = data_actions.today(frame.workspace)
        with st.form(f"raise_{key}", border=False):
            values = _fields(frame, given, key)
            left, right = st.columns(2)
            values["due_on"] = left.date_input(
                t("action.due_on", lang), value=today + timedelta(days=DAYS), min_value=today, key=f"due_{key}"
            )
            values["source"] = right.selectbox(
                t("action.from", lang), allowed_sources(frame, given), key=f"source_{key}",
                format_func=lambda s: word("action.source", s, lang),
            )  # fmt: skip
            values["reply_by"] = st.date_input(
                t("action.reply_by", lang), value=today + timedelta(days=REPLY_DAYS), min_value=today,
                key=f"reply_{key}", help=t("action.reply_help", lang),
            )  # fmt: skip
            if st.form_submit_button(t("action.submit", lang), type="primary"):
                fixed = {k: given[k] for k in ("source_ref", "scope_kind", "scope_id") if k in given}
                _start(frame, {**fixed, **values, "begins_on": today})


def allowed_sources(frame: Frame, given: Mapping[str, Any]) -> list[str]:
    """The source that is given first, then what else this role may name."""
    mine: list[str] = [
        s for s in sources(frame.viewer.role) if "source_ref" in given or s not in ("warning", "hotspot", "case")
    ]
    wanted = given.get("source")
    if wanted in mine:
        return [wanted, *(s for s in ("instruction", "superior") if s in mine and s != wanted)]
    return mine if wanted is None else []


def edit(frame: Frame, action: Action) -> Mapping[str, Any] | None:
    """The form of what a measure says; what was changed once it is submitted, else None."""
    key = f"edit_{action.action_id}_{action.revision}"
    with st.form(key, border=False):
        values = _fields(frame, vars(action), key)
        if not st.form_submit_button(t("action.save", frame.lang), type="primary"):
            return None
    return {k: v for k, v in values.items() if v != getattr(action, k)}


def _fields(frame: Frame, given: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The widgets of what a measure says, seeded with what is known."""
    lang, values = frame.lang, dict[str, Any]()
    values["problem"] = st.text_area(
        t("action.problem", lang), value=str(given.get("problem") or ""), max_chars=MOST_TEXT, height=80,
        key=f"problem_{key}", help=t("action.no_numbers", lang),
    )  # fmt: skip
    left, right = st.columns(2)
    codes = list(kinds())
    values["kind"] = left.selectbox(
        t("action.kind", lang), codes, key=f"kind_{key}", format_func=lambda k: called(k, lang),
        index=codes.index(given["kind"]) if given.get("kind") in codes else codes.index("other"),
    )  # fmt: skip
    values["level"] = right.selectbox(
        t("warning.level", lang), LEVELS, key=f"level_{key}", format_func=lambda c: word("warning.level", c, lang),
        index=LEVELS.index(given["level"]) if given.get("level") in LEVELS else 0,
    )  # fmt: skip
    values["measure"] = st.text_input(
        t("action.measure", lang), value=str(given.get("measure") or ""), max_chars=200, key=f"measure_{key}"
    )
    depts = sorted(frame.names("owner_dept"))
    values["owner_dept"] = left.selectbox(
        t("action.dept", lang), depts, key=f"dept_{key}", format_func=lambda d: frame.name("owner_dept", d),
        index=depts.index(given["owner_dept"]) if given.get("owner_dept") in depts else 0,
    )  # fmt: skip
    person = right.text_input(
        t("action.person", lang), value=str(given.get("owner_person") or ""), max_chars=16, key=f"person_{key}",
        placeholder="NET0115",
    )  # fmt: skip
    values["owner_person"] = person.strip() or None
    types = [None, *sorted(frame.names("type_l1")), *sorted(frame.names("type_code"))]
    values["verify_type"] = left.selectbox(
        t("action.verify_type", lang), types, key=f"verify_{key}",
        format_func=lambda c: t("action.all_types", lang) if c is None else f"{c} {_type(frame, c)}",
        index=types.index(given.get("verify_type")) if given.get("verify_type") in types else 0,
    )  # fmt: skip
    windows = sorted({*WINDOWS, int(given.get("verify_days") or 28)})
    values["verify_days"] = right.selectbox(
        t("action.window", lang), windows, key=f"window_{key}",
        index=windows.index(int(given.get("verify_days") or 28)), format_func=lambda n: t("action.days", lang, n=n),
    )  # fmt: skip
    against = str(given.get("control") or MATCHED)
    controls = list(dict.fromkeys([*CONTROLS, against]))
    values["control"] = left.selectbox(
        t("action.against", lang), controls, key=f"control_{key}", index=controls.index(against),
        format_func=lambda c: word("action.control", c, lang) if c in CONTROLS else c,
    )  # fmt: skip
    values["cost_yuan"] = right.number_input(
        t("action.cost", lang), min_value=0.0, max_value=1e9, value=given.get("cost_yuan"), step=1000.0,
        format="%.0f", key=f"cost_{key}",
    )  # fmt: skip
    return values


def _type(frame: Frame, code: str) -> str:
    return frame.name("type_code" if code in frame.names("type_code") else "type_l1", code)


def _start(frame: Frame, values: dict[str, Any]) -> None:
    """Raise it, or say what is wrong; no word of what was typed is repeated."""
    lang = frame.lang
    if values["source"] != "instruction":
        values["reply_by"] = None
    if not values["measure"].strip() and values["kind"] != "other":
        values["measure"] = kinds()[values["kind"]].zh
    try:
        number = data_actions.raise_one(frame.viewer, frame.workspace, Draft(**values))
    except ValidationError as error:
        missing = {str(e["loc"][0]) for e in error.errors() if e["loc"]}
        st.warning(t("action.no_problem" if "problem" in missing else "action.wrong", lang))
    except NotYours:
        st.warning(word("warning.told", "not_yours", lang))
    except Problems:
        st.warning(t("action.wrong", lang))
    else:
        st.session_state[TOLD] = ("done", t("action.raised", lang, id=number))
        st.session_state["action"] = number
        st.rerun()
