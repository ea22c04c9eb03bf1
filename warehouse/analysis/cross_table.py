"""Which pairs of two features occur more or less often than the features alone explain. Frames in, frames out. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

LEAST_EXPECTED = 5.0  # under that a cell of the table is not tested
SURE = 0.05


def cross_table(counted: pd.DataFrame, row: str, column: str) -> pd.DataFrame:
    """`counted`: row, column, n (one row a pair). Gives every pair with n, expected, ratio, p_value, stands_out.

    expected: row total × column total ÷ total. p_value: of the adjusted residual (Haberman), two-sided, times the
    number of pairs tested (Bonferroni, at most 1); missing where expected is under `LEAST_EXPECTED`. stands_out: 1 more
    than expected, -1 less, 0 neither.
    """
    wide = counted.pivot_table(index=row, columns=column, values="n", aggfunc="sum", fill_value=0)
    n = wide.to_numpy(float)
    total = n.sum()
    columns = [row, column, "n", "expected", "ratio", "p_value", "stands_out"]
    if total == 0:
        return pd.DataFrame(columns=columns)
    rows, cols = n.sum(axis=1, keepdims=True), n.sum(axis=0, keepdims=True)
    expected = rows * cols / total
    spread = np.sqrt(expected * (1 - rows / total) * (1 - cols / total))
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = np.where(spread > 0, (n - expected) / spread, 0.0)
        ratio = np.where(expected > 0, n / expected, np.nan)
    tested = (expected >= LEAST_EXPECTED) & (spread > 0)
    p = np.where(tested, np.minimum(2 * stats.norm.sf(np.abs(residual)) * max(int(tested.sum()), 1), 1.0), np.nan)
    out = np.where(tested & (np.nan_to_num(p, nan=1.0) < SURE), np.sign(residual), 0.0)
    flat = [v.reshape(-1) for v in (n.astype(int), expected, ratio, p, out.astype(int))]
    names = wide.stack(future_stack=True).index.to_frame(index=False)
    return names.assign(**dict(zip(columns[2:], flat, strict=True)))[columns]
