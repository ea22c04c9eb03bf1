"""What a signal said over many instants, kept so that thresholds and times can be tried on it again and again.

The state machine need not see every reading: one that does not meet a rule, of a scope that is inactive, changes
nothing and is no event. Those are told apart for all rows at once, so that a scope costs something only while
something is on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alerts.state import COMPARE, SEVERITIES, Instance, Reading, Severity, Timing


@dataclass(frozen=True)
class Readings:
    """The rows of a signal (seen_at, scope_id, value, n, evidence) at some instants, which come in order."""

    frame: pd.DataFrame
    times: tuple[datetime, ...]

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Every scope that reported, in order; a row's place in it is its code."""
        return tuple(self._coded[1])

    def first_double(self) -> datetime | None:
        """The first instant with two rows of one scope, which an evaluation must not have."""
        twice = np.flatnonzero(np.diff(self.keys) == 0)
        return self.times[int(self.keys[twice[0]] // max(len(self.scopes), 1))] if len(twice) else None

    def row(self, at: int, scope: str) -> int | None:
        """The row of a scope at the instant number `at`, or None."""
        code = self._code_of.get(scope)
        if code is None:
            return None
        key = at * len(self.scopes) + code
        place = int(self.keys.searchsorted(key))
        return place if place < len(self.keys) and self.keys[place] == key else None

    def instant(self, row: int) -> int:
        """The number of the instant of a row."""
        return int(self.keys[row] // max(len(self.scopes), 1))

    def reading(self, row: int) -> Reading:
        """What the state machine is told of a row."""
        value, n = self.values.item(row), self.ns.item(row)
        return Reading(
            self.scope(row),
            value if math.isfinite(value) else None,
            int(n) if math.isfinite(n) else None,
            None if self.said_at_least is None else self._at_least(row),
        )

    def scope(self, row: int) -> str:
        """The scope of a row."""
        return self.scopes[self.keys.item(row) % len(self.scopes)]

    def any_at(self, at: int) -> bool:
        """Whether any scope reported at an instant."""
        return bool(self._ends[at + 1] > self._ends[at])

    def telling(self, timing: Timing, is_dull: NDArray[np.bool_] | None = None) -> Iterator[list[int]]:
        """Per instant the rows that may begin something in a scope where nothing is on, `is_dull` ones left out."""
        values: Any = self.values
        is_met = COMPARE[timing.op](values, timing.steps[0].threshold)
        tells = is_met | ~np.isfinite(values)
        if timing.least_n:
            is_too_few = self.ns < timing.least_n  # no n: not too few
            tells = tells | is_too_few if remembers_few(timing) else tells & ~is_too_few
        if is_dull is not None:
            tells = tells & ~is_dull
        rows = np.flatnonzero(tells)
        cuts = np.searchsorted(rows, self._ends)
        for at in range(len(self.times)):
            yield rows[cuts[at] : cuts[at + 1]].tolist()

    def too_few_at_the_end(self, timing: Timing) -> Iterator[Instance]:
        """What stays known of inactive scopes whose last reading rested on too few."""
        if not timing.least_n or remembers_few(timing) or not self.times:
            return
        for row in range(self._ends[-2], self._ends[-1]):
            if self.ns[row] < timing.least_n:
                told = self.reading(row)
                yield Instance(told.scope, value=told.value, seen="too_few")

    def evidence(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        """What JSON can hold of rows, besides instant and scope: numbers as float, what is not finite as None."""
        frame = self.frame.drop(columns=["seen_at", "scope_id"])
        found = frame.take(self._order[np.asarray(rows, dtype=np.int64)])
        columns = [_kept(column) for _, column in found.items()]
        names = [str(name) for name in found.columns]
        return (
            [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if names else [{} for _ in rows]
        )

    @cached_property
    def _times64(self) -> NDArray[Any]:
        return np.array(self.times, dtype="datetime64[us]")

    @cached_property
    def _coded(self) -> tuple[NDArray[np.int64], list[str]]:
        codes, scopes = pd.factorize(self.frame["scope_id"].astype(str), sort=True)
        return codes.astype(np.int64), list(scopes)

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of the frame by instant and scope, those of other instants left out, and the key of each."""
        if self.frame.empty or not self.times:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        seen = self.frame["seen_at"].to_numpy().astype("datetime64[us]")
        at = np.searchsorted(self._times64, seen)
        known = at < len(self.times)
        known[known] &= self._times64[at[known]] == seen[known]
        keys = at.astype(np.int64) * len(self.scopes) + self._coded[0]
        kept = np.flatnonzero(known)
        order = kept[np.argsort(keys[kept], kind="stable")]
        return order, keys[order]

    @property
    def _order(self) -> NDArray[np.int64]:
        return self._sorted[0]

    @property
    def keys(self) -> NDArray[np.int64]:
        """Of each row the number of its instant times the number of scopes, plus the code of its scope; they rise."""
        return self._sorted[1]

    @cached_property
    def _code_of(self) -> Mapping[str, int]:
        return {scope: n for n, scope in enumerate(self.scopes)}

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        """Where the rows of each instant begin, and behind the last where they end."""
        return np.searchsorted(self.keys, np.arange(len(self.times) + 1) * max(len(self.scopes), 1))

    @cached_property
    def values(self) -> NDArray[np.float64]:
        return self._numbers("value")

    @cached_property
    def ns(self) -> NDArray[np.float64]:
        return self._numbers("n")

    def _numbers(self, column: str) -> NDArray[np.float64]:
        if column not in self.frame:
            return np.full(len(self._order), np.nan)
        return pd.to_numeric(self.frame[column]).to_numpy(dtype=float, na_value=np.nan)[self._order]

    @cached_property
    def said_at_least(self) -> NDArray[Any] | None:
        return self.frame["at_least"].to_numpy()[self._order] if "at_least" in self.frame else None

    def _at_least(self, row: int) -> Severity | None:
        said = self.said_at_least
        return None if said is None else next((s for s in SEVERITIES if s == said[row]), None)


def _kept(column: pd.Series[Any]) -> list[Any]:
    """A column as JSON can hold it."""
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind and kind in "iuf":
        numbers = column.to_numpy(dtype=float)
        told: list[Any] = numbers.tolist()
        return told if np.isfinite(numbers).all() else [v if math.isfinite(v) else None for v in told]
    return [_told(value) for value in column.to_frame().to_dict("list").popitem()[1]]


def _told(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, datetime):
        return pd.Timestamp(value).isoformat(timespec="seconds")
    number = float(value)
    return number if math.isfinite(number) else None


def remembers_few(timing: Timing) -> bool:
    """Whether what too few said can come out later, when there are no data at all."""
    return timing.no_data in ("normal", "fire")
