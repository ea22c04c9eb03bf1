"""Indirect standardisation by hand: the hard cases must not count against the one who gets them."""

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.standardise import standardised_mean, standardised_rate


def test_a_unit_with_the_hard_mix_and_the_same_work_is_level():
    """Both solve half of the hard and nine tenths of the easy ones; a gets the hard ones."""
    cells = pd.DataFrame(
        [("a", "hard", 40, 80), ("a", "easy", 18, 20), ("b", "hard", 10, 20), ("b", "easy", 72, 80)],
        columns=["unit", "type", "k", "n"],
    )
    table = standardised_rate(cells, "unit", "type").set_index("unit")
    assert table.loc["a", "rate"] == pytest.approx(0.58) and table.loc["b", "rate"] == pytest.approx(0.82)
    assert table.loc["a", "expected"] == pytest.approx(0.58)
    assert table["adjusted"].to_numpy() == pytest.approx(0.70)
    assert table.loc["a", "low"] < 0.70 < table.loc["a", "high"]


def test_worse_work_on_the_same_mix_stays_worse():
    cells = pd.DataFrame([("a", "x", 30, 60), ("b", "x", 54, 60)], columns=["unit", "type", "k", "n"])
    table = standardised_rate(cells, "unit", "type").set_index("unit")
    assert table.loc["a", "adjusted"] == pytest.approx(0.5) and table.loc["b", "adjusted"] == pytest.approx(0.9)


def test_means():
    """Hard cases take 10 h, easy ones 2 h; b is as quick as the whole on its mix, so its ratio is 1."""
    cells = pd.DataFrame(
        [("a", "hard", 100.0, 10), ("b", "hard", 100.0, 10), ("b", "easy", 20.0, 10), ("c", "easy", 40.0, 10)],
        columns=["unit", "type", "total", "n"],
    )
    table = standardised_mean(cells, "unit", "type").set_index("unit")
    assert list(table["mean"]) == [10.0, 6.0, 4.0]
    assert table["expected"].to_numpy() == pytest.approx([10.0, 6.5, 3.0])
    assert table["ratio"].to_numpy() == pytest.approx([1.0, 6 / 6.5, 4 / 3])


def test_nothing():
    cells = pd.DataFrame([("a", "x", 0, 0)], columns=["unit", "type", "k", "n"])
    assert np.isnan(standardised_rate(cells, "unit", "type")["adjusted"][0])
    none = pd.DataFrame([("a", "x", 0.0, 0)], columns=["unit", "type", "total", "n"])
    assert np.isnan(standardised_mean(none, "unit", "type")["ratio"][0])
