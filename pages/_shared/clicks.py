"""A click on a mark narrows everything: the filters, hence every view and the URL, follow it at once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from pages._shared import charts, filters, findings, url
from pages._shared.frame import Frame
from pages._shared.text import t

_TURN = "_turn_"


def narrowing(frame: Frame, key: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    """Arguments that make `st.altair_chart` narrow on a click.

    `fields` maps fields of the chart's selection to dimensions. Without it the field `key` holds whole groups,
    as `group_key` writes them.
    """
    return {"key": key, "on_select": lambda: _narrow(frame, key, fields), "selection_mode": [charts.PICK]}


def choosing(key: str, choose: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Arguments that make `st.altair_chart` hand the fields of a clicked mark to `choose`, which sets what is shown."""

    def clicked() -> None:
        chosen = picked(st.session_state.get(key))
        if chosen:
            choose(chosen)

    return {"key": key, "on_select": clicked, "selection_mode": [charts.PICK]}


def setting(name: str, key: str, of: str = "key") -> dict[str, Any]:
    """Arguments that make a chart set the choice `name` (as `choice` keeps it) to the field `of` of a clicked mark."""
    # Drawn anew after "show all", or a second click on the mark that is still lit would say nothing.
    turn = st.session_state.get(_TURN + name, 0)
    return choosing(f"{key}_{turn}" if turn else key, lambda mark: st.session_state.update({name: str(mark[of])}))


def choice(name: str, allowed: Collection[str], said: Callable[[str], str]) -> str:
    """What a click chose of `allowed`, kept in the URL as `name`, with the way back to all; "" where nothing is.

    `said` names the choice on the button that leads back. Call it before the chart is drawn.
    """
    url.one(name, ["", *allowed], "")
    chosen = str(st.session_state[name])
    if chosen:
        button = {"icon": ":material/close:", "type": "tertiary", "key": f"all_{name}"}
        st.button(said(chosen), on_click=_all_of, args=(name,), **button)  # type: ignore[arg-type]
    return chosen


def _all_of(name: str) -> None:
    st.session_state[name] = ""
    st.session_state[_TURN + name] = st.session_state.get(_TURN + name, 0) + 1


def may_not(frame: Frame) -> None:
    """Says that this role cannot narrow by what was clicked."""
    st.toast(t("frame.may_not_narrow", frame.lang))


def group_key(keys: dict[str, Any]) -> str:
    """A group of several dimensions as one field of a mark."""
    return ",".join(f"{dimension}={code}" for dimension, code in keys.items())


def picked(event: Any) -> dict[str, Any] | None:
    """The fields of a clicked mark, or None."""
    if not event:
        return None
    found = event["selection"].get(charts.PICK) if "selection" in event else None
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict) or not first:
        return None
    return {k: v[0] if isinstance(v, list) else v for k, v in first.items()}


def parameters(frame: Frame, groups: dict[str, str]) -> dict[str, list[str]]:
    """URL parameters for the dimensions of a group that this viewer may narrow by."""
    by_dimension = {filters.PARAMETERS[name]: name for name in filters.allowed(frame.viewer)}
    return {by_dimension[d]: [v] for d, v in groups.items() if d in by_dimension}


def _narrow(frame: Frame, key: str, fields: dict[str, str] | None) -> None:
    chosen = picked(st.session_state.get(key))
    if not chosen:
        return
    if fields is None:
        groups = dict(part.split("=", 1) for part in str(chosen.get("key") or "").split(",") if "=" in part)
    else:
        groups = {d: str(chosen[name]) for name, d in fields.items() if chosen.get(name) is not None}
    if not groups:
        return
    wanted = parameters(frame, groups)
    for name, values in wanted.items():
        st.session_state[name] = values
    # Of a mark of two dimensions a role may get one: only what narrows is said, and why the other does not.
    kept = {d: v for d, v in groups.items() if parameters(frame, {d: v})}
    if kept:
        st.toast(t("frame.narrow", frame.lang, group=findings.group_name(kept, frame.name, frame.lang)))
    if len(kept) < len(groups):
        may_not(frame)
