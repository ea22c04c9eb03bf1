"""The select of a query: one statement that only reads, with no other parameters than the bounds of a pull."""

from __future__ import annotations

import re

from sqlalchemy import TextClause, text

from etl.contract import Contract
from etl.sentences import fault

PARAMETERS = {"since", "until"}
_COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERALS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def statement(contract: Contract) -> TextClause:
    """The select beside the contract. Raises `Problems` where it is missing or does more than read."""
    assert contract.query is not None
    name = contract.query.sql_file
    path = contract.folder / name
    try:
        sql = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise fault("query_no_sql", contract.name, place=str(path)) from None
    sql = re.sub(r";\s*$", "", sql)
    bare = _LITERALS.sub("''", _COMMENTS.sub(" ", sql)).strip()
    if not re.match(r"(select|with)\b", bare, re.IGNORECASE) or ";" in bare:
        raise fault("query_no_select", contract.name, place=name)
    clause = text(_COMMENTS.sub(" ", sql))
    named = set(clause.compile().params)
    if extra := sorted(named - PARAMETERS):
        raise fault("query_odd_parameter", contract.name, place=name, names=", ".join(":" + n for n in extra))
    if contract.query.since_column and "since" not in named:
        raise fault("query_no_since", contract.name, place=name)
    return clause
