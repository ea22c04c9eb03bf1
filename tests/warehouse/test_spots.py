"""Hotspots for a viewer: a list by week, a course by name, rows behind them by role and scope."""

from __future__ import annotations

from datetime import date, datetime

import h3
import pandas as pd
import pytest

from warehouse import spots
from warehouse.query import NotAllowed, Reader
from warehouse.scope import least_of
from warehouse.viewer import Viewer

PLANNER, MANAGER, ANALYST = Viewer.of("planner"), Viewer.of("manager"), Viewer.of("analyst")
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
    fine = spots.excess(demo_reader, ANALYST, date(2024, 10, 14), "h3_8")
    fine = fine[fine["expected"].notna()].reset_index(drop=True)
    coarse = spots.coarser(fine, most=60)
    assert 1 < len(coarse) <= 60 < len(fine)
    parents = fine["cell"].map(lambda c: h3.cell_to_parent(c, h3.get_resolution(coarse["cell"].iloc[0])))
    told = fine.groupby(parents)[["n_customers", "expected"]].sum()
    assert coarse.set_index("cell")[["n_customers", "expected"]].sort_index().to_numpy() == pytest.approx(
        told.sort_index().to_numpy()
    )
    assert spots.coarser(fine) is fine


NUMBERS = ["n_customers", "n_tickets", "excess", "p_value"]
OF_ONE = Viewer.of("planner", regions=frozenset({"321003"}))


@pytest.mark.parametrize("viewer", [PLANNER, OF_ONE], ids=["planner", "planner of one district"])
def test_hexagons_of_fewer_than_three_customers_have_no_numbers_for_a_planner(
    demo_reader: Reader, viewer: Viewer
) -> None:
    every = spots.excess(demo_reader, Viewer.of("analyst", viewer.regions), WEEK, "h3_8").set_index("cell")
    seen = spots.excess(demo_reader, viewer, WEEK, "h3_8").set_index("cell")
    assert set(seen.index) == set(every.index) and not every["is_small"].any()
    few = every.index[every["n_customers"] < 3]
    many = every.index.difference(few)
    assert len(few) > 5 and len(many) > 5
    assert seen.loc[few, NUMBERS].isna().all(axis=None) and seen.loc[few, "is_small"].all()
    assert seen.loc[many, NUMBERS].equals(every.loc[many, NUMBERS].astype(float))
    assert not seen.loc[many, "is_small"].any()
    assert viewer.regions is None or set(seen["region_code"]) == viewer.regions


def test_of_hexagons_added_up_only_those_that_surely_hold_three_are_told(demo_reader: Reader) -> None:
    """Two of two customers each may be the same two people."""
    fine = spots.excess(demo_reader, ANALYST, WEEK, "h3_8")
    fine = fine[fine["expected"].notna()]
    seen = spots.excess(demo_reader, PLANNER, WEEK, "h3_8", most=60).set_index("cell")
    whole = spots.excess(demo_reader, ANALYST, WEEK, "h3_8", most=60).set_index("cell")
    at = fine["cell"].map(lambda c: h3.cell_to_parent(c, h3.get_resolution(seen.index[0])))
    fullest = fine["n_customers"].groupby(at).max().reindex(seen.index)
    assert (seen["is_small"] == (fullest < 3)).all() and 0 < seen["is_small"].sum() < len(seen)
    assert seen.loc[seen["is_small"], NUMBERS].isna().all(axis=None)
    told = seen.index[~seen["is_small"]]
    assert seen.loc[told, "n_customers"].tolist() == whole.loc[told, "n_customers"].tolist()
    least = spots.excess(demo_reader, MANAGER, WEEK, "h3_8", most=60)
    assert set(least["cell"]) == set(fullest.index[fullest >= 5])


@pytest.mark.parametrize("viewer", [PLANNER, MANAGER])
def test_squares_over_hexagons_would_tell_the_corners(demo_reader: Reader, viewer: Viewer) -> None:
    with pytest.raises(NotAllowed, match="hexagons only"):
        spots.excess(demo_reader, viewer, WEEK, "grid500")
    assert len(spots.excess(demo_reader, ANALYST, WEEK, "grid500"))


def test_squares_by_class_tell_complaints_of_three_customers_and_more(demo_reader: Reader) -> None:
    every, seen = (spots.classes(demo_reader, v, WEEK).set_index("cell") for v in (ANALYST, PLANNER))
    people = spots.excess(demo_reader, ANALYST, WEEK, "grid500").set_index("cell")["n_customers"]
    assert set(seen.index) == set(every.index)
    told = seen.index[seen["n_tickets"].fillna(0) > 0]
    assert len(told) and (people.reindex(told) >= 3).all()
    assert (seen.loc[told, "n_tickets"] == every.loc[told, "n_tickets"]).all()
    few = seen.index[seen["is_small"]]
    assert len(few) and seen.loc[few, "n_tickets"].isna().all() and (every.loc[few, "n_tickets"] > 0).all()
    nobody = every.index[every["n_tickets"] == 0]
    assert (seen.loc[nobody, "n_tickets"] == 0).all(), "where nobody complained there is nobody to hide"


