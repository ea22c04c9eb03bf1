"""Harmless cells instead of formulas, for files that go to a spreadsheet."""

from __future__ import annotations

_FORMULA_START = "=+-@\t\r\n＝＋－＠"


def neutralise(text: str | None) -> str | None:
    """The text as a cell that no spreadsheet runs: an apostrophe before ``= + - @``, tab or line break.

    Leading blanks and full-width signs count too, because some spreadsheets trim or convert them. For text
    columns only; numbers stay numbers. Applying it twice changes nothing more.
    """
    if not text:
        return text
    first = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return f"'{text}" if first and first in _FORMULA_START else text
