"""A contract compiled to one select over the rows of a file: what each row says, what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression
from duckdb import SQLExpression as Sql

from etl.clean.expressions import all_of, any_of, call, coalesce
from etl.clean.fate import fate_of
from etl.clean.sight import SIGHT, has_comma, only_header, rest_of, sights_of
from etl.clean.value import degrees_of, extracted, is_missing, known_of, text_of, times, unless_missing, value_of
from etl.contract import Contract
from etl.read.raw import Raw
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
    sights = sights_of(contract, headers)
    sure = {name for name, source in contract.columns.items() if raw.numbers & set(source.header)}
    texts: dict[str, Expression] = {}
    for name, source in contract.columns.items():
        if name in sure:
            continue
        text = rest_of(name, source, headers) if name in sights else text_of(source, headers, captures, contract)
        if text is not None and has_comma(columns[name], contract):
            text = call("to_point", text)
        if text is not None:
            texts[name] = text
    # One projection a step: a text is then read once, however often the steps after it mention it.
    relation = unpivoted(raw, rule).relation
    if sights:
        sights |= {name: ColumnExpression(only_header(contract.columns[name], headers)) for name in sure}
        seen = [sight.alias(SIGHT + name) for name, sight in sights.items()]
        relation = relation.select(duckdb.StarExpression(), *seen)
    relation = relation.select(
        *(ColumnExpression(SIGHT + name) for name in sights),
        *(text.alias(TEXT + name) for name, text in texts.items()),
        fate_of(contract, raw).alias(FATE),
    )
    strict, mapped = _strict_values(contract, texts, sights)
    for name in sure:
        strict.append(times(ColumnExpression(SIGHT + name), contract.columns[name]).alias(STRICT + name))
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


def _strict_values(
    contract: Contract, texts: dict[str, Expression], sights: dict[str, Expression]
) -> tuple[list[Expression], dict[str, Expression]]:
    """Per column what the text reads as (NULL when it cannot be read), and the texts that no map knew."""
    strict: list[Expression] = []
    mapped: dict[str, Expression] = {}
    for name in texts:
        source, text = contract.columns[name], ColumnExpression(TEXT + name)
        part = extracted(text, source)
        if source.map or source.classify:
            known = known_of(part, source, contract)
            if source.unmapped != "pass":
                unknown = CaseExpression(all_of([text.isnotnull(), known.isnull()]), text)
                mapped[name] = unknown.alias(UNMAPPED + name)
            value = coalesce(known, text) if source.unmapped in ("keep", "pass") else known
        else:
            sight = ColumnExpression(SIGHT + name) if name in sights else None
            column = contract.target.columns[name]
            value = value_of(part, source, column, contract, sight, degrees_of(name, part, contract))
        kind = SQL_TYPES[contract.target.columns[name].type]
        strict.append(value.cast(kind).alias(STRICT + name))
    return strict, mapped


def _final(name: str, column: Column, contract: Contract, is_there: bool) -> Expression:
    kind = SQL_TYPES[column.type]
    if not is_there:
        return ConstantExpression(None).cast(kind)
    value = ColumnExpression(STRICT + name)
    if contract.columns[name].on_bad == "keep":
        return coalesce(value, ColumnExpression(TEXT + name).cast(kind))
    return value


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
            conditions.append(~is_missing(text, source, contract))
            text = unless_missing(text, text, source, contract)
        shown.append(text)
        unread.append(all_of(conditions))
    return CaseExpression(any_of(unread), call("list_value", *shown))
