"""Complaints put to cells, cells over weeks, one cell alone: against the facts, in scope, and for who may see rows."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from warehouse import cells
from warehouse.analysis.cell_figures import figure
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

PLANNER = Viewer.of("planner")
FIRST, END = date(2024, 12, 30), date(2025, 3, 31)
KANGLE = "460-00-900011-3"


def test_managers_get_no_single_cell(demo_reader: Reader) -> None:
    manager, at = Viewer.of("manager"), datetime(2025, 3, 31)
    for ask in (
        lambda: cells.network(demo_reader, manager, END, Filters()),
        lambda: cells.about(demo_reader, manager, KANGLE),
        lambda: cells.days(demo_reader, manager, KANGLE, FIRST, END),
        lambda: cells.hours(demo_reader, manager, Path("none"), Path("none"), KANGLE, at),
        lambda: cells.alarms(demo_reader, manager, "YZS00011", KANGLE, at, at),
        lambda: cells.complaints(demo_reader, manager, KANGLE, FIRST, END),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_a_ticket_that_names_its_cell_is_put_there_and_each_ticket_once(demo_reader: Reader) -> None:
    rows = demo_reader.ask(
        "select count(*) as n, count(distinct m.ticket_id) as n_tickets, "
        "count_if(m.put_by = 'served' and m.cell_id = t.serving_cell_id) as served, count(t.serving_cell_id) as named, "
        "count_if(t.type_l1 <> 'NET' or not t.is_counted) as wrong, "
        "count_if(m.put_by = 'nearest' and t.geo_grade not in ('A', 'B')) as vague "
        "from mart_ticket_cell as m join fact_ticket as t on t.ticket_id = m.ticket_id",
        [],
    ).iloc[0]
    assert rows["n"] == rows["n_tickets"] > 5000
    assert rows["served"] == rows["named"] and (rows["wrong"], rows["vague"]) == (0, 0)


def test_the_nearest_site_is_the_nearest_and_the_cell_points_at_the_place(demo_reader: Reader) -> None:
    """Measured again one by one, without tiles."""
    put = demo_reader.ask(
        "select t.ticket_id, t.accepted_on, t.lon, t.lat, m.cell_id from fact_ticket as t "
        "left join mart_ticket_cell as m on m.ticket_id = t.ticket_id "
        "where t.is_counted and t.type_l1 = 'NET' and t.serving_cell_id is null and t.geo_grade in ('A', 'B') "
        "order by hash(t.ticket_id) limit 60",
        [],
    )
    towers = demo_reader.ask("select * from dim_cell where not coalesce(is_indoor, false)", [])
    for row in put.itertuples():
        there = towers[(towers["valid_from"] <= row.accepted_on)]
        there = there[there["valid_to"].isna() | (there["valid_to"] > row.accepted_on)]
        east = (row.lon - there["lon"]) * 111_320 * math.cos(math.radians(row.lat))
        north = (row.lat - there["lat"]) * 110_900
        away = (east**2 + north**2) ** 0.5
        if away.min() > 2000:
            assert row.cell_id != row.cell_id
            continue
        site = there[(away <= away.min() + 0.1) & (there["rat"] == "LTE")]
        bearing = math.degrees(math.atan2(east[away.idxmin()], north[away.idxmin()]))
        off = ((bearing - site["azimuth_deg"] + 180) % 360 - 180).abs()
        assert off[site["cell_id"] == row.cell_id].tolist() == [pytest.approx(off.min(), abs=0.01)]


def test_weeks_of_cells_add_up_their_tickets(demo_reader: Reader) -> None:
    found = cells.network(demo_reader, PLANNER, END, Filters())
    told = demo_reader.ask(
        "select count(*) as n, count_if(put_by = 'served') as served from mart_ticket_cell "
        "where accepted_on >= ? and accepted_on < ? "
        "and cell_id in (select cell_id from dim_cell where valid_to is null)",
        [FIRST, END],
    ).iloc[0]
    assert found["cell_id"].is_unique and len(found) > 1500
    assert (found["n_tickets"].sum(), found["n_served"].sum()) == (told["n"], told["served"])


def test_counters_of_thirteen_weeks_are_the_sums_of_their_days(demo_reader: Reader) -> None:
    found = cells.network(demo_reader, PLANNER, END, Filters()).set_index("cell_id").loc[KANGLE]
    days = cells.days(demo_reader, PLANNER, KANGLE, FIRST, END)
    assert len(days) == found["n_days"] == 91
    for column in ("mr_samples", "mr_weak", "erab_abn_rel", "rrc_att"):
        assert days[column].sum() == found[column]
    assert found["prb_busiest"] < 1


def test_hours_come_from_the_lake_and_add_up_to_their_day(demo_reader: Reader, demo_home: Path) -> None:
    releases = Releases(demo_home / "releases")
    current = releases.current()
    assert current
    at = datetime(2025, 3, 31, 8, 30)
    hours = cells.hours(demo_reader, PLANNER, releases.path(current), demo_home / "lake", KANGLE, at)
    day = hours[hours["seen_at"].dt.date == date(2025, 3, 28)]
    kept = cells.days(demo_reader, PLANNER, KANGLE, date(2025, 3, 28), date(2025, 3, 29))
    assert len(day) == 24 and day["mr_weak"].sum() == kept["mr_weak"].iloc[0]
    assert figure(day, "level", 3600).between(-130, -60).all()
    assert hours["seen_at"].min() >= datetime(2025, 1, 19) and hours["is_workday"].notna().any()


def test_a_region_limits_cells_and_what_is_told_of_one(demo_reader: Reader) -> None:
    bound = Viewer.of("planner", regions=frozenset({"321003"}))
    assert set(cells.network(demo_reader, bound, END, Filters())["region_code"]) == {"321003"}
    assert cells.about(demo_reader, bound, KANGLE) is None
    assert cells.days(demo_reader, bound, KANGLE, FIRST, END).empty
    with pytest.raises(NotAllowed):
        cells.hours(demo_reader, bound, Path("none"), Path("none"), KANGLE, datetime(2025, 3, 31))


def test_an_unknown_cell_is_none(demo_reader: Reader) -> None:
    assert cells.about(demo_reader, PLANNER, "'; drop table dim_cell --") is None


def test_alarms_of_the_site_in_the_span(demo_reader: Reader) -> None:
    first, end = datetime(2025, 3, 17), datetime(2025, 3, 31)
    found = cells.alarms(demo_reader, PLANNER, "YZS00011", KANGLE, first, end)
    assert len(found) and (found["started_at"] < end).all()
    assert (found["ended_at"].isna() | (found["ended_at"] > first)).all()


def test_a_quarter_added_up_with_the_release_is_that_of_its_weeks(
    demo_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = _by_number(cells.network(demo_reader, PLANNER, END, Filters()))
    monkeypatch.setattr(cells, "QUARTER", "not there")
    of_weeks = _by_number(cells.network(demo_reader, PLANNER, END, Filters()))
    assert len(published) > 1000
    pd.testing.assert_frame_equal(published, of_weeks, check_dtype=False, rtol=1e-9)
    assert published["prb_busiest"].notna().sum() > 1000


def test_other_weeks_than_the_last_quarter_are_added_up_when_asked(demo_reader: Reader) -> None:
    first = date(2025, 1, 6)
    [(n,)] = demo_reader.ask(
        "select sum(n_days) from mart_cell_week where week_start = '2025-01-06' and cell_id = $cell", {"cell": KANGLE}
    ).itertuples(index=False)
    found = cells.network(demo_reader, PLANNER, first + timedelta(7), Filters(), weeks=1).set_index("cell_id")
    assert found.loc[KANGLE, "n_days"] == n == 7


def _by_number(found: pd.DataFrame) -> pd.DataFrame:
    return found.sort_values("cell_id", ignore_index=True)
