"""Opening a release so that nothing but selects on it can be done, and no select runs for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from warehouse.layers import ABOUT, TOP, attach
from warehouse.problems import problem


class TimedOut(Exception):
    """A query took longer or more memory than it may; the page says so and offers a narrower question."""


class Door:
    """A way to a release that outlives its use. Once it rests it holds no memory and no file, whoever holds it.

    What a browser tab shows holds on to what it was made from: buttons to their arguments, lists to how they name their
    entries, until the tab asks again or is gone. An open release takes tens of MiB.
    """

    def __init__(self, path: Path, memory_limit: str) -> None:
        """Raises `duckdb.Error` when the release is missing or broken."""
        self._path, self._memory_limit = path, memory_limit
        self._con: duckdb.DuckDBPyConnection | None = open_sealed(path, memory_limit)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open release; after `rest` one for this question alone, closed with the last who holds it.

        Raises `Problems` when it rested and the release is gone since.
        """
        con = self._con
        if con is not None:
            return con
        if not self._path.exists():
            raise problem(self._path.stem, "was replaced long ago and is gone", "reload the page")
        return open_sealed(self._path, self._memory_limit)

    def rest(self) -> None:
        """Let go of the release. Queries that run keep what they need until they end."""
        self._con = None


def open_sealed(
    path: Path,
    memory_limit: str = "1GB",
    threads: int = 2,
    temp_directory: Path | None = None,
    prepare: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    folders: Sequence[Path] = (),
) -> duckdb.DuckDBPyConnection:
    """A connection that can read this one release, the files in `folders`, and nothing else on the machine.

    `prepare` may add views of those files before it is sealed.
    """
    con = duckdb.connect()
    con.execute("set memory_limit = ?", [memory_limit])
    con.execute("set threads = ?", [threads])
    con.execute("set temp_directory = ?", [str(temp_directory or "")])
    con.execute("set enable_progress_bar = false")
    stack = attach(con, path)
    stack.look(con)
    # Cursors do not inherit a search path, but they share the catalogue of views.
    own = con.execute("select table_name from duckdb_tables() where database_name = ?", [TOP]).fetchall()
    views = {name: stack.select(name) for name in stack.names}
    views |= {name: f"from {TOP}.main.{name}" for (name,) in own if name.startswith(ABOUT)}
    # All in one go: one by one they cost three times as much, at every opening.
    con.execute(";\n".join("create view " + name + " as " + sql for name, sql in views.items()))
    if prepare is not None:
        prepare(con)
        con.execute("set allowed_directories = ?", [[str(folder) for folder in folders]])
    # Otherwise the name of a Python variable would be a table.
    con.execute("set python_enable_replacements = false")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def select(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: list[Any] | dict[str, Any],
    timeout_s: float,
    is_long: bool = False,
) -> pd.DataFrame:
    """Run one select on a cursor of its own; safe to call from many threads at once.

    `is_long`: tens of thousands of rows of numbers and texts come as Arrow, in half the time; not for dates.

    Raises `TimedOut`, and `Problems` for anything that is not exactly one select: the release is read-only, but
    statements could still put other views in front of its tables.
    """
    with closing(con.cursor()) as cursor:
        statements = cursor.extract_statements(sql)
        if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
            raise problem("query", "is not one select", "a release can only be read; write a single select")
        timer = threading.Timer(timeout_s, cursor.interrupt)
        timer.start()
        try:
            if is_long:
                long: pd.DataFrame = cursor.sql(sql, params=parameters).to_arrow_table().to_pandas()
                return long
            return cursor.execute(statements[0], parameters).df()
        except duckdb.InterruptException:
            raise TimedOut(f"the query ran longer than {timeout_s:g} s") from None
        except duckdb.OutOfMemoryException:
            raise TimedOut("the query needs more memory than it may use") from None
        finally:
            timer.cancel()
