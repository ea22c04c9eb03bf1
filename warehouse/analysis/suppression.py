"""Complementary suppression: a table in which a single hidden cell cannot be worked out from the totals.

Which cells are small is decided by the query layer; how hidden cells look is the pages' business.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def protect(table: pd.DataFrame, row: str, col: str, value: str, hidden: str) -> pd.Series:
    """Cells to hide in addition to `hidden`, as booleans aligned with `table`, whose row and column totals are known.

    A row or column with exactly one hidden cell gives it away together with its total, so the smallest cell that
    is still shown there is hidden too, until every row and column has none or at least two hidden cells (or nothing
    left to hide). `value` is NaN where a cell is hidden already.
    """
    return _protect(table, (row, col), value, hidden)


def protect_groups(table: pd.DataFrame, within: str | None, value: str, hidden: str) -> pd.Series:
    """The same for a list of groups whose total is known: per value of `within`, or (None) for the whole list."""
    if within is None:
        return _protect(table.assign(_all=0), ("_all",), value, hidden)
    return _protect(table, (within,), value, hidden)


def _protect(table: pd.DataFrame, axes: Sequence[str], value: str, hidden: str) -> pd.Series:
    gone = table[hidden].astype(bool).copy()
    if not gone.any():
        return gone
    changed = True
    while changed:
        changed = False
        for axis in axes:
            for _, cells in table.groupby(axis, observed=True):
                hidden_here = gone[cells.index]
                shown = cells.loc[~hidden_here & (cells[value].fillna(0) > 0)]
                if int(hidden_here.sum()) == 1 and len(shown):
                    gone[shown[value].astype(float).idxmin()] = True
                    changed = True
    return gone & ~table[hidden].astype(bool)
