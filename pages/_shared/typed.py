"""What people type, before it is kept: numbers and names of people go, and tickets where others read along.

Whoever typed them is told on the next view; nothing is refused for it, so that the rest of a note is not lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._shared import data, warning_tickets
from pages._shared.text import Lang, t

_MASKED = "_typed_masked"


def harmless(text: str) -> str:
    """Without numbers and names of people."""
    from etl.privacy import scrub

    given = text.strip()
    kept = str(scrub([given])[0].as_py())
    if kept.count("[") > given.count("["):  # a mark for what was taken out; folding of signs alone is no news
        st.session_state[_MASKED] = True
    return kept


def public(text: str) -> str:
    """The same without tickets of the release: for what is read by roles and districts that may not see those rows."""
    given = harmless(text)
    try:
        kept = warning_tickets.without_tickets(given, data.reader())
    except data.NoRelease:
        return given
    if kept != given:
        st.session_state[_MASKED] = True
    return kept


def fields(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Values of a form with those of free text made public."""
    return {k: public(v) if k in names and isinstance(v, str) else v for k, v in values.items()}


def tell(lang: Lang) -> None:
    """Say once that something was masked."""
    if st.session_state.pop(_MASKED, False):
        st.toast(t("typed.masked", lang), icon=":material/visibility_off:")
