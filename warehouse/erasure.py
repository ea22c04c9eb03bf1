"""Erasing a person by the key: lake, releases, quarantine, what people wrote; files of the inbox on demand.

Raw files hold numbers, not keys: which of them a person came in by is told by the lake's rows. Runs under the writer's
lock. Killed in between, it is simply run again: every step finds what is left.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from warehouse import audit, ops
from warehouse.audit import Event
from warehouse.canonical import tables
from warehouse.home import Home, write_atomically
from warehouse.lake import Lake
from warehouse.problems import problem
from warehouse.release import Releases
from warehouse.upkeep import tidy

KEY = re.compile(r"[A-Za-z0-9_-]{4,64}")
_ABOUT_TICKETS = ("ticket_id", "parent_ticket_id")
_PENDING = "erasing.json"  # in the home while it runs
# What nobody may change, or what is nobody's text.
_LEFT = frozenset({"audit_event", "audit_seen", "account", "login_session", "ops_about", "export_request"})


@dataclass
class Erased:
    """What was taken out. `files`: the person came in by them. `deleted`: those that are gone from the inbox now, and
    rows of theirs that had been written out to be corrected; of the others the owner of the data deletes the lines."""

    rows: dict[str, int] = field(default_factory=dict)
    n_notes: int = 0
    releases: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


def erase(
    home: Home,
    store: sa.Engine | None,
    cust_key: str,
    at: datetime,
    by: str,
    rebuild: Callable[[], str],
    with_files: bool = False,
) -> Erased:
    """Take a customer out of everything that is kept. `rebuild` publishes a release made from nothing; gives its id.

    `with_files` deletes the files by which the person came in: what others have in them lies in the lake.

    Raises `Problems` for a key that cannot be one, or that nothing is kept of.
    """
    if not KEY.fullmatch(cust_key):
        raise problem("erase", "this is no key of a customer", "copy it from the page or from the owner of the data")
    lake, done = Lake(home.lake), Erased()
    held = _rows(lake, "ticket", "cust_key", [cust_key])
    tickets = sorted(set(held["ticket_id"].to_pylist())) if len(held) else []
    places = _places(held)
    limits = _limits(cust_key, tickets)
    came_by = {f for f, _ in places} | {f for n, c, values in limits for f, _ in _places(_rows(lake, n, c, values))}
    pending = home.root / _PENDING
    came_by, is_begun = _remember(pending, cust_key, came_by)
    for name, column, values in limits:
        _take_out(lake, name, column, values, done)
    for name in ("quarantine", "unmapped_value"):
        _take_out_places(lake, name, places, [cust_key, *tickets], done)
    if not done.rows and not is_begun and not _is_kept(home, cust_key):
        pending.unlink(missing_ok=True)
        raise problem("erase", "nothing is kept under this key", "compare it with the page that shows it")
    done.n_notes = _clean_notes(store, [cust_key, *tickets]) if store is not None else 0
    before = Releases(home.releases).all()
    for name in tables():
        tidy(lake, name, [], safe_hours=0)
        forget_log(lake, name)
    done.files = _files(lake, came_by)
    if with_files:
        done.deleted = _delete_files(home, done.files, came_by)
    done.releases.append(rebuild())
    drop(home, before, keep=done.releases)
    pending.unlink(missing_ok=True)
    if store is not None:
        detail = {"rows": done.rows, "notes": done.n_notes, "releases": done.releases, "files": len(done.files)}
        detail |= {"deleted": len(done.deleted)} if with_files else {}
        audit.record(store, Event("erased", by, "", "customer", detail, sum(done.rows.values()), "", [cust_key]), at)
    return done


def _limits(cust_key: str, tickets: list[str]) -> list[tuple[str, str, list[str]]]:
    """Table, column and values of the person's rows. Tickets last: they lead to the rest, also for a run that follows
    one cut short."""
    found = []
    for name in sorted(tables(), key=lambda n: n == "ticket"):
        names = set(tables()[name].schema.names)
        found += [(name, column, tickets) for column in _ABOUT_TICKETS if column in names and tickets]
        found += [(name, "cust_key", [cust_key])] if "cust_key" in names else []
    return found


def _remember(path: Path, cust_key: str, came_by: set[str]) -> tuple[set[str], bool]:
    """Ids of the files of a person, with those that a run cut short found before it took rows out; whether there was
    such a run."""
    whose = hashlib.sha256(cust_key.encode()).hexdigest()
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    is_begun = told.get("whose") == whose
    came_by = came_by | set(told["files"]) if is_begun else came_by
    write_atomically(path, json.dumps({"whose": whose, "files": sorted(came_by)}))
    return came_by, is_begun


def _delete_files(home: Home, names: Collection[str], ids: Collection[str]) -> list[str]:
    """Files of the inbox, and rows written out of them to be corrected; gives those that there were."""
    found = [home.inbox / name for name in names if Path(name).name == name]
    for folder in (home.root / "corrections", home.inbox):
        found += [p for p in sorted(folder.glob("*__corrects_*")) if any(f"__corrects_{i[:12]}" in p.name for i in ids)]
    there = [path for path in dict.fromkeys(found) if path.is_file()]
    for path in there:
        path.unlink()
    return [path.name for path in there]


def _rows(lake: Lake, name: str, column: str = "", values: Collection[str] = ()) -> pa.Table:
    """The rows of a table whose column holds one of the values; without a column all of them."""
    paths = lake.pin(name).paths
    if not paths:
        return tables()[name].schema.empty_table()
    with duckdb.connect() as con:
        source = con.read_parquet(paths, union_by_name=True)
        if column and column not in source.columns:
            return tables()[name].schema.empty_table()
        wanted = duckdb.ColumnExpression(column).isin(*map(duckdb.ConstantExpression, values)) if column else None
        return pa.table((source if wanted is None else source.filter(wanted)).to_arrow_table())


def _places(rows: pa.Table) -> set[tuple[str, int]]:
    if not {"file_id", "row_no"} <= set(rows.column_names):
        files = rows["file_id"].to_pylist() if "file_id" in rows.column_names else []
        return {(file, -1) for file in files}
    return set(zip(rows["file_id"].to_pylist(), rows["row_no"].to_pylist(), strict=True))


def _take_out(lake: Lake, name: str, column: str, values: Collection[str], done: Erased) -> None:
    delta, n = lake.open(name), len(_rows(lake, name, column, values))
    if n and delta is not None:
        listed = ", ".join(_quoted(v) for v in sorted(values))
        delta.delete(f"{column} in ({listed})")
        done.rows[name] = done.rows.get(name, 0) + n


def _take_out_places(lake: Lake, name: str, places: set[tuple[str, int]], words: Collection[str], done: Erased) -> None:
    """Refused values of the person's rows, and values that name the key or one of the tickets."""
    delta = lake.open(name)
    if delta is None:
        return
    for row in _rows(lake, name).to_pylist():
        value = str(row.get("value_scrubbed") or "")
        own = (row["file_id"], row.get("row_no")) in places
        if own or any(_word(w).search(value) for w in words):
            held = f"file_id = {_quoted(row['file_id'])}"
            held += (
                f" and row_no = {int(row['row_no'])}" if "row_no" in row else f" and value_scrubbed = {_quoted(value)}"
            )
            delta.delete(held)
            done.rows[name] = done.rows.get(name, 0) + 1


