"""What stands behind a warning: how many complaints, customers and cells, and the ways to them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from alerts.board import Matter, Row
from pages._shared import data_warnings, numbers, states, warning_words
from pages._shared.frame import Frame
from pages._shared.text import plain, t, word
from pages._shared.warning_tickets import HIDDEN

SHOWN = 8
# Scopes whose complaints are those of a type, a subtype or a district: what the list of tickets narrows by.
_NARROW = {"type_district": ("type", "region"), "district": ("region",), "subtype": ("subtype",), "type": ("type",)}


def show(frame: Frame, matter: Matter) -> None:
    lang = frame.lang
    rows = matter.rows
    seen = {str(r["warning_id"]): warning_words.evidence(r) for r in rows}
    tickets = _listed(seen, "tickets", "worst")
    cells, sites = _listed(seen, "cells"), _listed(seen, "sites")
    parts = [
        t("warning.behind_owner", lang, name=warning_words.owner(frame.name, matter.lead)),
        *(_n(lang, "n", matter.lead["n"])),
        *(_n(lang, "tickets", len(tickets) if frame.viewer.sees_rows else 0)),
        *(_n(lang, "customers", _most(seen, "n_customers"))),
        *(_n(lang, "cells", max(len(cells), _most(seen, "n_cells")))),
        *(_n(lang, "sites", len(sites))),
    ]
    st.markdown(f"**{t('warning.behind', lang)}** " + " · ".join(parts))
    if matter.is_incident:
        _members(frame, matter)
    if frame.viewer.sees_rows:
        _tickets(frame, matter, tickets)
    if sites or (cells and frame.viewer.sees_rows):  # a manager gets numbers of cells, not their names
        with st.expander(t("warning.network", lang, n=len(cells), sites=len(sites))):
            names = data_warnings.called(frame.viewer)
            told = [names("site", s, lang) for s in sites] + [
                _cell(names, c, lang) for c in cells if frame.viewer.sees_rows
            ]
            states.note(t("chart.list_separator", lang).join(told))


def _cell(names: Any, code: str, lang: Any) -> str:
    named = names("area", f"cell:{code}", lang)
    return code if named.startswith("cell:") else str(named)


def _members(frame: Frame, matter: Matter) -> None:
    """The other warnings of the incident, by severity."""
    lang, names, rules = frame.lang, data_warnings.called(frame.viewer), data_warnings.rules()
    with st.expander(t("warning.members", lang, n=len(matter.rows) - 1), expanded=len(matter.rows) <= 4):
        for row in matter.rows[1:]:
            over = "" if row["condition"] != "cleared" else f" :small[:gray[{t('warning.cleared', lang)}]]"
            said = plain(warning_words.said(row, rules, names, lang))
            st.markdown(f"{warning_words.mark(row['severity'], lang)} {said}{over}")


def _tickets(frame: Frame, matter: Matter, tickets: list[str]) -> None:
    """Links to the tickets that are named, and to the list of those of the same type and district."""
    lang = frame.lang
    box = st.container(horizontal=True, key=f"tickets_{matter.id}", gap="small")
    for number in tickets[:SHOWN]:
        box.page_link("pages/ticket.py", label=number, query_params={"id": number})
    if len(tickets) > SHOWN:
        box.markdown(f":small[:gray[{t('warning.more_tickets', lang, n=len(tickets) - SHOWN)}]]", width="content")
    for row in matter.rows:
        wanted = narrowing(data_warnings.rules(), row)
        if wanted:
            box.button(
                t("warning.open_tickets", lang),
                key=f"list_{row['warning_id']}",
                type="tertiary",
                icon=":material/list:",
                on_click=st.session_state.update,
                args=({**wanted, "_to_tickets": True},),
            )
            break
    if st.session_state.pop("_to_tickets", False):
        st.switch_page("pages/tickets.py")


def narrowing(rules: Any, row: Row) -> dict[str, Any]:
    """The filters of the list of tickets that show what a warning of a type and district is about."""
    rule = rules.get(row["rule_id"])
    if rule is None or rule.scope not in _NARROW:
        return {}
    codes = str(row["scope_id"]).split("/")
    names = _NARROW[rule.scope]
    return {"period": "yesterday", **{n: [c] for n, c in zip(names, codes, strict=False)}}


def _listed(seen: dict[str, dict[str, Any]], *names: str) -> list[str]:
    """The codes that evidence lists under `names`, each once."""
    found: dict[str, None] = {}
    for one in seen.values():
        for name in names:
            for code in str(one.get(name) or "").split(","):
                if code and code != HIDDEN:
                    found[code] = None
    return list(found)


def _most(seen: dict[str, dict[str, Any]], name: str) -> int:
    return max((int(one.get(name) or 0) for one in seen.values()), default=0)


def _n(lang: Any, what: str, n: Any) -> list[str]:
    if not n:
        return []
    return [word("warning.count", what, lang, n=numbers.count(float(n), lang))]
