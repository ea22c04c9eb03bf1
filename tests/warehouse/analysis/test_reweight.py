"""Weighting answers back to those who were asked, by hand."""

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.reweight import reweighted


def strata(*rows):
    return pd.DataFrame(rows, columns=["type", "k", "n", "whole"])


def test_two_strata_by_hand():
    """Half of all are of type a, but it gives a fifth of the answers: 0.5 × 0.5 + 0.5 × 0.9."""
    found = reweighted(strata(("a", 10, 20, 500), ("b", 72, 80, 500)), "type")
    assert found.raw == pytest.approx(0.82)
    assert found.value == pytest.approx(0.70)
    error = np.sqrt(0.25 * (12 / 24) * (12 / 24) / 20 + 0.25 * (74 / 84) * (10 / 84) / 80)
    assert (found.low, found.high) == (
        pytest.approx(0.7 - 1.96 * error, abs=1e-4),
        pytest.approx(0.7 + 1.96 * error, abs=1e-4),
    )
    assert found.covered == 1.0


def test_the_same_answer_rate_everywhere_changes_nothing():
    found = reweighted(strata(("a", 10, 20, 200), ("b", 72, 80, 800)), "type")
    assert found.value == pytest.approx(found.raw)


def test_a_stratum_with_few_answers_borrows_from_its_parent_then_from_all():
    rows = strata(("a", 2, 2, 100), ("a", 48, 98, 100), ("b", 0, 3, 100))
    found = reweighted(rows, "type")
    assert found.value == pytest.approx((50 / 100 + 48 / 98 + 50 / 103) / 3)
    assert found.covered == pytest.approx(1 / 3)
    assert found.low < found.value < found.high


def test_nothing():
    assert np.isnan(reweighted(strata(("a", 0, 0, 10)), "type").value)
    assert np.isnan(reweighted(strata().astype({"k": float, "n": float, "whole": float}), "type").raw)
