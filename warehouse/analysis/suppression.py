"""Complementary suppression: a table in which a single hidden cell cannot be worked out from the totals.

Which cells are small is decided by the query layer; how hidden cells look is the pages' business.
"""

from __future__ import annotations

import pandas as pd


def protect(table: pd.DataFrame, row: str, col: str, value: str, hidden: str) -> pd.Series:
    """Cells to hide in addition to `hidden`, as booleans aligned with `table`.

    A row or column with exactly one hidden cell gives it away together with its total, so the smallest cell that
    is still shown there is hidden too, until every row and column has none or at least two hidden cells (or nothing
    left to hide). `value` is NaN where a cell is hidden already.
    """
    gone = table[hidden].astype(bool).copy()
    changed = True
    while changed:
        changed = False
        for axis in (row, col):
            for _, cells in table.groupby(axis, observed=True):
                hidden_here = gone[cells.index]
                shown = cells.loc[~hidden_here & (cells[value].fillna(0) > 0)]
                if int(hidden_here.sum()) == 1 and len(shown):
                    gone[shown[value].astype(float).idxmin()] = True
                    changed = True
    return gone & ~table[hidden].astype(bool)
