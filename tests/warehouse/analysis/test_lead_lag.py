"""Complaints before and after a drop of the signal: by hand, and what too few of them say."""

from __future__ import annotations

import pandas as pd
import pytest

from warehouse.analysis.lead_lag import lead_lag


def days(before: int, after: int, later: int = 1, due: float = 1.0) -> pd.DataFrame:
    """So many complaints on each day of the windows, `due` due on each."""
    rows = [(d, before) for d in range(-7, 0)] + [(d, after) for d in range(4)] + [(d, later) for d in range(4, 11)]
    return pd.DataFrame([(d, 20, n, due) for d, n in rows], columns=["day_no", "n_drops", "n", "due"])


def test_complaints_that_follow_by_hand() -> None:
    """Four days with three complaints each where one is due: 12 to 4. Garwood's interval of 12 is 6.2006 to 20.9616."""
    found = lead_lag(days(1, 3))
    after = found.windows[1]
    assert found.verdict == "follow" and found.n_drops == 20
    assert (after.n, after.due, after.ratio) == (12, 4.0, 3.0)
    assert (after.low, after.high) == (pytest.approx(6.2006 / 4, abs=1e-3), pytest.approx(20.9616 / 4, abs=1e-3))


@pytest.mark.parametrize(
    ("before", "after", "verdict"), [(3, 1, "lead"), (3, 3, "both"), (1, 1, "none"), (0, 0, "none")]
)
def test_what_came_when(before: int, after: int, verdict: str) -> None:
    assert lead_lag(days(before, after)).verdict == verdict


def test_too_few_due_is_thin_however_many_came() -> None:
    assert lead_lag(days(1, 3, due=0.5)).verdict == "thin"


def test_nothing_is_thin() -> None:
    found = lead_lag(days(0, 0).head(0))
    assert found.verdict == "thin" and found.windows[0].ratio is None
