"""The current rows of a staging model, without sorting partitions in which no row has the key of another."""

from __future__ import annotations

import re
from collections.abc import Collection

import duckdb
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation

from warehouse.canonical import PARTITION

_CHOICE = re.compile(
    r"\nfrom (lake_\w+)\nqualify row_number\(\) over \(\s+"
    r"partition by (part(?:, \w+)*)\s+order by [\w, ]+\n\) = 1\s*$"
)


def newest(con: duckdb.DuckDBPyConnection, sql: str, doubled: Collection[str]) -> DuckDBPyRelation:
    """The rows that a staging select keeps; of partitions other than `doubled` those are all there are."""
    whole, plain = con.sql(sql), con.sql(sql[: sql.rindex("\nqualify ")])
    if not doubled:
        return plain
    parts, part = [ConstantExpression(name) for name in sorted(doubled)], ColumnExpression(PARTITION)
    return plain.filter(part.isnotin(*parts)).union(whole.filter(part.isin(*parts)))


def without_sorting(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """A staging select, or one that says the same and sorts only where the lake as offered now has doubled rows."""
    chosen = _CHOICE.search(sql)
    if chosen is None:
        return sql
    table, key = chosen.groups()
    # A hash stands for the key: two keys of one hash only cost sorting their partition.
    told = "part, count(distinct hash(" + key + ")) < count(*) as is_doubled"
    found = (
        con.table(table).aggregate(told, PARTITION).filter("is_doubled or part is null").select(PARTITION).fetchall()
    )
    parts = {part for (part,) in found}
    return sql if None in parts else newest(con, sql, parts).sql_query()
