"""From rows of text to typed columns: a contract compiled to calls of the macros in `clean.sql`.

Nothing is decided about a row here; the compiled select says what it read, what it could not read (`raw`),
why a row should be left out (`fate`) and which value no map knew. Deciding is `quarantine.py`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression
from duckdb import SQLExpression as Sql

from etl.contract import NAMED_FORMATS, Contract, Source
from etl.read import Raw
from etl.unpivot import unpivoted
from warehouse.canonical import Column

SQL_TYPES = {
    "id": duckdb.sqltypes.VARCHAR,
    "text": duckdb.sqltypes.VARCHAR,
    "set": duckdb.sqltypes.VARCHAR,
    "int": duckdb.sqltypes.BIGINT,
    "real": duckdb.sqltypes.DOUBLE,
    "ratio": duckdb.sqltypes.DOUBLE,
    "time": duckdb.sqltypes.TIMESTAMP,
    "date": duckdb.sqltypes.DATE,
    "flag": duckdb.sqltypes.BOOLEAN,
}
RAW, FATE = "raw__", "fate__"
SIGHT = "sight__"
TEXT, STRICT = "text__", "strict__"
UNMAPPED = "unmapped__"
RULE = "rule__"
# What `fate__` may say.
REPEATED_HEADER, TOTALS_ROW, EXCLUDED = "repeated_header", "totals_row", "excluded: "


@dataclass(frozen=True)
class Compiled:
    """A relation to stream. `watched` are the columns that can fail to read, in the order of `raw__`."""

    relation: duckdb.DuckDBPyRelation
    watched: list[str]
    mapped: list[str]
    rules: list[str]
    absent: list[str]
    rows_per_line: int = 1


def compile_contract(contract: Contract, raw: Raw, captures: dict[str, str]) -> Compiled:
    """The select that reads one file by its contract. `captures` are the groups found in the file name.

    Columns that came as numbers (`raw.numbers`) leave as such, whole ones too: casting here would round.
    """
    rule = contract.unpivot
    headers = {*raw.headers, *([rule.name, rule.value] if rule else [])}
    columns = contract.target.columns
    sights = _sights(contract, headers)
    sure = {name for name, source in contract.columns.items() if raw.numbers & set(source.header)}
    texts: dict[str, Expression] = {}
    for name, source in contract.columns.items():
        if name in sure:
            continue
        text = _rest(name, source, headers) if name in sights else _text(source, headers, captures, contract)
        if text is not None and _has_comma(columns[name], contract):
            text = _call("to_point", text)
        if text is not None:
            texts[name] = text
    # One projection a step: a text is then read once, however often the steps after it mention it.
    relation = unpivoted(raw, rule).relation
    if sights:
        sights |= {name: ColumnExpression(_only(contract.columns[name], headers)) for name in sure}
        seen = [sight.alias(SIGHT + name) for name, sight in sights.items()]
        relation = relation.select(duckdb.StarExpression(), *seen)
    relation = relation.select(
        *(ColumnExpression(SIGHT + name) for name in sights),
        *(text.alias(TEXT + name) for name, text in texts.items()),
        _fate(contract, raw).alias(FATE),
    )
    strict, mapped = _strict_values(contract, texts, sights)
    for name in sure:
        strict.append(_times(ColumnExpression(SIGHT + name), contract.columns[name]).alias(STRICT + name))
    relation = relation.select(duckdb.StarExpression(), *strict, *mapped.values())
    there = {*texts, *sure}
    watched = [name for name in texts if not _always_reads(contract, name)]
    relation = relation.select(
        *(_final(name, column, contract, name in there).alias(name) for name, column in columns.items()),
        _raw_list(contract, watched, sights).alias(RAW),
        ColumnExpression(FATE),
        *(ColumnExpression(UNMAPPED + name) for name in mapped),
    )
    rules = contract.target.rules
    derived = [Sql(rule.when).alias(RULE + name) for name, rule in rules.items()]
    if derived:
        relation = relation.select(duckdb.StarExpression(), *derived)
    absent = [name for name in contract.columns if name not in there]
    return Compiled(relation, watched, list(mapped), list(rules), absent, rows_per_line(contract, raw))


def rows_per_line(contract: Contract, raw: Raw) -> int:
    """How many rows a line of the file becomes."""
    return len(contract.unpivot.present(raw.headers)) if contract.unpivot else 1


def _sights(contract: Contract, headers: set[str]) -> dict[str, Expression]:
    """Columns of numbers, times and cells whose common clean form is tried before anything is tidied.

    Nearly every value of a counter file is clean; tidying it first would cost more than parsing the file.
    """
    found = {}
    for name, source in contract.columns.items():
        present = [h for h in source.header if h in headers]
        macro = _sight_macro(source, contract.target.columns[name], contract)
        if macro is not None and len(present) == 1:
            found[name] = _call(macro, ColumnExpression(present[0]))
    return found


def plain_numbers(contract: Contract, headers: set[str]) -> dict[str, bool]:
    """Headers of columns that are numbers without any dressing, and whether only whole ones will do."""
    found: dict[str, bool] = {}
    for name, source in contract.columns.items():
        macro = _sight_macro(source, contract.target.columns[name], contract)
        is_plain = macro == "sight_real" or (macro == "sight_int" and source.factor is None)
        if is_plain and len(headers & set(source.header)) == 1:
            found[_only(source, headers)] = macro == "sight_int"
    return found


def _only(source: Source, headers: set[str]) -> str:
    [header] = headers & set(source.header)
    return header


def _sight_macro(source: Source, column: Column, contract: Contract) -> str | None:
    """None where something else must be looked at first: a map, a suffix, a shape, a number for missing."""
    if source.map or source.classify or source.unit or source.strip_suffix or source.extract or source.shape:
        return None
    if _has_comma(column, contract):
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


def _has_comma(column: Column, contract: Contract) -> bool:
    """Whether figures of this column are written with a decimal comma."""
    return contract.file.decimal == "," and column.type in ("int", "real", "ratio")


def _reads_as_value(token: str) -> bool:
    """Whether a token for missing could be read as a number, a time or a cell."""
    return re.match(r"\s*[-+]?(\.?\d|nan|inf)", token, re.IGNORECASE) is not None


def _rest(name: str, source: Source, headers: set[str]) -> Expression:
    """The tidied text of what was not read at first sight; `_raw_list` leaves tokens for missing out."""
    tidied = _call("tidy", ColumnExpression(_only(source, headers)))
    return CaseExpression(ColumnExpression(SIGHT + name).isnull(), tidied)


def _strict_values(
    contract: Contract, texts: dict[str, Expression], sights: dict[str, Expression]
) -> tuple[list[Expression], dict[str, Expression]]:
    """Per column what the text reads as (NULL when it cannot be read), and the texts that no map knew."""
    strict: list[Expression] = []
    mapped: dict[str, Expression] = {}
    for name in texts:
        source, text = contract.columns[name], ColumnExpression(TEXT + name)
        part = _extracted(text, source)
        if source.map or source.classify:
            known = _known(part, source, contract)
            if source.unmapped != "pass":
                unknown = CaseExpression(_all([text.isnotnull(), known.isnull()]), text)
                mapped[name] = unknown.alias(UNMAPPED + name)
            value = _coalesce(known, text) if source.unmapped in ("keep", "pass") else known
        else:
            sight = ColumnExpression(SIGHT + name) if name in sights else None
            column = contract.target.columns[name]
            value = _value(part, source, column, contract, sight, _degrees(name, part, contract))
        kind = SQL_TYPES[contract.target.columns[name].type]
        strict.append(value.cast(kind).alias(STRICT + name))
    return strict, mapped


def _final(name: str, column: Column, contract: Contract, is_there: bool) -> Expression:
    kind = SQL_TYPES[column.type]
    if not is_there:
        return ConstantExpression(None).cast(kind)
    value = ColumnExpression(STRICT + name)
    if contract.columns[name].on_bad == "keep":
        return _coalesce(value, ColumnExpression(TEXT + name).cast(kind))
    return value


def _call(name: str, *arguments: Expression) -> Expression:
    return FunctionExpression(name, *arguments)


def _coalesce(*arguments: Expression) -> Expression:
    return duckdb.CoalesceOperator(*arguments)


def _all(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for condition in conditions[1:]:
        result = result & condition
    return result


def _any(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for condition in conditions[1:]:
        result = result | condition
    return result


def _text(source: Source, headers: set[str], captures: dict[str, str], contract: Contract) -> Expression | None:
    """The value as text, NULL when missing; None when the file has no such column at all."""
    if source.const is not None:
        return ConstantExpression(source.const)
    if source.capture is not None:
        return ConstantExpression(captures[source.capture])
    present = [h for h in source.headers if h in headers]
    if not present or (source.compose and len(present) < len(source.compose)):
        return None
    tidied = [_call("tidy", ColumnExpression(h)) for h in present]
    parts = [_unless_missing(t, t, source, contract) for t in tidied]
    if source.compose:
        return CaseExpression(_all([p.isnotnull() for p in parts]), _call("concat_ws", ConstantExpression(" "), *parts))
    if source.collect:
        labels = [
            CaseExpression(part.isnotnull(), ConstantExpression(source.collect[header]))
            for header, part in zip(present, parts, strict=True)
        ]
        return _call("tidy", _call("concat_ws", ConstantExpression(";"), *labels))
    text = _coalesce(*parts) if len(parts) > 1 else parts[0]
    if source.strip_suffix:
        text = _call("replace", text, ConstantExpression(source.strip_suffix), ConstantExpression(""))
    return text


def _extracted(text: Expression, source: Source) -> Expression:
    """The part of a text that the contract wants; NULL where there is none: then the text counts as unreadable."""
    if source.extract is None:
        return text
    group = ConstantExpression(min(1, re.compile(source.extract).groups))
    found = _call("regexp_extract", text, ConstantExpression(source.extract), group)
    return _call("nullif", found, ConstantExpression(""))


def _unless_missing(text: Expression, value: Expression, source: Source, contract: Contract) -> Expression:
    return CaseExpression(_is_missing(text, source, contract), ConstantExpression(None)).otherwise(value)


def _is_missing(text: Expression, source: Source, contract: Contract) -> Expression:
    """Comparisons rather than a list: the optimizer makes a longer IN list a hash join for every column."""
    tokens = dict.fromkeys(["", *contract.file.missing, *source.missing])
    return _any([text == ConstantExpression(token) for token in tokens])


def _value(
    text: Expression,
    source: Source,
    column: Column,
    contract: Contract,
    sight: Expression | None,
    degrees: Expression | None,
) -> Expression:
    """The typed value; NULL where the text cannot be read as this type."""
    if column.type in ("time", "date"):
        value = _time(_call("half_width", text), source.formats or contract.time.formats)
    elif source.treat == "cell":
        per_node = ConstantExpression(2**contract.nci_cell_bits)
        value = _call("to_cell", text, ConstantExpression(contract.plmn), per_node)
    elif source.unit:
        value = _call(f"from_{source.unit}", text)
    elif column.type == "ratio":
        value = _call("from_fraction", text)
    elif degrees is not None:
        value = degrees
    elif column.type == "set":
        value = text
    else:
        value = _call(f"to_{column.type}", text)
    if sight is not None:
        if source.treat == "cell":  # anything may be a cell's name, so tokens for missing are kept from it
            value = _unless_missing(text, value, source, contract)
        value = _coalesce(sight, value)
    value = _times(value, source)
    if source.shape:
        value = CaseExpression(_call("regexp_full_match", value, ConstantExpression(source.shape)), value)
    return value


def _degrees(name: str, text: Expression, contract: Contract) -> Expression | None:
    """How a longitude or latitude is read; None for other columns. Both may stand in one column of the file.

    Without an `extract` that says where, longitude stands first.
    """
    if name not in ("lon", "lat"):
        return None
    if contract.columns[name].extract is not None:
        return _call("to_degrees", text)
    written = [contract.columns[half].headers for half in ("lon", "lat") if half in contract.columns]
    if len(written) == 2 and written[0] == written[1]:
        text = _call("half_of_pair", text, ConstantExpression(1 if name == "lon" else 2))
    return _call("to_degrees", text)


def _times(value: Expression, source: Source) -> Expression:
    return value if source.factor is None else value * ConstantExpression(source.factor)


def _time(text: Expression, formats: list[str]) -> Expression:
    written = [f for f in formats if f not in NAMED_FORMATS]
    tries = [_call(f"to_time_{named}", text) for named in NAMED_FORMATS if named in formats]
    if written:
        tries.append(_call("to_time", text, ConstantExpression(written)))
    return _coalesce(*tries) if len(tries) > 1 else tries[0]


def _known(text: Expression, source: Source, contract: Contract) -> Expression:
    """What the value map or the classes say of the text; NULL when they know nothing."""
    if source.map:
        key = _call("lower", text)
        found: Expression | None = None
        for word, meaning in contract.maps[source.map].items():
            hit, gives = key == ConstantExpression(word.strip().lower()), ConstantExpression(meaning)
            found = CaseExpression(hit, gives) if found is None else found.when(hit, gives)
        assert found is not None, "a map of the contract is empty"
        return found
    assert source.classify
    pairs = contract.classes[source.classify]
    patterns, meanings = [p for p, _ in pairs], [m for _, m in pairs]
    return _call("first_match", text, ConstantExpression(patterns), ConstantExpression(meanings))


def _always_reads(contract: Contract, name: str) -> bool:
    """Free text cannot be misread, and what a map does not know is counted as unmapped."""
    source = contract.columns[name]
    if source.map or source.classify:
        return True
    kind = contract.target.columns[name].type
    return kind in ("text", "set") and not (source.shape or source.treat or source.extract)


def _raw_list(contract: Contract, watched: list[str], sights: dict[str, Expression]) -> Expression:
    """The texts of all watched columns, only on rows where one of them could not be read."""
    if not watched:
        return ConstantExpression(None).cast(duckdb.list_type(duckdb.sqltypes.VARCHAR))
    shown: list[Expression] = []
    unread: list[Expression] = []
    for name in watched:
        text: Expression = ColumnExpression(TEXT + name)
        conditions = [ColumnExpression(STRICT + name).isnull(), text.isnotnull()]
        if name in sights:
            source = contract.columns[name]
            conditions.append(~_is_missing(text, source, contract))
            text = _unless_missing(text, text, source, contract)
        shown.append(text)
        unread.append(_all(conditions))
    return CaseExpression(_any(unread), _call("list_value", *shown))


def _fate(contract: Contract, raw: Raw) -> Expression:
    """NULL for an ordinary row, else why it is left out: blank, header, totals, or an exclusion's reason."""
    columns = [ColumnExpression(h) for h in raw.headers]
    fate = CaseExpression(_all([c.isnull() for c in columns]), ConstantExpression("blank"))
    repeated = _all([c == ConstantExpression(h) for c, h in zip(columns, raw.headers, strict=True)][:2])
    fate = fate.when(repeated, ConstantExpression(REPEATED_HEADER))
    if contract.file.totals:
        tokens = ConstantExpression(contract.file.totals)
        is_total = _any([_call("list_contains", tokens, _call("tidy", c)) for c in columns[:2]])
        fate = fate.when(is_total, ConstantExpression(TOTALS_ROW))
    for rule in contract.exclude:
        if rule.header in raw.headers:
            hit = _call("regexp_matches", ColumnExpression(rule.header), ConstantExpression(rule.matches))
            fate = fate.when(hit, ConstantExpression(EXCLUDED + rule.reason.en))
    return fate
