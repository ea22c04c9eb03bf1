"""M40 by hand, and what it says of empty or half periods."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.calendar_compare import days_between
from warehouse.analysis.peaks import is_month_edge, peak_factor, peak_factors

START, END = date(2024, 4, 1), date(2024, 4, 30)


@pytest.mark.parametrize(
    ("day", "edge"),
    [
        (date(2024, 4, 3), True),
        (date(2024, 4, 4), False),
        (date(2024, 4, 27), False),
        (date(2024, 4, 28), True),
        (date(2024, 2, 26), False),
        (date(2024, 2, 27), True),
        (date(2025, 2, 26), True),
        (date(2024, 12, 29), True),
    ],
)
def test_the_edges_of_a_month_are_three_days_each(day, edge):
    assert is_month_edge(day) is edge


def test_peak_factor_by_hand():
    counts = {day: 20 if is_month_edge(day) else 10 for day in days_between(START, END)}
    result = peak_factor(counts, START, END)
    assert result.factor == 2.0
    assert (result.n_peak, result.n_rest, result.days_peak, result.days_rest) == (120, 240, 6, 24)
    wald = 1.96 * (1 / 120 + 1 / 240) ** 0.5
    assert result.low == pytest.approx(2 * np.exp(-wald), rel=0.01)
    assert result.high == pytest.approx(2 * np.exp(wald), rel=0.01)


def test_days_without_a_row_count_zero():
    assert peak_factor({START: 6, date(2024, 4, 10): 24}, START, END).factor == 1.0


def test_no_events_and_no_other_days_give_no_factor():
    assert np.isnan(peak_factor({}, START, END).factor)
    edge_only = peak_factor({START: 5}, START, date(2024, 4, 3))
    assert np.isnan([edge_only.factor, edge_only.low, edge_only.high]).all() and edge_only.days_rest == 0


def test_peak_factors_by_subtype_highest_first():
    days = days_between(date(2024, 3, 1), END)
    flat = pd.DataFrame({"l2": "网速慢", "day": days, "n": 5})
    peaked = pd.DataFrame({"l2": "套餐变更", "day": days, "n": [15 if is_month_edge(d) else 5 for d in days]})
    daily = pd.concat([flat, peaked, peaked.assign(n=0)])
    table = peak_factors(daily.assign(day=pd.to_datetime(daily["day"])), ["l2"], "day", "n", START, END)
    assert table["l2"].tolist() == ["套餐变更", "网速慢"]
    assert table["factor"].tolist() == [3.0, 1.0]
    assert table["days_peak"].tolist() == [6, 6] and table["n_rest"].tolist() == [120, 120]
    assert table["low"][0] > 1 and table["low"][1] < 1 < table["high"][1]


def test_a_group_outside_the_period_has_no_row():
    daily = pd.DataFrame({"l2": ["a"], "day": [date(2023, 1, 1)], "n": [3]})
    table = peak_factors(daily, ["l2"], "day", "n", START, END)
    assert table.empty and "factor" in table.columns
