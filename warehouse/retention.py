"""Ticket detail beyond its time becomes counts: out of lake, quarantine and every release. Told first, done on demand.

Counts per day, type, district and channel take the place of the tickets (`count_history`). Runs under the writer's
lock. Killed in between, it is simply run again: counts are written before tickets go and begin to count afterwards, so
that nothing is counted twice or lost. Surveys and ratings that name no ticket are not ticket detail and stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from warehouse import audit
from warehouse.audit import Event
from warehouse.canonical import tables
from warehouse.erasure import drop, forget_log
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.release import Releases
from warehouse.sealed import open_sealed
from warehouse.upkeep import tidy

TICKET, COUNTS = "ticket", "count_history"
MEMORY = "4GB"  # of a release that is read, layers and all
NAMED = "retained"  # how files of counts begin, and what stands for their contract
_AT_ONCE = 2000  # names of one delete
# Tables with rows of single tickets; the tickets themselves go last, in one step.
DETAIL = tuple(sorted(n for n, t in tables().items() if "ticket_id" in t.columns and n != TICKET))


@dataclass
class Retained:
    """What is over, or was taken out. `rows`: by lake table; `n_counted`: complaints that go on as counts."""

    cutoff: date
    n_tickets: int = 0
    n_open: int = 0
    n_counted: int = 0
    n_counts: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    releases: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def cutoff(as_of: datetime, months: int) -> date:
    """The first day that is kept: so many whole months before the month of `as_of`."""
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    return date(year, month + 1, 1)


def told(home: Home, begin: date) -> Retained:
    """What would go, changing nothing."""
    lake, done = Lake(home.lake), Retained(begin)
    with duckdb.connect() as con:
        old = _old(con, lake, begin)
        if old is None:
            return done
        done.n_tickets, done.n_open = old
        for name in (*DETAIL, TICKET):
            if _rows(con, lake, name, begin):
                [(n,)] = con.execute("select count(*) from gone").fetchall()
                done.rows |= {name: int(n)} if n else {}
    done.files = _files(lake, begin)
    return done


def retain(
    home: Home,
    store: sa.Engine | None,
    begin: date,
    at: datetime,
    by: str,
    refresh: Callable[[], str],
    rebuild: Callable[[], str],
) -> Retained:
    """Do it. `refresh` brings the current release up to the lake, `rebuild` makes one from nothing; both give its id.

    Without anything beyond its time no release is made.
    """
    lake = Lake(home.lake)
    _finish(lake)
    done = told(home, begin)
    if done.rows:
        _turn_into_counts(home, lake, done, refresh(), at)
    elif not _is_shown(home, begin):
        return done
    before = Releases(home.releases).all()
    for name in (*DETAIL, TICKET, "quarantine"):
        tidy(lake, name, [], safe_hours=0)
        forget_log(lake, name)
    done.releases.append(rebuild())
    drop(home, before, keep=done.releases)
    if store is not None:
        detail = {"before": begin.isoformat(), "rows": done.rows, "counted": done.n_counted, "releases": done.releases}
        audit.record(store, Event("retained", by, "", "ticket detail", detail, done.n_tickets), at)
    return done


def _turn_into_counts(home: Home, lake: Lake, done: Retained, release: str, at: datetime) -> None:
    """Counts are written, tickets go, counts count: in this order."""
    begin, counts = done.cutoff, _counts(home, release, done.cutoff)
    done.n_counts, done.n_counted = len(counts), sum(row.pop("n_new") for row in counts)
    identity = f"{NAMED}-{begin.isoformat()}-{at:%Y%m%d%H%M%S}"
    if counts:
        shared = {"file_id": identity, "file_on": "", "loaded_at": at}
        full = [{**row, **shared, "row_no": n} for n, row in enumerate(counts)]
        lake.append(COUNTS, pa.Table.from_pylist(full, tables()[COUNTS].schema), {"file_id": identity})
    with duckdb.connect() as con:
        _old(con, lake, begin)
        for name in DETAIL:
            _take_out(con, lake, name, begin)
        _take_refused(con, lake, begin)
    delta = lake.open(TICKET)
    if delta is not None:
        delta.delete(f"accepted_at < {_instant(begin)}")
    if counts:
        _register(lake, identity, at, len(counts))


def _is_shown(home: Home, begin: date) -> bool:
    """Whether a release still holds tickets of before: a run was cut short, or another release was laid back."""
    releases = Releases(home.releases)
    for name in releases.all():
        try:
            with open_sealed(releases.path(name), MEMORY) as con:
                if con.execute("select 1 from fact_ticket where accepted_at < ? limit 1", [begin]).fetchall():
                    return True
        except duckdb.Error:  # it lies on a release that is gone: nobody can say what it still holds
            return True
    return False


def _old(con: duckdb.DuckDBPyConnection, lake: Lake, begin: date) -> tuple[int, int] | None:
    """Makes the table `old` of tickets that no version of is young enough; how many, and how many were not answered."""
    paths = lake.pin(TICKET).paths
    if not paths:
        return None
    con.read_parquet(paths, union_by_name=True, hive_partitioning=False).create_view("held", replace=True)
    con.execute(
        "create or replace temp table old as select ticket_id, max(feedback_at) is null as is_open from held "
        "group by ticket_id having max(accepted_at) < ?",
        [begin],
    )
    [(n, n_open)] = con.execute("select count(*), count(*) filter (where is_open) from old").fetchall()
    return int(n), int(n_open)


def _rows(con: duckdb.DuckDBPyConnection, lake: Lake, name: str, begin: date) -> bool:
    """Makes the view `gone` of a table's rows that are of old tickets or old themselves; False without any rows."""
    paths, period = lake.pin(name).paths, tables()[name].period_column
    if not paths:
        return False
    con.read_parquet(paths, union_by_name=True, hive_partitioning=False).create_view("held", replace=True)
    source = con.view("held")
    of_old = source.join(con.table("old").select("ticket_id"), "ticket_id", "semi")
    if period is not None and period in source.columns:
        early = source.filter(duckdb.ColumnExpression(period) < duckdb.ConstantExpression(begin))
        of_old = of_old.union(early.join(con.table("old").select("ticket_id"), "ticket_id", "anti"))
    of_old.create_view("gone", replace=True)
    return True


