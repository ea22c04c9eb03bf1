"""What is usual, on arrays: by hand, and the same to the last bit as the select that says what is meant."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from alerts import hours
from alerts.signals import relation
from alerts.usual import DAYS, Grid, median, usual, usual_rows
from warehouse.hours import loads_in, open_hours, pins_of
from warehouse.release import Releases

NAN = np.float32("nan")
PREPARED = """
create table dim_date as select cast(on_day as date) as date_on, dayofweek(on_day) in (1, 2, 3, 4, 5) as is_workday,
    on_day = date '2025-03-22' as is_holiday
from range(date '2025-03-10', date '2025-03-30', interval 1 day) t (on_day);
create table cell_hour as
select cast(cell_id as cell_code) as cell_id, hour_end, 10 as n_samples, rsrp_dbm, 0.5::float as coverage,
    active_s, 5.0::float as speed_mbps
from (values
    ('a', timestamp '2025-03-23 01:00', -90.0::float, 1.0::float), ('b', timestamp '2025-03-24 00:00', -91.0, 0.0),
    (null, timestamp '2025-03-23 02:00', -92.0, 1.0), ('a', timestamp '2025-03-22 05:00', -93.0, 1.0),
    ('a', timestamp '2025-03-16 05:00', -94.0, 1.0)
) as t (cell_id, hour_end, rsrp_dbm, active_s)
"""
KEYS = ["week_start", "cell_id", "hour_no", "is_workday"]


def rows(*values: float) -> np.ndarray:
    return np.array([values], dtype=np.float32)


def test_the_median_of_the_first_few() -> None:
    ordered = np.sort(rows(3, 1, 2, NAN), axis=1)
    assert median(ordered, np.array([3])).tolist() == [2]
    assert median(ordered, np.array([2])).tolist() == [1.5]
    assert np.isnan(median(ordered, np.array([0]))).all()


def test_what_lies_far_off_does_not_count() -> None:
    middle, spread = usual(rows(10, 11, 12, 13, 14, 90))
    assert middle.tolist() == [12] and spread[0] == pytest.approx(1.5 * 1.4826)
    middle, _ = usual(rows(10, 11, 12, NAN, 14))
    assert np.isnan(middle).all(), "four days are too few"
    middle, spread = usual(rows(5, 5, 5, 5, 5))
    assert (middle.tolist(), spread.tolist()) == ([5], [0])


def test_nothing_reported_is_nothing_usual() -> None:
    nothing = Grid.empty(date(2025, 1, 27), 3)
    assert len(usual_rows(nothing, np.ones(DAYS, dtype=bool), ["a", "b", "c"], date(2025, 3, 24))) == 0


def test_the_same_as_the_select(demo_home: Path) -> None:
    release = Releases(demo_home / "releases").path(Releases(demo_home / "releases").current() or "")
    pins, week = pins_of(release, demo_home / "lake"), date(2025, 3, 24)
    fast = hours.usual(release, demo_home / "lake", pins, week).to_pandas()
    con = open_hours(release, demo_home / "lake", pins.between(week - timedelta(days=56), week - timedelta(days=1)))
    inside = datetime(2025, 3, 26)
    meant = con.sql(relation("cell_usual"), params={"instants": [inside, inside + timedelta(hours=1)]}).df()
    assert len(meant) > 1000
    tidy = [
        f.assign(week_start=pd.to_datetime(f["week_start"])).sort_values(KEYS, ignore_index=True) for f in (fast, meant)
    ]
    for column in meant.columns:
        one, other = tidy[0][column], tidy[1][column]
        assert ((one == other) | (one.isna() & other.isna())).all(), column


def test_a_grid_that_moves_on_keeps_what_it_knows() -> None:
    first = date(2025, 1, 27)
    hours_of = Grid.empty(first, 2)
    batch = pa.record_batch(
        {"cell_no": [1, 1], "hour_no": [3, 3], "day_no": [6, 8], "rsrp": [-90.0, -91.0], "coverage": [0.9, 0.8],
         "speed": [5.0, 6.0]}
    )  # fmt: skip
    hours_of.fill([batch])
    assert hours_of.begin_on(first + timedelta(days=7)) == first + timedelta(days=DAYS)
    assert np.flatnonzero(hours_of.is_known).tolist() == [8], "the day before the new first day is gone"
    place = hours_of.places(np.array([1]))[0]
    assert np.argwhere(hours_of.seen[place]).tolist() == [[3, 1]]
    assert hours_of.found["rsrp"][place, 3, 1] == -91 and np.isnan(hours_of.found["rsrp"][place, 3, 0])
    assert hours_of.begin_on(first + timedelta(days=500)) == first + timedelta(days=500), "nothing of it is left"
    assert not hours_of.is_known.any()


def test_week_after_week_is_the_same_as_each_alone(demo_home: Path) -> None:
    release = Releases(demo_home / "releases").path(Releases(demo_home / "releases").current() or "")
    pins, known = pins_of(release, demo_home / "lake"), hours.Known()
    weeks = [date(2025, 3, 17), date(2025, 3, 24)]
    one_by_one = [hours.usual(release, demo_home / "lake", pins, week, known=known) for week in weeks]
    assert one_by_one[1].num_rows > 1000
    assert one_by_one[1].equals(hours.usual(release, demo_home / "lake", pins, weeks[1]))


def test_what_is_kept_of_a_week_hangs_on_its_loads(demo_home: Path, tmp_path: Path) -> None:
    release = Releases(demo_home / "releases").path(Releases(demo_home / "releases").current() or "")
    pins, week = pins_of(release, demo_home / "lake"), date(2025, 3, 24)
    past = pins.between(week - timedelta(days=56), week - timedelta(days=1))
    con = open_hours(release, demo_home / "lake", past)
    counted = sorted(loads_in(past.paths) & set(pins.loads))
    asked = "select distinct file_id, loaded_at from lake_cell_kpi_1h order by file_id"
    assert counted == con.sql(asked).fetchall() and counted
    fewer = dataclasses.replace(pins, live=pins.live.filter(pc.not_equal(pins.live["file_id"], counted[0][0])))
    name = hours._kept(con, pins, tmp_path, week)
    assert name == hours._kept(con, pins, tmp_path, week) != hours._kept(con, fewer, tmp_path, week)


def test_a_full_hour_ends_the_week_before_it() -> None:
    monday = datetime(2025, 3, 24)
    assert hours.weeks_of(monday - timedelta(hours=1), monday) == [date(2025, 3, 17)]
    assert hours.weeks_of(monday, monday + timedelta(hours=1)) == [date(2025, 3, 17), date(2025, 3, 24)]


def test_whole_weeks_alone_are_handed_on() -> None:
    con = duckdb.connect()
    con.execute("create type cell_code as enum ('a', 'b')")
    con.execute(PREPARED)
    monday = datetime(2025, 3, 24)
    known = hours.Known(grid=Grid.empty(date(2025, 1, 20), 2))
    week = hours.Hours(con, (monday - timedelta(days=7, hours=32), monday))
    dataclasses.replace(week, span=(monday - timedelta(days=6), monday)).hand_on(known)
    dataclasses.replace(week, span=(monday - timedelta(days=9), monday - timedelta(hours=1))).hand_on(known)
    assert known.grid is not None and known.grid.first == date(2025, 1, 20), "a day of the week is not whole"
    week.hand_on(known)
    assert known.grid.first == date(2025, 1, 27) and known.grid.is_known.sum() == 1, "no holiday, nothing older"
    place = known.grid.places(np.array([DAYS - 1]))[0]
    assert np.argwhere(known.grid.seen[place]).tolist() == [[0, 0], [23, 1]]
    told = [known.grid.found[name][place, [0, 23], [0, 1]].tolist() for name in ("rsrp", "speed")]
    assert told[0] == [-90, -91] and told[1][0] == 5 and np.isnan(told[1][1])


@pytest.mark.deep
def test_hours_of_a_week_are_handed_on_to_the_next(demo_home: Path) -> None:
    release = Releases(demo_home / "releases").path(Releases(demo_home / "releases").current() or "")
    pins, known = pins_of(release, demo_home / "lake"), hours.Known()
    monday = datetime(2025, 3, 17)
    week = hours.Hours.prepare(release, demo_home / "lake", pins, monday, monday + timedelta(weeks=1), known=known)
    week.hand_on(known)
    assert known.grid is not None and known.grid.end == date(2025, 3, 24)
    nothing = dataclasses.replace(pins, files={})
    alone = hours.usual(release, demo_home / "lake", pins, date(2025, 3, 24))
    assert hours.usual(release, demo_home / "lake", nothing, date(2025, 3, 24), None, known, week.con).equals(alone)
