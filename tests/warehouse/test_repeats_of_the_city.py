"""What was planted in the demo city about repeats, empty answers, outside filings and posts is found there only."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from warehouse.analysis.intervals import two_count_p, two_proportion_p
from warehouse.figures import add_values
from warehouse.home import Home
from warehouse.periods import Period
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

pytestmark = pytest.mark.xdist_group("demo_home")
AS_OF = datetime(2025, 3, 31, 8, 30)
H1 = Period("h1", date(2024, 1, 1), date(2024, 7, 1), AS_OF)
Q1 = Period("q1", date(2025, 1, 1), date(2025, 4, 1), AS_OF)
WEEK = Period("week", date(2025, 3, 24), date(2025, 3, 31), AS_OF)


def figure(reader: Reader, measure: str, period: Period) -> pd.Series:
    return add_values(reader.figures([measure], Viewer.of("analyst"), [period]), [measure]).iloc[0]


def rows(reader: Reader, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return [tuple(r) for r in reader.ask(sql, list(values)).itertuples(index=False)]


def test_the_repeat_rate_falls_from_eleven_to_eight_percent(demo_reader: Reader) -> None:
    early, late = figure(demo_reader, "M14", H1), figure(demo_reader, "M14", Q1)
    assert early["M14"] == pytest.approx(0.11, abs=0.01)
    assert late["M14"] == pytest.approx(0.08, abs=0.005)
    assert two_proportion_p(early["M14_num"], early["M14_den"], late["M14_num"], late["M14_den"]) < 0.001


def test_who_came_again_while_nothing_was_done(demo_reader: Reader) -> None:
    """PB08: the cases of 2024 and the stuck tickets of the last week."""
    sql = "select ticket_id, is_in_vain from mart_repeat where list_contains(?, ticket_id) order by ticket_id"
    planted = ["YZ20240803900001", "YZ20241008900001", "YZ20250317900001", "YZ20250328900002"]
    assert rows(demo_reader, sql, planted) == [(ticket, True) for ticket in planted]
    share = figure(demo_reader, "M30_VAIN", H1)["M30_VAIN"]
    assert 0.01 < share < 0.04


def test_answers_that_only_recorded(demo_reader: Reader) -> None:
    october = "answer_kind = 'recorded' and ticket_id like 'YZ202410%90000_'"
    sql = f"select ticket_id from mart_repeat where {october} order by 1"
    assert rows(demo_reader, sql) == [("YZ20241008900001",), ("YZ20241011900002",)]


def test_clocks_of_the_planted_filings(demo_reader: Reader) -> None:
    """L-15DAYS ends on 1 April; the filing of 27 March has seven working days up to 8 April, 清明 left out."""
    sql = "select clock, state, cast(due_at as date) from fact_outside_clock where ticket_id = ? order by clock"
    found = [(c, s, pd.Timestamp(d).date()) for c, s, d in rows(demo_reader, sql, "YZ20250317900001")]
    assert found == [("answer_15d", "soon", date(2025, 4, 1))]
    found = [(c, s, pd.Timestamp(d).date()) for c, s, d in rows(demo_reader, sql, "YZ20250327900001")]
    assert found == [("answer_15d", "running", date(2025, 4, 11)), ("consumer_7wd", "running", date(2025, 4, 8))]


def test_the_planted_chain_of_three(demo_reader: Reader) -> None:
    [(n, first)] = rows(
        demo_reader,
        "select c.n_tickets, c.first_at from mart_chain c join fact_ticket t using (chain_id) where t.ticket_id = ?",
        "YZ20250328900004",
    )
    assert (n, pd.Timestamp(first).date()) == (3, date(2025, 3, 12))


def test_the_viral_post_and_the_same_text(demo_reader: Reader) -> None:
    assert figure(demo_reader, "M55", WEEK)["M55"] == 6
    assert rows(demo_reader, "select max(heat) from fact_opinion") == [(48600,)]
    assert figure(demo_reader, "M01_TPL", WEEK)["M01_TPL"] == 6


def test_complaints_rise_within_a_week_of_the_billing_release_and_of_no_network_change(demo_reader: Reader) -> None:
    """PB16."""
    sql = """
    select
        e.change_id,
        count_if(t.accepted_on between e.day and e.day + 6),
        count_if(t.accepted_on between e.day - 28 and e.day - 1)
    from (select change_id, cast(started_at as date) as day from fact_change_event) as e
    join mart_ticket as t on t.type_code = 'TAR02'
    group by 1
    """
    p = {change: two_count_p(week, before, 1, 4) for change, week, before in rows(demo_reader, sql)}
    assert {change for change, value in p.items() if value < 0.001} == {"CH20240728-01", "CH20250322-01"}


def test_intake_and_templates_get_better(demo_reader: Reader) -> None:
    """PB07, PB21."""
    assert figure(demo_reader, "M32", H1)["M32"] < 0.90 < 0.93 < figure(demo_reader, "M32", Q1)["M32"]
    assert figure(demo_reader, "M58", H1)["M58"] == pytest.approx(0.33, abs=0.02)
    assert figure(demo_reader, "M58", Q1)["M58"] == pytest.approx(0.51, abs=0.02)


@pytest.mark.deep
def test_a_city_with_nothing_planted_has_none_of_it(twin_home: Path) -> None:
    releases = Releases(Home(twin_home).releases)
    reader = Reader(releases.path(str(releases.current())))
    nothing_of_it(reader)


def nothing_of_it(reader: Reader) -> None:
    sql = "select count_if(is_in_vain), count_if(answer_kind = 'recorded'), count_if(is_template) from mart_repeat"
    assert rows(reader, sql) == [(0, 0, 0)]
    assert rows(reader, "select count(*) from fact_outside") == [(0,)]
    assert rows(reader, "select count(*) from fact_outside_clock where state in ('soon', 'overdue', 'broken')") == [
        (0,)
    ]
    assert rows(reader, "select coalesce(max(heat), 0) < 10000 from fact_opinion") == [(True,)]
    assert rows(reader, "select count(*) from mart_case") == [(0,)]
