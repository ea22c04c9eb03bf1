"""Tables of sums: what some rows changed in them, and what they are after it. Groups may have null in their keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from pathlib import Path

from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation, FunctionExpression
from duckdb.sqltypes import BIGINT

NOTHING = ConstantExpression(0)


def changed(came: DuckDBPyRelation, went: DuckDBPyRelation, sums: Sequence[str]) -> DuckDBPyRelation:
    """The groups in which rows that came and rows that went differ, and by how much. Both are sums over some rows."""
    less = [(-ColumnExpression(c)).alias(c) if c in sums else ColumnExpression(c) for c in went.columns]
    return _added(came, went.select(*less), sums).filter(reduce(or_, (ColumnExpression(c) != NOTHING for c in sums)))


def after(held: DuckDBPyRelation, change: DuckDBPyRelation, sums: Sequence[str]) -> DuckDBPyRelation:
    """Groups as they are after a change; one whose first sum comes to nothing has no rows any more."""
    return _added(held, change, sums).filter(ColumnExpression(sums[0]) != NOTHING)


def among(rows: DuckDBPyRelation, found: DuckDBPyRelation, keys: Sequence[str]) -> DuckDBPyRelation:
    """Rows whose keys stand in `found`: one key that is never null, or several that may be."""
    if len(keys) == 1:
        return rows.join(found, keys[0], "semi")
    same = Path(__file__).with_name("same_key.sql").read_text(encoding="utf-8")
    on = " and ".join(same.replace("$key", key) for key in keys)
    return rows.set_alias("t").join(found.set_alias("g"), on, "semi")


def _added(one: DuckDBPyRelation, other: DuckDBPyRelation, sums: Sequence[str]) -> DuckDBPyRelation:
    keys = [c for c in one.columns if c not in sums]
    totals = [FunctionExpression("sum", ColumnExpression(c)).cast(BIGINT).alias(c) for c in sums]
    summed = one.union(other).aggregate([*(ColumnExpression(c) for c in keys), *totals], ", ".join(keys))
    return summed.select(*one.columns)
