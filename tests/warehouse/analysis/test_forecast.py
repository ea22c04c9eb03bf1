"""Forecasts of made series whose truth is known; the interval says how often it was right."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.forecast import LEVEL, by_kind, capacity, forecast, most_load

MONDAY = date(2025, 3, 31)
FESTIVAL = {date(2025, 4, 4): "holiday", date(2025, 4, 5): "holiday", date(2025, 4, 6): "holiday"}


def days(n: int) -> list[date]:
    return [MONDAY - timedelta(n - k) for k in range(n)]


def series(n_days: int, mean, seed: int = 1) -> pd.Series:
    rng = np.random.default_rng(seed)
    when = days(n_days)
    return pd.Series(rng.poisson([mean(d) for d in when]), index=when)


def test_a_steady_series_goes_on_and_its_interval_holds_as_often_as_it_says():
    hits, tested = 0, 0
    for seed in range(8):
        told = forecast(series(500, lambda d: 60.0, seed), MONDAY, {})
        assert told is not None
        assert told.expected == pytest.approx(420, rel=0.06)
        assert told.low < told.expected < told.high
        hits, tested = hits + told.covered, tested + told.tested
    assert tested == 8 * 26
    assert hits / tested == pytest.approx(LEVEL, abs=0.07)


def test_the_interval_holds_where_weeks_rise_and_fall_as_a_whole():
    """A common shock a week, heavier at the ends than a count law: nine in ten, in weeks that had no part in it."""
    hits, tested, beyond = 0, 0, 0
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        shock = np.exp(0.09 * rng.standard_t(3, 60).clip(-4, 4))
        told = forecast(series(400, lambda d, s=shock: 60.0 * s[(MONDAY - d).days // 7], seed), MONDAY, {})
        assert told is not None
        hits, tested = hits + told.covered, tested + told.tested
        beyond += told.high - told.low > 3 * 1.645 * np.sqrt(told.expected)
    assert tested == 8 * 26
    assert hits / tested >= LEVEL - 0.03
    assert beyond >= 7, "wider than counting alone would make it"


def test_a_week_has_no_part_in_the_interval_it_is_held_against():
    known = series(500, lambda d: 60.0)
    last = known.index[-7:]
    wild = known.copy()
    wild.loc[last] = 400
    calm, shaken = forecast(known, MONDAY, {}), forecast(wild, MONDAY, {})
    assert calm is not None and shaken is not None
    assert shaken.covered == calm.covered - 1, "the wild week does not widen its own interval"


def test_too_few_weeks_to_count_from_are_not_called_tested():
    told = forecast(series(56 + 7 * 8, lambda d: 60.0), MONDAY, {})
    assert told is not None and told.tested == 0 and told.low < told.expected < told.high
    assert np.isnan(told.coverage)


def test_weekends_and_month_ends_are_learnt():
    def mean(d: date) -> float:
        edge = d.day <= 3 or (d + timedelta(3)).month != d.month
        return 40.0 * (0.5 if d.weekday() >= 5 else 1.0) * (1.5 if edge else 1.0)

    told = forecast(series(700, mean), MONDAY, {})
    assert told is not None
    # Monday 31 March to Thursday 3 April lie at the turn of the month, the Friday does not.
    assert told.by_day[0] == pytest.approx(60, rel=0.12)
    assert told.by_day[4] == pytest.approx(40, rel=0.12)
    assert told.by_day[6] == pytest.approx(20, rel=0.15)
    assert told.edge > 1.25 and told.holiday == pytest.approx(1)


def test_a_holiday_of_next_week_is_held_to_what_holidays_did():
    past = {d: "holiday" for d in days(500) if d.month in (10, 5) and d.day <= 7}
    told = forecast(series(500, lambda d: 30.0 if d in past else 60.0), MONDAY, past | FESTIVAL)
    without = forecast(series(500, lambda d: 30.0 if d in past else 60.0), MONDAY, past)
    assert told is not None and without is not None
    assert told.holiday < 0.95 and told.expected < without.expected


def test_what_comes_after_the_monday_changes_nothing():
    known = series(300, lambda d: 50.0)
    later = pd.concat([known, pd.Series([9999] * 7, index=[MONDAY + timedelta(n) for n in range(7)])])
    assert forecast(known, MONDAY, {}) == forecast(later, MONDAY, {})


def test_short_or_silent_histories_are_not_forecast():
    assert forecast(series(40, lambda d: 50.0), MONDAY, {}) is None
    assert forecast(pd.Series(0, index=days(200)), MONDAY, {}) is None
    assert by_kind(pd.DataFrame({"day": [], "key": [], "n": []}), MONDAY, {}) == {}


def test_a_kind_without_rows_on_a_day_counts_nothing_there_and_kinds_add_up_to_all():
    when = days(120)
    rows = [(d, "NET", 10) for d in when] + [(d, "BIL", 7) for d in when[::2]]
    told = by_kind(pd.DataFrame(rows, columns=["day", "key", "n"]), MONDAY, {})
    assert set(told) == {"NET", "BIL", ""}
    assert told["BIL"].expected == pytest.approx(24.5, rel=0.1)
    assert told[""].expected == pytest.approx(told["NET"].expected + told["BIL"].expected, rel=0.02)


def test_capacity_is_the_highest_load_that_still_held():
    assert capacity([8, 9, 10, 12, 14], [0.97, 0.95, 0.96, 0.80, 0.70], [100] * 5, 0.85) == 10
    # One bad quiet day does not lower it: a share can only fall with the load.
    assert capacity([8, 9, 10, 12], [0.84, 0.97, 0.96, 0.60], [10, 500, 500, 500], 0.85) == 10
    assert capacity([8, 9], [0.97, 0.95], [100, 100], 0.85) is None
    assert capacity([8, 9], [0.5, 0.4], [100, 100], 0.85) is None
    assert capacity([], [], [], 0.85) is None


def test_where_it_was_never_short_the_highest_load_seen_is_what_is_known():
    assert most_load([8, 9, 12], [0.97, 0.95, 0.70], [100] * 3, 0.85) == (9, True)
    assert most_load([8, 9], [0.97, 0.95], [100, 100], 0.85) == (9, False)
    assert most_load([], [], [], 0.85) == (None, False)
