"""Every rule of how a number is written, in both languages."""

from datetime import date, datetime

import pytest

from pages._shared import numbers as nb
from pages._shared.numbers import DASH

NAN = float("nan")


@pytest.mark.parametrize(
    ("n", "zh", "en"),
    [
        (0, "0", "0"),
        (9_876, "9,876", "9,876"),
        (9_999, "9,999", "9,999"),
        (9_999.5, "1.0万", "10.0k"),
        (10_000, "1.0万", "10.0k"),
        (12_000, "1.2万", "12.0k"),
        (12_345_678, "1,234.6万", "12.35M"),
        (999_999, "100.0万", "1.00M"),
        (99_999_999, "1.00亿", "100.00M"),
        (120_000_000, "1.20亿", "120.00M"),
        (-12_000, "-1.2万", "-12.0k"),
        (0.5, "1", "1"),
        (None, DASH, DASH),
        (NAN, DASH, DASH),
        (float("inf"), DASH, DASH),
    ],
)
def test_count(n, zh, en):
    assert (nb.count(n, "zh"), nb.count(n, "en")) == (zh, en)


def test_count_with_its_unit():
    assert nb.count(9_876, "zh", "tickets") == "9,876件"
    assert nb.count(12_000, "zh", "tickets") == "1.2万件"
    assert nb.count(9_876, "en", "tickets") == "9,876"
    assert nb.count(None, "zh", "tickets") == DASH


@pytest.mark.parametrize(
    ("x", "said"),
    [(0.762, "76.2%"), (0.7625, "76.3%"), (1, "100.0%"), (0, "0.0%"), (None, DASH), (NAN, DASH)],
)
def test_rate(x, said):
    assert nb.rate(x, "zh") == nb.rate(x, "en") == said


@pytest.mark.parametrize(("dx", "said"), [(-0.019, "-1.9 pp"), (0.019, "+1.9 pp"), (0, "0.0 pp"), (-0.0004, "0.0 pp")])
def test_pp(dx, said):
    assert nb.pp(dx, "zh") == nb.pp(dx, "en") == said


def test_pp_in_a_sentence():
    assert nb.pp(-0.019, "zh", prose=True, signed=False) == "1.9个百分点"
    assert nb.pp(-0.019, "en", prose=True, signed=False) == "1.9 percentage points"
    assert nb.pp(None, "zh", prose=True) == DASH


@pytest.mark.parametrize(("x", "said"), [(6.677, "6.68"), (6.675, "6.68"), (0, "0.00"), (None, DASH)])
def test_per_10k(x, said):
    assert nb.per_10k(x) == said


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0分钟", "0 min"),
        (42, "42分钟", "42 min"),
        (59.4, "59分钟", "59 min"),
        (59.6, "1.0小时", "1.0 h"),
        (2_190, "36.5小时", "36.5 h"),
        (71.9 * 60, "71.9小时", "71.9 h"),
        (71.96 * 60, "3.0天", "3.0 d"),
        (4_608, "3.2天", "3.2 d"),
        (-90, "-1.5小时", "-1.5 h"),
        (None, DASH, DASH),
    ],
)
def test_duration(minutes, zh, en):
    assert (nb.duration(minutes, "zh"), nb.duration(minutes, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (48.6, "48.60元", "¥48.60"),
        (9_999.99, "9,999.99元", "¥9,999.99"),
        (9_999.999, "1.0万元", "¥10.0k"),
        (123_000, "12.3万元", "¥123.0k"),
        (120_000_000, "1.20亿元", "¥120.00M"),
        (-5, "-5.00元", "-¥5.00"),
        (None, DASH, DASH),
    ],
)
def test_money(yuan, zh, en):
    assert (nb.money(yuan, "zh"), nb.money(yuan, "en")) == (zh, en)


def test_a_mean_of_sums_of_money_is_written_in_whole_yuan():
    assert (nb.money(2666.67, "zh", places=0), nb.money(9_999.6, "zh", places=0)) == ("2,667元", "1.0万元")


def test_dates():
    day = date(2025, 3, 24)
    assert (nb.date(day, "zh"), nb.date(day, "en")) == ("3月24日(周一)", "Mon 24 Mar")
    assert (nb.date(day, "zh", year=True), nb.date(day, "en", year=True)) == (
        "2025年3月24日(周一)",
        "Mon 24 Mar 2025",
    )
    assert (nb.day(day, "zh"), nb.day(day, "en")) == ("3.24", "24 Mar")
    assert (nb.month(2025, 3, "zh"), nb.month(2025, 3, "en")) == ("2025年3月", "Mar 2025")
    at = datetime(2025, 3, 31, 8, 30)
    assert (nb.moment(at, "zh"), nb.moment(at, "en")) == ("3月31日 08:30", "31 Mar 08:30")


@pytest.mark.parametrize(
    ("year", "week", "zh", "en"),
    [
        (2025, 13, "2025年第13周(3.24–3.30)", "2025-W13 (24 Mar–30 Mar)"),
        (2025, 1, "2025年第1周(12.30–1.5)", "2025-W01 (30 Dec–5 Jan)"),
    ],
)
def test_weeks(year, week, zh, en):
    assert (nb.week(year, week, "zh"), nb.week(year, week, "en")) == (zh, en)


def test_a_target_is_written_as_it_was_set():
    assert nb.target(0.95, "rate", "zh") == "95%"
    assert nb.target(0.955, "rate", "zh") == "95.5%"


@pytest.mark.parametrize(("kind", "expected"), [("count", "1.2万"), ("per_10k", "12,000.00"), ("duration", "8.3天")])
def test_value_by_kind(kind, expected):
    assert nb.value(12_000, kind, "zh") == expected
