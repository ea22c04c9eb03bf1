"""What the viewer chose, in the URL: only choices, never defaults, and codes instead of displayed words.

Streamlit's own binding writes the text of an option as displayed, so a link made in Chinese would not open in
English; and switching pages raises while a bound parameter is in the URL. Hence these few lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import streamlit as st

# Every parameter of every view.
NAMES = frozenset(
    {
        "lang", "role", "period", "region", "type", "subtype", "channel", "cust", "age", "prio",
        "part", "view", "measure", "moved", "sort", "page", "waiting",
        "dept", "policy", "stage",
        "stop", "astray", "rule", "desk", "settle", "regime",
        "by",
        "case", "id",
        "trial", "state", "severity", "owner", "rules", "area", "since",
        "paint", "over", "week", "beside",
        "kpi",
        "item",
        "panel",
        "reason", "origin",
        "action", "stand", "level", "source",
        "lost",
        "hour", "why", "group", "point", "lead", "posts", "step",
    }
)  # fmt: skip
_WRITTEN, _INCOMING, _ACTIVE, _STRANGE = "_url_written", "_url_incoming", "_url_active", "_url_strange"


def begin() -> None:
    """Call first in a run: notice what a link, the address bar or the back button brings."""
    current = {name: st.query_params.get_all(name) for name in st.query_params}
    is_news = bool(current) and current != st.session_state.get(_WRITTEN)
    st.session_state[_INCOMING] = current if is_news else {}
    st.session_state[_ACTIVE] = {}
    st.session_state[_STRANGE] = []


def one(name: str, allowed: Collection[Any], default: Any, is_sticky: bool = False) -> None:
    """Seed the state of a single-choice widget with key `name`, before the widget is made.

    A sticky choice (language, role) is the viewer's own: a link that does not mention it leaves it alone.
    """
    known = {str(a): a for a in allowed}
    came = _came(name, set(known))
    if came:
        st.session_state[name] = known[came[0]]
    elif (
        name not in st.session_state
        or st.session_state[name] not in known.values()
        or _is_reset(name)
        and not is_sticky
    ):
        st.session_state[name] = default
    else:
        # Assigned anew, or Streamlit forgets it some views after one that does not draw the widget.
        st.session_state[name] = st.session_state[name]
    st.session_state[_ACTIVE][name] = default


def many(name: str, allowed: Collection[str]) -> None:
    """Seed the state of a multiple-choice widget; nothing chosen means all."""
    came = _came(name, set(allowed))
    if came:
        st.session_state[name] = came
    elif name not in st.session_state or _is_reset(name):
        st.session_state[name] = []
    else:
        st.session_state[name] = [v for v in st.session_state[name] if v in allowed]
    st.session_state[_ACTIVE][name] = []


def strange() -> list[str]:
    """Values and names of the link that nobody knows; call when all widgets are seeded.

    A name that another view, or another role, understands is no nonsense here: it just has no effect.
    """
    unknown = [n for n in st.session_state[_INCOMING] if n not in st.session_state[_ACTIVE] and n not in NAMES]
    found: list[str] = st.session_state[_STRANGE]
    return found + unknown


def write() -> None:
    """Call last in a run: put what was chosen into the URL."""
    chosen: dict[str, list[str]] = {}
    for name, default in st.session_state[_ACTIVE].items():
        value = st.session_state.get(name, default)
        if value != default and value is not None:
            chosen[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    if chosen != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(chosen)
    st.session_state[_WRITTEN] = chosen


def carry(names: Iterable[str]) -> dict[str, list[str]]:
    """Keep the state of widgets that a cut-short run will not draw; gives what is chosen, as URL parameters.

    Streamlit forgets the state of widgets that a run did not draw. Assigned anew it is ours, and stays.
    """
    kept: dict[str, list[str]] = {}
    for name in names:
        if name in st.session_state:
            value = st.session_state[name]
            st.session_state[name] = value
            if value:
                kept[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return kept


def _came(name: str, allowed: set[str]) -> list[str]:
    values = st.session_state[_INCOMING].get(name, [])
    st.session_state[_STRANGE] += [v for v in values if v not in allowed]
    return [v for v in values if v in allowed]


def _is_reset(name: str) -> bool:
    """A link says all that differs from the defaults; what it does not mention goes back to them."""
    incoming = st.session_state[_INCOMING]
    return bool(incoming) and name not in incoming
