"""Quantiles from length classes by hand and against the true ones; who waits by which type."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.analysis.waits import quantile, quantiles, ratio_of_medians, slowest_and_quickest


def classes_of(minutes: np.ndarray) -> pd.Series:
    """Counts per class, as mart_stay forms them."""
    return pd.Series(np.floor(4 * np.log(np.maximum(minutes, 1)) / math.log(2)).astype(int)).value_counts()


def test_the_middle_of_one_class_is_its_geometric_middle() -> None:
    assert quantile([4], [10], 0.5) == pytest.approx(2 ** (4.5 / 4))
    assert quantile([40, 41], [1, 3], 0.25) == pytest.approx(2 ** (41 / 4)), "the first class is used up"


def test_class_nothing_begins_at_no_minutes() -> None:
    assert quantile([0], [10], 0.5) == pytest.approx(0.5 * 2**0.25)


def test_without_waits_there_is_no_quantile() -> None:
    assert math.isnan(quantile([], [], 0.5)) and math.isnan(quantile([3], [0], 0.5))


def test_the_order_of_classes_does_not_matter() -> None:
    assert quantile([9, 2, 5], [1, 2, 3], 0.9) == quantile([2, 5, 9], [2, 3, 1], 0.9)


@given(st.lists(st.floats(1.2, 50_000.0), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_at_most_one_class_off(waits: list[float], q: float) -> None:
    minutes = np.array(waits)
    counts = classes_of(minutes)
    # The value at that rank, which is what a cumulative count can know.
    true = float(np.quantile(minutes, q, method="inverted_cdf"))
    found = quantile(list(counts.index), list(counts), q)
    assert true / 2**0.2501 <= found <= true * 2**0.2501


@pytest.mark.parametrize("q", [0.5, 0.9])
def test_real_looking_waits_are_hit_within_two_percent(q: float) -> None:
    minutes = np.random.default_rng(7).lognormal(6.5, 0.9, 5000)
    counts = classes_of(minutes)
    assert quantile(list(counts.index), list(counts), q) == pytest.approx(float(np.quantile(minutes, q)), rel=0.02)


def test_every_group_gets_its_own() -> None:
    waits = pd.DataFrame({"dept": ["A", "A", "B"], "wait_class": [8, 8, 12], "n": [3.0, 1.0, 2.0]})
    told = quantiles(waits, ["dept"], "n", [0.5, 0.9]).set_index("dept")
    assert told["n"].to_dict() == {"A": 4, "B": 2}
    assert told.loc["A", "p50"] == pytest.approx(2 ** (8.5 / 4))
    assert told.loc["B", "p90"] == pytest.approx(2 ** (12.9 / 4))


def test_the_weekend_lag_is_a_ratio_of_medians() -> None:
    waits = pd.DataFrame(
        {"dept": ["A", "A", "B"], "is_off": [True, False, False], "wait_class": [20, 12, 12], "n": [10.0, 30.0, 5.0]}
    )
    told = ratio_of_medians(waits, ["dept"], "is_off", "n").set_index("dept")
    assert told.loc["A", "ratio"] == pytest.approx(4.0), "eight quarters of a doubling"
    assert (told.loc["A", "n_true"], told.loc["A", "n_false"]) == (10, 30)
    assert math.isnan(told.loc["B", "ratio"]) and told.loc["B", "n_true"] == 0
    whole = ratio_of_medians(waits[waits["dept"] == "A"], [], "is_off", "n")
    assert whole["ratio"].tolist() == [pytest.approx(4.0)]


def test_no_arrival_in_time_off_gives_no_ratio() -> None:
    waits = pd.DataFrame({"is_off": [False], "wait_class": [12], "n": [5.0]})
    assert ratio_of_medians(waits, [], "is_off", "n").empty


def test_the_slowest_and_the_quickest_of_a_group() -> None:
    picks = pd.DataFrame(
        {
            "dept": ["A"] * 4 + ["B"],
            "type": ["easy", "hard", "middling", "rare", "only"],
            "wait_class": [12, 20, 16, 40, 12],
            "n": [50.0, 50.0, 50.0, 3.0, 50.0],
        }
    )
    told = slowest_and_quickest(picks, ["dept"], "type", "n", least=30)
    assert told[["dept", "slow", "quick"]].to_numpy().tolist() == [["A", "hard", "easy"]], (
        "rare and single ones are out"
    )
    assert told["ratio"].iloc[0] == pytest.approx(4.0)
    assert slowest_and_quickest(picks, ["dept"], "type", "n", least=60).empty
