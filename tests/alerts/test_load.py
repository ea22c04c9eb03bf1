"""Flood weeks and chatter, by hand."""

from __future__ import annotations

from alerts.load import chattering, flood_weeks


def test_a_flood_is_three_times_the_median_of_twelve_weeks_before() -> None:
    counts = [2] * 12 + [6, 7, 2, 30]
    assert [n for n, is_flood in enumerate(flood_weeks(counts)) if is_flood] == [13, 15]


def test_a_quiet_rule_has_no_flood_of_three() -> None:
    assert flood_weeks([0] * 12 + [3, 4]) == [False] * 13 + [True]


def test_the_first_weeks_are_held_against_one_another() -> None:
    assert flood_weeks([9, 2, 2, 2]) == [True, False, False, False]
    assert flood_weeks([9]) == [True] and flood_weeks([]) == []


def test_chatter_is_three_changes_in_four_evaluations() -> None:
    changes = {"a": [1, 2, 4], "b": [1, 2, 5], "c": [1, 3], "d": [1, 9, 10, 12]}
    assert chattering(changes) == ["a", "d"]
