"""Kinds that compare rates, stocks and scores, against hand-computed values."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from alerts.signals import shares


@pytest.mark.parametrize("k, n, low", [(30, 40, 0.598), (39, 52, 0.618), (75, 100, 0.657), (150, 200, 0.686)])
def test_the_lower_end_of_a_rate(k: int, n: int, low: float) -> None:
    """The lower ends of requirements 10, no. 7."""
    told = shares.lower_rate(pd.DataFrame({"k": [k], "n": [n]}), {})
    assert told["value"][0] == pytest.approx(low, abs=0.0005)
    assert told["rate"][0] == k / n


def test_nobody_is_no_rate() -> None:
    assert math.isnan(shares.lower_rate(pd.DataFrame({"k": [0], "n": [0]}), {})["value"][0])


def test_a_stock_is_compared_where_it_is_large_enough() -> None:
    found = pd.DataFrame({"n": [12, 9, 12], "baseline": [6.0, 1.0, 0.0]})
    assert shares.over(found, {"least": 10})["value"].tolist() == [2, 0, 12]


def test_a_score_has_fallen_where_the_intervals_lie_apart() -> None:
    """50 up and 10 down of 100: 40 points, variance (60 - 100 x 0.16) / 99 = 0.4444, t(99) = 1.984: ± 13.2.

    30 up and 30 down of 100: 0 points, variance 60 / 99 = 0.6061: ± 15.4. 40 - 13.2 > 15.4, so the fall counts; 20
    points less would not.
    """
    found = pd.DataFrame({
        "up": [30, 40], "down": [30, 20], "n": [100, 100], "up_before": [50, 50], "down_before": [10, 10],
        "n_before": [100, 100],
    })  # fmt: skip
    told = shares.score_drop(found, {})
    assert told["value"].tolist() == [pytest.approx(40), 0]
    assert told["baseline_pm"][0] == pytest.approx(13.23, abs=0.01)
    assert told["score_pm"][0] == pytest.approx(15.45, abs=0.01)


def test_a_drift_adds_up_the_newest_weeks() -> None:
    """200 of 250 before is 80 %; two weeks of 72 of 100 are 1.5 each (detectors/test_cusum.py)."""
    found = pd.DataFrame({
        "seen_at": pd.Timestamp("2025-03-31"), "scope_id": "BIL", "owner_dept": "BIL", "week_no": [2, 1, 0],
        "k": [200, 72, 72], "n": [250, 100, 100],
    })  # fmt: skip
    told = shares.drift(found, {"weeks": 2, "least": 100})
    assert told[["value", "n", "rate", "baseline"]].values.tolist() == [pytest.approx([3.0, 200, 0.72, 0.8])]
    assert math.isnan(shares.drift(found, {"weeks": 2, "least": 300})["value"][0])
    assert shares.drift(found.head(0), {"weeks": 2, "least": 100}).empty
