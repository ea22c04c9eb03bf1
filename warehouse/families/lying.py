"""Where in the lake the rows of a family lie."""

from __future__ import annotations

from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from warehouse.canonical import Table
from warehouse.engines.duckdb import FAMILY, PUBLISHED, DuckEngine
from warehouse.plan import KEY


def parts(engine: DuckEngine, table: Table) -> frozenset[str] | None:
    """The lake's partitions in which the family's rows of a table lie that count, as the release before has them;
    None where it does not say.

    A row that another one superseded may lie elsewhere: it has lost already, and rows that come do not change that.
    """
    fact, time = f"fact_{table.name}", table.time_column
    if time is None or fact not in engine.stack.names or time not in engine.columns(fact):
        return None
    shape = {"month": "%Y-%m", "day": "%Y-%m-%d"}[table.partition.split(":", 1)[0]]
    rows = engine.con.table(f"{PUBLISHED}.{fact}").join(engine.con.table(FAMILY).select(KEY), KEY, "semi")
    part = FunctionExpression("strftime", ColumnExpression(time), ConstantExpression(shape)).alias("part")
    return frozenset(part for (part,) in rows.select(part).distinct().fetchall())
