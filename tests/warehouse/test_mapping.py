"""What maps are drawn from: ratios of sums over the whole span, within the scope, and only for who may see rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from warehouse import mapping
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.viewer import Viewer

PLANNER = Viewer.of("planner")
WEEK = date(2025, 3, 24)


def test_managers_get_no_single_places(demo_reader: Reader) -> None:
    manager = Viewer.of("manager")
    for ask in (
        lambda: mapping.cells(demo_reader, manager, WEEK),
        lambda: mapping.alarms(demo_reader, manager, WEEK),
        lambda: mapping.halls(demo_reader, manager, WEEK, Filters()),
        lambda: mapping.weak_grids(demo_reader, manager, WEEK),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_every_cell_on_air_stands_once_with_the_sums_of_its_days(demo_reader: Reader) -> None:
    found = mapping.cells(demo_reader, PLANNER, WEEK)
    assert found["cell_id"].is_unique and len(found) > 1000
    days = demo_reader.ask(
        "select sum(mr_samples) as n, sum(mr_weak) as weak from fact_cell_kpi_1d "
        "where period_on >= ? and period_on < ? and cell_id in (select cell_id from dim_cell where lon is not null)",
        [WEEK, WEEK + timedelta(7)],
    ).iloc[0]
    assert (found["mr_samples"].sum(), found["mr_weak"].sum()) == (days["n"], days["weak"])


def test_a_week_over_a_months_end_is_whole(demo_reader: Reader) -> None:
    found = mapping.cells(demo_reader, PLANNER, date(2025, 2, 24))
    assert found["n_days"].max() == 7


def test_a_site_is_not_there_before_it_is_on_air(demo_reader: Reader) -> None:
    before = set(mapping.cells(demo_reader, PLANNER, date(2024, 10, 14))["site_id"])
    after = set(mapping.cells(demo_reader, PLANNER, date(2024, 11, 4))["site_id"])
    assert {"YZS00016", "YZS00017"} <= after - before


def test_a_region_limits_everything(demo_reader: Reader) -> None:
    bound = Viewer.of("planner", regions=frozenset({"321003"}))
    assert set(mapping.cells(demo_reader, bound, WEEK)["region_code"]) == {"321003"}
    assert set(mapping.halls(demo_reader, bound, WEEK, Filters())["region_code"]) == {"321003"}


def test_squares_add_up_their_days_and_get_coarser_when_there_are_many(
    demo_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, side, day = mapping.weak_grids(demo_reader, PLANNER, WEEK + timedelta(7))
    assert (side, day) == (50, date(2025, 3, 30))
    monkeypatch.setattr(mapping, "MOST_GRIDS", len(fine) // 8)
    coarse, side, _ = mapping.weak_grids(demo_reader, PLANNER, WEEK + timedelta(7))
    assert side > 50 and len(coarse) < len(fine)
    assert coarse["n_samples"].sum() == fine["n_samples"].sum()
    assert coarse["n_weak"].sum() == fine["n_weak"].sum()


def test_before_the_first_measurement_there_is_none(demo_reader: Reader) -> None:
    found, _, day = mapping.weak_grids(demo_reader, PLANNER, date(2024, 1, 1))
    assert found.empty and day is None


def test_a_site_with_several_alarms_stands_once_with_its_worst(demo_reader: Reader) -> None:
    found = mapping.alarms(demo_reader, PLANNER, WEEK)
    assert found["site_id"].is_unique
    assert list(found["severity"]) == sorted(found["severity"]), "critical before major"
    assert (found["minutes"] > 0).all() and (found["minutes"] <= 7 * 24 * 60 * found["n_alarms"]).all()


def test_around_a_place_squares_are_drawn_in_full_detail(demo_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _, _ = mapping.weak_grids(demo_reader, PLANNER, WEEK + timedelta(7))
    monkeypatch.setattr(mapping, "MOST_GRIDS", 200)
    at = (float(whole["lon"].iloc[0]), float(whole["lat"].iloc[0]))
    coarse, side, _ = mapping.weak_grids(demo_reader, PLANNER, WEEK + timedelta(7))
    near, fine, _ = mapping.weak_grids(demo_reader, PLANNER, WEEK + timedelta(7), (), at)
    assert len(coarse) <= 200 and fine < side
    assert near["n_samples"].sum() < whole["n_samples"].sum()
    assert (near["lat"] - at[1]).abs().max() * 110_900 <= mapping.NEAR_M + side


def test_halls_tell_complaints_of_three_customers_and_more_to_a_planner(demo_reader: Reader) -> None:
    every, seen = (
        mapping.halls(demo_reader, Viewer.of(r), WEEK, Filters()).set_index("hall_id") for r in ("analyst", "planner")
    )
    few = every.index[every["n_customers"].between(1, 2)]
    rest = every.index.difference(few)
    assert len(few) and seen.loc[few, ["n", "n_customers"]].isna().all(axis=None)
    assert seen.loc[rest, "n"].tolist() == every.loc[rest, "n"].tolist()
    assert list(seen.index[-len(few) :]) == sorted(few), "their order tells nothing either"
