"""What is said while a view is read that may take more than a second: over millions of tickets, not of sums of them."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import streamlit as st

from pages._shared import numbers
from pages._shared.frame import Frame
from pages._shared.text import t

MANY = 500_000  # tickets: at some two million a second, so many and four or five questions of them take one
SUMMED = frozenset({"region_code", "type_l1"})  # what the sums per day can be narrowed by
LONG = ("year", "all")


def reading(frame: Frame) -> AbstractContextManager[Any]:
    """Says what is read, until it is, where a release is large and a filter or a long period asks for all of it."""
    n = frame.reader.n_rows("mart_ticket")
    is_free = any(name not in SUMMED for name, _ in frame.filters.values)
    if n < MANY or not (is_free or frame.period in LONG):
        return nullcontext()
    return st.spinner(t("frame.reading", frame.lang, n=numbers.count(n, frame.lang, "tickets")))
