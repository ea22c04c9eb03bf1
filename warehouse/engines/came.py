"""Whether rows that came add to a table that seldom grows."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb


def is_news(
    con: duckdb.DuckDBPyConnection, published: str, names: Sequence[str], steps: Sequence[str], lake: Sequence[str]
) -> bool:
    """`names` and `steps` are a table with its select, and the staging it reads; `lake` are the tables of the lake that
    this reads. `published` is where the table stands.
    """
    parts = [["lake_" + table, "select * from came_" + table] for table in lake]
    parts += [[name, sql] for name, sql in zip(names[1:], steps[1:], strict=True)]
    read = ", ".join(name + " as (" + sql + ")" for name, sql in parts)
    came = con.sql("with " + read + " select * from (" + steps[0] + ")")
    return came.except_(con.table(published)).limit(1).fetchall() != []
