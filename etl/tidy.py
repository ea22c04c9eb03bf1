"""Keeping a home quick: what killed loads left is removed, small files of the lake are put together,
and hours of cells in the order of cells.

How a table is compacted and what may be deleted is `warehouse/upkeep.py`'s business.
"""

from __future__ import annotations

from etl.register import Register
from warehouse.canonical import tables
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.release import Releases
from warehouse.upkeep import SAFE_HOURS, Tidied, tidy_all


def tidy(home: Home, safe_hours: int = SAFE_HOURS) -> list[Tidied]:
    """Tidy every table of the lake. Needs the writer's lock; killed at any moment, no row is lost or doubled."""
    lake = Lake(home.lake)
    # A compacted table no longer says which load came last, so what a killed one left goes first.
    finish_killed(lake)
    return tidy_all(lake, Releases(home.releases).states(), safe_hours, home.scratch)


def finish_killed(lake: Lake) -> None:
    """Rows that a killed load committed before its file was registered never count; remove them."""
    counted = Register(lake).loads()
    for name in tables():
        last = lake.last_load(name)
        if last is not None and last not in counted:
            lake.withdraw(name, *last)


def said(done: list[Tidied]) -> str:
    """What came of it, in one line."""
    n_before, n_after = sum(d.n_before for d in done), sum(d.n_after for d in done)
    return f"{n_before:,} files of the lake became {n_after:,}; {sum(d.n_deleted for d in done):,} old ones deleted"
