"""Scenarios of rules as data: a few rows, an instant, and what a rule says then. Read by test_scenarios.py.

A file `scenarios/<RULE>.toml` has cases:

    [[case]]
    name = "…"
    at = 2025-03-31T08:00:00            # or a list of instants, or {from, to}: all instants of the rule between them
    state = "firing"                    # of `scope` at the last instant; "quiet": no instance of the rule is active
    scope = "NET/2025-03-31"
    severity = "orange"
    zh = "…"
    en = "…"
    [[case.tables.mart_ticket_held]]    # rows; columns not named are null
    ticket_id = "T{i}"                  # {i} counts the copies of a row, from 1
    _times = 6                          # how many copies, default 1
    _every = "1h"                       # each copy's times are so much later than the one before
    n_samples = [980, 1010, 1000]       # of a list each copy takes the next, from the start again at its end

Under [case.usual.<table>] stand columns that all rows of a table share. Dimensions of the calendar, departments, types,
channels and districts are those of the demo city; all other tables are empty.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from alerts.durations import parse
from alerts.engine import Outcome, follow, instants
from alerts.rules import Rule
from alerts.sentence import sentence
from tests.warehouse.conftest import AS_OF, DEMO_WORKSPACE
from warehouse.canonical import tables
from warehouse.catalog import models
from warehouse.engines.duckdb import DuckEngine
from warehouse.hotspots.tables import empty
from warehouse.seeds import seed_tables
from warehouse.workspace import load_workspace

FOLDER = Path(__file__).with_name("scenarios")
NAMES = Path(__file__).parents[2] / "alerts" / "names.sql"
# Of a release itself, beside its tables.
ABOUT = "create table release_info as select cast(? as timestamp) as as_of, '' as workspace_id"


@dataclass(frozen=True)
class Case:
    """One scenario of a rule."""

    rule: str
    name: str
    at: Any
    state: str
    scope: str = ""
    severity: str = ""
    zh: str = ""
    en: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.rule}: {self.name}"


def cases() -> list[Case]:
    """Every case of every file."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            found.append(Case(path.stem, **entry))
    return found


class Little:
    """A source that has only the rows of a case."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.con.execute(sql, dict(parameters)).df()

    @cache  # noqa: B019 - one source a session
    def known(self) -> dict[tuple[str, str], tuple[str, str]]:
        frame = self.con.execute(NAMES.read_text(encoding="utf-8")).df()
        return {(r.kind, str(r.code)): (str(r.zh), str(r.en)) for r in frame.itertuples()}

    def name(self, kind: str, code: str, lang: str) -> str:
        zh, en = self.known().get((kind, code), (code, code))
        return zh if lang == "zh" else en


def nothing() -> Iterator[Little]:
    """Every table of a release without a row, dimensions of the demo city aside, in memory."""
    con = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        engine = DuckEngine(Path(folder) / "release.duckdb", Path(folder))
        for seed, rows in seed_tables(load_workspace(DEMO_WORKSPACE), AS_OF).items():
            engine.give(seed, rows)
        for made, rows in empty().items():
            engine.give(made, rows)
        for table in tables().values():
            engine.give(f"lake_{table.name}", pa.Table.from_pylist([], table.schema))
        for model in models().values():
            engine.run(model)
            con.register("made", engine.con.table(model.name).to_arrow_table())
            con.execute(f'create table "{model.name}" as select * from made')
            con.unregister("made")
        engine.close()
    con.execute(ABOUT, [AS_OF])
    yield Little(con)
    con.close()


def run(case: Case, rule: Rule, little: Little) -> tuple[Outcome, dict[str, str]]:
    """What the rule makes of the case's rows, and its sentences about the case's scope in both languages."""
    con = little.con
    con.execute("begin")
    try:
        for table, rows in case.tables.items():
            _insert(con, table, [copy for row in rows for copy in copies({**case.usual.get(table, {}), **row})])
        given = rule.model_copy(update={"parameters": {**rule.parameters, **case.parameters}})
        outcome = follow(given, little, times(case, rule))
    finally:
        con.execute("rollback")
    told = [n for n in outcome.noted if n.event.scope == case.scope and n.event.action in ("fire", "raise")]
    seen = told[-1].evidence if told else {}
    return outcome, {lang: sentence(rule, case.scope, seen, little.name, lang) for lang in ("zh", "en")}


def times(case: Case, rule: Rule) -> list[datetime]:
    """The instants a case asks about."""
    if isinstance(case.at, Mapping):
        return instants(rule, case.at["from"], case.at["to"])
    return list(case.at) if isinstance(case.at, list) else [case.at]


def copies(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row as often as it says."""
    step = parse(row.get("_every", "0s"))
    for i in range(int(row.get("_times", 1))):
        yield {k: _of(v, i, step) for k, v in row.items() if not k.startswith("_")}


def _of(value: Any, i: int, step: timedelta) -> Any:
    if isinstance(value, list):
        return value[i % len(value)]
    if isinstance(value, str):
        return value.replace("{i}", str(i + 1))
    return value + step * i if isinstance(value, date) else value


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows).convert_dtypes()
    names = ", ".join(f'"{c}"' for c in frame.columns)
    con.register("rows_of_case", pa.Table.from_pandas(frame, preserve_index=False))
    con.execute(f'insert into "{table}" ({names}) select * from rows_of_case')
    con.unregister("rows_of_case")
