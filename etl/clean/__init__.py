"""From rows of text to typed columns: a contract compiled to calls of the macros in `clean.sql`.

Nothing is decided about a row here; the compiled select says what it read, what it could not read (`raw__`),
why a row should be left out (`fate__`) and which value no map knew. Deciding is `quarantine.py`'s.
"""

from __future__ import annotations

from etl.clean.compiling import FATE, RAW, RULE, UNMAPPED, Compiled, compile_contract, rows_per_line
from etl.clean.fate import EXCLUDED, TOTALS_ROW
from etl.clean.sight import plain_numbers

__all__ = [
    "EXCLUDED",
    "FATE",
    "RAW",
    "RULE",
    "TOTALS_ROW",
    "UNMAPPED",
    "Compiled",
    "compile_contract",
    "plain_numbers",
    "rows_per_line",
]
