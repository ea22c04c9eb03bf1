"""Signals: what a rule looks at. Each is one select over a release for a list of instants, finished by its kind.

A select sees only what was known at an instant: rows that happened before it. It gives one row per instant and scope:
seen_at, scope_id, the columns its kind needs, and any others, which a warning keeps as evidence. It may read what
several selects need (`relations/`), and give its rows to one of them ("-- Rolls up: NAME": they are called NAME there).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from alerts.signals import kinds
from warehouse.catalog import references

FOLDER = Path(__file__).with_name("sql")
RELATIONS = Path(__file__).with_name("relations")
ROLLED_UP = "rolled_up"
HOURS = "fact_cell_kpi_1h"
KEYS = ("seen_at", "scope_id")
_PARAMETER = re.compile(r"\$([a-z_]+)")


class Source(Protocol):
    """Where signals read: one select with named parameters in, a frame out."""

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame: ...


@runtime_checkable
class HourSource(Source, Protocol):
    """A source whose hours must be opened first, for a select that `reads` some relations: gives the instants in parts,
    each with a source of its own, and the relations that are tables there already."""

    def by_hours(
        self, instants: Sequence[datetime], reads: Collection[str]
    ) -> Iterable[tuple[Source, Sequence[datetime], Collection[str]]]: ...


@dataclass(frozen=True)
class Signal:
    """One `.sql` file: its sentence, its kind, and the parameters it takes besides the instants."""

    name: str
    sentence: str
    kind: str
    sql: str
    parameters: frozenset[str]
    rolls_up: str | None = None

    @property
    def reads_hours(self) -> bool:
        """Whether it reads hourly counters, which stay in the lake."""
        return HOURS in {name for text in _needed(self._whole()).values() for name in references(text)} | references(
            self.sql
        )

    def _whole(self) -> str:
        return self.sql if self.rolls_up is None else self.sql + "\n" + relations()[ROLLED_UP]

    def text(self, there: Collection[str] = ()) -> str:
        """The select with the relations it reads; `there` are tables already."""
        needed = {n: sql for n, sql in _needed(self._whole(), there).items() if n != ROLLED_UP}
        if self.rolls_up is not None:
            needed[self.rolls_up] = self.sql
        if not needed:
            return self.sql
        last = self.sql if self.rolls_up is None else relations()[ROLLED_UP]
        return _with(needed, last)

    def readings(self, source: Source, instants: Sequence[datetime], parameters: Mapping[str, Any]) -> pd.DataFrame:
        """seen_at, scope_id, value, n, and evidence; at most one row per instant and scope, ordered by both."""
        return self.finished(self.found(source, instants, parameters), parameters)

    def found(self, source: Source, instants: Sequence[datetime], parameters: Mapping[str, Any]) -> pd.DataFrame:
        """What the select counts; of `parameters` it takes those it names."""
        given = {name: parameters[name] for name in self.parameters}
        parts: Iterable[tuple[Source, Sequence[datetime], Collection[str]]] = [(source, instants, ())]
        if self.reads_hours and isinstance(source, HourSource):
            own = {HOURS} & references(self.sql)
            parts = source.by_hours(instants, own | _needed(self._whole()).keys())
        frames = [where.select(self.text(there), {"instants": list(some), **given}) for where, some, there in parts]
        return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]

    def finished(
        self, found: pd.DataFrame, parameters: Mapping[str, Any], say: kinds.Say | None = None
    ) -> pd.DataFrame:
        """The readings of what the select counted; of `parameters` the kind takes the others. `say` is told how far a
        long computation is."""
        told = kinds.finish(self.kind, found, parameters, say)
        return told.sort_values(list(KEYS), kind="stable").reset_index(drop=True)


@cache
def signals() -> dict[str, Signal]:
    """Every signal by name."""
    found = {}
    for path in sorted(FOLDER.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        kind = re.search(r"^-- Kind: (\w+)", sql, re.MULTILINE)
        rolls_up = re.search(r"^-- Rolls up: (\w+)", sql, re.MULTILINE)
        bare = re.sub(r"--[^\n]*", "", sql + ("\n" + relations()[ROLLED_UP] if rolls_up else ""))
        found[path.stem] = Signal(
            path.stem,
            sql.splitlines()[0].removeprefix("-- "),
            kind.group(1) if kind else "level",
            sql,
            frozenset(_PARAMETER.findall(bare)) - {"instants"},
            rolls_up.group(1) if rolls_up else None,
        )
    return found


@cache
def relations() -> dict[str, str]:
    """What several selects read, by name; each may read others, but takes no parameter besides the instants."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(RELATIONS.glob("*.sql"))}


def with_relations(sql: str) -> str:
    """A select with the relations it reads."""
    needed = _needed(sql)
    return _with(needed, sql) if needed else sql


def relation(name: str, there: Collection[str] = ()) -> str:
    """The select of a relation with those it reads."""
    needed = _needed(relations()[name], there)
    return _with(needed, relations()[name]) if needed else relations()[name]


def _needed(sql: str, there: Collection[str] = ()) -> dict[str, str]:
    """The relations a select reads, directly or not, each after those it reads itself."""
    found: dict[str, str] = {}
    for name in sorted(references(sql) & relations().keys() - set(there)):
        found |= {n: text for n, text in _needed(relations()[name], there).items() if n not in found}
        found.setdefault(name, relations()[name])
    return found


def _with(named: Mapping[str, str], last: str) -> str:
    """One select: the named ones in front of the last."""
    front = ",\n".join(name + " as materialized (\n" + sql + "\n)" for name, sql in named.items())
    return "with " + front + "\nselect * from (\n" + last + "\n)"
