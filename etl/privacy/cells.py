"""Harmless cells instead of formulas, for files that go to a spreadsheet."""

from __future__ import annotations

import re

_FORMULA_START = "=+-@\t\r\n＝＋－＠"
_BLANKS = " \u00a0\u3000\ufeff"
# What `neutralise` made, as a pattern that DuckDB reads too; its group is the text as it was.
NEUTRALISED = rf"^'('*[{_BLANKS}]*[{re.escape(_FORMULA_START)}])"


def neutralise(text: str | None) -> str | None:
    """The text as a cell that no spreadsheet runs: an apostrophe before ``= + - @``, tab or line break.

    Leading blanks and full-width signs count too, because some spreadsheets trim or convert them. For text
    columns only; numbers stay numbers. Applying it twice changes nothing more.
    """
    if not text:
        return text
    first = text.lstrip(_BLANKS)[:1]
    return f"'{text}" if first and first in _FORMULA_START else text
