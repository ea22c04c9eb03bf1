"""Partitions that rest, put in the order in which they are asked for: `order` in `canonical.toml`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from warehouse.canonical import Table, tables
from warehouse.engines.offered import stored
from warehouse.lake import Lake, Pinned

# What a page of one cell shows of its hours, and from how many days before it says what is usual.
HOURS_DAYS, USUAL_DAYS = 14, 56
# So many of the newest partitions are put in order: what that page reads, with some for what is loaded late. Not the
# very newest, as they still grow.
ORDERED_DAYS, GROWING = HOURS_DAYS + USUAL_DAYS + 5, 2
# One cell's day is 24 rows. In smaller groups footers cost more than is skipped, in larger ones less is skipped.
GROUP_ROWS = 65_536
MEMORY, THREADS = "1GB", 2


def resting(table: Table, parts: Collection[str | None]) -> set[str]:
    """The partitions, of all there are, that are kept in the order of their table."""
    return set(sorted(part for part in parts if part)[-ORDERED_DAYS:-GROWING]) if table.order else set()


def is_in_order(paths: Sequence[str], column: str) -> bool:
    """Whether row groups are small and each has a range of values of its own, by what footers tell."""
    ranges = []
    for path in paths:
        footer = pq.read_metadata(path)
        groups = [footer.row_group(n) for n in range(footer.num_row_groups)]
        if any(group.num_rows > GROUP_ROWS for group in groups):
            return False
        told = [group.column(footer.schema.names.index(column)).statistics for group in groups]
        ranges += [(each.min, each.max) for each in told if each is not None and each.has_min_max]
    return all(one[1] <= other[0] for one, other in pairwise(sorted(ranges)))


def put_in_order(lake: Lake, pinned: Pinned, scratch: Path | None = None) -> None:
    """Write some files anew as one in the order of their table: one commit, which changes no row.

    What does not fit into memory goes through `scratch`.
    """
    table = tables()[pinned.table]
    with closing(duckdb.connect()) as con:
        con.execute("set memory_limit = ?", [MEMORY])
        con.execute("set threads = ?", [THREADS])
        con.execute("set temp_directory = ?", [str(scratch or "")])
        rows = stored(con, table, pinned).order(", ".join(table.order)).to_arrow_reader(GROUP_ROWS)
        lake.rewrite(pinned, rows, GROUP_ROWS)
