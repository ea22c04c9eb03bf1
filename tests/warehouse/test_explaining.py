"""Complaints on days with and without a finding: against a count by hand, in scope, and what follows from limits."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from warehouse.explaining import by_district, layers, share
from warehouse.hotspots.settings import defaults, settings
from warehouse.query import Reader
from warehouse.viewer import Viewer

MANAGER, END = Viewer.of("manager"), date(2025, 3, 31)


@pytest.fixture(scope="module")
def found(demo_reader: Reader) -> pd.DataFrame:
    return layers(demo_reader, MANAGER, defaults(), END)


def test_every_complaint_at_a_cell_with_counters_is_there_once(demo_reader: Reader, found: pd.DataFrame) -> None:
    rows = demo_reader.ask(
        "select count(*) as n from mart_ticket_cell as m join fact_cell_kpi_1d as k "
        "on k.cell_id = m.cell_id and k.period_on = m.accepted_on "
        "where m.accepted_on >= '2024-12-30' and m.accepted_on < '2025-03-31'",
        [],
    )
    assert found["n_found"].sum() + found["n_fine"].sum() == rows["n"].iloc[0] > 1000
    assert (found["n_found"] <= found["n_radio"] + found["n_alarm"] + found["n_change"]).all()


def test_complaints_with_an_alarm_are_those_counted_one_by_one(demo_reader: Reader, found: pd.DataFrame) -> None:
    rows = demo_reader.ask(
        "select count(distinct m.ticket_id) as n from mart_ticket_cell as m "
        "join dim_cell as c on c.cell_id = m.cell_id and m.accepted_on >= c.valid_from "
        "and (c.valid_to is null or m.accepted_on < c.valid_to) "
        "join fact_cell_kpi_1d as k on k.cell_id = m.cell_id and k.period_on = m.accepted_on "
        "join fact_alarm as a on a.site_id = c.site_id and (a.cell_id is null or a.cell_id = m.cell_id) "
        "and a.severity in ('critical', 'major') and cast(a.started_at as date) <= m.accepted_on "
        "and cast(coalesce(a.ended_at, a.started_at) as date) >= m.accepted_on - interval 1 day "
        "where m.accepted_on >= '2024-12-30' and m.accepted_on < '2025-03-31'",
        [],
    )
    assert found["n_alarm"].sum() == rows["n"].iloc[0] > 0


def test_traffic_is_counted_in_cell_days(demo_reader: Reader, found: pd.DataFrame) -> None:
    rows = demo_reader.ask(
        "select count(*) as n from fact_cell_kpi_1d where period_on >= '2024-12-30' and period_on < '2025-03-31'", []
    )
    assert found["traffic_found"].sum() + found["traffic_fine"].sum() == pytest.approx(rows["n"].iloc[0], rel=0.01)


def test_districts_have_intervals_and_the_city_lies_between(found: pd.DataFrame) -> None:
    whole, by = share(found), by_district(found)
    assert whole.share is not None and whole.low is not None and whole.high is not None
    assert 0 < whole.low < whole.share < whole.high < 0.5
    assert by["share"].is_monotonic_decreasing and by["share"].iloc[0] > whole.share > by["share"].iloc[-1]
    assert by["n"].sum() == whole.n


def test_limits_nobody_passes_find_alarms_and_changes_only(demo_reader: Reader, found: pd.DataFrame) -> None:
    lax = {"radio": {n: {"limit": 2.0, "fine": 1.5, "bad": 3.0} for n in ("weak", "load", "drop", "outage")}
           | {n: {"limit": -2.0, "fine": -1.0, "bad": -3.0} for n in ("access", "handover")}
           | {"interference": {"limit": 50.0, "fine": 40.0, "bad": 60.0}}}  # fmt: skip
    seen = layers(demo_reader, MANAGER, settings(lax), END)
    assert seen["n_radio"].sum() == 0 < found["n_radio"].sum()
    assert seen["n_alarm"].sum() == found["n_alarm"].sum()


def test_who_sees_one_district_gets_its_sums(demo_reader: Reader) -> None:
    seen = layers(demo_reader, Viewer.of("manager", regions=frozenset({"321002"})), defaults(), END)
    assert set(seen["region_code"]) == {"321002"}
