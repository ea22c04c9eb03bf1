"""Complaints on days with and without a finding: against a count by hand, in scope, and what follows from limits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from warehouse.catalog import models
from warehouse.explaining import by_district, layers, share
from warehouse.hotspots.radio import FIGURES
from warehouse.hotspots.settings import defaults
from warehouse.query import Reader
from warehouse.viewer import Viewer

MANAGER, END = Viewer.of("manager"), date(2025, 3, 31)
BY_DAY = Path(__file__).with_name("explained_by_day.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(demo_reader: Reader) -> pd.DataFrame:
    return layers(demo_reader, MANAGER)


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


def test_complaints_are_those_found_by_looking_at_every_day(demo_reader: Reader, found: pd.DataFrame) -> None:
    """Counts to the complaint; traffic nearly, whose usual day is one of whole weeks."""
    rules = defaults()
    limits = {name: getattr(rules.radio, name).limit for name in FIGURES}
    asked = {**limits, "samples": rules.cause.samples, "attempts": rules.cause.attempts}
    every = demo_reader.ask(BY_DAY, {**asked, "first_on": END - timedelta(91), "end_on": END}).fillna(0)
    keys = ["region_code", "rat", "week_start"]
    counts = ["n_found", "n_fine", "n_radio", "n_alarm", "n_change"]
    assert (
        every[[*keys, *counts]]
        .astype({c: int for c in counts})
        .equals(found[[*keys, *counts]].astype({c: int for c in counts}))
    )
    for name in ("traffic_found", "traffic_fine"):
        assert found[name].to_numpy() == pytest.approx(every[name].to_numpy(), rel=1e-3, abs=0.1)


def test_limits_nobody_passes_find_no_day(demo_reader: Reader) -> None:
    """The model's own select over the city's days, with limits that no figure reaches and with the city's own."""
    model = models()["mart_cell_finding"].sql
    rules = defaults()
    own = {name: getattr(rules.radio, name).limit for name in FIGURES}
    lax = {name: -99.0 if name in ("access", "handover") else 99.0 for name in FIGURES}
    n_found = []
    for limits in (own, lax):
        seed = ", ".join("$" + name + " as " + name.replace("drop", "drop_rate") for name in FIGURES)
        seed = "with seed_radio as (select " + seed + ", $attempts as attempts, $samples as samples)"
        asked = {**limits, "samples": rules.cause.samples, "attempts": rules.cause.attempts}
        rows = demo_reader.ask(seed + " select count(*) as n from (" + model + ")", asked)
        n_found.append(int(rows["n"].iloc[0]))
    published = demo_reader.ask("select count(*) as n from mart_cell_finding", [])
    assert n_found == [int(published["n"].iloc[0]), 0] and n_found[0] > 1000


def test_a_release_from_before_findings_were_published_explains_nothing(
    demo_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {name: classes for name, classes in demo_reader.levels.items() if name != "mart_explained_week"}
    monkeypatch.setitem(vars(demo_reader), "levels", older)
    assert layers(demo_reader, MANAGER).empty


def test_who_sees_one_district_gets_its_sums(demo_reader: Reader) -> None:
    seen = layers(demo_reader, Viewer.of("manager", regions=frozenset({"321002"})))
    assert set(seen["region_code"]) == {"321002"}
