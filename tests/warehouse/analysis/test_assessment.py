"""Scores by hand, what few cases do to them, and who can be told apart."""

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.assessment import scores, shrunk

HALF = {"speed": 0.5, "solved": 0.5}


def axes(*rows):
    return pd.DataFrame(rows, columns=["unit", "axis", "adjusted", "low", "high", "overall", "n"])


def test_a_score_by_hand():
    """0.5 × 0.9 + 0.5 × 0.7 = 80 points; errors of 0.02 and 0.03 give ± 1.96 × (0.01 + 0.015)."""
    z = 1.959964
    rows = axes(
        ("a", "speed", 0.9, 0.9 - z * 0.02, 0.9 + z * 0.02, 0.85, 200),
        ("a", "solved", 0.7, 0.7 - z * 0.03, 0.7 + z * 0.03, 0.8, 150),
        ("b", "speed", 0.8, 0.75, 0.85, 0.85, 200),
        ("b", "solved", 0.9, 0.85, 0.95, 0.8, 150),
    )
    table = scores(rows, HALF, seed=1).set_index("unit")
    assert table.loc["a", "score"] == pytest.approx(80.0)
    half = 100 * z * (0.01 + 0.015)
    assert table.loc["a", "high"] == pytest.approx(80 + half)
    assert (table.loc["a", "shortest"], table.loc["a", "gap"]) == ("solved", pytest.approx(-5.0))
    assert list(table.index) == ["a", "b"]


def test_an_axis_with_few_cases_moves_nobody():
    few = scores(axes(("a", "speed", 0.1, 0.0, 0.4, 0.85, 29), ("a", "solved", 0.8, 0.7, 0.9, 0.8, 90)), HALF, seed=1)
    assert few["score"][0] == pytest.approx(100 * (0.85 + 0.8) / 2)
    assert few["own"][0] == 0.5 and not few["is_ranked"][0], "half of the weight is not more than half"
    none = scores(axes(("a", "speed", np.nan, np.nan, np.nan, 0.85, 0)), HALF, seed=1)
    assert none["score"][0] == pytest.approx(85.0) and none["own"][0] == 0


def test_weights_decide_and_axes_without_weight_do_not_count():
    rows = axes(("a", "speed", 0.5, 0.4, 0.6, 0.8, 99), ("a", "solved", 1.0, 0.9, 1.0, 0.8, 99))
    assert scores(rows, {"speed": 1.0, "solved": 0.0}, seed=1)["score"][0] == pytest.approx(50)
    assert scores(rows, {"speed": 0.25, "solved": 0.75}, seed=1)["score"][0] == pytest.approx(87.5)


def test_alike_units_share_a_group_and_one_alone_has_no_rank():
    rows = [(u, a, v, v - 0.05, v + 0.05, 0.8, 300) for u, v in (("a", 0.8), ("b", 0.81)) for a in HALF]
    table = scores(axes(*rows), HALF, seed=1)
    assert set(table["group"]) == {1.0} and table["is_ranked"].all()
    alone = scores(axes(*rows[:2]), HALF, seed=1)
    assert not alone["is_ranked"][0] and np.isnan(alone["group"][0])
    assert scores(axes(), HALF, seed=1).empty


def test_a_unit_far_below_is_a_group_of_its_own():
    rates = {"a": 0.60, "b": 0.80, "c": 0.81, "d": 0.82}
    rows = [(u, a, v, v - 0.05, v + 0.05, 0.8, 300) for u, v in rates.items() for a in HALF]
    table = scores(axes(*rows), HALF, seed=1)
    assert dict(zip(table["unit"], table["group"], strict=True)) == {"a": 1, "b": 2, "c": 2, "d": 2}


def test_thirty_people_who_differ_by_chance_are_one_group():
    rng = np.random.default_rng(3)
    rows = [
        (f"p{n:02d}", a, v, v - 0.08, v + 0.08, 0.8, 99)
        for n in range(30)
        for a in HALF
        for v in [rng.normal(0.8, 0.04)]
    ]
    table = scores(axes(*rows), HALF, seed=1)
    assert table["score"].max() - table["score"].min() > 8
    assert table["group"].nunique() == 1


def test_shrinking_by_hand():
    """Two scores 10 apart with errors of 2: Q = 2 × 25/4, spread 50 − 4 = 46 = (12.5 − 1) ÷ 0.25; own weight 46/50."""
    mean, error = shrunk(np.array([70.0, 80.0]), np.array([2.0, 2.0]))
    assert mean == pytest.approx([75 - 5 * 46 / 50, 75 + 5 * 46 / 50])
    assert error == pytest.approx(np.sqrt(1 / (1 / 4 + 1 / 46)))
    assert shrunk(np.array([75.0, 76.0]), np.array([2.0, 2.0]))[0] == pytest.approx([75.5, 75.5])
