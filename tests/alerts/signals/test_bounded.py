"""What a signal holds in memory depends on the time it looks at, never on how long tickets have been written down.

The demo city's tables get a second copy of every row, twenty years older, with tickets that all ended: each signal must
say the same of its last day as before, and hold not one row more in sorts, sums, windows and sides of joins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from alerts.engine import instants
from alerts.rules import Rule, load_rules
from alerts.signals import Signal, signals
from alerts.sources import Release
from warehouse.catalog import references
from warehouse.home import Home
from warehouse.layers import attach

# Hours stay in the lake and are opened by the days that are asked for (alerts/hours.py).
SIGNALS = {name: signal for name, signal in signals().items() if not signal.reads_hours}
OF_RULES: dict[str, Rule] = {}
for _rule in load_rules().values():
    OF_RULES.setdefault(_rule.signal, _rule)
# These two look at every ticket once, into as many sums as there are types in districts, and policies.
SEES_ALL = {
    "complaints_of_type_and_district": "which types and districts there are",
    "policy_begun": "the first ticket of every policy",
}
YEARS = "interval 20 year"
NUMBERS = ("ticket_id", "case_id", "contact_id", "survey_id", "opinion_id", "hotspot_id")
TIMED = ("TIMESTAMP", "DATE")
FEW = ("fact_change_event", "fact_market_event", "fact_file")  # a few lines a year
STREAMS = {
    "TABLE_SCAN", "FILTER", "PROJECTION", "UNGROUPED_AGGREGATE", "UNNEST", "DUMMY_SCAN", "CTE_SCAN", "UNION",
    "DELIM_SCAN", "COLUMN_DATA_SCAN", "EXPLAIN_ANALYZE", "RESULT_COLLECTOR", "INOUT_FUNCTION", "EMPTY_RESULT",
    "STREAMING_LIMIT",
}  # fmt: skip

Found = dict[str, tuple[pd.DataFrame, int]]


@pytest.fixture(scope="module")
def both(demo_home: Path) -> Iterator[tuple[Found, Found]]:
    """What each signal says and how many rows it holds, of the city and of the city with twenty more years."""
    release = Release.current(Home(demo_home))
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        con.execute("set memory_limit = '3GB'")
        read = _copy(con, demo_home)
        young = {name: _held(con, signal, release) for name, signal in SIGNALS.items()}
        _age(con, read)
        yield young, {name: _held(con, signal, release) for name, signal in SIGNALS.items()}


def _copy(con: duckdb.DuckDBPyConnection, home: Path) -> list[str]:
    """The tables that signals read, copied so that rows can be added."""
    releases = Home(home).releases
    stack = attach(con, releases / f"{(releases / 'CURRENT').read_text().strip()}.duckdb")
    named = {t for s in SIGNALS.values() for t in references(s.text()) | references(s.sql)}
    for name in (read := sorted(named & set(stack.names))):
        con.sql(stack.select(name)).create(name)
    con.sql("select * from release.release_info").create("release_info")
    return read


def _age(con: duckdb.DuckDBPyConnection, read: list[str]) -> None:
    closed = "select ticket_id from mart_ticket_held group by ticket_id having bool_and(held_to is not null)"
    con.sql(closed).create("closed")
    for name in read:
        if not name.startswith(("fact_", "mart_")) or name in FEW:
            continue
        table = con.table(name)
        types = {c: str(t) for c, t in zip(table.columns, table.types, strict=True)}
        older = [f"cast({c} - {YEARS} as {t}) as {c}" for c, t in types.items() if t in TIMED]
        assert older, f"{name} has no time: a copy of it says nothing"
        older += [f"'OLD' || {c} as {c}" for c in types if c in NUMBERS]
        ended = table.join(con.table("closed"), "ticket_id", how="semi") if "ticket_id" in types else table
        replaced = ended.project(f"* replace ({', '.join(older)})")
        replaced.create("older")
        con.table("older").insert_into(name)
        con.execute("drop table older")


def _held(con: duckdb.DuckDBPyConnection, signal: Signal, release: Release) -> tuple[pd.DataFrame, int]:
    rule = OF_RULES[signal.name]
    times = instants(rule, release.as_of - timedelta(days=40), release.as_of)[-24:]
    given = {name: rule.parameters.get(name, "[]") for name in signal.parameters} | {"instants": times}
    plan = con.execute("explain (analyze, format json) " + signal.text(), given).fetchall()[0][1]
    found = con.execute(signal.text(), given).df()
    found = found.astype({c: str for c in found if not pd.api.types.is_numeric_dtype(found[c])})
    return found.sort_values(list(found.columns)).reset_index(drop=True), _rows(json.loads(plan)["operator"][0])


def _rows(node: Mapping[str, Any]) -> int:
    """Rows that go into operators which keep what they are given, or look at each of it many times."""
    below = node.get("children", [])
    n = [child["intermediate_rows"] for child in below]
    kind = node["type"]
    if kind == "HASH_JOIN":
        kept = n[1]
    elif kind in ("NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT"):
        kept = n[1] + (n[0] if n[1] > 1 else 0)
    else:
        kept = 0 if kind in STREAMS else sum(n)
    return int(kept) + sum(_rows(child) for child in below)


@pytest.mark.deep
@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_twenty_years_more_change_neither_what_is_said_nor_what_is_held(both: tuple[Found, Found], name: str) -> None:
    (said, held), (said_later, held_later) = both[0][name], both[1][name]
    pd.testing.assert_frame_equal(said, said_later)
    if name not in SEES_ALL:
        assert held_later <= 1.02 * held + 50, f"{held:,} rows of one history, {held_later:,} of the longer one"
