"""A built release with every complaint N times: millions to look at without building them for half an hour.

Tickets, chains and surveys get numbers and customers of their own; sums are N times what they were, in the groups of
the city that was built, and those that tell eighths of customers are made by their models from the copies. Logs of
single tickets stay as they are: no view of many tickets reads them. Only for measuring views:
`python -m bench.release_many HOME N`. All data are simulated (模拟数据).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

import duckdb
from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression, FunctionExpression

from warehouse.catalog import Model, models
from warehouse.engines.duckdb import DuckEngine
from warehouse.home import Home
from warehouse.release import Releases
from warehouse.seeds import seed_tables
from warehouse.workspace import load_workspace

OWN: Final = ("ticket_id", "chain_id", "survey_id", "opinion_id")
# Of these only single tickets are looked up, or rules read them and no view does.
ALONE: Final = (
    "fact_template_use",
    "fact_ticket_informed",
    "fact_ticket_judged",
    "mart_ticket_held",
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
# A column of the sums that tell customers by eighths. A group of one city often has customers in few of them; copies
# with customers of their own have them in more, and N times the few would send pages to count customers one by one.
EIGHTHS: Final = "who_0"


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
    names = _copied(releases, before, n_copies)
    _made_anew(releases, home, [m for m in models().values() if EIGHTHS in m.sums and m.name in names])
    with duckdb.connect(releases.draft) as con:
        con.execute("attach $before as built (read_only)", {"before": str(releases.path(before))})
        con.sql(
            "select t.* replace (coalesce(s.estimated_size, t.n_rows) as n_rows) from built.release_table as t "
            "left join duckdb_tables() as s on s.table_name = t.table_name and s.database_name = current_database()"
        ).create("release_table")
    releases.publish(releases.free_name(before))


def _copied(releases: Releases, before: str, n_copies: int) -> list[str]:
    """Write the tables to the draft, those that models make anew without rows; the names of all."""
    summed = {name: [*model.sums] for name, model in models().items()}
    releases.drop_draft()
    with duckdb.connect(releases.draft) as con:
        con.execute("set memory_limit = '3GB'")
        con.execute("set threads = 4")
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
            if EIGHTHS in added:
                table.limit(0).create(name)
            elif name != "release_table":
                table.cross(con.table("copies" if is_copied else "once")).select(*_columns(columns, added)).create(name)
        con.execute("drop table copies")
        con.execute("drop table once")
    return names


def _made_anew(releases: Releases, home: Path, chosen: list[Model]) -> None:
    """Run models over the tables of the draft, as a build does, and say what each costs."""
    engine = DuckEngine(releases.draft, Home(home).scratch)
    try:
        [(as_of,)] = engine.con.execute("select as_of from release.main.release_info").fetchall()
        hour = seed_tables(load_workspace(Home(home).workspace_file), as_of)["seed_hour"]
        engine.give("seed_hour", hour)
        for model in chosen:
            begun = time.process_time()
            engine.run(model)
            [(n_rows,)] = engine.con.table(model.name).count("*").fetchall()
            print(f"{model.name}: {n_rows:,} rows, {time.process_time() - begun:.1f} CPU s", flush=True)
        engine.checkpoint()
    finally:
        engine.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
