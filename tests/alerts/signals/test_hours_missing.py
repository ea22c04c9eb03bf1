"""Hours that were not sent, judged from a day two days long whose end may itself be a day old (RD01-HR)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from alerts.hours import OPEN_BACK
from alerts.signals import signals
from alerts.sources import Release
from warehouse.home import Home

BEGIN = datetime(2025, 3, 24)
K_MISSING = datetime(2025, 3, 28)
SIGNAL = signals()["hours_missing_of_area"]


class Hours:
    """Two cells of a district for five days: the second is silent on most of every day, and all of the last night."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        self.con.execute(
            "create table dim_cell (cell_id varchar, site_id varchar, rat varchar, region_code varchar, lon double,"
            " lat double, valid_from date)"
        )
        self.con.execute("create table dim_place (place_id varchar, lon double, lat double, radius_m double)")
        self.con.execute(
            "create table fact_cell_kpi_1h (cell_id varchar, period_start timestamp, mr_samples bigint,"
            " rrc_att bigint, erab_abn_rel bigint, erab_norm_rel bigint)"
        )
        for cell in ("A", "B"):
            self.con.execute("insert into dim_cell values (?, 'S', 'LTE', '1', 119, 32, ?)", [cell, date(2024, 1, 1)])
        for hour in range(5 * 24):
            at = BEGIN + timedelta(hours=hour)
            if at.day == 28 and at.hour >= 12:
                continue
            for cell in ("A", "B") if at.hour in (1, 2) else ("A",):
                self.con.execute("insert into fact_cell_kpi_1h values (?, ?, 100, 10, 0, 1)", [cell, at])

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.con.execute(sql, dict(parameters)).df()


@pytest.fixture(scope="module")
def source() -> Iterator[Hours]:
    found = Hours()
    yield found
    found.con.close()


def test_any_chunking_gives_the_same(source: Hours) -> None:
    """Seen alone, an instant must know as much of the day before as it does in a run over a week."""
    times = [BEGIN + timedelta(days=3, hours=4 * n) for n in range(13)]
    together = SIGNAL.readings(source, times, {})
    alone = pd.concat([SIGNAL.readings(source, [at], {}) for at in times], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)
    assert (together["n_cells"] == 2).all(), "the best hour of the day before had two cells"


def test_the_hours_opened_are_those_looked_at(source: Hours) -> None:
    """Nothing before `OPEN_BACK` is needed, and everything after it may be."""
    at = BEGIN + timedelta(days=4, hours=8)
    before = SIGNAL.readings(source, [at], {})
    source.con.execute("begin")
    source.con.execute("delete from fact_cell_kpi_1h where period_start < ?", [at - OPEN_BACK])
    pd.testing.assert_frame_equal(SIGNAL.readings(source, [at], {}), before)
    source.con.execute("rollback")
    assert f"interval {int(OPEN_BACK / timedelta(hours=1))} hour" in SIGNAL.sql


@pytest.mark.deep
def test_of_a_release_as_much_is_opened_as_is_looked_at(demo_home: Path) -> None:
    """Each instant of the days with planted gaps by itself, against all at once."""
    home = Home(demo_home)
    times = [K_MISSING + timedelta(hours=8 * n) for n in range(9)]
    together = SIGNAL.readings(Release.current(home), times, {})
    alone = pd.concat([SIGNAL.readings(Release.current(home), [at], {}) for at in times], ignore_index=True)
    assert together["value"].max() > 0.05
    pd.testing.assert_frame_equal(together, alone)
