"""Which hotspot is which: by shared grids or by their middle, each name once."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.hotspots.identity import Seen, Track, named, pair, state_of
from warehouse.hotspots.settings import defaults

RULE, STATE = defaults().identity, defaults().state
DAY = date(2024, 10, 7)


def spot(name: str, grids: set[int], x: float = 0.0, week: int = 10) -> Seen:
    return Seen(name, week, True, frozenset(grids), x, 0.0)


def track(name: str, grids: set[int], x: float = 0.0, last: int = 9, counts: list[int] | None = None) -> Track:
    return Track(name, True, frozenset(grids), x, 0.0, 5, last, counts or [5])


@pytest.mark.parametrize(
    "grids, x, same",
    [
        ({1, 2}, 5000, True),  # both grids of the smaller one
        ({2, 9}, 5000, True),  # one of two is half
        ({2, 8, 9}, 5000, False),
        ({8, 9}, 300, True),  # no grid, but the middle is 300 m away
        ({8, 9}, 301, False),
    ],
)
def test_half_the_grids_or_300_m(grids: set[int], x: float, same: bool) -> None:
    assert bool(pair([spot("", grids, x)], [track("A", {1, 2, 3})], ["A"], RULE)) == same


def test_of_two_parts_the_more_alike_keeps_the_name() -> None:
    names = named([spot("", {3, 4}, 900), spot("", {1, 2, 3}, 10)], 10, DAY, [track("A", {1, 2, 3, 4})], [], RULE)
    assert names[1] == "A" and names[0] != "A"


def test_what_was_published_for_the_week_wins_over_what_was_alive() -> None:
    names = named([spot("", {1, 2})], 10, DAY, [track("A", {1, 2})], [spot("B", {1, 2}, week=10)], RULE)
    assert names == ["B"]


def test_an_absence_longer_than_the_gap_begins_a_new_one() -> None:
    back = named([spot("", {1})], 30, DAY, [track("A", {1}, last=30 - RULE.gap_weeks)], [], RULE)
    assert back == ["A"]
    assert named([spot("", {1})], 30, DAY, [track("A", {1}, last=29 - RULE.gap_weeks)], [], RULE) != ["A"]


def test_names_are_made_of_week_and_place_and_never_twice() -> None:
    one = named([spot("", {1}, 0), spot("", {9}, 9000)], 10, DAY, [], [], RULE)
    assert len(set(one)) == 2 and all(n.startswith("H2441-") for n in one)
    assert named([spot("", {1}, 0)], 10, DAY, [], [], RULE) == one[:1]
    taken = [spot(one[0], {500}, 50_000, week=10)]
    assert named([spot("", {1}, 0)], 10, DAY, [], taken, RULE) != one[:1]


@pytest.mark.parametrize(
    "counts, now, state",
    [([6], 9, "worse"), ([6], 8, "persisting"), ([12, 12], 3, "easing"), ([2, 3], 1, "persisting"), ([1], 4, "worse")],
)
def test_how_it_fares(counts: list[int], now: int, state: str) -> None:
    assert state_of(track("A", {1}, counts=counts), now, True, STATE) == state


def test_what_comes_back_is_new() -> None:
    assert state_of(track("A", {1}), 5, False, STATE) == state_of(None, 5, False, STATE) == "new"
