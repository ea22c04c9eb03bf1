"""The demo city, generated, loaded and built: its figures come out as specified, through the real SQL."""

from __future__ import annotations

import fcntl
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from warehouse.figures import add_values, shares
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.periods import Period, compare
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.release import Releases
from warehouse.viewer import ROLES, Viewer

AS_OF = datetime(2025, 3, 31, 8, 30)
YEAR: Period = compare("year", AS_OF).now
ANALYST = Viewer.of("analyst")
pytestmark = pytest.mark.xdist_group("demo_home")


def by(reader: Reader, measure: str, dimension: str | None = None, where: Filters | None = None) -> pd.Series:
    groups = [dimension] if dimension else []
    frame = add_values(reader.figures([measure], ANALYST, [YEAR], by=groups, where=where), [measure])
    series: pd.Series = frame.set_index(dimension or "period")[measure]
    return series


def test_shares_of_types(demo_reader: Reader) -> None:
    frame = shares(demo_reader.figures(["M54"], ANALYST, [YEAR], by=["type_l1"])).set_index("type_l1")["share"]
    assert frame.sum() == pytest.approx(1)
    expected = {"NET": 0.35, "SVC": 0.25, "TAR": 0.20, "BIZ": 0.15, "TRM": 0.05}
    assert frame.to_dict() == {code: pytest.approx(share, abs=0.001) for code, share in expected.items()}


def test_shares_of_channels_within_the_main_group(demo_reader: Reader) -> None:
    main = Filters.of({"channel_group": ["main"]})
    frame = shares(demo_reader.figures(["M54"], ANALYST, [YEAR], by=["channel_code"], where=main))
    found = frame.set_index("channel_code")["share"]
    assert found.sum() == pytest.approx(1)
    expected = {"HOTLINE": 0.40, "WEB": 0.30, "APP": 0.20, "HALL": 0.10}
    assert found.to_dict() == {code: pytest.approx(share, abs=0.001) for code, share in expected.items()}


def test_handling_time_of_network_complaints(demo_reader: Reader) -> None:
    assert by(demo_reader, "M06", "type_l1")["NET"] == pytest.approx(72, abs=0.5)


def test_resolution_after_reopenings(demo_reader: Reader) -> None:
    assert by(demo_reader, "M07")["now"] == pytest.approx(0.80, abs=0.005)
    assert by(demo_reader, "M07", "type_l1")["TAR"] == pytest.approx(0.70, abs=0.01)


def test_satisfaction(demo_reader: Reader) -> None:
    assert by(demo_reader, "M09")["now"] == pytest.approx(0.75, abs=0.005)


def test_timeliness_under_the_limits_of_2024(demo_reader: Reader) -> None:
    """About 71 % under 48 hours, three points from seed to seed."""
    assert by(demo_reader, "M03")["now"] == pytest.approx(0.71, abs=0.03)


REJUDGED = """
select type_l1, policy_id, sum(n_on_time) / sum(n) as on_time, sum(n) as n
from mart_sla
where stage = 'FBK' and policy_id like 'CITY-%' and month_start < cast('2025-01-01' as date) group by all
"""


def test_judged_by_24_hours_every_type_is_less_on_time(demo_reader: Reader) -> None:
    told = demo_reader.ask(REJUDGED, []).pivot(index="type_l1", columns="policy_id", values=["on_time", "n"])
    assert set(told.index) == {"NET", "SVC", "TAR", "BIZ", "TRM"}
    assert (told["n"]["CITY-2024"] == told["n"]["CITY-2025"]).all(), "the same tickets"
    assert (told["on_time"]["CITY-2025"] < told["on_time"]["CITY-2024"]).all()
    overall = (told["on_time"] * told["n"]).sum() / told["n"].sum()
    assert 0.17 <= overall["CITY-2025"] <= 0.46


def test_strict_timeliness_is_what_the_stages_say(demo_reader: Reader) -> None:
    told = demo_reader.ask(REJUDGED, []).query("policy_id == 'CITY-2024'").set_index("type_l1")["on_time"]
    assert by(demo_reader, "M03", "type_l1").to_dict() == {k: pytest.approx(v) for k, v in told.items()}


def test_all_data_are_marked_as_simulated(demo_reader: Reader) -> None:
    assert demo_reader.info["is_synthetic"]
    assert demo_reader.ask("select count(*) as n from fact_ticket where not is_synthetic", [])["n"].tolist() == [0]


def test_no_failing_check_and_no_unknown_type(demo_reader: Reader) -> None:
    failing = demo_reader.about("release_check").query("n_shown > 0 and not is_warning")
    assert failing.empty


@pytest.mark.parametrize("role", ROLES)
def test_a_district_sees_its_district(demo_reader: Reader, role: str) -> None:
    viewer = Viewer.of(role, frozenset({"321002"}))  # type: ignore[arg-type]
    for table in demo_reader.levels:
        try:
            frame = demo_reader.table(table, viewer, first=2000)
        except NotAllowed:
            continue
        assert "region_code" not in frame or set(frame["region_code"]) <= {"321002"}, table
        published = [c for c in frame if c != "is_small"]  # says of a row that it is of few; no column of the release
        assert all(demo_reader.levels[table][c] <= viewer.level for c in published), table


def test_a_manager_finds_no_group_of_fewer_than_five(demo_reader: Reader) -> None:
    week = compare("week", AS_OF).now
    manager = Viewer.of("manager")
    for dimension in ("town", "type_code", "channel_code", "age_band", "accepted_on"):
        seen = demo_reader.figures(["M01", "M07"], manager, [week], by=[dimension])
        known = demo_reader.figures(["M01"], ANALYST, [week], by=[dimension])
        few = set(known[known["n_customers"] < 5][dimension])
        assert set(seen[seen["is_small"]][dimension]) == few
        assert seen[seen["is_small"]][["M01_num", "M07_num", "M07_den", "n_customers"]].isna().all(axis=None)


def test_the_home_is_shared_and_left_alone(demo_home: Path) -> None:
    """Every test reads the one release; whoever changes a home copies it first."""
    releases = Releases(Home(demo_home).releases)
    current = releases.current()
    assert current is not None
    assert releases.path(current).stat().st_mode & 0o222 == 0
    with (demo_home / "writer.lock").open("a+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.deep
def test_the_twin_city_builds(twin_home: Path) -> None:
    """The same city with nothing planted."""
    releases = Releases(Home(twin_home).releases)
    current = releases.current()
    assert current is not None
    twin = Reader(releases.path(current))
    assert twin.info["as_of"] == AS_OF
    assert twin.n_rows("mart_ticket") > 10_000
    assert (twin.about("release_check").query("not is_warning")["n_shown"] == 0).all()
    loaded = {r["state"] for r in Lake(Home(twin_home).lake).read("etl_file").to_pylist()}
    assert "loaded" in loaded