def _take_out(con: duckdb.DuckDBPyConnection, lake: Lake, name: str, begin: date) -> None:
    delta, period = lake.open(name), tables()[name].period_column
    if delta is None:
        return
    if period is not None:
        delta.delete(f"{period} < {_instant(begin)}")
    if not _rows(con, lake, name, begin):
        return
    tickets = [str(t) for (t,) in con.execute("select distinct ticket_id from gone order by 1").fetchall() if t]
    for first in range(0, len(tickets), _AT_ONCE):
        listed = ", ".join(_quoted(t) for t in tickets[first : first + _AT_ONCE])
        found = lake.open(name)
        assert found is not None
        found.delete(f"ticket_id in ({listed})")


def _take_refused(con: duckdb.DuckDBPyConnection, lake: Lake, begin: date) -> None:
    """Refused values of the rows that go."""
    if lake.open("quarantine") is None or not _rows(con, lake, TICKET, begin):
        return
    refused = con.from_arrow(lake.read("quarantine"))
    places = con.view("gone").select("file_id, row_no")
    rows = refused.join(places, "file_id, row_no", "semi").select("file_id, row_no").distinct().fetchall()
    by_file: dict[str, list[int]] = {}
    for file, row in rows:
        by_file.setdefault(str(file), []).append(int(row))
    for file, numbers in by_file.items():
        delta = lake.open("quarantine")
        assert delta is not None
        delta.delete(f"file_id = {_quoted(file)} and row_no in ({', '.join(map(str, numbers))})")


