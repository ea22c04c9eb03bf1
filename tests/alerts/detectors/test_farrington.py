"""Farrington improved against recorded limits, and what must hold of any such detector."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alerts.detectors.farrington import Setting, judge, reference_weeks

WEEKS = 330
# Series whose years have 53 weeks now and then: the Monday of their first week.
FIRST_ON = {"campyDE": date(2001, 12, 31), "stsNewport": date(2001, 1, 1)}


@pytest.fixture
def counts() -> np.ndarray:
    return np.random.default_rng(7).poisson(6, (8, WEEKS))


def test_recorded_limits_and_alarms(counts_reference: Path) -> None:
    manifest = pd.read_csv(counts_reference / "manifest.csv")
    checked = 0
    for row in manifest[manifest["method"] == "farringtonFlexible_improved_nb"].itertuples():
        seen = pd.read_csv(counts_reference / "inputs" / f"{row.dataset}.csv")["observed"].to_numpy(dtype=float)
        expected = pd.read_csv(counts_reference / row.file)
        given = dict(re.findall(r"(\w+)=(\S+)", row.params))
        setting = Setting(years=int(given["b"]), window=int(given["w"]), alpha=float(given["alpha"]))
        answers = [judge(seen, int(t) - 1, setting, FIRST_ON.get(row.dataset)) for t in expected["t"]]
        alarms = np.array([bool(a.alarm[0]) for a in answers])
        assert np.array_equal(alarms, expected["alarm"] == 1), row.dataset
        # The reference gives no limit where there are too few cases for an alarm.
        told = expected["upperbound"].notna().to_numpy()
        for name, ours in (("upperbound", "upper"), ("expected", "expected")):
            got = np.array([getattr(a, ours)[0] for a in answers])[told]
            np.testing.assert_allclose(got, expected[name][told], rtol=1e-3, err_msg=f"{row.dataset} {name}")
        checked += 1
    assert checked == 5


def test_many_series_at_once(counts: np.ndarray) -> None:
    together = judge(counts, WEEKS - 1)
    for k, row in enumerate(counts):
        alone = judge(row, WEEKS - 1)
        assert together.upper[k] == alone.upper[0]
        assert together.expected[k] == pytest.approx(alone.expected[0], rel=1e-6)


def test_the_newest_weeks_do_not_hide_themselves(counts: np.ndarray) -> None:
    """An outbreak that grows over half a year leaves its own limit alone."""
    grown = counts.copy()
    grown[:, WEEKS - 27 : WEEKS - 1] += 40
    assert np.array_equal(judge(counts, WEEKS - 1).upper, judge(grown, WEEKS - 1).upper)


def test_a_wave_is_found_and_a_usual_week_is_not(counts: np.ndarray) -> None:
    counts[:, -1] = 6
    assert not judge(counts, WEEKS - 1).alarm.any()
    counts[:, -1] = 30
    found = judge(counts, WEEKS - 1)
    assert found.alarm.all() and (found.score > 1).all()


def test_few_cases_give_no_alarm() -> None:
    rare = np.zeros((1, WEEKS))
    rare[:, ::40] = 1
    rare[:, -4:] = [0, 0, 0, 4]
    assert not judge(rare, WEEKS - 1).alarm[0]
    rare[:, -1] = 5
    assert judge(rare, WEEKS - 1).alarm[0]


def test_an_old_wave_counts_less() -> None:
    """One past week of 200 among sixes moves the limit little, for it is weighted down."""
    usual = np.full((1, WEEKS), 6.0)
    usual[:, ::3] = 8
    wave = usual.copy()
    wave[:, WEEKS - 1 - 52] = 200
    assert judge(wave, WEEKS - 1).upper[0] <= 2 * judge(usual, WEEKS - 1).upper[0]


def test_a_series_without_any_case_is_quiet() -> None:
    answer = judge(np.zeros((1, WEEKS)), WEEKS - 1)
    assert np.isfinite(answer.upper[0]) and not answer.alarm[0]


def test_every_year_has_ten_levels() -> None:
    weeks, season = reference_weeks(WEEKS - 1, Setting())
    assert weeks.max() < WEEKS - 1 - 26
    assert set(season) == set(range(10))
    assert (season == 0).sum() == 5 * 7


def test_too_little_history() -> None:
    with pytest.raises(ValueError, match="less than 5 years and 3 weeks"):
        judge(np.zeros((1, WEEKS)), 100)
    with pytest.raises(ValueError, match="outside the 330 weeks"):
        judge(np.zeros((1, WEEKS)), WEEKS)
