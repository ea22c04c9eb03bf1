"""Small parts: calendar, working time, quotas, streams, datum, writers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from etl.demo import clock, geo, rng, write


def test_calendar_points() -> None:
    assert clock.is_workday(date(2024, 10, 12)) and not clock.is_workday(date(2024, 10, 13))
    assert all(clock.is_statutory_holiday(date(2024, 10, day)) for day in range(1, 8))
    assert clock.is_workday(date(2024, 9, 14))
    assert clock.is_month_edge(date(2024, 2, 27)) and not clock.is_month_edge(date(2024, 2, 26))


def test_working_time_nearly_stops_at_weekends_and_inverts() -> None:
    friday, monday = clock.at("2024-03-15 18:00"), clock.at("2024-03-18 00:00")
    passed = clock.work_seconds(np.array([monday])) - clock.work_seconds(np.array([friday]))
    assert passed[0] == pytest.approx(6 * 3600 + 0.05 * 48 * 3600)
    back = clock.from_work_seconds(clock.work_seconds(np.array([friday])))
    assert back[0] == pytest.approx(friday, abs=1)


def test_quota_sums_and_follows_the_shares() -> None:
    assert rng.quota(10, [1, 1, 1]).sum() == 10
    assert rng.quota(24_000, [35, 25, 20, 15, 5]).tolist() == [8400, 6000, 4800, 3600, 1200]


def test_streams_do_not_shift_each_other() -> None:
    alone = rng.Streams(1).get("a").random(3)
    streams = rng.Streams(1)
    streams.get("b").random(100)
    assert (streams.get("a").random(3) == alone).all()
    assert (rng.Streams(2).get("a").random(3) != alone).all()


def test_lognormal_has_the_arithmetic_mean() -> None:
    drawn = rng.lognormal(rng.Streams(1).get("x"), 72.0, 0.8, 200_000)
    assert drawn.mean() == pytest.approx(72.0, rel=0.01)


def test_datum_shift_near_the_city() -> None:
    lon, lat = geo.wgs84_to_gcj02(np.array([119.412, np.nan]), np.array([32.394, np.nan]))
    assert np.hypot((lon[0] - 119.412) * 94_000, (lat[0] - 32.394) * 110_900) == pytest.approx(556, abs=3)
    assert np.isnan(lon[1]) and np.isnan(lat[1])


def test_text_is_quoted_only_where_needed(tmp_path: Path) -> None:
    plain = write.table({"a": ["x", None], "t": write.instants(np.array([0.0, 1_704_067_200.0]))})
    write.csv(tmp_path / "plain.csv", plain)
    assert (tmp_path / "plain.csv").read_text() == "a,t\nx,\n,2024-01-01 00:00:00\n"
    write.csv(tmp_path / "odd.csv", write.table({"a": ['say "no", thanks']}), encoding="gb18030", crlf=True)
    assert (tmp_path / "odd.csv").read_bytes() == b'a\r\n"say ""no"", thanks"\r\n'


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), write.replacing(tmp_path / "x.csv") as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
