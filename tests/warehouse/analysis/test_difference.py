"""Better, worse or chance, by values worked out by hand."""

import pandas as pd
import pytest

from warehouse.analysis.difference import verdict
from warehouse.measures import measures


def row(measure: str, value: float | None, n: float, num: float | None = None, den: float | None = None) -> pd.Series:
    return pd.Series({measure: value, f"{measure}_n": n, f"{measure}_num": num, f"{measure}_den": den})


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    # |a - b| against 1.96 * sqrt(a + b): 69 > 61.1, 40 < 60.
    [(521, 452, "worse"), (452, 521, "better"), (492, 452, "normal"), (0, 0, "normal")],
)
def test_counts_are_poisson(now: float, before: float, expected: str) -> None:
    assert verdict(measures()["M01"], row("M01", now, now), row("M01", before, before)) == expected


@pytest.mark.parametrize(
    ("now", "n", "expected"),
    # pooled 0.75 of 200 each: standard error 0.0433, so 0.085 is the limit.
    [(0.70, 200, "worse"), (0.75, 200, "normal"), (0.70, 29, "few"), (None, 200, "none")],
)
def test_rates_are_compared_by_the_pooled_test(now: float | None, n: int, expected: str) -> None:
    assert verdict(measures()["M04"], row("M04", now, n), row("M04", 0.80, 200)) == expected


def test_counts_per_user_are_compared_with_their_users():
    entry = measures()["M02"]
    now, before = row("M02", 6.7, 670, 670, 1e6), row("M02", 5.8, 580, 580, 1e6)
    assert verdict(entry, now, before) == "worse"
    assert verdict(entry, before, before) == "normal"


def test_a_measure_without_a_good_direction_only_changed():
    assert verdict(measures()["M19_LEAD"], row("M19_LEAD", 10, 50), row("M19_LEAD", 20, 50)) == "changed"
