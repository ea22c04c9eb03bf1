"""Values, numbers behind them and intervals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from warehouse.figures import add_values, shares
from warehouse.measures import measures


def one(measure: str, num: float | None, den: float | None) -> dict[str, float]:
    frame = pd.DataFrame({"period": ["now"], f"{measure}_num": [num], f"{measure}_den": [den]})
    row: dict[str, float] = add_values(frame, [measure]).iloc[0].to_dict()
    return row


def by_kind(kind: str) -> list[str]:
    return [i for i, m in measures().items() if m.kind == kind]


def test_every_kind_of_measure_is_covered_here() -> None:
    kinds = {"count", "rate", "per_10k", "mean", "quantile", "share"}
    assert {m.kind for m in measures().values()} == kinds


@pytest.mark.parametrize("measure", by_kind("rate"))
def test_a_rate_has_n_and_a_wilson_interval(measure: str) -> None:
    row = one(measure, 30, 40)
    assert row[measure] == 0.75
    assert row[f"{measure}_n"] == 40
    assert (round(row[f"{measure}_low"], 3), round(row[f"{measure}_high"], 3)) == (0.598, 0.858)


@pytest.mark.parametrize("measure", by_kind("rate") + by_kind("mean") + by_kind("per_10k") + by_kind("quantile"))
@pytest.mark.parametrize("den", [0, None, np.nan])
def test_nothing_below_the_line_gives_nothing(measure: str, den: float | None) -> None:
    row = one(measure, 0, den)
    assert math.isnan(row[measure])
    if measures()[measure].kind == "rate":
        assert math.isnan(row[f"{measure}_low"])
        assert math.isnan(row[f"{measure}_high"])


@pytest.mark.parametrize("measure", by_kind("rate"))
def test_none_of_many_is_zero_and_not_missing(measure: str) -> None:
    row = one(measure, 0, 40)
    assert row[measure] == row[f"{measure}_low"] == 0
    assert 0 < row[f"{measure}_high"] < 0.1


@pytest.mark.parametrize("measure", by_kind("count") + by_kind("share"))
def test_a_count_is_its_own_n(measure: str) -> None:
    row = one(measure, 7, 7)
    assert (row[measure], row[f"{measure}_n"]) == (7, 7)
    assert f"{measure}_low" not in row


def test_complaints_per_ten_thousand_users() -> None:
    row = one("M02", 2010, 3_010_000)
    assert round(row["M02"], 2) == 6.68
    assert row["M02_n"] == 2010


def test_a_mean_and_a_quantile() -> None:
    assert one("M06", 300, 4)["M06"] == 75
    assert one("M06_P50", 12.5, 4)["M06_P50"] == 12.5
    assert one("M06_P50", 12.5, 4)["M06_P50_n"] == 4


def test_the_frame_given_is_left_alone() -> None:
    frame = pd.DataFrame({"period": ["now"], "M01_num": [1], "M01_den": [1]})
    add_values(frame, ["M01"])
    assert list(frame) == ["period", "M01_num", "M01_den"]


def test_shares_add_up_within_each_period_and_ignore_what_is_hidden() -> None:
    frame = pd.DataFrame({"period": ["a", "a", "a", "b"], "M54_num": [30.0, 10.0, None, 0.0]})
    found = shares(frame)
    assert found["share"].tolist()[:2] == [0.75, 0.25]
    assert found["share"].isna().tolist() == [False, False, True, True]
    assert found["share_n"].tolist() == [40, 40, 40, 0]
