"""The network rules against a second and plain reading, over the live week of the demo city."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from alerts.rules import load_rules
from alerts.signals import signals
from alerts.sources import Release
from tests.alerts import plain_network
from tests.alerts.plain_network import Asked, Told
from warehouse.home import Home
from warehouse.hours import open_hours, pins_of
from warehouse.release import Releases

pytestmark = pytest.mark.deep
BEGIN, END = datetime(2025, 3, 24), datetime(2025, 3, 31, 8, 30)
ACCESS = datetime(2025, 3, 25, 13)  # of the few hours in which connections failed
MOMENTS = sorted([*(BEGIN + n * timedelta(hours=5) for n in range(1, 35)), ACCESS, END])
MIDNIGHTS = [BEGIN + n * timedelta(days=1) for n in range(8)]
RULES = load_rules()
TABLES = {
    "cells": "select * from dim_cell where region_code is not null",
    "places": "select * from dim_place",
    "sites": "select * from dim_site",
    "alarms": "select * from fact_alarm",
    "calendar": "select date_on, is_workday, is_holiday from dim_date",
    "days": "select * from fact_cell_kpi_1d where period_on >= date '2025-03-01'",
    "tickets": "select serving_cell_id, cust_key, accepted_at from fact_ticket where type_l1 = 'NET' and is_counted"
    " and serving_cell_id is not null and cust_key is not null and accepted_at >= timestamp '2025-02-01'",
}


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Release:
    return Release.current(Home(demo_home))


@pytest.fixture(scope="module")
def rows(demo_home: Path, release: Release) -> dict[str, pd.DataFrame]:
    found = {name: release.select(sql, {}) for name, sql in TABLES.items()}
    found["calendar"]["date_on"] = pd.to_datetime(found["calendar"]["date_on"])
    found["days"]["period_on"] = pd.to_datetime(found["days"]["period_on"])
    releases = Releases(demo_home / "releases")
    path = releases.path(releases.current() or "")
    pins = pins_of(path, demo_home / "lake").between((BEGIN - timedelta(weeks=10)).date(), END.date())
    hours = open_hours(path, demo_home / "lake", pins).execute("select * from fact_cell_kpi_1h").df()
    found["hours"] = hours.assign(cell_id=hours["cell_id"].astype(str)).reset_index(drop=True)
    return found


@pytest.fixture(scope="module")
def area_of(rows: dict[str, pd.DataFrame]) -> dict[str, str]:
    return plain_network.areas(rows["cells"], rows["places"])


def told(release: Release, rule_id: str, times: list[datetime]) -> dict[datetime, Told]:
    """What the engine reads at each moment."""
    rule = RULES[rule_id]
    found = signals()[rule.signal].readings(release, times, rule.parameters)
    return {at: {r.scope_id: float(r.value) for r in found[found["seen_at"] == at].itertuples()} for at in times}


def same(ours: dict[datetime, Told], plainly: dict[datetime, Told], within: float) -> None:
    for at, there in plainly.items():
        assert sorted(ours[at]) == sorted(there), at
        for scope, value in there.items():
            assert ours[at][scope] == pytest.approx(value, abs=within, nan_ok=True), (at, scope)


ASKED = {
    "RN01": Asked(6, 4, 100, 500, 1.0, 4),
    "RN03": Asked(3, 3, 60, 600, 0.1, 14),
    "RN05": Asked(2, 2, 100, 500, 0.01, 4),
    "RN06": Asked(2, 2, 100, 500, 0.02, 4),
    "RN08": Asked(6, 6, 1, 1e9, -110.0, 4),
}


@pytest.mark.parametrize(
    "rule_id, within", [("RN01", 0.01), ("RN03", 1e-4), ("RN05", 1e-5), ("RN06", 1e-5), ("RN08", 0.01)]
)
def test_hours(
    release: Release, rows: dict[str, pd.DataFrame], area_of: dict[str, str], rule_id: str, within: float
) -> None:
    hours, calendar, since = rows["hours"], rows["calendar"], BEGIN - timedelta(days=3)
    is_nr = dict(zip(rows["cells"]["cell_id"], rows["cells"]["rat"] == "NR", strict=True))
    read = {
        "RN01": lambda: plain_network.signal(hours, calendar, since),
        "RN03": lambda: plain_network.speed(hours, calendar, since, is_nr),
        "RN05": lambda: plain_network.dropped(hours[hours["period_start"] >= since]),
        "RN06": lambda: plain_network.refused(hours[hours["period_start"] >= since]),
        "RN08": lambda: plain_network.interference(hours[hours["period_start"] >= since]),
    }
    known = read[rule_id]()
    plainly = plain_network.by_area(
        known[known["cell_id"].isin(area_of)], area_of, rows["tickets"], ASKED[rule_id], MOMENTS
    )
    same(told(release, rule_id, MOMENTS), plainly, within)
    step = next(iter(RULES[rule_id].steps.values()))
    assert any(value >= step for scopes in plainly.values() for value in scopes.values()), "nothing bad was compared"


def test_weak_coverage(release: Release, rows: dict[str, pd.DataFrame], area_of: dict[str, str]) -> None:
    rule = RULES["RN02"]
    found = signals()[rule.signal].readings(release, MIDNIGHTS, rule.parameters)
    for at in MIDNIGHTS:
        ours = found[found["seen_at"] == at].set_index("scope_id")
        plainly = plain_network.weak(rows["days"], area_of, rows["tickets"], at)
        assert sorted(ours.index) == sorted(plainly)
        for area, (coverage, n_customers) in plainly.items():
            assert ours["value"][area] == pytest.approx(coverage, abs=1e-6), (at, area)
            assert ours["n_customers"][area] == n_customers, (at, area)
            assert (ours["at_least"][area] == "orange") == (n_customers >= 3)
    assert (found["value"] < 0.90).any()


def test_load(release: Release, rows: dict[str, pd.DataFrame], area_of: dict[str, str]) -> None:
    plainly = {at: plain_network.busy(rows["hours"], area_of, at) for at in MIDNIGHTS}
    same(told(release, "RN04", MIDNIGHTS), plainly, 1e-6)
    assert any(value >= 0.70 for scopes in plainly.values() for value in scopes.values())


def test_outages(release: Release, rows: dict[str, pd.DataFrame]) -> None:
    times = [*MOMENTS, *(datetime(2025, 3, 30, 18, 45) + n * timedelta(minutes=30) for n in range(10))]
    of = (rows["alarms"], rows["hours"], rows["cells"], rows["sites"])
    plainly = {at: plain_network.outages(*of, at) for at in times}
    same(told(release, "RN07", times), plainly, 0)
    assert max(value for scopes in plainly.values() for value in scopes.values()) >= 3
