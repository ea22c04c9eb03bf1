"""Measures of one kind put together: the weighing by hand, and what is too thin to be priced."""

from __future__ import annotations

from math import exp, log, sqrt

import pytest

from warehouse.analysis.before_after import Ratio, Regression
from warehouse.analysis.fix_effect import Effect
from warehouse.analysis.price_list import Judged, price


def judged(value: float, error: float, *, n: int = 40, others: int = 5, weeks: int = 8, cost: float | None = 10_000.0,
           avoided: float = 20.0, at_peak: bool = False) -> Judged:  # fmt: skip
    z = 1.959963984540054
    low, high = exp(log(value) - z * error), exp(log(value) + z * error)
    ratio = Ratio(value, low, high, 0.5, avoided, 0.0, 0.0)
    back = Regression(1.0, 1.0, None, 0.5, at_peak)
    return Judged(Effect("thin", n, 20, 8, weeks, others, ratio, back, {}, (), ()), weeks, cost)


def test_the_surer_measure_weighs_more() -> None:
    found = price([judged(0.5, 0.1), judged(1.0, 0.2), judged(0.5, 0.1)])
    weights = [100.0, 25.0, 100.0]
    middle = (200 * log(0.5)) / sum(weights)
    apart = sum(w * (log(v) - middle) ** 2 for w, v in zip(weights, (0.5, 1.0, 0.5), strict=True)) / 2
    error = sqrt(max(1.0, apart) / sum(weights))
    assert found.ratio == pytest.approx(exp(middle))
    assert found.low == pytest.approx(exp(middle - 1.96 * error), rel=1e-4)
    assert found.evidence == "enough"


def test_avoided_is_of_one_measure_in_four_weeks() -> None:
    found = price([judged(0.5, 0.1)] * 3)
    # 20 came and 20 were avoided in eight weeks: 20 would have come in four, half of them did not.
    assert found.avoided == pytest.approx(10.0)
    assert found.per_10k == pytest.approx(10.0) and found.cost_yuan == 10_000


@pytest.mark.parametrize(
    ("measures", "evidence"),
    [
        ([], "thin"),
        ([judged(0.5, 0.1)] * 2, "thin"),
        ([judged(0.5, 0.1, n=-15)] * 3, "thin"),
        ([judged(0.9, 0.5)] * 3, "fair"),
        ([judged(0.5, 0.1, others=2)] * 3, "fair"),
        ([judged(0.5, 0.1, weeks=2)] * 3, "fair"),
        ([judged(0.5, 0.1)] * 3, "enough"),
    ],
)
def test_what_is_too_thin_says_so(measures: list[Judged], evidence: str) -> None:
    assert price(measures).evidence == evidence


def test_without_every_cost_there_is_no_price() -> None:
    found = price([judged(0.5, 0.1), judged(0.5, 0.1), judged(0.5, 0.1, cost=None)])
    assert found.per_10k is None and found.cost_yuan is None and found.avoided is not None


def test_measures_that_disagree_widen_the_interval() -> None:
    same, apart = price([judged(0.6, 0.1)] * 3), price([judged(0.3, 0.1), judged(0.6, 0.1), judged(1.2, 0.1)])
    assert same.ratio == pytest.approx(apart.ratio)
    assert apart.high > same.high and apart.evidence == "fair"  # type: ignore[operator]


def test_those_begun_at_a_peak_are_counted() -> None:
    assert price([judged(0.5, 0.1, at_peak=True), judged(0.5, 0.1)]).n_regressed == 1
