"""The recorded half year of warnings, against a second and plain reading of the rules without the engine."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from etl.demo.operations import RECORDED
from tests.alerts import plain
from tests.alerts.plain import DAY, WEEK, Episode
from warehouse.home import Home
from warehouse.release import Releases
from warehouse.sealed import open_sealed, select

BEGIN, END = datetime(2024, 9, 30), datetime(2025, 3, 31)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def frames(demo_home: Path) -> dict[str, pd.DataFrame]:
    releases = Releases(Home(demo_home).releases)
    newest = releases.current()
    assert newest is not None
    con = open_sealed(releases.path(newest), "1GB")
    asked = {
        "tickets": "select accepted_at, type_l1, type_code, region_code, owner_dept, surveyed_at, answer_code,"
        " feedback_at, due_at from mart_ticket",
        "operations": "select op_on, op_name, n_attempts, n_success from fact_biz_op",
        "days": "select date_on, is_workday, is_month_start, is_month_end from dim_date",
        "changes": "select started_at from fact_change_event",
        "types": "select type_code from dim_type where owner_dept = 'BIL'",
    }
    return {name: select(con, sql, {}, 60.0) for name, sql in asked.items()}


def recorded(rule: str) -> list[Episode]:
    with RECORDED.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["rule_id"] == rule]
    when = datetime.fromisoformat
    found = [
        Episode(r["scope_id"], r["severity"], when(r["fired_at"]), when(r["cleared_at"]) if r["cleared_at"] else None)
        for r in rows
    ]
    return sorted(found, key=lambda e: (e.fired_at, e.scope))


def before_the_end(found: list[Episode]) -> list[Episode]:
    return [e for e in found if e.fired_at < END]


def same(told: list[Episode], rule: str, changes: pd.Series) -> bool:
    """Scopes and times are those recorded, severities too; a week after a change they may be a step worse (RX01)."""
    found = before_the_end(told)
    there = recorded(rule)
    assert [(e.scope, e.fired_at, e.cleared_at) for e in found] == [(e.scope, e.fired_at, e.cleared_at) for e in there]
    for plainly, said in zip(found, there, strict=True):
        worse = plain.BADNESS.index(said.severity) - plain.BADNESS.index(plainly.severity)
        follows = bool(((changes <= said.fired_at) & (changes > said.fired_at - WEEK)).any())
        assert worse == 0 or (worse == 1 and follows and rule[:2] in ("RC", "RN", "RB")), said
    return len(found) > 0


def test_satisfaction(frames: dict[str, pd.DataFrame]) -> None:
    times = plain.grid(BEGIN, END, WEEK)
    assert same(
        plain.episodes(plain.satisfaction(frames["tickets"], times), times), "RT01", frames["changes"]["started_at"]
    )


def test_timeliness(frames: dict[str, pd.DataFrame]) -> None:
    times = plain.grid(BEGIN, END, WEEK)
    assert same(
        plain.episodes(plain.timeliness(frames["tickets"], times), times), "RS10", frames["changes"]["started_at"]
    )


@pytest.mark.deep
def test_operations(frames: dict[str, pd.DataFrame]) -> None:
    times = plain.grid(BEGIN, END, DAY)
    assert same(
        plain.episodes(plain.success(frames["operations"], times), times), "RB01", frames["changes"]["started_at"]
    )


@pytest.mark.deep
def test_billing(frames: dict[str, pd.DataFrame]) -> None:
    times = plain.grid(BEGIN, END + timedelta(hours=6), timedelta(hours=6))
    told = plain.billing(frames["tickets"], frames["days"], list(frames["types"]["type_code"]), times)
    assert same(plain.episodes(told, times, timedelta(hours=12)), "RC07", frames["changes"]["started_at"])


@pytest.mark.deep
def test_surges(frames: dict[str, pd.DataFrame]) -> None:
    times = plain.grid(BEGIN, END + timedelta(hours=8), HOUR)
    told = plain.surges(frames["tickets"], frames["days"], times)
    assert same(plain.episodes(told, times, timedelta(hours=6)), "RC01", frames["changes"]["started_at"])
