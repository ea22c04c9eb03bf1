"""Rules RT01 and RT02 as the page says them."""

import pytest

from warehouse.analysis.dips import dip, is_below


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
