"""The sparkline as a picture, and its sentence."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta

import pytest

from pages._shared import charts
from pages._shared.theme import DARK, LIGHT

STARTS = [date(2024, 12, 30) + timedelta(weeks=k) for k in range(4)]


def drawn(address: str) -> str:
    kind, _, coded = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    return base64.b64decode(coded).decode()


def test_a_line_goes_through_the_last_thirteen_values_and_ends_in_a_dot():
    line, dot = re.findall(r'd="([^"]*)"', drawn(charts.sparkline(list(range(20)), LIGHT)))
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", line)
    assert len(points) == 13 and line.count("M") == 1
    assert points[0] == ("4.0", "32.0") and points[-1] == ("236.0", "4.0")
    assert dot == "M236.0 4.0h0"


def test_a_gap_stays_a_gap_and_the_dot_stands_at_the_newest_value_known():
    line, dot = re.findall(r'd="([^"]*)"', drawn(charts.sparkline([1, 2, None, float("nan"), 3, 2, None], LIGHT)))
    assert re.findall(r"[ML]", line) == ["M", "L", "M", "L"]
    assert dot == f"M{4 + 5 * 232 / 6:.1f} 18.0h0"


@pytest.mark.parametrize("values", [[7], [7, 7, 7], [0, 0]])
def test_values_without_a_difference_lie_in_the_middle(values):
    line, _ = re.findall(r'd="([^"]*)"', drawn(charts.sparkline(values, LIGHT)))
    assert {y for _, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", line)} == {"18.0"}


def test_no_values_no_picture():
    assert charts.sparkline([], LIGHT) == charts.sparkline([None, float("nan")], LIGHT) == ""


def test_the_line_has_the_accent_of_its_mode():
    assert [p.accent in drawn(charts.sparkline([1, 2], p)) for p in (LIGHT, DARK)] == [True, True]
    assert charts.sparkline([1, 2], LIGHT) != charts.sparkline([1, 2], DARK)


def test_its_sentence_says_what_the_picture_shows():
    said = charts.spark_alt(STARTS, [4, None, 9, 5], lang="en", title="Complaints")
    assert said == (
        "Complaints. Line chart, 3 periods from 2025-W01 (30 Dec–5 Jan) to 2025-W04 (20 Jan–26 Jan); "
        "latest 5, highest 9 (2025-W03 (13 Jan–19 Jan)), lowest 4 (2025-W01 (30 Dec–5 Jan))."
    )
    assert charts.spark_alt(STARTS, [None] * 4, lang="zh", title="投诉量") == charts.spark_alt(
        [], [], lang="zh", title="投诉量"
    )
