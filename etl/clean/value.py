"""The text of one column, and what it reads as by its contract: a number, a time, a place, a word that a map knows."""

from __future__ import annotations

import re

from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression

from etl.clean.expressions import all_of, any_of, call, coalesce
from etl.contract import NAMED_FORMATS, Contract, Source
from warehouse.canonical import Column


def text_of(source: Source, headers: set[str], captures: dict[str, str], contract: Contract) -> Expression | None:
    """The value as text, NULL when missing; None when the file has no such column at all."""
    if source.const is not None:
        return ConstantExpression(source.const)
    if source.capture is not None:
        return ConstantExpression(captures[source.capture])
    present = [h for h in source.headers if h in headers]
    if not present or (source.compose and len(present) < len(source.compose)):
        return None
    tidied = [call("tidy", ColumnExpression(h)) for h in present]
    parts = [unless_missing(t, t, source, contract) for t in tidied]
    if source.compose:
        return CaseExpression(
            all_of([p.isnotnull() for p in parts]), call("concat_ws", ConstantExpression(" "), *parts)
        )
    if source.collect:
        labels = [
            CaseExpression(part.isnotnull(), ConstantExpression(source.collect[header]))
            for header, part in zip(present, parts, strict=True)
        ]
        return call("tidy", call("concat_ws", ConstantExpression(";"), *labels))
    text = coalesce(*parts) if len(parts) > 1 else parts[0]
    if source.strip_suffix:
        text = call("replace", text, ConstantExpression(source.strip_suffix), ConstantExpression(""))
    return text


def unless_missing(text: Expression, value: Expression, source: Source, contract: Contract) -> Expression:
    return CaseExpression(is_missing(text, source, contract), ConstantExpression(None)).otherwise(value)


def is_missing(text: Expression, source: Source, contract: Contract) -> Expression:
    """Comparisons rather than a list: the optimizer makes a longer IN list a hash join for every column."""
    tokens = dict.fromkeys(["", *contract.file.missing, *source.missing])
    return any_of([text == ConstantExpression(token) for token in tokens])


def extracted(text: Expression, source: Source) -> Expression:
    """The part of a text that the contract wants; NULL where there is none: then the text counts as unreadable."""
    if source.extract is None:
        return text
    group = ConstantExpression(min(1, re.compile(source.extract).groups))
    found = call("regexp_extract", text, ConstantExpression(source.extract), group)
    return call("nullif", found, ConstantExpression(""))


def value_of(
    text: Expression,
    source: Source,
    column: Column,
    contract: Contract,
    sight: Expression | None,
    degrees: Expression | None,
) -> Expression:
    """The typed value; NULL where the text cannot be read as this type."""
    if column.type in ("time", "date"):
        value = _time(call("half_width", text), source.formats or contract.time.formats)
    elif source.treat == "cell":
        per_node = ConstantExpression(2**contract.nci_cell_bits)
        value = call("to_cell", text, ConstantExpression(contract.plmn), per_node)
    elif source.unit:
        value = call(f"from_{source.unit}", text)
    elif column.type == "ratio":
        value = call("from_fraction", text)
    elif degrees is not None:
        value = degrees
    elif column.type == "set":
        value = text
    else:
        value = call(f"to_{column.type}", text)
    if sight is not None:
        if source.treat == "cell":  # anything may be a cell's name, so tokens for missing are kept from it
            value = unless_missing(text, value, source, contract)
        value = coalesce(sight, value)
    value = times(value, source)
    if source.shape:
        value = CaseExpression(call("regexp_full_match", value, ConstantExpression(source.shape)), value)
    return value


def degrees_of(name: str, text: Expression, contract: Contract) -> Expression | None:
    """How a longitude or latitude is read; None for other columns. Both may stand in one column of the file.

    Without an `extract` that says where, longitude stands first.
    """
    if name not in ("lon", "lat"):
        return None
    if contract.columns[name].extract is not None:
        return call("to_degrees", text)
    written = [contract.columns[half].headers for half in ("lon", "lat") if half in contract.columns]
    if len(written) == 2 and written[0] == written[1]:
        text = call("half_of_pair", text, ConstantExpression(1 if name == "lon" else 2))
    return call("to_degrees", text)


def times(value: Expression, source: Source) -> Expression:
    return value if source.factor is None else value * ConstantExpression(source.factor)


def _time(text: Expression, formats: list[str]) -> Expression:
    written = [f for f in formats if f not in NAMED_FORMATS]
    tries = [call(f"to_time_{named}", text) for named in NAMED_FORMATS if named in formats]
    if written:
        tries.append(call("to_time", text, ConstantExpression(written)))
    return coalesce(*tries) if len(tries) > 1 else tries[0]


def known_of(text: Expression, source: Source, contract: Contract) -> Expression:
    """What the value map or the classes say of the text; NULL when they know nothing."""
    if source.map:
        key = call("lower", text)
        found: Expression | None = None
        for word, meaning in contract.maps[source.map].items():
            hit, gives = key == ConstantExpression(word.strip().lower()), ConstantExpression(meaning)
            found = CaseExpression(hit, gives) if found is None else found.when(hit, gives)
        assert found is not None, "a map of the contract is empty"
        return found
    assert source.classify
    pairs = contract.classes[source.classify]
    patterns, meanings = [p for p, _ in pairs], [m for _, m in pairs]
    return call("first_match", text, ConstantExpression(patterns), ConstantExpression(meanings))
