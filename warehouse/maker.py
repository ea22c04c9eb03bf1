"""One plan carried out: models run in order, as far as they must be; checks asked of what was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyRelation

from warehouse import families, monthly
from warehouse.canonical import PARTITION, tables
from warehouse.catalog import Check, Model, checks, models
from warehouse.content import Content
from warehouse.engines import Engine
from warehouse.engines.duckdb import DuckEngine
from warehouse.families import lying
from warehouse.hotspots.registry import Published
from warehouse.lake import Pinned
from warehouse.made import BY_TABLE
from warehouse.parts import around, touching
from warehouse.plan import KEEP, KEY, KEYS, SUMS, Plan
from warehouse.problems import Failure, Problem
from warehouse.steps import Steps, readers

ROWS_SHOWN_OF_A_FAILED_CHECK = 5


class TooMany(Exception):
    """So many tickets are touched that making all of them is cheaper."""


@dataclass
class Maker:
    """Carries out a plan with `engine`, which writes the release; `compute` runs the models elsewhere, if given."""

    engine: DuckEngine
    compute: Engine | None
    pins: dict[str, Pinned]
    plan: Plan
    say: Callable[[str], None]
    recall: Callable[[], Sequence[Published]] = list  # names of hotspots as published before
    steps_before: dict[str, str] = field(default_factory=dict)  # what they hung on in the release before
    contents: dict[str, Content] = field(default_factory=dict)
    sliced: set[str] = field(default_factory=set)  # inputs that are cut to the family already
    added_to: frozenset[str] = frozenset()  # tables of sums that are kept up by what the family's rows changed
    steps: Steps = field(init=False)
    last_reader: dict[str, str] = field(init=False)  # the last model that reads each

    def __post_init__(self) -> None:
        names = self.plan.models
        self.last_reader = {i: name for name in names for i in models()[name].inputs if i in models()}
        self.steps = Steps(self.engine, self.compute, self.pins, self.recall, self.say, self.steps_before, names)

    def make(self, given: dict[str, pa.Table], before: dict[str, Content]) -> None:
        """Run what the plan says. `before` are the contents of the tables as they were. Raises `TooMany`."""
        self.contents = dict(before)
        for worker in filter(None, (self.engine, self.compute)):
            for name, rows in given.items():
                worker.give(name, rows)
            for name, step in self.plan.lake.items():
                if step != KEYS:
                    pinned = self.pins[name] if step is None else self.pins[name].only(frozenset(step))
                    worker.give_lake(tables()[name], pinned)
        for name, files in self.plan.came.items():
            self.engine.offer(f"came_{name}", tables()[name], self.pins[name].of_files(files))
        for name in self.plan.guards:
            self._guard(models()[name])
        if self.plan.by_keys:
            self._find_family()
        for name in self.plan.models:
            self._run(models()[name])
            self._forget(name)

    def _forget(self, done: str) -> None:
        """Let go of staging and of rows that went which nothing reads any more: they may fill the memory."""
        for name in models()[done].inputs & self.last_reader.keys():
            if self.last_reader[name] == done and name in self.sliced:
                self.engine.forget(models()[name])
                if not models()[name].is_published:
                    self.sliced.remove(name)

    def _find_family(self) -> None:
        seeds = []
        for name in self.plan.open_models:
            rows = self.engine.con.table(name)
            seeds.append(rows.filter(str(models()[name].open_when)).select(KEY))
        for name in self.plan.came:
            seeds += self._displaced(name)
        n = families.find(self.engine.con, sorted(self.plan.came), seeds)
        [(n_tickets,)] = self.engine.con.execute("select count(*) from fact_ticket").fetchall()
        self.say(f"family   {n:,} of {n_tickets:,} tickets")
        if n > families.LARGEST_SHARE * n_tickets:
            raise TooMany
        if n <= families.SHARE_ADDED * n_tickets:
            self.added_to = frozenset(name for name, step in self.plan.models.items() if step == SUMS)
        for name, step in self.plan.lake.items():
            if step == KEYS:
                self.engine.give_lake(tables()[name], self._of_family(name))

    def _guard(self, model: Model) -> None:
        """Raise `TooMany` when rows that came add to a table that tickets everywhere hang on."""
        chain = [model, *(models()[name] for name in sorted(model.inputs) if name in models())]
        lake = {name.removeprefix("lake_") for step in chain for name in step.inputs if name.startswith("lake_")}
        for name in sorted(lake - self.plan.came.keys()):
            self.engine.offer(f"came_{name}", tables()[name], self.pins[name].of_files(frozenset()))
        if self.engine.news([step.name for step in chain], [step.sql for step in chain], sorted(lake)):
            raise TooMany

    def _displaced(self, name: str) -> list[DuckDBPyRelation]:
        """Tickets whose rows the rows that came replace, where a row may move from one ticket to another."""
        key, fact = tables()[name].key, f"fact_{name}"
        if KEY in key or fact not in models() or self.plan.models[fact] != KEYS:
            return []
        came = self.engine.con.table(f"came_{name}").select(*key)
        return [self.engine.con.table(fact).join(came, ", ".join(key), "semi").select(KEY)]

    def _of_family(self, name: str) -> Pinned:
        """The files in which the family's rows lie that count, and those that came."""
        parts = lying.parts(self.engine, tables()[name])
        if parts is None:
            return self.pins[name]
        came = self.pins[name].of_files(self.plan.came.get(name, frozenset()))
        return self.pins[name].only(parts | {str(part) for _, part in came.files})

    def _run(self, model: Model) -> None:
        step = self.plan.models[model.name]
        if step == KEEP or self._is_made(model):
            return
        if step == KEYS:
            self._run_keys(model)
        elif model.name in self.added_to:
            for name in sorted(model.inputs):
                self._slice(name)
            self.contents[model.name] += self.engine.run_sums(model)
        elif self.compute is not None:
            self.compute.run(model)
            self.engine.shape(model)
            if model.is_published:
                self.engine.fill(model, self.compute.rows(model.name))
                self.contents[model.name] = self.engine.content(model.name)
        elif step is None and (parts := monthly.months_of(model, self.pins)):
            self.contents[model.name] = monthly.make(self.engine, model, self.pins, parts)
        elif step in (None, SUMS) or not model.is_published:
            looks = isinstance(step, str) or not monthly.is_read_by_month(model, self.pins, step)
            self.engine.run(model, looks)
            if model.is_published:
                self.contents[model.name] = self.engine.content(model.name)
        else:
            assert isinstance(step, frozenset)
            self._cut(model.inputs, around(step, model.reach_days, 0) if model.reach_days else step)
            self.contents[model.name] += self.engine.run_parts(model, step)
        self.say(f"{model.layer:8} {model.name}")

    def _cut(self, names: Iterable[str], parts: frozenset[str]) -> None:
        """Cut tables that are sliced by part to the rows that have days in common with some parts."""
        for name in sorted(names):
            if name in models() and models()[name].is_published and models()[name].slice_column == PARTITION:
                self.engine.cut(name, touching(parts))

    def _is_made(self, model: Model) -> bool:
        """Whether the made tables of a model, and so the model, stay as they were; else they are there now."""
        step = next(iter(model.inputs & BY_TABLE.keys()), None)
        if step is None:
            return False
        known = readers(BY_TABLE[step])
        is_plain = all(m.name in self.contents and m.name not in self.plan.anew for m in known)
        return self.steps.is_done(model, is_plain)

    def _run_keys(self, model: Model) -> None:
        for name in sorted(model.inputs):
            self._slice(name)
        if not model.is_published:
            self._slice(model.name)
            return
        added_up_in = [models()[name] for name in sorted(self.added_to) if model.name in models()[name].inputs]
        self.contents[model.name] += self.engine.run_keys(model, added_up_in)
        self.sliced.add(model.name)

    def _slice(self, name: str) -> None:
        """Cut an input to the family, if it is one that has tickets."""
        if name in self.sliced:
            return
        if name.startswith("lake_"):
            if KEY in tables()[name.removeprefix("lake_")].columns:
                self.engine.slice_input(name)
        elif name in models() and models()[name].slice_column == KEY:
            if models()[name].is_published:
                self.engine.slice_input(name, str(models()[name].key_column))
            else:
                for inner in sorted(models()[name].inputs):
                    self._slice(inner)
                self.engine.slice_staging(models()[name])
        self.sliced.add(name)

    # --- checks --------------------------------------------------------------------------------------------

    def check(self, before: dict[str, int]) -> tuple[list[dict[str, Any]], list[str]]:
        """Ask every check that what was made can break. `before` says how many rows each failed with in the release
        before. Returns the rows of `release_check` and the warnings; raises `Failure` when a check fails.
        """
        failed: list[Problem] = []
        warnings: list[str] = []
        results: list[dict[str, Any]] = []
        for check in checks():
            rows = self._ask(check, before.get(check.name))
            shown = {"check_name": check.name, "sentence": check.sentence, "is_warning": check.is_warning}
            results.append({**shown, "n_shown": len(rows)})
            if rows and check.is_warning:
                warnings.append(f"{check.sentence} Not so for {_sample(rows)}")
            elif rows:
                what = f"does not hold: {check.sentence} First rows: {_sample(rows)}"
                cure = "the release is not published; mend the data"
                failed.append(Problem(f"checks/{check.name}.sql", what, cure))
        if failed:
            raise Failure(failed)
        return results, warnings

    def _ask(self, check: Check, n_before: int | None) -> list[tuple[Any, ...]]:
        """Rows that break a check. What held before and was not touched holds; of what was, tickets or parts."""
        steps = {self.plan.models[name] for name in check.inputs if name in models()} - {KEEP}
        held = n_before == 0 and not check.inputs & self.plan.given
        if held and not steps:
            return []
        parts = [step for step in steps if isinstance(step, frozenset)]
        sliced_by = None
        if held and steps == {KEYS} and check.slice_column == KEY:
            sliced_by = KEY
            for name in sorted(check.inputs):
                self._slice(name)
        elif held and len(parts) == len(steps) and check.slice_column == PARTITION:
            sliced_by = PARTITION
            self._cut(check.inputs, frozenset[str]().union(*parts))
        return self.engine.first_rows(check.sql, ROWS_SHOWN_OF_A_FAILED_CHECK, sliced_by)


def _sample(rows: list[tuple[Any, ...]]) -> str:
    return "; ".join(", ".join(str(v) for v in row) for row in rows)