def _counts(home: Home, release: str, begin: date) -> list[dict[str, Any]]:
    """Counted complaints of the days that go, with what earlier runs counted on the same days."""
    kept = [column for column in tables()[COUNTS].columns if column != "n_tickets"]
    with open_sealed(Releases(home.releases).path(release), MEMORY) as con:
        asked = con.execute(
            """
            select
                accepted_on as counted_on,
                type_l1,
                coalesce(region_code, 'UNKNOWN') as region_code,
                coalesce(channel_code, 'UNMAPPED') as channel_code,
                count(*) as n_new
            from fact_ticket
            where is_counted and accepted_at < ?
            group by all
            order by all
            """,
            [begin],
        )
        names = [column[0] for column in asked.description]
        found = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
    earlier = _earlier(Lake(home.lake))
    return [{**row, "n_tickets": row["n_new"] + earlier.get(tuple(row[c] for c in kept), 0)} for row in found]


def _earlier(lake: Lake) -> dict[tuple[Any, ...], int]:
    """What earlier runs counted, by day, type, district and channel: the newest run that spoke of them."""
    live = {(r["file_id"], r["loaded_at"]) for r in lake.read("etl_file").to_pylist() if r["contract"] == NAMED}
    kept = [column for column in tables()[COUNTS].columns if column != "n_tickets"]
    rows = [r for r in lake.read(COUNTS).to_pylist() if (r["file_id"], r["loaded_at"]) in live]
    return {tuple(r[c] for c in kept): int(r["n_tickets"]) for r in sorted(rows, key=lambda r: r["loaded_at"])}


def _finish(lake: Lake) -> None:
    """Counts of a run that was killed after its tickets were gone begin to count; those of before it never do."""
    known = {(r["file_id"], r["loaded_at"]) for r in lake.read("etl_file").to_pylist()}
    waiting: dict[tuple[str, datetime], int] = {}
    for row in lake.read(COUNTS).to_pylist():
        key = (row["file_id"], row["loaded_at"])
        if key not in known and str(row["file_id"]).startswith(f"{NAMED}-"):
            waiting[key] = waiting.get(key, 0) + 1
    for (identity, at), n in waiting.items():
        until = date.fromisoformat(identity[len(NAMED) + 1 :][:10])
        if not _is_there(lake, until, at):
            _register(lake, identity, at, n)


def _is_there(lake: Lake, begin: date, at: datetime) -> bool:
    """Whether tickets of before a day are still there that were loaded before an instant."""
    paths = lake.pin(TICKET).paths
    if not paths:
        return False
    with duckdb.connect() as con:
        rows = con.read_parquet(paths, union_by_name=True, hive_partitioning=False)
        column, value = duckdb.ColumnExpression, duckdb.ConstantExpression
        old = rows.filter((column("accepted_at") < value(begin)) & (column("loaded_at") <= value(at)))
        return bool(old.limit(1).fetchall())


def _register(lake: Lake, identity: str, at: datetime, n: int) -> None:
    entry = {
        "file_id": identity, "file_name": identity, "contract": NAMED, "target_table": COUNTS, "state": "loaded",
        "n_rows": n, "n_loaded": n, "n_rejected": 0, "loaded_at": at,
    }  # fmt: skip
    lake.append("etl_file", pa.Table.from_pylist([entry], tables()["etl_file"].schema), {"files": "1"})


def _files(lake: Lake, begin: date) -> list[str]:
    """Files of the inbox that speak of tickets beyond their time, by the register."""
    names = {TICKET, *DETAIL}
    first = datetime(begin.year, begin.month, begin.day)
    rows = [r for r in lake.read("etl_file").to_pylist() if r["target_table"] in names and r["file_name"]]
    return sorted({r["file_name"] for r in rows if r["first_period"] is not None and r["first_period"] < first})


def _instant(day: date) -> str:
    return f"arrow_cast('{day.isoformat()} 00:00:00', 'Timestamp(Microsecond, None)')"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
