"""The weekly run: a hotspot is found where and while it is, under one name, whatever the order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.warehouse.hotspots.made import WEEKS, ambient, city, outbreak
from warehouse.hotspots.identity import Seen
from warehouse.hotspots.weekly import Found, run

COUNTS = {20: 6, 21: 10, 22: 14, 23: 4, 24: 1}
HERE = (100 + 1.5, 100 + 1.0)


def told(found: list[Found], name: str) -> list[tuple[int, str]]:
    return [(f.week, f.state) for f in found if f.hotspot_id == name]


def at_the_spot(found: list[Found]) -> list[Found]:
    return [f for f in found if np.hypot(f.x - HERE[0] * 50, f.y - HERE[1] * 50) < 150]


@pytest.fixture(scope="module")
def parts() -> list[pd.DataFrame]:
    return [ambient(1), outbreak(COUNTS)]


@pytest.fixture(scope="module")
def found(parts: list[pd.DataFrame]) -> list[Found]:
    return run(city(*parts), range(WEEKS), ())


def test_a_hotspot_comes_worsens_eases_and_goes_under_one_name(found: list[Found]) -> None:
    here = at_the_spot(found)
    assert len({f.hotspot_id for f in here}) == 1
    states = dict(told(found, here[0].hotspot_id))
    assert [states[w] for w in (20, 21, 22, 23)] == ["new", "worse", "worse", "easing"]
    assert list(states.values())[-1] == "gone" and max(states) <= 29
    peak = next(f for f in here if f.week == 22)
    assert peak.n_customers >= 30 and peak.n_week >= 14 and peak.p_value < 1e-9 and peak.gate == "excess"


def test_with_nothing_planted_hardly_anything_is_found() -> None:
    begun = [f for seed in range(5) for f in run(city(ambient(seed)), range(12, WEEKS), ()) if f.state == "new"]
    assert len(begun) / (5 * (WEEKS - 12)) < 0.1


def test_the_order_of_rows_changes_nothing(parts: list[pd.DataFrame], found: list[Found]) -> None:
    shuffled = [p.sample(frac=1, random_state=3) for p in parts]
    again = run(city(*reversed(shuffled)), range(WEEKS), ())
    assert [(f.hotspot_id, f.week, f.state, f.n_customers, f.expected) for f in again] == [
        (f.hotspot_id, f.week, f.state, f.n_customers, f.expected) for f in found
    ]


def test_a_whole_step_of_the_grids_moves_everything_and_changes_nothing_else(
    parts: list[pd.DataFrame], found: list[Found]
) -> None:
    """1 km is a whole number of every lattice and grid in use."""
    moved = run(city(*(p.assign(ix=p.ix + 20, iy=p.iy - 40) for p in parts)), range(WEEKS), ())
    assert len(moved) == len(found)
    by_place = {(f.week, round(f.x), round(f.y)): f for f in moved}
    for f in found:
        other = by_place[(f.week, round(f.x + 1000), round(f.y - 2000))]
        assert (other.state, other.n_customers, other.n_tickets) == (f.state, f.n_customers, f.n_tickets)
        assert other.expected == pytest.approx(f.expected)


def test_one_angry_customer_is_no_hotspot() -> None:
    angry = outbreak({20: 9, 21: 9, 22: 9}).assign(customer=77_777_777)
    assert at_the_spot(run(city(ambient(1), angry), range(WEEKS), ())) == []


def test_late_tickets_change_no_published_name(parts: list[pd.DataFrame], found: list[Found]) -> None:
    """Five more of the week before let it begin earlier, and others make a second one: names stay as they were."""
    published = [Seen(f.hotspot_id, f.week, f.is_urban, f.grids, f.x, f.y) for f in found if f.state != "gone"]
    late = [outbreak({19: 6}, name="L", first=2 * 10**6), outbreak({21: 8}, (160, 20), "M", 3 * 10**6)]
    again = run(city(*parts, *late), range(WEEKS), published)
    before = {(f.week, f.hotspot_id) for f in at_the_spot(found) if f.state != "gone"}
    after = {(f.week, f.hotspot_id) for f in at_the_spot(again) if f.state != "gone"}
    name = at_the_spot(found)[0].hotspot_id
    assert before <= after and (19, name) in after and {n for _, n in after} == {name}
    # Without the memory it would be called after the week it now begins in.
    fresh = run(city(*parts, *late), range(WEEKS), ())
    assert {f.hotspot_id for f in at_the_spot(fresh)} != {name}


def test_running_again_with_what_was_published_gives_the_same(parts: list[pd.DataFrame], found: list[Found]) -> None:
    published = [Seen(f.hotspot_id, f.week, f.is_urban, f.grids, f.x, f.y) for f in found if f.state != "gone"]
    again = run(city(*parts), range(WEEKS), published)
    assert [(f.hotspot_id, f.week, f.state) for f in again] == [(f.hotspot_id, f.week, f.state) for f in found]


def test_an_outbreak_of_one_evening_is_found_where_much_is_usual() -> None:
    usual = outbreak({w: 2 for w in range(WEEKS)}, name="U", first=5 * 10**6)
    sudden = outbreak({30: 12}, name="S", first=6 * 10**6)
    here = [f for f in at_the_spot(run(city(ambient(2), usual, sudden), range(WEEKS), ())) if f.week == 30]
    assert here and here[0].p_value < 0.005 and here[0].n_week >= 12


def test_a_city_without_tickets_has_no_hotspots() -> None:
    nothing = ambient(1).iloc[:0]
    assert run(city(nothing), range(5), ()) == []
