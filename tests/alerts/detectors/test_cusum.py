"""Cumulative sums against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.detectors.cusum import falls


def test_sums_by_hand() -> None:
    """p0 = 0.8, n = 100: a standard error is 0.04. 72 is z = 2, 80 is 0, 88 is -2; each less 0.5."""
    assert falls([72, 72, 80, 88, 72], [100] * 5, 0.8) == pytest.approx([1.5, 3.0, 2.5, 0.0, 1.5])


def test_small_weeks_weigh_less() -> None:
    """At n = 25 a standard error is 0.08: 18 of 25 is z = 1."""
    assert falls([18], [25], 0.8) == pytest.approx([0.5])


def test_a_week_of_nobody_changes_nothing() -> None:
    assert falls([72, 0, 80], [100, 0, 100], 0.8) == pytest.approx([1.5, 1.5, 1.0])


def test_a_drift_too_slow_for_any_single_week_is_found() -> None:
    """Three points a week-size: no week is two standard errors low, ten weeks are beyond the limit of 4."""
    weeks = np.full(20, 74)
    sums = falls(weeks, np.full(20, 100), 0.8)
    assert (0.8 - 0.74) / 0.04 < 2
    assert sums[3] == pytest.approx(4.0) and sums[-1] == pytest.approx(20.0)


def test_always_right_is_no_proof_that_one_miss_is_a_fall() -> None:
    assert falls([99], [100], 1.0) == pytest.approx([0.0])
