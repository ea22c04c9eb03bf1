"""Rows in, rows out: the models behind one table, run on hand-written tickets and events without a lake."""

from __future__ import annotations

import atexit
import random
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.warehouse.conftest import AS_OF, DEMO_WORKSPACE
from warehouse.canonical import PROVENANCE, tables
from warehouse.catalog import Model, models
from warehouse.engines.duckdb import GIVEN, DuckEngine
from warehouse.hotspots.tables import empty
from warehouse.seeds import seed_tables
from warehouse.workspace import load_workspace

Row = Mapping[str, Any]
DAY = datetime(2025, 1, 6, 9)  # a Monday


def needed(name: str) -> list[str]:
    """Models behind one, in build order, itself last."""
    wanted, todo = set(), [name]
    while todo:
        one = todo.pop()
        if one in models() and one not in wanted:
            wanted.add(one)
            todo += models()[one].inputs
    return [m for m in models() if m in wanted]


class Bench:
    """One open engine. A step is run again only where something that it reads has changed, which most of them is not
    from one hand-written ticket to the next."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = DuckEngine(Path(self.folder.name) / "release.duckdb", Path(self.folder.name))
        self.held: dict[str, object] = {}  # table -> what tells its content apart
        atexit.register(self.engine.close)

    def give(self, name: str, rows: pa.Table, told: object) -> None:
        if self.held.get(name) != told:
            self.engine.con.execute(f"drop table if exists {GIVEN}.{name}")
            self.engine.give(name, rows)
            self.held[name] = told

    def run(self, model: Model) -> None:
        read = tuple(sorted((name, self.held[name]) for name in model.inputs))
        if self.held.get(f"for {model.name}") != read:
            self.engine.run(model)
            # Dimensions come out the same from nearly all tickets, and some are large.
            is_looked_at = model.is_published and model.name.startswith("dim_")
            self.held[model.name] = self.engine.content(model.name) if is_looked_at else read
            self.held[f"for {model.name}"] = read


@lru_cache(maxsize=1)
def bench() -> Bench:
    return Bench()


def derive(
    name: str, tickets: Sequence[Row] = (), events: Sequence[Row] = (), as_of: datetime = AS_OF
) -> list[dict[str, Any]]:
    """Rows of the model `name` in an order of their own."""
    given = {"ticket": tickets, "ticket_event": events}
    steps = needed(name)
    read = {source for one in steps for source in models()[one].inputs}
    for source, rows in {**_seeds(as_of), **empty()}.items():
        if source in read:
            bench().give(source, rows, as_of)
    for table in tables():
        if f"lake_{table}" in read:
            bench().give(f"lake_{table}", _lake_rows(table, given.get(table, ())), repr(given.get(table, ())))
    for one in steps:
        bench().run(models()[one])
    return bench().engine.con.table(name).order("all").to_arrow_table().to_pylist()


@lru_cache(maxsize=4)
def _seeds(as_of: datetime) -> dict[str, pa.Table]:
    return seed_tables(load_workspace(DEMO_WORKSPACE), as_of)


def _lake_rows(table: str, rows: Sequence[Row]) -> pa.Table:
    usual = {"file_id": "f", "file_on": "", "loaded_at": DAY, "part": "p"}
    assert set(PROVENANCE) <= {*usual, "row_no"}
    full = [{**usual, "row_no": n, **row} for n, row in enumerate(rows)]
    return pa.Table.from_pylist(full, tables()[table].schema)


def log(number: int | str, steps: str, start: datetime = DAY) -> list[dict[str, Any]]:
    """Events from lines `minutes CODE [FROM>TO or TO] [-]`; minutes count from `start`, `-`: without substance."""
    found = []
    for seq, line in enumerate(filter(None, map(str.strip, steps.split(";"))), start=1):
        minutes, code, *rest = line.split()
        event: dict[str, Any] = {
            "ticket_id": f"T{number}",
            "seq": seq,
            "event": code,
            "is_substantive": "-" not in rest,
        }
        event["event_at"] = start + timedelta(minutes=float(minutes))
        for word in rest:
            if ">" in word:
                event["from_dept"], event["to_dept"] = word.split(">")
            elif word != "-":
                event["to_dept"] = word
        found.append(event)
    return found


def pick(rows: Sequence[Row], *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of every row."""
    return [tuple(row[c] for c in columns) for row in rows]


def after(minutes: float) -> datetime:
    """An instant so many minutes after the day began."""
    return DAY + timedelta(minutes=minutes)


CODES = (
    *("ACP CARE", "REG", "CLS", "APR", "DSP CARE>NET", "ACC NET", "FRS NET", "SUSPEND", "SUSPEND", "RESUME", "INV"),
    *("PLN", "URGE", "PROGRESS -", "TRANSFER NET>BIL", "TRANSFER BIL>NET", "REJECT BIL>CARE", "EXTERNAL", "RES", "FBK"),
    *("REOPEN", "REOPEN NET", "MERGE", "SAT", "ARC"),
)


def wild(rng: random.Random, number: int | str, start: datetime) -> list[dict[str, Any]]:
    """A log that no process would write: any event at any time, some before the acceptance, some in one second."""
    minutes, steps = 0, []
    for _ in range(rng.randint(1, 25)):
        minutes += rng.choice([-3, 0, 0, 5, 20, 300])
        steps.append(f"{minutes} {rng.choice(CODES)}")
    return log(number, ";".join(steps), start)
