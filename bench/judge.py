"""Judging: every stage of every ticket by every policy, from the event log, against a bare scan of that log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from bench.measure import ROOT, alternate, ratio, run
from bench.results import Figure
from warehouse.catalog import models
from warehouse.engines import shims
from warehouse.seeds import seed_tables
from warehouse.workspace import load_workspace

TICKETS, QUICK_TICKETS = 5_000_000, 250_000
GOAL, ROUNDS = 25.0, 3
AS_OF = datetime(2025, 3, 31, 8, 30)
DIMENSIONS = ("dim_type", "dim_date", "dim_policy", "dim_limit")
STAGES = ("REG", "CLS", "DSP", "FRS", "INV", "PLN", "RES", "FBK", "SAT")
HERE = Path(__file__).parent


def measure(work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """CPU of reading the clocks off the log and judging them, as a multiple of the CPU of the scan."""
    n = QUICK_TICKETS if is_quick else TICKETS
    path = work / f"judge-{n}.duckdb"
    if not path.exists():
        say(f"judge: writing {n:,} tickets and their events")
        run(["-m", "bench.judge", "make", str(path), str(n)])

    def cost(side: str) -> float:
        used = run(["-m", "bench.judge", side, str(path)])
        say(f"judge: {side} {used.cpu_s:.1f} s CPU, {used.wall_s:.1f} s, {used.peak_mib:.0f} MiB")
        return used.cpu_s - base

    base = run(["-m", "bench.judge", "nothing", str(path)]).cpu_s
    told = ratio(alternate(lambda: cost("judge"), lambda: cost("scan"), ROUNDS))
    note = f"{n:,} tickets; the start of Python, {base:.1f} s CPU, is taken off both sides"
    return [Figure("judge", "judge all stages by all policies", told, f"≤ {GOAL:g}", told.value <= GOAL, "s CPU", note)]


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(path))
    con.execute("set threads = 2")
    con.execute("set memory_limit = '2GB'")
    con.execute("set temp_directory = ?", [str(path) + ".tmp"])
    con.execute("set preserve_insertion_order = false")
    con.execute(shims("duckdb"))
    return con


def _table(con: duckdb.DuckDBPyConnection, name: str, sql: str, values: dict[str, int] | None = None) -> None:
    con.sql(sql, params=values or None).create(name)


def _make(con: duckdb.DuckDBPyConnection, n: int) -> None:
    """Tickets, events, and the small tables that the models read."""
    _table(con, "fact_ticket", (HERE / "judge_tickets.sql").read_text(encoding="utf-8"), {"n": n})
    _table(con, "fact_ticket_event", (HERE / "judge_events.sql").read_text(encoding="utf-8"))
    for name, rows in seed_tables(load_workspace(ROOT / "workspaces" / "demo"), AS_OF).items():
        con.from_arrow(rows).create(name)
    con.execute("create table dim_recorded (source varchar, source_system varchar, stage varchar)")
    con.executemany("insert into dim_recorded values ('log', '', ?)", [[stage] for stage in STAGES])
    for name in DIMENSIONS:
        _table(con, name, models()[name].sql)
    _table(con, "fact_ticket_pause", models()["fact_ticket_pause"].sql)
    con.execute(
        "create table stg_contact (contact_id varchar, ticket_id varchar, contact_at timestamp, direction varchar, "
        "kind varchar, is_reached boolean)"
    )
    _table(con, "fact_contact", models()["fact_contact"].sql)


def _clocks(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("drop table if exists fact_ticket_clock")
    _table(con, "fact_ticket_clock", models()["fact_ticket_clock"].sql)


def _scan(con: duckdb.DuckDBPyConnection) -> None:
    """Every column of every event read once."""
    log = con.table("fact_ticket_event")
    print(log.aggregate(", ".join(f"min({c}), max({c})" for c in log.columns)).fetchall())


def _judge(con: duckdb.DuckDBPyConnection) -> None:
    _clocks(con)
    told = con.sql(models()["mart_sla"].sql)
    print(told.aggregate("count(*), sum(n), sum(n_on_time)").fetchall())


def main(side: str, path: str, n: str = "0") -> None:
    con = _open(Path(path))
    if side == "make":
        _make(con, int(n))
    elif side != "nothing":
        {"scan": _scan, "judge": _judge}[side](con)


if __name__ == "__main__":
    main(*sys.argv[1:])
