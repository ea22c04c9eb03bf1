"""Which tickets must be judged again when some were added or changed: those, and all that are judged with them.

A family is closed: what a model makes of a ticket depends on its family's rows and on small tables only. So replacing
whole families gives what building from nothing would. The rules that look from one ticket to another reach no further
than 30 days from ticket to ticket of a customer, along parents, and along merges made by hand.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

# More than this share of all tickets, and making them all is cheaper than finding out which.
LARGEST_SHARE = 0.5
# More than this share, and sums are made whole: adding to them needs the rows that went and those that came.
SHARE_ADDED = 0.3


def find(con: duckdb.DuckDBPyConnection, came: list[str], open_rows: list[duckdb.DuckDBPyRelation]) -> int:
    """Make the table `family` of ticket ids; returns how many there are.

    `came` are views of the lake rows that came, by their lake table; `open_rows` are selects of ids of tickets whose
    judgement may change with time alone. Needs the view `fact_ticket` of the release before.
    """
    con.execute("create table family (ticket_id varchar)")
    seeds = [con.table(f"came_{name}").select("ticket_id") for name in came] + open_rows
    for seed in seeds:
        seed.distinct().except_(con.table("family")).insert_into("family")
    con.execute("create view points as " + _sql("points") + (_sql("points_came") if "ticket" in came else ""))
    while True:
        con.execute("create or replace table theirs as " + _sql("theirs"))
        con.execute("insert into family " + _sql("neighbours"))
        con.execute("drop table theirs")
        n = _count(con)
        con.execute("insert into family " + _sql("relatives"))
        if _count(con) == n:
            return n


def _count(con: duckdb.DuckDBPyConnection) -> int:
    [(n,)] = con.execute("select count(*) from family").fetchall()
    return int(n)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
