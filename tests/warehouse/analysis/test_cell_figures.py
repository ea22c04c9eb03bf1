"""Figures from sums, against the median and spread of the same hour and class of day before."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.cell_figures import LOW_IS_BAD, NAMES, RATES, SMALLEST, against_usual, bad_since, figure

BEGIN = datetime(2025, 3, 17)


def counters(**changed: float) -> pd.DataFrame:
    one = {
        "rsrp_sum_dbm": -9500.0, "mr_samples": 100, "mr_weak": 8, "prb_used_dl": 30.0, "prb_avail_dl": 100.0,
        "ul_intf_dbm": -110.0, "ho_succ": 45, "ho_att": 50, "erab_abn_rel": 3, "erab_succ": 90, "ho_in": 10,
        "rrc_succ": 95, "rrc_att": 100, "erab_att": 100, "thp_num_mbit": 600.0, "thp_den_s": 30.0, "unavail_s": 360.0,
    }  # fmt: skip
    return pd.DataFrame([{**one, **changed}])


def test_figures_are_ratios_of_sums() -> None:
    want = {
        "level": -95, "weak": 0.08, "load": 0.3, "interference": -110, "handover": 0.9, "drop": 0.03,
        "access": 0.95 * 0.9, "speed": 20, "outage": 0.1,
    }  # fmt: skip
    assert {n: figure(counters(), n, 3600)[0] for n in NAMES} == pytest.approx(want)
    assert set(SMALLEST) == set(NAMES) and set(NAMES) >= RATES | LOW_IS_BAD


def test_a_rate_of_a_handful_says_nothing() -> None:
    assert np.isnan(figure(counters(ho_att=19), "handover", 3600)[0])
    assert np.isnan(figure(counters(thp_den_s=0.0), "speed", 3600)[0])


def days(n: int, value: float, begin: datetime, jitter: float = 0.0) -> list[dict[str, object]]:
    return [
        {"seen_at": begin + timedelta(i), "is_workday": (begin + timedelta(i)).weekday() < 5,
         "value": value + jitter * (-1) ** i}
        for i in range(n)
    ]  # fmt: skip


def test_usual_is_the_median_of_the_same_class_of_day_before() -> None:
    rows = pd.DataFrame(
        days(56, 0.10, BEGIN - timedelta(56), 0.02) + days(2, 0.10, BEGIN) + days(1, 0.3, BEGIN + timedelta(2))
    )
    told = against_usual(rows, "weak", BEGIN)
    assert len(told) == 3 and told["is_bad"].tolist() == [False, False, True]
    assert told["usual"].between(0.08, 0.12).all()
    assert (told["high"] - told["usual"]).max() == pytest.approx(3 * 1.4826 * 0.02, rel=0.6)


def test_what_is_good_is_not_bad_whatever_the_side() -> None:
    rows = pd.DataFrame(
        days(56, -95.0, BEGIN - timedelta(56)) + days(1, -80.0, BEGIN) + days(1, -96.5, BEGIN + timedelta(1))
    )
    assert against_usual(rows, "level", BEGIN)["is_bad"].tolist() == [False, True]


def test_a_new_cell_has_nothing_usual() -> None:
    told = against_usual(pd.DataFrame(days(4, 0.5, BEGIN)), "weak", BEGIN)
    assert told["usual"].isna().all() and not told["is_bad"].any()
    assert against_usual(pd.DataFrame(days(0, 0.5, BEGIN), columns=["seen_at", "is_workday", "value"]).astype(
        {"seen_at": "datetime64[us]"}), "weak", BEGIN).empty  # fmt: skip


def test_a_holiday_is_compared_with_weekends() -> None:
    before = pd.DataFrame(days(56, 0.1, BEGIN - timedelta(56)))
    before.loc[~before["is_workday"].astype(bool), "value"] = 0.4
    holiday = pd.DataFrame([{"seen_at": BEGIN, "is_workday": None, "value": 0.4}])
    told = against_usual(pd.concat([before, holiday], ignore_index=True), "weak", BEGIN)
    assert told["usual"].iloc[0] == pytest.approx(0.4) and not told["is_bad"].iloc[0]


@pytest.mark.parametrize(
    ("bad", "at"),
    [("0001111111", 3), ("0001110111", 3), ("1000000111", None), ("0111110000", None), ("0000001111", 6), ("", None)],
)
def test_since_when_it_lasts(bad: str, at: int | None) -> None:
    times = [BEGIN + timedelta(hours=i) for i in range(len(bad))]
    rows = pd.DataFrame({"seen_at": pd.to_datetime(times), "value": 1.0, "is_bad": [c == "1" for c in bad]})
    assert bad_since(rows) == (None if at is None else times[at])
