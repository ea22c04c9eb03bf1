"""Lists of tickets, late sources and falls of satisfaction, against a second and plain reading of their rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from alerts.rules import load_rules
from alerts.signals import signals
from alerts.sources import Release
from tests.alerts import plain, plain_lists
from tests.alerts.plain import DAY
from tests.alerts.plain_lists import Told
from tests.alerts.test_plain import BEGIN, END, same
from warehouse.home import Home

# Every eighth day at another hour, nights and days off among them; and the moment the city ends with.
MOMENTS = [*(BEGIN + n * timedelta(days=8, hours=5) for n in range(22)), datetime(2025, 3, 31, 8)]
RULES = load_rules()


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Release:
    return Release.current(Home(demo_home))


@pytest.fixture(scope="module")
def held(release: Release) -> pd.DataFrame:
    return release.select("select * from mart_ticket_held where held_to is null or held_to > $begin", {"begin": BEGIN})


def told(release: Release, rule_id: str, times: list[datetime]) -> dict[datetime, Told]:
    """What the engine reads at each moment."""
    rule = RULES[rule_id]
    found = signals()[rule.signal].readings(release, times, rule.parameters).fillna({"n": 1})
    return {
        at: {r.scope_id: (int(r.n), round(r.value, 3)) for r in found[found["seen_at"] == at].itertuples()}
        for at in times
    }


def plainly(read: Callable[[datetime], Told], times: list[datetime]) -> dict[datetime, Told]:
    return {at: {scope: (n, round(value, 3)) for scope, (n, value) in read(at).items()} for at in times}


@pytest.mark.deep
@pytest.mark.parametrize(
    "rule_id, is_past, is_urgent",
    [("RS01", False, False), ("RS02", True, False), ("RS01-P1", False, True), ("RS02-P1", True, True)],
)
def test_clocks(release: Release, held: pd.DataFrame, rule_id: str, is_past: bool, is_urgent: bool) -> None:
    ours = told(release, rule_id, MOMENTS)
    assert ours == plainly(lambda at: plain_lists.by_clock(held, at, is_past, is_urgent), MOMENTS)
    assert any(ours.values())


def test_unanswered(release: Release, held: pd.DataFrame) -> None:
    ours = told(release, "RS13", MOMENTS)
    assert ours == plainly(lambda at: plain_lists.unanswered(held, at), MOMENTS)
    assert any(ours.values())


def test_promises(release: Release, held: pd.DataFrame) -> None:
    times = [END - n * timedelta(hours=7) for n in range(20)]
    events = release.select(
        "select ticket_id, min(event_at) as paid_at from fact_ticket_event where event = $paid group by ticket_id",
        {"paid": "COMPENSATE"},
    )
    paid = dict(zip(events["ticket_id"], events["paid_at"].dt.to_pydatetime(), strict=True))
    ours = told(release, "RS12", times)
    assert ours == plainly(lambda at: plain_lists.promised(held, paid, at), times)
    assert any(ours.values())


def test_lateness(release: Release) -> None:
    files = release.select(
        "select contract, cadence_hours, first_period, last_period from fact_file"
        " where state = 'loaded' and cadence_hours is not null and last_period is not null",
        {},
    )
    ours = told(release, "RD01", MOMENTS)
    assert ours == plainly(lambda at: plain_lists.late(files, at), MOMENTS)
    assert len(ours[MOMENTS[-1]]) > 5


@pytest.mark.deep
def test_falls_of_satisfaction(release: Release) -> None:
    tickets = release.select("select owner_dept, surveyed_at, answer_code from mart_ticket", {})
    changes = release.select("select started_at from fact_change_event", {})["started_at"]
    times = plain.grid(BEGIN, END, DAY)
    assert same(plain.episodes(plain_lists.fallen(tickets, times), times, DAY), "RT02", changes)
