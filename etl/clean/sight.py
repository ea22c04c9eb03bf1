"""Numbers, times and cells at first sight: their common clean form, tried before anything is tidied.

What is not read at first sight is read by `value.py`.
"""

from __future__ import annotations

import re

from duckdb import CaseExpression, ColumnExpression, Expression

from etl.clean.expressions import call
from etl.contract import Contract, Source
from warehouse.canonical import Column

SIGHT = "sight__"


def sights_of(contract: Contract, headers: set[str]) -> dict[str, Expression]:
    """Columns of numbers, times and cells whose common clean form is tried before anything is tidied.

    Nearly every value of a counter file is clean; tidying it first would cost more than parsing the file.
    """
    found = {}
    for name, source in contract.columns.items():
        present = [h for h in source.header if h in headers]
        macro = _sight_macro(source, contract.target.columns[name], contract)
        if macro is not None and len(present) == 1:
            found[name] = call(macro, ColumnExpression(present[0]))
    return found


def plain_numbers(contract: Contract, headers: set[str]) -> dict[str, bool]:
    """Headers of columns that are numbers without any dressing, and whether only whole ones will do."""
    found: dict[str, bool] = {}
    for name, source in contract.columns.items():
        macro = _sight_macro(source, contract.target.columns[name], contract)
        is_plain = macro == "sight_real" or (macro == "sight_int" and source.factor is None)
        if is_plain and len(headers & set(source.header)) == 1:
            found[only_header(source, headers)] = macro == "sight_int"
    return found


def only_header(source: Source, headers: set[str]) -> str:
    [header] = headers & set(source.header)
    return header


def _sight_macro(source: Source, column: Column, contract: Contract) -> str | None:
    """None where something else must be looked at first: a map, a suffix, a shape, a number for missing."""
    if source.map or source.classify or source.unit or source.strip_suffix or source.extract or source.shape:
        return None
    if has_comma(column, contract):
        return None
    if source.on_bad == "keep":
        return None
    if any(_reads_as_value(token) for token in (*contract.file.missing, *source.missing)):
        return None
    if source.treat == "cell":
        return "sight_cell"
    if source.treat is not None:
        return None
    if column.type in ("time", "date"):
        return "sight_time" if "iso" in (source.formats or contract.time.formats) else None
    return {"int": "sight_int", "real": "sight_real", "ratio": "sight_real"}.get(column.type)


def has_comma(column: Column, contract: Contract) -> bool:
    """Whether figures of this column are written with a decimal comma."""
    return contract.file.decimal == "," and column.type in ("int", "real", "ratio")


def _reads_as_value(token: str) -> bool:
    """Whether a token for missing could be read as a number, a time or a cell."""
    return re.match(r"\s*[-+]?(\.?\d|nan|inf)", token, re.IGNORECASE) is not None


def rest_of(name: str, source: Source, headers: set[str]) -> Expression:
    """The tidied text of what was not read at first sight; `_raw_list` leaves tokens for missing out."""
    tidied = call("tidy", ColumnExpression(only_header(source, headers)))
    return CaseExpression(ColumnExpression(SIGHT + name).isnull(), tidied)
