"""A built release with every complaint N times: millions to look at without building them for half an hour.

Tickets, chains and surveys get numbers and customers of their own; sums are N times what they were, in the groups of
the city that was built. Logs of single tickets stay as they are: no view of many tickets reads them. Only for measuring
views: `python -m bench.release_many HOME N`. All data are simulated (模拟数据).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from warehouse.release import Releases

OWN: Final = ("ticket_id", "chain_id", "survey_id", "opinion_id")
# Of these only single tickets are looked up.
ALONE: Final = (
    "fact_ticket_event",
    "fact_ticket_stage",
    "fact_contact",
    "fact_dept_dwell",
    "fact_ticket_case",
    "fact_ticket_log",
    "fact_log_difference",
    "mart_case_step",
)
# Sums whose models name no columns to add up: everything from this one on.
SUMMED_FROM: Final = {"mart_flow_stay": "n_stays", "mart_flow_dwell": "n_stays", "mart_scope_week": "n_tickets"}
MODELS: Final = Path(__file__).parent.parent / "warehouse" / "models"


def _summed() -> dict[str, list[str]]:
    """Columns that every sum of a model holds, as its head names them."""
    found: dict[str, list[str]] = {}
    for path in MODELS.rglob("*.sql"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("-- Sums:"):
                found.setdefault(path.stem, []).extend(c.strip() for c in line.partition(":")[2].split(","))
    return found


def _columns(columns: list[str], added: list[str]) -> list[Expression]:
    """The columns of one table, made the copy's own or added up."""
    copy = FunctionExpression("||", ConstantExpression("+"), ColumnExpression("copy").cast("varchar"))
    is_first = ColumnExpression("copy") == ConstantExpression(0)
    told: list[Expression] = []
    for name in columns:
        column: Expression = ColumnExpression(name)
        if name in added:
            column = (column * ColumnExpression("n_copies")).cast("bigint")
        elif name in OWN:
            column = CaseExpression(is_first, column).otherwise(FunctionExpression("||", column, copy))
        elif name == "cust_key":
            other = FunctionExpression("md5", FunctionExpression("||", column, copy))
            column = CaseExpression(is_first, column).otherwise(other)
        told.append(column.alias(name))
    return told


def main(home: Path, n_copies: int) -> None:
    """Write the release of a home anew, every complaint `n_copies` times, and point at it."""
    releases = Releases(home / "releases")
    before = str(releases.current())
    summed = _summed()
    releases.drop_draft()
    with duckdb.connect(releases.draft) as con:
        con.execute("set memory_limit = '3GB'")
        con.execute("set threads = 2")
        con.execute("attach $before as built (read_only)", {"before": str(releases.path(before))})
        con.sql(
            "select copy, cast($n as bigint) as n_copies from range($n) as c (copy)", params={"n": n_copies}
        ).create("copies")
        con.sql("select 0::bigint as copy, n_copies from copies limit 1").create("once")
        names = [
            str(n)
            for (n,) in con.sql("select table_name from duckdb_tables() where database_name = 'built'").fetchall()
        ]
        for name in names:
            table = con.table("built.main." + name)
            columns = list(table.columns)
            added = summed.get(name, [])
            if name in SUMMED_FROM:
                added = columns[columns.index(SUMMED_FROM[name]) :]
            is_copied = not added and name not in ALONE and any(c in OWN for c in columns)
            if name != "release_table":
                table.cross(con.table("copies" if is_copied else "once")).select(*_columns(columns, added)).create(name)
        con.sql(
            "select t.* replace (coalesce(s.estimated_size, t.n_rows) as n_rows) from built.release_table as t "
            "left join duckdb_tables() as s on s.table_name = t.table_name and s.database_name = current_database()"
        ).create("release_table")
        con.execute("drop table copies")
        con.execute("drop table once")
    releases.publish(releases.free_name(before))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
