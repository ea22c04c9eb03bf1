"""Rules RT01 and RT02 as the page says them."""

import pandas as pd
import pytest

from warehouse.analysis.dips import dip, dips, is_below, who_fell


@pytest.mark.parametrize(("k", "n", "below"), [(30, 40, False), (39, 52, True), (75, 100, True), (150, 200, True)])
def test_three_quarters_is_below_85_from_52_answers_on(k, n, below):
    assert is_below(k, n, 0.85) is below


def test_a_few_answers_are_never_below():
    assert not is_below(4, 9, 0.85)
    assert not is_below(0, 29, 0.85)
    assert is_below(0, 30, 0.85)


def test_a_real_dip_by_hand():
    """31 of 65 against 46 of 56: pooled 77/121, z = −0.3445 ÷ 0.08771 = −3.93, p = 0.000086."""
    found = dip(31, 65, 46, 56)
    assert found.change == pytest.approx(31 / 65 - 46 / 56)
    assert found.p_value == pytest.approx(8.6e-5, rel=0.03)
    assert found.verdict == "fell"


def test_other_words():
    assert dip(4, 9, 60, 80).verdict == "few"
    assert dip(30, 40, 25, 29).verdict == "few"
    assert dip(60, 80, 160, 200).verdict == "chance"
    assert dip(7200, 10000, 7600, 10000).verdict == "small"
    assert dip(6600, 10000, 7600, 10000).verdict == "fell", "ten points are ten points"
    assert dip(95, 100, 75, 100).verdict == "rose"
    assert dip(0, 0, 0, 0).verdict == "few"


def units(*rows):
    return pd.DataFrame(rows, columns=["key", "k", "n", "k_before", "n_before"])


def told(rows):
    return dips(rows, dip(*(int(rows[c].sum()) for c in ("k", "n", "k_before", "n_before"))))


def test_the_unit_that_fell_while_the_rest_did_not():
    table = told(units(("BIL", 31, 65, 46, 56), ("NET", 26, 33, 131, 168), ("tiny", 0, 4, 31, 40)))
    assert who_fell(table) == "BIL"
    assert table.set_index("key").loc["tiny", "verdict"] == "few"
    assert table.set_index("key").loc["NET", "rest_verdict"] == "fell"


def test_nobody_is_named_when_all_fell_or_none():
    every = told(units(("a", 100, 200, 170, 200), ("b", 100, 200, 170, 200), ("c", 100, 200, 170, 200)))
    assert set(every["verdict"]) == {"fell"} and who_fell(every) is None
    assert who_fell(told(units(("a", 80, 100, 81, 100), ("b", 75, 100, 81, 100)))) is None
    assert who_fell(told(units())) is None
