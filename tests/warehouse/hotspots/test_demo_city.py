"""The planted places of the demo city, found where they are, when they are, and for the right reason."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from warehouse.release import Releases
from warehouse.sealed import open_sealed

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def con(demo_home: Path) -> Any:
    releases = Releases(demo_home / "releases")
    opened = open_sealed(releases.path(str(releases.current())))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def truth(demo_home: Path) -> dict[str, dict[str, str]]:
    with (demo_home / "truth_events.csv").open(encoding="utf-8-sig") as file:
        return {row["event_id"]: row for row in csv.DictReader(file)}


def monday(day: str) -> date:
    on = date.fromisoformat(day[:10])
    return on - timedelta(days=on.weekday())


def weeks(con: Any, place: str) -> dict[date, dict[str, Any]]:
    """The hotspot at a named place, by week; the one with most customers where there are two."""
    rows = con.execute(
        "select h.* from mart_hotspot as h join dim_place as p on p.place_id = h.place_id "
        "where p.place_name = $place "
        "order by h.week_start, h.n_customers",
        {"place": place},
    ).df()
    return {row["week_start"].date(): row for row in rows.to_dict("records")}


def test_the_new_estate_comes_worsens_eases_and_goes(con: Any, truth: dict[str, dict[str, str]]) -> None:
    event = truth["E-ESTATE-OCT"]
    found = weeks(con, event["scope"].removeprefix("place:"))
    first = monday(event["starts"])
    # A handful of complaints may lie close together by chance half a year before: that is another hotspot.
    found = {week: row for week, row in found.items() if week >= first - timedelta(weeks=12)}
    assert min(found) == first and len({r["hotspot_id"] for r in found.values()}) == 1
    states = [found[w]["state"] for w in sorted(found)]
    assert states[:2] == ["new", "worse"] and states[-1] == "gone"
    on_air = date(2024, 10, 28)
    assert {found[w]["state"] for w in found if w < on_air} <= {"new", "worse", "persisting"}
    assert {found[w]["state"] for w in found if on_air <= w < max(found)} == {"easing"}
    assert {found[w]["cause"] for w in found if w <= monday(event["ends"])} == {"weak_coverage"}
    assert max(r["n_customers"] for r in found.values()) >= 25
    # The whole of it is over within a month of the last complaint that the key speaks of.
    assert max(found) <= date.fromisoformat(event["ends"]) + timedelta(days=30)


@pytest.mark.parametrize(
    "event, cause",
    [("L-KANGLE", "weak_coverage"), ("L-OUTAGE", "outage"), ("E-POWER", "outage"), ("E-XMAS", "congestion")],
)
def test_what_was_planted_is_found_in_its_weeks_for_its_reason(
    con: Any, truth: dict[str, dict[str, str]], event: str, cause: str
) -> None:
    row = truth[event]
    place = row["scope"].removeprefix("place:").replace("界首乡镇", "高邮乡镇")
    found = weeks(con, place)
    last = monday(row["ends"])
    assert found[last]["cause"] == cause, found[last]
    assert found[last]["p_value"] < 0.005 and found[last]["state"] != "gone"
    if event != "L-KANGLE":
        assert found[last]["state"] in ("new", "worse")


def test_places_with_weak_coverage_all_year_say_so(con: Any, truth: dict[str, dict[str, str]]) -> None:
    for place in ("宝应乡村", "高邮乡镇", "康乐小区"):
        causes = [r["cause"] for r in weeks(con, place).values() if r["state"] != "gone"]
        assert len(causes) > 30 and causes.count("weak_coverage") / len(causes) > 0.75, place
    busy = [r["cause"] for r in weeks(con, "京华城商圈").values() if r["state"] != "gone"]
    assert busy.count("congestion") / len(busy) > 0.9


def test_a_hotspot_lies_where_its_place_is(con: Any) -> None:
    """Middles within 100 m in town for the big ones: the points scatter by up to 220 m."""
    [(far,)] = con.execute(
        "select max(abs(h.lat - p.lat) * 110900 + abs(h.lon - p.lon) * 94000) from mart_hotspot as h "
        "join dim_place as p on p.place_id = h.place_id where h.place_id = 'P05' and h.n_customers >= 10"
    ).fetchall()
    assert far < 100


def test_what_a_row_says_adds_up(con: Any) -> None:
    broken = con.execute(
        "select hotspot_id, week_start from mart_hotspot where "
        "abs(score - (score_excess + score_repeat + score_escalated + score_radio + score_vip)) > 1e-9 "
        "or score not between 0 and 100 or n_customers_week > n_customers "
        "or n_repeat > n_customers or (state <> 'gone' and n_customers < 3) or (cause <> 'undetermined') <> "
        "(causes <> '') or not starts_with(causes, case when cause = 'undetermined' then '' else cause end)"
    ).fetchall()
    assert broken == []
    [(n,)] = con.execute(
        "select count(*) from (select hotspot_id, week_start, count(*) as n from mart_hotspot_cell group by all "
        "having n > 6 or n < 1)"
    ).fetchall()
    assert n == 0


def test_tickets_behind_a_hotspot_are_those_it_counts(con: Any) -> None:
    """Customers of the listed tickets, week by week, are the customers of the row."""
    wrong = con.execute(
        "select h.hotspot_id, h.week_start, h.n_customers, count(distinct t.cust_key) as n from mart_hotspot as h "
        "join mart_hotspot_ticket as l on l.hotspot_id = h.hotspot_id "
        "and h.week_start between l.week_first and l.week_last "
        "join fact_ticket as t on t.ticket_id = l.ticket_id and t.accepted_at < h.week_start + 7 "
        "and t.accepted_at >= h.week_start + 7 - to_days(cast(h.window_days as integer)) "
        "where h.state <> 'gone' group by all having n < h.n_customers"
    ).fetchall()
    assert wrong == []


def test_every_figure_that_decided_is_listed(con: Any) -> None:
    wrong = con.execute(
        "select h.hotspot_id, h.week_start from mart_hotspot as h where h.cause <> 'undetermined' and not exists "
        "(select 1 from mart_hotspot_cause as c where c.hotspot_id = h.hotspot_id and c.week_start = h.week_start "
        "and c.cause = h.cause and c.verdict = 'hit' and c.value is not null)"
    ).fetchall()
    assert wrong == []


@pytest.mark.deep
def test_the_twin_stays_under_its_false_rate(twin_home: Path) -> None:
    """Nothing is planted there. A week, 1.5 hotspots may begin and 6 be alive, and none may be given a cause."""
    releases = Releases(twin_home / "releases")
    with open_sealed(releases.path(str(releases.current()))) as twin:
        [(n_new, n_alive, n_caused, n_weeks)] = twin.execute(
            "select count_if(state = 'new'), count_if(state <> 'gone'), "
            "count_if(state = 'new' and cause <> 'undetermined'), (max(week_start) - date '2024-04-01') / 7 + 1 "
            "from mart_hotspot where week_start >= date '2024-04-01'"
        ).fetchall()
    assert n_weeks >= 40
    assert (n_new / n_weeks <= 1.5, n_alive / n_weeks <= 6.0, n_caused) == (True, True, 0)