def forget_log(lake: Lake, name: str) -> None:
    """Commits of before name the least and the greatest value of every column: a key may be among them."""
    delta = lake.open(name)
    if delta is None:
        return
    delta.create_checkpoint()
    for path in (lake.root / name / "_delta_log").iterdir():
        version = path.name.partition(".")[0]
        if version.isdigit() and int(version) < delta.version():
            path.unlink()


def _clean_notes(store: sa.Engine, words: Collection[str]) -> int:
    """Keys and ticket numbers in what people and rules wrote become a mark that tells nothing; gives how many rows."""
    n = 0
    marks = {w: f"erased-{hashlib.sha256(w.encode()).hexdigest()[:8]}" for w in words}
    with ops.writing(store) as con:
        for table in ops.METADATA.sorted_tables:
            if table.name in _LEFT:
                continue
            for column in (c for c in table.columns if isinstance(c.type, sa.String | sa.Text)):
                for word, mark in marks.items():
                    texts = con.execute(
                        sa.select(column).distinct().where(column.contains(word, autoescape=True))
                    ).scalars()
                    for text in list(texts):
                        said = _word(word).sub(mark, text)
                        if said != text:
                            con.execute(table.update().where(column == text).values({column.name: said}))
                            n += 1
    return n


def drop(home: Home, names: Collection[str], keep: Collection[str]) -> None:
    """Releases of before hold the person: none of them stays, whoever still reads it keeps an open file at most."""
    releases = Releases(home.releases)
    for name in names:
        if name not in keep:
            releases.path(name).unlink(missing_ok=True)


def _is_kept(home: Home, cust_key: str) -> bool:
    from warehouse.query import Reader

    releases = Releases(home.releases)
    current = releases.current()
    if current is None:
        return False
    fact = sa.table("fact_ticket", sa.column("cust_key"))
    chosen = sa.select(sa.func.count().label("n")).select_from(fact).where(fact.c.cust_key == cust_key)
    return int(Reader(releases.path(current)).run(chosen)["n"].iloc[0]) > 0


def _files(lake: Lake, ids: Collection[str]) -> list[str]:
    rows: list[dict[str, Any]] = lake.read("etl_file").to_pylist()
    return sorted({str(r["file_name"]) for r in rows if r["file_id"] in ids and r["file_name"]})


def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])")


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
