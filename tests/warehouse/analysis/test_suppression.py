"""A hidden cell must not follow from the totals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from warehouse.analysis.suppression import protect


def table(counts: list[list[int]]) -> pd.DataFrame:
    rows = [
        {"row": r, "col": c, "value": float(n) if n >= 5 else np.nan, "hidden": 0 < n < 5}
        for r, line in enumerate(counts)
        for c, n in enumerate(line)
        if n > 0
    ]
    return pd.DataFrame(rows, columns=["row", "col", "value", "hidden"])


def test_a_single_hidden_cell_takes_its_smallest_neighbours_along():
    cells = table([[54, 42, 4], [62, 40, 33], [51, 25, 14]])
    extra = protect(cells, "row", "col", "value", "hidden")
    taken = {(r, c) for r, c in zip(cells["row"][extra], cells["col"][extra], strict=True)}
    assert (0, 1) in taken and (2, 2) in taken and (2, 1) in taken


def test_a_table_without_small_cells_is_left_alone():
    cells = table([[54, 42], [62, 40]])
    assert not protect(cells, "row", "col", "value", "hidden").any()


@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=2, max_size=5))
def test_no_row_and_no_column_hides_exactly_one_cell_while_others_are_shown(counts: list[list[int]]):
    cells = table(counts)
    if cells.empty:
        return
    gone = cells["hidden"].astype(bool) | protect(cells, "row", "col", "value", "hidden")
    for axis in ("row", "col"):
        for _, part in cells.groupby(axis):
            hidden = gone[part.index]
            assert hidden.sum() != 1 or (~hidden).sum() == 0
