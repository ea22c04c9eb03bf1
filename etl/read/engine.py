"""The engine that files are read with. What is read is decided in the modules of the formats."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

CLEANING = Path(__file__).parents[1] / "clean" / "clean.sql"


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A private in-memory engine with the cleaning vocabulary.

    `type_pushdown` is off because it lets try_cast over a rejecting CSV scan lose rows silently.
    """
    con = duckdb.connect()
    con.execute("set disabled_optimizers = 'type_pushdown'")
    con.execute("set temp_directory = ?", [str(scratch)])
    con.execute("set threads = 2")
    con.execute("set memory_limit = ?", [os.environ.get("LOOKOUT_MEMORY", "4GB")])
    con.execute("set enable_progress_bar = false")
    con.execute(CLEANING.read_text(encoding="utf-8"))
    return con


def no_glob(path: Path) -> str:
    """The path as the engine takes it: literally, although `*`, `?` and `[` stand for others there."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))
