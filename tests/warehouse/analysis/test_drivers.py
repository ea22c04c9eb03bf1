"""Effects in points against the plain difference, against statsmodels on single answers, and where nothing is told."""

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.drivers import drivers


def patterns(*rows, factors=("late",)):
    return pd.DataFrame(rows, columns=[*factors, "k", "n"])


def test_one_factor_is_the_difference_of_two_rates():
    row = drivers(patterns((True, 60, 100), (False, 180, 200)), ["late"]).iloc[0]
    error = np.sqrt(0.6 * 0.4 / 100 + 0.9 * 0.1 / 200)
    assert row["effect"] == pytest.approx(-0.3, abs=1e-6)
    assert row["low"] == pytest.approx(-0.3 - 1.96 * error, abs=1e-4)
    assert (row["rate_with"], row["rate_without"]) == (0.6, 0.9)
    assert row["is_told"] and row["p_value"] < 1e-6


def test_two_factors_and_a_control_against_statsmodels():
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    n = 4000
    late, unsolved = rng.random(n) < 0.3, rng.random(n) < 0.2
    kind = rng.choice(["NET", "SVC", "TAR"], n)
    score = 1.6 - 0.8 * late - 1.9 * unsolved + 0.4 * (kind == "SVC")
    good = rng.random(n) < 1 / (1 + np.exp(-score))
    people = pd.DataFrame({"late": late, "unsolved": unsolved, "kind": kind, "k": good.astype(int), "n": 1})
    counted = people.groupby(["late", "unsolved", "kind"])[["k", "n"]].sum().reset_index()
    found = drivers(counted, ["late", "unsolved"], ["kind"]).set_index("factor")

    dummies = pd.get_dummies(kind, drop_first=True, dtype=float)
    design = np.column_stack([np.ones(n), late, unsolved, dummies])
    book = sm.Logit(good.astype(float), design).fit(disp=0).get_margeff(at="overall", dummy=True)
    for at, factor in enumerate(("late", "unsolved")):
        assert found.loc[factor, "effect"] == pytest.approx(book.margeff[at], abs=1e-6)
        low, high = book.conf_int()[at]
        assert (found.loc[factor, "low"], found.loc[factor, "high"]) == (
            pytest.approx(low, abs=1e-5),
            pytest.approx(high, abs=1e-5),
        )
    assert list(drivers(counted, ["late", "unsolved"], ["kind"])["factor"]) == ["unsolved", "late"], "worst first"


def test_many_tickets_cost_no_more_rows_and_tell_the_same():
    few = patterns((True, 60, 100), (False, 180, 200))
    many = few.assign(k=few["k"] * 1000, n=few["n"] * 1000)
    assert drivers(many, ["late"])["effect"][0] == pytest.approx(-0.3, abs=1e-6)
    assert drivers(many, ["late"])["high"][0] - drivers(many, ["late"])["low"][0] < 0.01


def test_a_factor_with_few_answers_is_not_told():
    rows = patterns((True, False, 10, 20), (False, False, 150, 200), (False, True, 30, 60), factors=("late", "again"))
    table = drivers(rows, ["late", "again"]).set_index("factor")
    assert not table.loc["late", "is_told"] and np.isnan(table.loc["late", "effect"])
    assert table.loc["again", "is_told"]


def test_separation_and_factors_that_are_one_are_not_told():
    assert not drivers(patterns((True, 40, 40), (False, 100, 200)), ["late"])["is_told"].any()
    twins = patterns((True, True, 30, 60), (False, False, 150, 200), factors=("late", "tardy"))
    assert not drivers(twins, ["late", "tardy"])["is_told"].any()
    assert drivers(patterns(), ["late"]).shape[0] == 1
