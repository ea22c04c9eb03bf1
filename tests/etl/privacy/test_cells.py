"""A cell that a spreadsheet would run becomes a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.privacy import neutralise


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\tx", "\rx", "\n=1", " =1", "＝cmd", "\ufeff=1"])
def test_a_formula_is_made_a_text(text):
    assert neutralise(text) == "'" + text


@settings(deadline=None)
@given(st.text())
def test_neutralising_keeps_the_text_and_is_idempotent(text):
    safe = neutralise(text)
    assert safe is not None and safe in (text, "'" + text)
    assert neutralise(safe) == safe
    assert safe.strip(" \u3000")[:1] not in tuple("=+-@\t\r")


def test_harmless_and_missing_cells_stay():
    assert [neutralise(t) for t in (None, "", "网络慢", "a=b", "3-5")] == [None, "", "网络慢", "a=b", "3-5"]
