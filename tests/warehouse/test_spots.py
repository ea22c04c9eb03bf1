"""Hotspots for a viewer: a list by week, a course by name, rows behind them by role and scope."""

from __future__ import annotations

from datetime import date

import h3
import pytest

from warehouse import spots
from warehouse.query import NotAllowed, Reader
from warehouse.viewer import Viewer

PLANNER, MANAGER = Viewer.of("planner"), Viewer.of("manager")
WEEK = date(2024, 10, 21)


def estate(reader: Reader) -> str:
    found = spots.of_week(reader, PLANNER, WEEK)
    [name] = found.loc[found["place_name"] == "邗江新建小区", "hotspot_id"]
    return str(name)


def test_the_estate_appears_worsens_and_fades_after_the_sites_are_on_air(demo_reader: Reader) -> None:
    course = spots.course(demo_reader, PLANNER, estate(demo_reader))
    states = list(course["state"])
    assert states[0] == "new" and "worse" in states and states[-1] == "gone"
    top = course.loc[course["n_customers"].idxmax()]
    assert date(2024, 10, 14) <= top["week_start"].date() <= date(2024, 11, 4)
    assert (course.loc[course["n_customers"] >= 10, "cause"] == "weak_coverage").all()


def test_the_worst_come_first_and_the_gone_last(demo_reader: Reader) -> None:
    found = spots.of_week(demo_reader, PLANNER, date(2025, 3, 24))
    alive = found[found["state"] != spots.GONE]
    assert list(alive["score"]) == sorted(alive["score"], reverse=True)
    assert list(found["state"].eq(spots.GONE)) == sorted(found["state"].eq(spots.GONE))


def test_a_manager_sees_no_position_and_no_hotspot_of_few(demo_reader: Reader) -> None:
    every = spots.of_week(demo_reader, PLANNER, date(2025, 3, 24))
    seen = spots.of_week(demo_reader, MANAGER, date(2025, 3, 24))
    assert not {"lon", "lat", "radius_m"} & set(seen.columns)
    assert (
        set(seen["hotspot_id"]) == set(every.loc[every["n_customers"] >= 5, "hotspot_id"]) != set(every["hotspot_id"])
    )
    assert (spots.excess(demo_reader, MANAGER, WEEK, "h3_8")["n_customers"] >= 5).all()
    name = str(every["hotspot_id"].iloc[0])
    for ask in (
        lambda: spots.behind(demo_reader, "mart_hotspot_cell", MANAGER, name, WEEK),
        lambda: spots.tickets(demo_reader, MANAGER, name, WEEK, 0, 5),
        lambda: spots.classes(demo_reader, MANAGER, WEEK),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_another_district_hides_the_hotspot_and_what_stands_behind_it(demo_reader: Reader) -> None:
    name = estate(demo_reader)
    other = Viewer.of("planner", regions=frozenset({"321023"}))
    assert spots.course(demo_reader, other, name).empty
    with pytest.raises(NotAllowed):
        spots.behind(demo_reader, "mart_hotspot_cause", other, name, WEEK)
    assert spots.tickets(demo_reader, other, name, WEEK, 0, 5)[1] == 0


def test_tickets_are_paged_and_as_many_as_the_list_says(demo_reader: Reader) -> None:
    name = estate(demo_reader)
    row = spots.course(demo_reader, PLANNER, name).set_index("week_start").loc[str(WEEK)]
    first, n = spots.tickets(demo_reader, PLANNER, name, WEEK, 0, 10)
    second, _ = spots.tickets(demo_reader, PLANNER, name, WEEK, 1, 10)
    assert n >= row["n_tickets"] >= row["n_customers"] > 10
    assert len(first) == 10 and not set(first["ticket_id"]) & set(second["ticket_id"])
    assert first["accepted_at"].is_monotonic_decreasing


def test_a_name_that_is_none(demo_reader: Reader) -> None:
    assert spots.course(demo_reader, PLANNER, "'; drop table x --").empty


def test_many_hexagons_become_fewer_larger_ones_and_keep_their_sums(demo_reader: Reader) -> None:
    fine = spots.excess(demo_reader, Viewer.of("planner"), date(2024, 10, 14), "h3_8")
    fine = fine[fine["expected"].notna()].reset_index(drop=True)
    coarse = spots.coarser(fine, most=60)
    assert 1 < len(coarse) <= 60 < len(fine)
    parents = fine["cell"].map(lambda c: h3.cell_to_parent(c, h3.get_resolution(coarse["cell"].iloc[0])))
    told = fine.groupby(parents)[["n_customers", "expected"]].sum()
    assert coarse.set_index("cell")[["n_customers", "expected"]].sort_index().to_numpy() == pytest.approx(
        told.sort_index().to_numpy()
    )
    assert spots.coarser(fine) is fine
