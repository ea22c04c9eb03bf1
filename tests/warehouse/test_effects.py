"""Grounds of sites, changes with what they concern, and what came of the demo city's changes."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from warehouse.changes import NEAR_M, NEW_SITE, Change, changes, sites_of
from warehouse.effects import NEIGHBOURS, WEEKS, told, verdicts
from warehouse.grounds import Land, Near
from warehouse.hotspots.settings import defaults
from warehouse.query import Reader
from warehouse.viewer import Viewer

PLANNER, AS_OF = Viewer.of("planner"), date(2025, 3, 31)
NO_FIX = defaults().fix.not_by
ESTATE = "CH20241029-01"


@pytest.fixture(scope="module")
def found(demo_reader: Reader) -> list[Change]:
    return changes(demo_reader, PLANNER, AS_OF, NO_FIX)


def by_id(found: list[Change], name: str) -> Change:
    return next(c for c in found if c.change_id == name)


def test_a_complaint_is_counted_for_its_nearest_site_and_once(demo_reader: Reader) -> None:
    """Measured again one by one, without tiles."""
    rows = demo_reader.ask(
        "select t.ticket_id, t.lon, t.lat, m.site_id, m.distance_m from fact_ticket as t "
        "left join mart_ticket_site as m on m.ticket_id = t.ticket_id "
        "where t.is_counted and t.type_l1 = 'NET' and t.geo_grade in ('A', 'B') order by hash(t.ticket_id) limit 150",
        [],
    )
    sites = demo_reader.ask("select * from dim_site where lon is not null", [])
    assert rows["ticket_id"].is_unique
    for row in rows.itertuples():
        east = (row.lon - sites["lon"]) * 111_320 * math.cos(math.radians(row.lat))
        away = (east**2 + ((row.lat - sites["lat"]) * 110_900) ** 2) ** 0.5
        if away.min() > 2000:
            assert row.site_id != row.site_id
        else:
            assert row.distance_m == pytest.approx(away.min(), abs=0.1)


def test_weeks_of_sites_add_up(demo_reader: Reader) -> None:
    rows = demo_reader.ask(
        "select (select sum(n_tickets) from mart_site_complaint) as told, "
        "(select count(*) from mart_ticket_site) as n, "
        "(select count(*) from mart_site_complaint where n_customers > n_tickets or n_customers < 1) as wrong",
        [],
    ).iloc[0]
    assert rows["told"] == rows["n"] > 5000 and rows["wrong"] == 0


def test_two_sites_and_the_notice_of_them_are_one_change(found: list[Change]) -> None:
    one = by_id(found, ESTATE)
    assert (one.kind, one.first, one.own) == (NEW_SITE, date(2024, 10, 29), ("YZS00016", "YZS00017"))
    assert one.ground > set(one.own) and one.region_code == "321003"
    assert not any("YZS00016" in c.own for c in found if c is not one)


def test_power_cuts_packages_and_billing_are_no_fixes(found: list[Change]) -> None:
    names = {c.change_id for c in found}
    assert names.isdisjoint({"CH20240619-01", "CH20240301-01", "CH20240728-01", "CH20241111-01", "CH20250322-01"})
    assert {"CH20240417-01", "CH20241120-01"} < names
    assert [c.first for c in found] == sorted((c.first for c in found), reverse=True)


def test_the_two_sites_worked(demo_reader: Reader, found: list[Change]) -> None:
    """The planted fix: complaints of the estate vanish, and the cells that were there cover less weakly than before."""
    one = told(demo_reader, PLANNER, by_id(found, ESTATE), found, AS_OF)
    effect = one.effect
    assert effect.verdict == "worked"
    assert effect.ratio is not None and effect.ratio.high < 0.5 and effect.ratio.avoided_low > 10
    assert {"weak", "level"} <= set(effect.better)
    assert effect.regression is not None and effect.regression.is_warning, "a new estate's peak was unusual there"
    assert (effect.periods_before, effect.periods_after, effect.n_others) == (WEEKS, WEEKS, NEIGHBOURS)
    assert 20 < one.n_customers <= effect.n_before + effect.n_after + 10


def test_together_they_are_told_as_one_by_one(demo_reader: Reader, found: list[Change]) -> None:
    """Asked of many changes at once, figures of the network only where a verdict turns on them."""
    some = [by_id(found, ESTATE), by_id(found, "CH20240417-01")]
    for quick, one in zip(verdicts(demo_reader, PLANNER, some, found, AS_OF), some, strict=True):
        full = told(demo_reader, PLANNER, one, found, AS_OF)
        assert (quick.effect.verdict, quick.effect.ratio) == (full.effect.verdict, full.effect.ratio)
        assert (quick.n_customers, quick.beside) == (full.n_customers, full.beside)


def test_grounds_are_measured_one_by_one(demo_reader: Reader, found: list[Change]) -> None:
    sites = sites_of(demo_reader, PLANNER)
    land = Land(sites, np.ones((len(sites), 1)), pd.Timestamp(AS_OF), NEAR_M)
    close = Near(sites)
    for n in range(0, len(sites), 40):
        away = np.hypot(sites["x"] - sites["x"].iloc[n], sites["y"] - sites["y"].iloc[n])
        ground = frozenset(sites.index[away <= NEAR_M])
        assert (land.around.sites(n), land.around.weekly[n, 0]) == (ground, len(ground))
        assert ground == frozenset(close.within([n], NEAR_M))
    busy = land.at(by_id(found, ESTATE).ground)
    every = [frozenset(land.around.sites(n)) for n in range(len(sites))]
    free = [g for g in every if not g & set(sites.index[busy])]
    told = land.around.untouched(busy, np.arange(len(sites)))
    assert [land.around.sites(n) for n in told] == free
    assert {land.towns.sites(n) for n in range(len(land.towns.weekly))} == {
        frozenset(part.index) for _, part in sites.groupby("town")
    }


def test_the_counts_are_those_of_the_tickets(demo_reader: Reader, found: list[Change]) -> None:
    change = by_id(found, ESTATE)
    one = told(demo_reader, PLANNER, change, found, AS_OF)
    sites = ", ".join(f"'{s}'" for s in sorted(change.ground))
    rows = demo_reader.ask(
        f"select count(*) filter (where accepted_on >= '2024-09-02' and accepted_on < '2024-10-28') as before, "
        f"count(*) filter (where accepted_on >= '2024-11-04' and accepted_on < '2024-12-30') as after "
        f"from mart_ticket_site where site_id in ({sites})",
        [],
    ).iloc[0]
    assert (one.effect.n_before, one.effect.n_after) == (rows["before"], rows["after"])
    near = one.weeks[(one.weeks["week_start"] >= "2024-09-02") & (one.weeks["week_start"] < "2024-10-28")]
    assert near["others"].sum() == pytest.approx(near["n"].sum()), "neighbours are scaled to the place before"


def test_a_cutover_of_the_core_changed_nothing_and_a_lone_site_is_too_little(
    demo_reader: Reader, found: list[Change]
) -> None:
    town = by_id(found, "CH20240417-01")
    assert town.towns == ("仙女镇",)
    assert told(demo_reader, PLANNER, town, found, AS_OF).effect.verdict == "none"
    lone = next(c for c in found if c.kind == NEW_SITE and len(c.ground) == 1)
    assert told(demo_reader, PLANNER, lone, found, AS_OF).effect.verdict == "thin"


def test_a_change_of_yesterday_is_too_young(demo_reader: Reader, found: list[Change]) -> None:
    one = told(demo_reader, PLANNER, by_id(found, ESTATE), found, date(2024, 11, 6))
    assert one.effect.verdict == "thin" and one.effect.periods_after == 0


def test_who_sees_one_district_reads_of_its_changes_only(demo_reader: Reader) -> None:
    there = Viewer.of("planner", regions=frozenset({"321003"}))
    seen = changes(demo_reader, there, AS_OF, NO_FIX)
    assert seen and {c.region_code for c in seen} == {"321003"}
    assert told(demo_reader, there, by_id(seen, ESTATE), seen, AS_OF).effect.n_others > 0


def test_kinds_that_are_no_remedy_are_the_workspaces_own(demo_reader: Reader, found: list[Change]) -> None:
    kinds = {c.kind for c in found}
    assert kinds and not kinds & set(NO_FIX)
    everything = {c.kind for c in changes(demo_reader, PLANNER, AS_OF, ())}
    assert everything > kinds, "the demo city tells of events that help nobody"
    one = next(c.kind for c in found if c.kind != NEW_SITE)
    assert one not in {c.kind for c in changes(demo_reader, PLANNER, AS_OF, (one, *NO_FIX))}
