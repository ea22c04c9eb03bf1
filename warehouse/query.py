"""Reads of one release: parameterised, scoped by a viewer, sealed, timed.

What a figure means stands in `measures.toml`; how it is drawn is the pages' business.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import crowds, daily, selects, sums, telling
from warehouse.batches import batches, side_by_side, with_empty_periods
from warehouse.measures import Measure, measures
from warehouse.once import Once
from warehouse.periods import Period
from warehouse.problems import problem
from warehouse.scope import (
    DIMENSIONS,
    LATTICE_FILTERS,
    SMALL_CELL,
    NotAllowed,
    check_question,
    col,
    hide_few,
    hide_small_cells,
    least_of,
    visible_columns,
)
from warehouse.sealed import Door, TimedOut, select
from warehouse.selects import ROW_COLUMNS, Filters, People, Waiting
from warehouse.viewer import Viewer

__all__ = [
    "DIMENSIONS",
    "LATTICE_FILTERS",
    "ROW_COLUMNS",
    "SMALL_CELL",
    "Filters",
    "NotAllowed",
    "People",
    "Reader",
    "TimedOut",
    "Waiting",
]

MOST_ROWS = 100_000  # of a table read whole
MOST_COURSES = 200


class Reader:
    """One open release. Thread-safe: every query runs on a cursor of its own."""

    def __init__(self, path: Path, timeout_s: float = 20.0, memory_limit: str = "1GB") -> None:
        self.id, self.folder = path.stem, path.parent
        self.timeout_s = timeout_s
        self._door = Door(path, memory_limit)
        self._courses: Once[dict[telling.Key, telling.Told]] = Once(MOST_COURSES)
        self._filled: dict[str, frozenset[str]] = {}
        self.asked = daily.Asked()
        self._counting = threading.Lock()

    def rest(self) -> None:
        """A newer release has come: take no memory any more. Who still asks is answered, more slowly."""
        self._door.rest()
        self._courses.clear()

    # --- what the release says about itself ---------------------------------------------------------------

    @cached_property
    def info(self) -> dict[str, Any]:
        """as_of, built_at, how, content_hash, is_synthetic, workspace_id."""
        row = self.ask("select * from release_info", []).iloc[0].to_dict()
        row.pop("state")
        row["as_of"] = row["as_of"].to_pydatetime()
        row["built_at"] = row["built_at"].to_pydatetime()
        return row

    @cached_property
    def levels(self) -> dict[str, dict[str, str]]:
        """table -> column -> class."""
        frame = self.ask("select * from column_class", [])
        return {
            str(table): dict(zip(part["column_name"], part["level"], strict=True))
            for table, part in frame.groupby("table_name")
        }

    def about(self, name: str) -> pd.DataFrame:
        """A table about the release itself: release_check or release_table. Holds no rows of customers."""
        source = sa.table({"release_check": "release_check", "release_table": "release_table"}[name])
        return self._run(sa.select(sa.literal_column("*")).select_from(source))

    def n_rows(self, table: str) -> int:
        return self._n_rows.get(table, 0)

    @cached_property
    def _n_rows(self) -> dict[str, int]:
        frame = self.ask("select table_name, n_rows from release_table", [])
        return {str(name): int(n) for name, n in zip(frame["table_name"], frame["n_rows"], strict=True)}

    def filled(self, table: str) -> frozenset[str]:
        """Columns of a table that hold at least one value. Decides what a source can support."""
        if table not in self.levels:
            return frozenset()
        with self._counting:  # reads the whole table, so those who ask at once wait for the first
            if table not in self._filled:
                columns = list(self.levels[table])
                counts = (sa.func.count(sa.column(c)).label(c) for c in columns)
                row = self._run(sa.select(*counts).select_from(sa.table(table))).iloc[0]
                self._filled[table] = frozenset(c for c in columns if row[c] > 0)
            return self._filled[table]

    def missing_for(self, measure: str) -> list[str]:
        """What the source lacks for a measure: table or column names; empty when the measure can be shown."""
        entry = measures()[measure]
        tables = [entry.base, *([entry.denominator_base] if entry.denominator_base else [])]
        empty = [t for t in tables if self.n_rows(t) == 0]
        return empty or [c for c in entry.needs if c not in self.filled(entry.base)]

    def span(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last day with tickets."""
        return self._span

    @cached_property
    def held_by_few(self) -> int:
        """As `crowds.held_by_few`, asked once."""
        return crowds.held_by_few(self._run)

    @cached_property
    def _span(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        frame = self.ask("select min(accepted_on) as first_on, max(accepted_on) as last_on from mart_ticket", [])
        first, last = frame.iloc[0]
        return None if pd.isna(first) else (pd.Timestamp(first), pd.Timestamp(last))

    # --- figures ------------------------------------------------------------------------------------------

    def figures(
        self,
        ids: Sequence[str],
        viewer: Viewer,
        periods: Sequence[Period],
        by: Sequence[str] = (),
        where: Filters | None = None,
        people: People = "all",
    ) -> pd.DataFrame:
        """Numerators and denominators: columns period, *by, <id>_num, <id>_den, n_customers, is_small.

        One row per period and group that occurs; without groups one row per period, counting 0 where nothing is.
        For an L1 viewer groups of fewer than five customers come
        with `is_small` and without numbers, and so do those by which another period would tell such a group
        (`telling`; they have `is_kept_back`, too). Telling customers apart is half the work and more on millions:
        `people` "enough" does it only where a group may hold fewer than five, "none" never, and both leave out
        `n_customers`. For an L1 viewer "none" is "enough".
        """
        where = where or Filters()
        self._allow(viewer, where, by)
        merged: pd.DataFrame | None = None
        for base, basis, entries in batches(ids):
            part = self._batch(entries, base, basis, viewer, periods, by, where, people)
            merged = part if merged is None else side_by_side(merged, part, ["period", *by])
        return pd.DataFrame(columns=["period", *by, "is_small"]) if merged is None else merged

    def _batch(
        self,
        entries: Sequence[Measure],
        base: str,
        basis: str,
        viewer: Viewer,
        periods: Sequence[Period],
        by: Sequence[str],
        where: Filters,
        people: People,
    ) -> pd.DataFrame:
        lacking = [name for name in by if name not in self.levels.get(base, {})]
        if lacking:
            raise problem(entries[0].id, f"cannot be grouped by {lacking[0]!r}", f"{base} has no such column")
        told: People = people if people == "all" else "enough" if viewer.level == "L1" else "none"
        summed = sums.figures(self, entries, viewer, periods, by, where, told)
        asked = partial(selects.figures, self.levels, entries, base, basis, viewer, by=by, where=where)
        part = self._run(asked(periods, people=told)) if summed is None else summed
        if told == "enough":
            few = partial(asked, people="all")
            part = crowds.told_apart(part, by, periods, lambda some, also: self._run(few(some, also=also)))
        if not by:
            part = with_empty_periods(part, entries, periods)
        for entry in entries:
            if entry.denominator_base:
                part = self._with_base(part, entry, viewer, periods, by, where)
            elif entry.denominator is None:
                part[f"{entry.id}_den"] = part[f"{entry.id}_num"]
        part = hide_small_cells(part, [e.id for e in entries], viewer)
        if telling.applies(viewer, base, basis, by, where):
            part = telling.hide(part, self.courses(viewer, by, where), [e.id for e in entries], periods, by)
        return part if people == "all" else part.drop(columns=["n_customers"], errors="ignore")

    def courses(self, viewer: Viewer, by: Sequence[str], where: Filters) -> dict[telling.Key, telling.Told]:
        """As `telling.courses`, asked once."""
        key = (viewer.key, tuple(by), where)
        return self._courses.get(key, lambda: telling.courses(self._run, self.levels, viewer, by, where))

    def sql(self, measure: str) -> str:
        """The select behind a measure, with placeholders, as the definitions page shows it."""
        entry = measures()[measure]
        period = Period("now", date.min, date.min, datetime(1970, 1, 1))
        anyone = Viewer.of("analyst")
        statement = selects.figures(self.levels, [entry], entry.base, entry.basis, anyone, [period], (), Filters())
        text, _ = selects.compiled(statement)
        return text

    def rows(
        self,
        viewer: Viewer,
        period: Period,
        where: Filters,
        page: int,
        size: int,
        order: str = "accepted_at",
        descending: bool = True,
        waiting: Waiting | None = None,
    ) -> tuple[pd.DataFrame, int]:
        """One page of tickets behind a figure, only columns of the viewer's class; and how many there are in all.

        With `waiting` those open at the period's cut-off, whenever they were accepted. Raises `NotAllowed` for a
        viewer without row access.
        """
        if not viewer.sees_rows:
            raise NotAllowed("rows belong to analysts, planners, handlers and supervisors")
        self._allow(viewer, where, ())
        levels = self.levels["fact_ticket"]
        columns = [c for c in ROW_COLUMNS if c in visible_columns(levels, viewer)]
        if order not in columns:
            raise problem("rows", f"cannot be sorted by {order!r}", "sort by a column that is shown")
        fact = sa.table("fact_ticket")
        chosen = selects.ticket_ids(self.levels, viewer, period, where, waiting)
        key = col(fact, order)
        listed = (
            sa.select(*(col(fact, c) for c in columns))
            .select_from(fact)
            .where(col(fact, "ticket_id").in_(chosen), *([] if waiting else selects.accepted_in(fact, period)))
            .order_by(key.desc() if descending else key.asc(), col(fact, "ticket_id"))
            .limit(size)
            .offset(max(page, 0) * size)
        )
        counted = sa.select(sa.func.count().label("n")).select_from(chosen.subquery())
        return self._run(listed), int(self._run(counted)["n"].iloc[0])

    def table(self, name: str, viewer: Viewer, where: Filters | None = None, first: int | None = None) -> pd.DataFrame:
        """A small published table, scoped, without columns above the viewer's class; `NotAllowed` if none is left.

        Rows of few customers come without numbers for a role that must not see them, as `scope.hide_few` says.
        All of it or a fault: nobody is given a part for the whole who did not ask for the `first` rows.
        """
        levels = self.levels.get(name)
        if levels is None:
            raise problem("release", f"has no table {name!r}", "build a new release")
        columns = visible_columns(levels, viewer)
        if not columns:
            raise NotAllowed(f"{name} holds rows, and this role sees figures only")
        source = sa.table(name)
        inside = selects.inside(self.levels, name, viewer, where or Filters(), source)
        asked = sa.select(*(col(source, c) for c in columns)).select_from(source).where(*inside)
        rows = self._run(asked.limit(MOST_ROWS + 1 if first is None else first))
        if len(rows) > MOST_ROWS:
            raise problem("release", f"{name} has over {MOST_ROWS:,} rows", "ask for sums of it, or page through it")
        return hide_few(rows, viewer) if least_of(viewer) else rows

    def run(self, statement: sa.Select[*tuple[Any, ...]], is_long: bool = False) -> pd.DataFrame:
        """A select that another module of the warehouse composed from checked names and the viewer's scope."""
        return select(self._door.connection(), *selects.compiled(statement), self.timeout_s, is_long)

    def ask(self, sql: str, parameters: dict[str, Any] | list[Any]) -> pd.DataFrame:
        """A select from a file of the warehouse, values by name; who asks keeps the answer to the viewer's scope."""
        return select(self._door.connection(), sql, parameters, self.timeout_s)

    def _allow(self, viewer: Viewer, where: Filters, by: Sequence[str]) -> None:
        check_question(viewer, [name for name, _ in where.values], by)

    def _with_base(
        self,
        frame: pd.DataFrame,
        entry: Measure,
        viewer: Viewer,
        periods: Sequence[Period],
        by: Sequence[str],
        where: Filters,
    ) -> pd.DataFrame:
        """Join a denominator that another table holds; dimensions it does not have share the whole."""
        assert entry.denominator_base
        shared = [d for d in by if d in self.levels.get(entry.denominator_base, {})]
        statement = selects.denominator(self.levels, entry, viewer, periods, shared, where)
        return frame.merge(self._run(statement), on=["period", *shared], how="left")

    def _run(self, statement: sa.Select[*tuple[Any, ...]]) -> pd.DataFrame:
        return self.ask(*selects.compiled(statement))
