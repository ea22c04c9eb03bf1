"""权限审计 → requests for files with rows of customers: what waits, who may decide it, what became of the others."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import clock, numbers, states, typed
from pages._shared.access import exports, mode
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.tables import show as draw
from pages._shared.text import Lang, maybe, plain, t, word
from warehouse import exports as rules
from warehouse.exports import Refused
from warehouse.viewer import ROLES

SHOWN = 10  # requests with their buttons at a time; the next ones come up as these are decided
_TOLD = "_export_told"


def may_decide(frame: Frame) -> bool:
    return rules.may_decide(frame.viewer, mode.settings())


def waiting(frame: Frame) -> int:
    """How many requests wait."""
    return sum(row["state"] == "asked" for row in _rows())


def show(frame: Frame) -> None:
    """What waits, with buttons for whoever may decide; below all requests as a table."""
    lang, rows = frame.lang, _rows()
    st.markdown("**" + t("export.requests", lang) + "**")
    told = st.session_state.pop(_TOLD, None)
    if told:
        st.warning(t(f"export.why_{told}", lang), icon=":material/block:")
    if not rows:
        states.note(t("export.none", lang))
        return
    if may_decide(frame):
        for row in [r for r in rows if r["state"] == "asked"][:SHOWN]:
            _one(frame, row)
    columns = [
        Column(c, word("export.column", c, lang)) for c in ("id", "who", "role", "what", "reason", "at", "state")
    ]
    columns.insert(4, Column("rows", word("export.column", "rows", lang), "count"))
    columns += [Column(c, word("export.column", c, lang)) for c in ("by", "note")]
    table = pd.DataFrame([_line(frame, r) for r in rows])
    draw(st, table, columns, lang=lang, alt=t("export.requests", lang), key="export_requests")


def _rows() -> list[dict[str, Any]]:
    found = exports.store()
    return [] if found is None else rules.listed(found, clock.utc())


def _one(frame: Frame, row: dict[str, Any]) -> None:
    lang, number = frame.lang, row["export_id"]
    person = exports.person_of(frame)
    with st.container(border=True):
        told = {"who": _named(row["asked_by"], lang), "what": plain(_what(row, lang)), "reason": plain(row["purpose"])}
        st.markdown(t("export.request", lang, n=numbers.count(row["n_rows"], lang), **told))
        if row["asked_by"].casefold() == person.name.casefold():
            states.note(t("export.why_own", lang))
            return
        line = st.container(horizontal=True, vertical_alignment="bottom")
        line.text_input(t("export.note", lang), key=f"note_{number}", max_chars=200)
        for name, is_approved in (("approve", True), ("refuse", False)):
            line.button(
                t(f"export.{name}", lang), key=f"{name}_{number}", on_click=_decide, args=(frame, number, is_approved),
                type="primary" if is_approved else "secondary",
            )  # fmt: skip


def _decide(frame: Frame, number: str, is_approved: bool) -> None:
    note = typed.harmless(str(st.session_state.get(f"note_{number}") or ""))
    person = exports.person_of(frame)
    try:
        rules.decide(mode.store(), number, person, is_approved, note, clock.utc(), mode.settings())
    except Refused as error:
        st.session_state[_TOLD] = error.why


def _line(frame: Frame, row: dict[str, Any]) -> dict[str, Any]:
    lang = frame.lang
    return {
        "id": row["export_id"],
        "who": row["asked_by"] if row["asked_by"] not in ROLES else word("role", row["asked_by"], lang),
        "role": word("role", row["role"], lang),
        "what": _what(row, lang),
        "rows": row["n_rows"],
        "reason": row["purpose"],
        "at": exports.moment(frame, row["asked_at"], lang),
        "state": word("export.state", row["state"], lang) + (f" · {row['file_hash'][:8]}" if row["file_hash"] else ""),
        "by": _named(row["decided_by"], lang) if row["decided_by"] else "",
        "note": row["note"] or "",
    }


def _what(row: dict[str, Any], lang: Lang) -> str:
    return maybe("export.what", row["what"], lang) or str(row["what"])


def _named(actor: str, lang: Lang) -> str:
    return word("role", actor, lang) if actor in ROLES else plain(actor)