def test_what_stands_behind_a_hotspot_does_not_tell_a_square_of_few(demo_reader: Reader) -> None:
    name = estate(demo_reader)
    every, seen = (spots.behind(demo_reader, "mart_hotspot_grid", v, name, WEEK) for v in (ANALYST, PLANNER))
    few = every["n_customers"] < 3
    assert few.any() and seen.loc[few, "n_customers"].isna().all() and len(seen) == len(every)
    assert seen["n_customers"].isna().sum() != 1, "one alone follows from the sum"


def test_a_hotspot_that_has_gone_keeps_its_name_and_tells_no_few(demo_reader: Reader) -> None:
    every = demo_reader.table("mart_hotspot", ANALYST)
    seen = demo_reader.table("mart_hotspot", PLANNER)
    few = every["n_customers"].between(1, 2)
    assert few.any() and seen.loc[few, "n_customers"].isna().all() and seen["hotspot_id"].equals(every["hotspot_id"])
    assert seen.loc[~few, "n_customers"].tolist() == every.loc[~few, "n_customers"].tolist()


def test_a_table_read_whole_tells_no_hexagon_of_few(demo_reader: Reader) -> None:
    for viewer, least in ((PLANNER, 3), (MANAGER, 5)):
        seen = demo_reader.table("mart_grid_week", viewer, first=20_000)
        few = seen["is_small"]
        assert few.any() and seen.loc[few, NUMBERS].isna().all(axis=None)
        assert seen.loc[~few, "n_customers"].min() == least


@pytest.mark.parametrize("viewer", [MANAGER, PLANNER])
def test_counts_within_a_hotspot_do_not_tell_a_few_nor_all_but_a_few(demo_reader: Reader, viewer: Viewer) -> None:
    least, n_hidden = least_of(viewer), 0
    every = spots.of_week(demo_reader, ANALYST, WEEK).set_index("hotspot_id")
    for row in spots.of_week(demo_reader, viewer, WEEK).itertuples():
        true = every.loc[row.hotspot_id]
        for name in spots.WITHIN:
            told, n, rest = getattr(row, name), true[name], true["n_customers"] - true[name]
            is_few = 0 < n < least or 0 < rest < least
            assert told == n if pd.notna(told) else is_few or true["n_customers"] < least
            n_hidden += is_few and true["n_customers"] >= least
    assert n_hidden > 3


@pytest.mark.parametrize("viewer", [MANAGER, PLANNER])
@pytest.mark.parametrize("name", ["n_repeat", "n_vip"])
def test_the_score_does_not_tell_a_count_that_is_hidden(viewer: Viewer, name: str) -> None:
    """Whatever the hidden count, all that is shown is the same."""
    n, least = 12, least_of(viewer)
    whole = {"hotspot_id": "H", "n_customers": n, "is_small": False, "n_customers_week": n, "n_escalated": 0}
    for hidden in (range(1, least), range(n - least + 1, n)):
        shown = []
        for k in hidden:
            counts = {"n_repeat": 6, "n_vip": 6, name: k}
            parts = {"score_repeat": 20 * counts["n_repeat"] / n, "score_vip": 10 * counts["n_vip"] / n}
            row = whole | counts | parts | {"score_excess": 30.0, "score": 30.0 + sum(parts.values())}
            shown.append(spots.hide_few_within(pd.DataFrame([row]), viewer).round(9))
        assert all(s.equals(shown[0]) for s in shown) and shown[0][name].isna().all()
        assert 30 < shown[0]["score"].iloc[0] < 60


def test_a_score_is_the_sum_of_its_parts_for_every_role(demo_reader: Reader) -> None:
    for viewer in (MANAGER, PLANNER, ANALYST):
        found = spots.of_week(demo_reader, viewer, WEEK).dropna(subset=["score"])
        parts = [name for name in found if name.startswith("score_")]
        assert len(parts) == 5 and (found["score"] - found[parts].sum(axis=1)).abs().max() < 1e-9


@pytest.mark.parametrize("at", [datetime(2025, 3, 30, 20), datetime(2025, 3, 31, 8, 30)])
def test_open_alarms_are_those_begun_and_not_over_at_the_candidate_cells(demo_reader: Reader, at: datetime) -> None:
    week = date(2025, 3, 24)
    con = demo_reader._door.connection()
    sites = con.execute("select hotspot_id, site_id from mart_hotspot_cell where week_start = ?", [week]).df()
    alarms = con.execute("select alarm_id, site_id, started_at, ended_at from fact_alarm").df()
    is_open = (alarms["started_at"] <= at) & (alarms["ended_at"].isna() | (alarms["ended_at"] > at))
    due = sites.merge(alarms[is_open], on="site_id").groupby("hotspot_id")["alarm_id"].nunique().to_dict()
    assert spots.open_alarms(demo_reader, PLANNER, week, at) == due
    assert bool(due) == (at.hour == 20), "the outage of Sunday evening is over on Monday"
    with pytest.raises(NotAllowed):
        spots.open_alarms(demo_reader, MANAGER, week, at)
    away = Viewer.of("planner", regions=frozenset({"321023"}))
    assert spots.open_alarms(demo_reader, away, week, datetime(2025, 3, 30, 20)) == {}
