"""Models on DuckDB: staging as views, everything published straight into the release file.

A model that is replaced by ticket is run over the rows of those tickets alone: the schema `slice` stands before the
others on the search path and holds every input cut to them. A table of sums is kept up by running it over those rows
and, from the schema `old`, over the ones they replaced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression, DuckDBPyRelation, FunctionExpression

from warehouse.canonical import PARTITION, Table
from warehouse.catalog import Model
from warehouse.content import Content, content_of
from warehouse.engines import shims, sums
from warehouse.engines.came import is_news
from warehouse.engines.newest import without_sorting
from warehouse.engines.offered import offered
from warehouse.lake import Pinned
from warehouse.layers import MOST_FILES, ROWS, TOP, WHOLE, attach, on_top_of
from warehouse.plan import KEY

GIVEN, PUBLISHED, SLICE, OLD = "memory.main", "memory.now", "memory.slice", "memory.old"
PARTS, ALL_ROWS = "memory.parts", f"{GIVEN},{PUBLISHED}"
SLICED_ROWS, PART_ROWS = f"{SLICE},{ALL_ROWS}", f"{PARTS},{ALL_ROWS}"
_ROWS = {None: ALL_ROWS, KEY: SLICED_ROWS, PARTITION: PART_ROWS}
OLD_ROWS = f"{OLD},{SLICED_ROWS}"
FAMILY = f"{GIVEN}.family"
MEMORY = "1400MB"  # what else a build holds besides DuckDB's buffers keeps it under 2 GB
MEMORY_BESIDE = "500MB"  # while a step holds frames of its own


class DuckEngine:
    """Builds into the database file `path`; `below` is a release that a new file is laid on top of."""

    def __init__(self, path: Path, scratch: Path, below: Path | None = None) -> None:
        self.con = duckdb.connect()
        self.con.execute("set temp_directory = ?", [str(scratch)])
        self._limit(MEMORY)
        self.con.execute("set threads = ?", [min(4, os.cpu_count() or 2)])
        # Rows of a table have no order; keeping one would hold whole tables in memory.
        self.con.execute("set preserve_insertion_order = false")
        # So a join with a few keys is read like a list of them: without what lies between.
        self.con.execute("set dynamic_or_filter_threshold = 5000")
        self.con.execute("set default_null_order = 'nulls_first_on_asc_last_on_desc'")
        self.con.execute("set enable_progress_bar = false")
        self.con.execute(shims("duckdb"))
        self.con.execute(
            "create schema memory.now; create schema memory.slice; create schema memory.old; create schema memory.parts"
        )
        self.stack = on_top_of(self.con, below, path, MOST_FILES) if below else attach(self.con, path, read_only=False)
        self.con.execute("set search_path = ?", [ALL_ROWS])
        for name in self.stack.names:
            self._show(name)

    @contextmanager
    def in_little_memory(self) -> Iterator[None]:
        """Give memory back, what was read and may be read again first, to a step that holds much outside DuckDB."""
        self._limit(MEMORY_BESIDE)
        try:
            yield
        finally:
            self._limit(MEMORY)

    # --- the verbs of every engine -------------------------------------------------------------------------

    def give_lake(self, table: Table, pinned: Pinned) -> None:
        self.offer(f"lake_{table.name}", table, pinned)

    def give(self, name: str, rows: pa.Table) -> None:
        self.con.from_arrow(rows).create(f"{GIVEN}.{name}")

    def run(self, model: Model, looks: bool = True) -> None:
        """`looks`: whether partitions without doubled rows are looked for, where a model sorts for want of knowing."""
        if not model.is_published:
            sql = without_sorting(self.con, model.sql) if looks and model.slice_column == PARTITION else model.sql
            self._view(f"{GIVEN}.{model.name}", sql)
            return
        self._drop(model.name)
        rows = self.con.sql(model.sql)
        (rows.order(model.kept_by) if model.kept_by else rows).create(self._own(model.name))
        self._is_whole(model.name)

    def add(self, model: Model) -> None:
        """Put what a model says now into its table too."""
        self.con.sql(model.sql).insert_into(self._own(model.name))

    def rows(self, name: str) -> pa.RecordBatchReader:
        return self.con.table(name).to_arrow_reader(100_000)

    # --- replacing some rows -------------------------------------------------------------------------------

    def offer(self, name: str, table: Table, pinned: Pinned) -> None:
        """Offer a lake table's counted rows in some files under a name, with all its columns."""
        self._view(f"{GIVEN}.{name}", offered(self.con, table, pinned).sql_query())

    def slice_input(self, name: str, key: str = KEY) -> None:
        """Offer a lake or published table cut to the family, whose tickets stand in the column `key`."""
        there = f"{GIVEN}.{name}" if name.startswith("lake_") else f"{PUBLISHED}.{name}"
        rows = self.con.table(there).join(self._family(key), key, "semi")
        self._view(f"{SLICE}.{name}", rows.sql_query())

    def slice_staging(self, model: Model) -> None:
        """Read the family's rows of staging once: finding them in the lake costs more than keeping them."""
        self.con.execute("set search_path = ?", [SLICED_ROWS])
        self.con.sql(model.sql).create(f"{SLICE}.{model.name}")
        self.con.execute("set search_path = ?", [ALL_ROWS])

    def forget(self, model: Model) -> None:
        """Let go of what was kept of a model for those that read it: its slice, or the rows that went."""
        self.con.execute("drop table if exists " + f"{OLD if model.is_published else SLICE}.{model.name}")

    def cut(self, name: str, parts: frozenset[str]) -> None:
        """Offer a published table cut to some parts."""
        wanted = ColumnExpression(PARTITION).isin(*(ConstantExpression(part) for part in sorted(parts)))
        self._view(f"{PARTS}.{name}", self.con.table(f"{PUBLISHED}.{name}").filter(wanted).sql_query())

    def run_parts(self, model: Model, parts: frozenset[str]) -> Content:
        """Replace some parts of a published table, from inputs cut to them; returns by how much its content changed."""
        assert model.slice_column == PARTITION
        wanted = FunctionExpression("list_contains", ConstantExpression(sorted(parts)), ColumnExpression(PARTITION))
        before = self._take_away(model.name, [PARTITION], self.con.from_arrow(pa.table({PARTITION: sorted(parts)})))
        self.con.execute("set search_path = ?", [PART_ROWS])
        self.con.sql(model.sql).filter(wanted).insert_into(self._own(model.name))
        self.con.execute("set search_path = ?", [ALL_ROWS])
        return content_of(self.con.table(self._own(model.name)).filter(wanted)) - before

    def run_keys(self, model: Model, added_up_in: Sequence[Model] = ()) -> Content:
        """Replace the family's rows of a published table; returns by how much its content changed.

        Of the rows that went is kept what the tables of sums `added_up_in` read, if there are any.
        """
        assert model.slice_column == KEY and model.key_column is not None
        is_first = model.name not in self.stack.top.tables
        words = set(re.findall(r"\w+", " ".join(reader.sql for reader in added_up_in)))
        kept = [name for name in self.columns(model.name) if name in words]
        kept_as = f"{OLD}.{model.name}" if kept else None
        before = self._take_away(model.name, [model.key_column], self._family(model.key_column), kept_as, kept)
        self.con.execute("set search_path = ?", [SLICED_ROWS])
        self.con.sql(model.sql).insert_into(self._own(model.name))
        self.con.execute("set search_path = ?", [ALL_ROWS])
        own = self.con.table(self._own(model.name))
        if not is_first:
            own = own.join(self._family(model.key_column), model.key_column, "semi")
            if kept:  # looked for once
                own.create(f"{SLICE}.{model.name}")
                return content_of(self.con.table(f"{SLICE}.{model.name}")) - before
        self._view(f"{SLICE}.{model.name}", own.sql_query())
        return content_of(own) - before

    def run_sums(self, model: Model) -> Content:
        """Add to a table of sums what the family's rows changed; returns by how much its content changed.

        Needs its inputs cut to the family, and the rows that went of those that were replaced.
        """
        for path, name in ((OLD_ROWS, "went"), (SLICED_ROWS, "came")):
            self.con.execute("set search_path = ?", [path])
            self.con.sql(model.sql).create(f"{GIVEN}.{name}")
        self.con.execute("set search_path = ?", [ALL_ROWS])
        sums.changed(self.con.table("came"), self.con.table("went"), model.sums).create(f"{GIVEN}.changed")
        changed, held = self.con.table("changed"), f"{OLD}.{model.name}"
        keys = [name for name in changed.columns if name not in model.sums]
        before = self._take_away(model.name, keys, changed.select(*keys), held, changed.columns)
        sums.after(self.con.table(held).select(*changed.columns), changed, model.sums).create(f"{GIVEN}.after")
        after = self.con.table("after")
        after.insert_into(self._own(model.name))
        content = content_of(after) - before
        self.con.execute(_sql("sums_done"))
        return content

    def news(self, names: list[str], steps: list[str], lake: list[str]) -> bool:
        """Whether the rows that came add to a published table: see `came.is_news`."""
        return is_news(self.con, f"{PUBLISHED}.{names[0]}", names, steps, lake)

    def first_rows(self, sql: str, n: int, sliced_by: str | None = None) -> list[tuple[Any, ...]]:
        """The first rows of a select over everything given or run; over the family's rows or what `cut` left alone."""
        self.con.execute("set search_path = ?", [_ROWS[sliced_by]])
        try:
            return self.con.sql(sql).limit(n).fetchall()
        finally:
            self.con.execute("set search_path = ?", [ALL_ROWS])

    # --- what only the engine that writes the release can do -----------------------------------------------

    def shape(self, model: Model) -> None:
        """Make a model's table without rows: the column types a release has, whichever engine ran the model."""
        if not model.is_published:
            self._view(f"{GIVEN}.{model.name}", model.sql)
            return
        self._drop(model.name)
        self.con.sql(model.sql).limit(0).create(self._own(model.name))
        self._is_whole(model.name)

    def fill(self, model: Model, rows: pa.RecordBatchReader) -> None:
        """Put another engine's rows into a shaped table."""
        columns = [ColumnExpression(name) for name in self.columns(model.name)]
        self.con.from_arrow(rows).select(*columns).insert_into(self._own(model.name))

    def store(self, name: str, rows: pa.Table) -> None:
        """Publish rows that no model makes: facts about the release itself."""
        self.con.execute("drop table if exists " + self._own(name))
        self.con.from_arrow(rows).create(self._own(name))

    def columns(self, name: str) -> list[str]:
        """Columns of a published table, in order."""
        return list(self.con.table(f"{PUBLISHED}.{name}").columns)

    def content(self, name: str) -> Content:
        """Number of rows of a published table, and a hash of its rows in any order."""
        rows = self.con.table(f"{PUBLISHED}.{name}")
        return content_of(rows) if rows.limit(1).fetchall() else Content()  # a hash of no row is dear to prepare

    def checkpoint(self) -> None:
        """Write everything to the file."""
        self.con.execute("checkpoint release")

    def close(self) -> None:
        """Let go of the files."""
        self.con.close()

    def _family(self, key: str) -> DuckDBPyRelation:
        return self.con.table(FAMILY).select(ColumnExpression(KEY).alias(key))

    def _take_away(
        self, name: str, keys: list[str], gone: DuckDBPyRelation, kept_as: str | None = None, kept: Sequence[str] = ()
    ) -> Content:
        """Make rows whose `keys` stand in `gone` count no longer: delete them here, note their numbers below.

        Returns what they held; `kept_as` names a table to put their columns `kept` into, with `row_hash`. One key is
        never null, several may be.
        """
        gone.create(f"{GIVEN}.gone")
        top, last = self.stack.top, len(self.stack.layers) - 1
        if name not in top.tables:
            self.con.table(f"{PUBLISHED}.{name}").limit(0).create(self._own(name))
            self.con.execute(_sql("gone_table").replace("$gone", self._own("gone__" + name)))
            top.tables[name] = ROWS
        hashed = _sql("rows_hashed").replace("$kept", ", t.".join(kept))
        if kept_as:
            self.con.sql(hashed.replace("$rows", f"{PUBLISHED}.{name}")).limit(0).create(kept_as)
        found = self.con.table(f"{GIVEN}.gone")
        held = Content()
        for level in self.stack.levels(name):
            place = self.stack.place(level, name)
            columns = ", t.".join(["t.rowid as row_no", *keys])
            numbered = self.con.sql(self.stack.rows_at(level, name).replace("t.*", columns))
            sums.among(numbered, found, keys).select("row_no").create(f"{GIVEN}.numbers")
            # Found by number, the rest of a row is read where it lies; found by key, every row would be.
            rows = _sql("rows_by_number").replace("$place", place)
            if kept_as:
                self.con.sql(hashed.replace("$rows", "(" + rows + ")")).insert_into(kept_as)
            else:
                held += content_of(self.con.sql(rows))
            if level == last:
                self.con.execute(_sql("delete_numbers").replace("$table", place))
            else:
                noted = [ConstantExpression(level).alias("level"), ColumnExpression("row_no")]
                self.con.table("numbers").select(*noted).insert_into(self._own("gone__" + name))
            self.con.execute("drop table numbers")
        self.con.execute("drop table gone")
        self._show(name)
        return content_of(self.con.table(kept_as), "content_kept") if kept_as else held

    def _limit(self, memory: str) -> None:
        self.con.execute("set memory_limit = ?", [os.environ.get("LOOKOUT_MEMORY", memory)])

    def _own(self, name: str) -> str:
        return f"{TOP}.main.{name}"

    def _drop(self, name: str) -> None:
        self.con.execute("drop table if exists " + self._own(name))
        self.con.execute("drop table if exists " + self._own("gone__" + name))

    def _is_whole(self, name: str) -> None:
        self.stack.top.tables[name] = WHOLE
        self._show(name)

    def _show(self, name: str) -> None:
        self._view(f"{PUBLISHED}.{name}", self.stack.select(name))

    def _view(self, place: str, sql: str) -> None:
        self.con.execute("create or replace view " + place + " as " + sql)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
