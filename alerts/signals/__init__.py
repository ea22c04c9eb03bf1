"""Signals: what a rule looks at. Each is one select over a release for a list of instants, finished by its kind.

A select sees only what was known at an instant: rows that happened before it. It gives one row per instant and scope:
seen_at, scope_id, the columns its kind needs, and any others, which a warning keeps as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from alerts.signals import kinds

FOLDER = Path(__file__).with_name("sql")
KEYS = ("seen_at", "scope_id")
_PARAMETER = re.compile(r"\$([a-z_]+)")


class Source(Protocol):
    """Where signals read: one select with named parameters in, a frame out."""

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Signal:
    """One `.sql` file: its sentence, its kind, and the parameters it takes besides the instants."""

    name: str
    sentence: str
    kind: str
    sql: str
    parameters: frozenset[str]

    def readings(self, source: Source, instants: Sequence[datetime], parameters: Mapping[str, Any]) -> pd.DataFrame:
        """seen_at, scope_id, value, n, and evidence; at most one row per instant and scope, ordered by both."""
        given = {name: parameters[name] for name in self.parameters}
        found = source.select(self.sql, {"instants": list(instants), **given})
        finished = kinds.KINDS[self.kind](found, parameters)
        return finished.sort_values(list(KEYS), kind="stable").reset_index(drop=True)


@cache
def signals() -> dict[str, Signal]:
    """Every signal by name."""
    found = {}
    for path in sorted(FOLDER.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        kind = re.search(r"^-- Kind: (\w+)", sql, re.MULTILINE)
        bare = re.sub(r"--[^\n]*", "", sql)
        found[path.stem] = Signal(
            path.stem,
            sql.splitlines()[0].removeprefix("-- "),
            kind.group(1) if kind else "level",
            sql,
            frozenset(_PARAMETER.findall(bare)) - {"instants"},
        )
    return found
