"""Sums of tickets per day, complaints that took long, and periods day by day: faster ways to the very same figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import daily, flow, replays, selects
from warehouse.measures import measures
from warehouse.periods import Period, compare, weeks
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer
from warehouse.waiting import waiting_rows

AS_OF = datetime(2025, 3, 31, 8, 30)
TABLES = {"mart_ticket_long", *(d.table for d in daily.TABLES), *(m.base for m in measures().values())}
ANALYST, MANAGER = Viewer.of("analyst"), Viewer.of("manager")
# Closed long ago, closed with answers still to come, and running at the instant itself.
PERIODS = [
    compare("year", AS_OF).now.moved(0, "year"),
    compare("week", AS_OF).now.moved(0, "week"),
    Period("all", datetime(2024, 1, 1).date(), datetime(2025, 4, 1).date(), AS_OF),
    Period("then", datetime(2025, 3, 1).date(), datetime(2025, 3, 20).date(), datetime(2025, 3, 18, 12)),
]
GROUPS: dict[str, list[tuple[str, ...]]] = {
    "mart_ticket_day": [(), ("type_code",), ("region_code", "accepted_on"), ("month_start", "day_of_month")],
    "mart_ticket_hour": [("weekday", "hour_of_day"), ("type_l1", "hour_of_day")],
    "mart_repeat_before": [("before_dept", "before_answer")],
    "mart_repeat_day": [(), ("owner_dept",), ("answer_kind", "region_code")],
    "mart_answer_day": [("owner_dept", "region_code")],
    "mart_answer_channel": [("channel_code",)],
    "mart_voice_day": [("type_l1", "channel_code", "is_late")],
    "mart_flow_reply": [("type_l1", "dept", "is_off", "reply_class")],
    "mart_flow_reply_hour": [("is_workday", "hour_of_day", "reply_class")],
    "mart_flow_sent": [("type_l1", "is_approved", "dispatch_class")],
    "mart_flow_sent_hour": [("is_approved", "is_month_edge", "hour_of_day")],
    "mart_flow_dwell": [("dept", "wait_class")],
    "mart_done_day": [(), ("owner_dept",), ("type_l1", "region_code")],
    "mart_outcome_day": [(), ("owner_dept",), ("type_l1", "region_code")],
    "mart_handled_day": [("owner_dept", "type_l1"), ("region_code",)],
    "mart_template_day": [("type_l1", "is_by_template")],
    "mart_voice_cause": [("reason", "is_unsolved")],
}
CASES = [(d, by) for d in daily.TABLES for by in GROUPS.get(d.table, [])]
LIVE = [i for i, m in measures().items() if m.basis == "live"]


def same(one: pd.DataFrame, other: pd.DataFrame, keys: Sequence[str]) -> None:
    assert len(one) == len(other) > 0
    ordered = [f.sort_values(list(keys)).reset_index(drop=True) for f in (one, other)]
    pd.testing.assert_frame_equal(ordered[0], ordered[1][list(one.columns)], check_dtype=False)


def both_ways(reader: Reader, ids: Sequence[str], by: Sequence[str], **more: Any) -> None:
    """What is told from sums is what is told from the tickets, for who sees all and for who sees large groups only."""
    for viewer in (ANALYST, MANAGER, Viewer.of("analyst", frozenset({"321002"}))):
        asked = (ids, viewer, PERIODS, by)
        summed = reader.figures(*asked, **more, people="enough")
        with patch.object(daily, "figures", return_value=None):
            told = reader.figures(*asked, **more, people="enough")
        if any(table.only_known and ids[0] in table.sums for table in daily.TABLES):
            summed, told = (frame[frame[[f"{i}_den" for i in ids]].gt(0).any(axis=1)] for frame in (summed, told))
        same(summed, told, ["period", *by])


def is_summed(reader: Reader, ids: Sequence[str], viewer: Viewer, by: Sequence[str], **where: Any) -> bool:
    entries = [measures()[i] for i in ids]
    return daily.figures(reader, entries, viewer, PERIODS, by, Filters.of(where), "enough") is not None


@pytest.mark.parametrize(("table", "by"), CASES, ids=lambda v: v.table if isinstance(v, daily.Daily) else "-".join(v))
def test_sums_tell_what_tickets_do(varied: LittleHome, table: daily.Daily, by: tuple[str, ...]) -> None:
    reader = varied.reader()
    ids = [i for i in table.sums if not measures()[i].denominator_base]
    assert is_summed(reader, ids, ANALYST, by)
    both_ways(reader, ids, by)
    both_ways(reader, ids, by, where=Filters.of({"type_l1": ["NET"]}))


@pytest.mark.deep
@pytest.mark.parametrize(("table", "by"), CASES, ids=lambda v: v.table if isinstance(v, daily.Daily) else "-".join(v))
def test_sums_tell_what_the_tickets_of_the_city_do(
    demo_reader: Reader, table: daily.Daily, by: tuple[str, ...]
) -> None:
    both_ways(demo_reader, [i for i in table.sums if not measures()[i].denominator_base], by)


def test_sums_of_what_is_taken_up_first_hold_only_what_counts(varied: LittleHome) -> None:
    """Groups of stays that nobody picked are left out of them, and so are their customers."""
    reader, by, counted = varied.reader(), ["dept", "type_code", "pick_class"], {}
    assert is_summed(reader, ["M37_PICK"], ANALYST, by)
    assert not is_summed(reader, ["M37_PICK"], ANALYST, by, region_code=["321002"])
    for viewer in (ANALYST, MANAGER):
        asked = (["M37_PICK"], viewer, PERIODS, by)
        summed = reader.figures(*asked, people="enough")
        with patch.object(daily, "figures", return_value=None):
            whole = reader.figures(*asked, people="enough")
        some = whole[whole["M37_PICK_num"].fillna(0) > 0]
        counted[viewer] = summed.set_index(["period", *by])["M37_PICK_num"].dropna()
        told = some.set_index(["period", *by])["M37_PICK_num"]
        assert (counted[viewer] == told.reindex(counted[viewer].index)).all()
        if viewer is ANALYST:
            same(summed, some, ["period", *by])
    assert len(counted[ANALYST]) > len(counted[MANAGER])


def test_a_rate_over_another_table_is_told_too(varied: LittleHome) -> None:
    assert is_summed(varied.reader(), ["M02"], ANALYST, ["region_code"])
    both_ways(varied.reader(), ["M02"], ["region_code"])


def test_what_sums_do_not_know_is_asked_of_the_tickets(varied: LittleHome) -> None:
    reader = varied.reader()
    assert is_summed(reader, ["M01"], ANALYST, [])
    assert is_summed(reader, ["M01", "M03"], ANALYST, [])
    assert not is_summed(reader, ["M01", "M22"], ANALYST, [])
    assert not is_summed(reader, ["M01"], ANALYST, ["town"])
    assert not is_summed(reader, ["M01"], ANALYST, [], channel_code=["HOTLINE"])
    # A limit that the sums have no column for must not fall away.
    assert is_summed(reader, ["M56_GEO"], ANALYST, [])
    assert not is_summed(reader, ["M56_GEO"], Viewer.of("supervisor", None, frozenset({"NET"})), [])
    assert is_summed(reader, ["M14_BACK"], Viewer.of("supervisor", None, frozenset({"NET"})), [])
    entries = [measures()["M01"]]
    assert daily.figures(reader, entries, ANALYST, PERIODS, [], Filters(), "all") is None
    with patch.object(reader, "levels", {}):
        assert daily.figures(reader, entries, ANALYST, PERIODS, [], Filters(), "none") is None


@pytest.mark.parametrize(("n_customers", "is_hidden"), [(4, True), (5, False), (60, False)])
def test_few_customers_with_many_tickets_stay_hidden(little: LittleHome, n_customers: int, is_hidden: bool) -> None:
    start = datetime(2025, 3, 3)
    rows = [ticket(n, start + timedelta(hours=9 * n), cust_key=f"{n % n_customers:032x}") for n in range(60)]
    little.load("ticket", rows)
    little.build()
    month = Period("now", start.date(), datetime(2025, 3, 31).date(), AS_OF)
    [row] = little.reader().figures(["M01"], MANAGER, [month], people="enough").to_dict("records")
    assert row["is_small"] == is_hidden
    assert pd.isna(row["M01_num"]) if is_hidden else row["M01_num"] == 60


def test_a_customer_who_came_back_counts_from_the_day_that_is_known(little: LittleHome) -> None:
    """Accepted on 1 March at noon: whether the customer came back is known on the 31st at noon, not before."""
    at = datetime(2025, 3, 1, 12)
    again = {"cust_key": "same", "feedback_at": at + timedelta(hours=5)}
    little.load("ticket", [ticket(1, at, **again), ticket(2, at + timedelta(days=9), cust_key="same")])
    little.build()
    for cutoff, known in ((datetime(2025, 3, 31, 11, 59), 0), (datetime(2025, 3, 31, 12), 1)):
        period = Period("now", at.date(), datetime(2025, 3, 2).date(), cutoff)
        [row] = little.reader().figures(["M14_BACK"], ANALYST, [period], people="none").to_dict("records")
        assert (row["M14_BACK_num"], row["M14_BACK_den"]) == (known, known)


@pytest.mark.parametrize("by", [(), ("owner_dept",), ("type_code", "region_code")])
def test_what_is_open_is_found_among_fewer_tickets(varied: LittleHome, by: tuple[str, ...]) -> None:
    reader = varied.reader()
    now = PERIODS[1]
    far = [now.moved(-days, f"before{days}") for days in (140, 150, 364)]
    moments = [p.moved(0, p.id) for p in (*PERIODS, *weeks(AS_OF, 13), *far)]
    assert [len(span) for span in selects._near_each_other([p.cutoff for p in moments])] == [1, 2, 14]
    asked = (LIVE, ANALYST, moments, by)
    fewer = reader.figures(*asked, people="none")
    assert fewer["M24_num"].max() > 0
    levels = {name: columns for name, columns in reader.levels.items() if name != "mart_ticket_long"}
    with patch.object(reader, "levels", levels):
        same(fewer, reader.figures(*asked, people="none"), ["period", *by])


def test_the_edges_of_three_days(little: LittleHome) -> None:
    """Answered after exactly three days, a second later, or never: each open until its own answer."""
    start, three = datetime(2025, 3, 3, 8), timedelta(days=3)
    answers = {1: start + three, 2: start + three + timedelta(seconds=1), 3: None, 4: start + timedelta(hours=1)}
    little.load("ticket", [ticket(n, start, feedback_at=at) for n, at in answers.items()])
    little.build()
    assert {r["ticket_id"] for r in little.rows("select ticket_id from mart_ticket_long")} == {"T2", "T3"}
    reader = little.reader()
    for after, expected in (
        (timedelta(0), 4),
        (three - timedelta(seconds=1), 3),
        (three, 2),
        (three + timedelta(seconds=1), 1),
        (timedelta(days=20), 1),
    ):
        moment = Period("now", start.date(), start.date(), start + after)
        assert reader.figures(["M24"], ANALYST, [moment])["M24_num"].tolist() == [expected]
        _, n = reader.rows(ANALYST, moment, Filters(), 0, 10, waiting="open")
        _, n_listed = waiting_rows(reader, ANALYST, start + after, Filters(), "M24", 0, 10)
        assert n == n_listed == expected


def test_what_went_astray_is_found_among_fewer_tickets(varied: LittleHome, little: LittleHome) -> None:
    [tickets] = varied.rows("select count(*) as n from mart_ticket where n_transfers >= 3")
    assert 0 < tickets["n"] == varied.rows("select count(*) as n from mart_ticket_astray")[0]["n"] < 100
    start, hour = datetime(2025, 3, 3, 8), timedelta(hours=1)
    ways: dict[str, list[tuple[str, str | None]]] = {
        "round": [("TRANSFER", "D2"), ("TRANSFER", "D1")],
        "back": [("TRANSFER", "D2"), ("REJECT", "D1")],
        "again": [("FBK", None), ("REOPEN", "D1"), ("FBK", None)],
        "far": [("TRANSFER", "D2"), ("TRANSFER", "D3"), ("TRANSFER", "D4")],
        "straight": [("FBK", None)],
    }
    little.load("ticket", [ticket(n, start) for n, _ in enumerate(ways)])
    steps = [
        (n, k, e) for n, way in enumerate(ways.values()) for k, e in enumerate([("ACP", None), ("DSP", "D1"), *way])
    ]
    log = [
        {"ticket_id": f"T{n}", "seq": k, "event_at": start + k * hour, "event": event, "to_dept": to, "staff_key": "s"}
        for n, k, (event, to) in steps
    ]
    little.load("ticket_event", log)
    little.build()
    reader, month = little.reader(), Period("now", start.date(), datetime(2025, 4, 1).date(), AS_OF)
    whole = {name: columns for name, columns in reader.levels.items() if name != "mart_ticket_astray"}
    for kind in flow.DETOURS:
        rows, n = flow.detours(reader, ANALYST, month, Filters(), kind, 0, 10)
        with patch.object(reader, "levels", whole):
            other, n_whole = flow.detours(reader, ANALYST, month, Filters(), kind, 0, 10)
        assert 0 < n == n_whole < len(ways), kind
        pd.testing.assert_frame_equal(rows, other)
        for dept, there in (("D2", {0, 1, 3}), ("D4", {3}), ("D", set())):
            of_one, n_there = flow.detours(reader, ANALYST, month, Filters(), kind, 0, 10, dept)
            with patch.object(reader, "levels", whole):
                of_whole, n_of_whole = flow.detours(reader, ANALYST, month, Filters(), kind, 0, 10, dept)
            assert n_there == n_of_whole == len(set(rows["ticket_id"]) & {f"T{k}" for k in there}), (kind, dept)
            pd.testing.assert_frame_equal(of_one, of_whole)


def test_periods_day_by_day_are_the_periods(varied: LittleHome) -> None:
    """Overlapping ones too: a ticket counts in each of them."""
    reader, ids = varied.reader(), ["M01", "M03", "M04", "M07", "M22_N"]
    periods = [*PERIODS, *weeks(AS_OF, 13)]
    assert len(periods) >= selects._SEVERAL
    for people in ("none", "all"):
        by_day = reader.figures(ids, ANALYST, periods, ["type_l1"], people=people)
        with patch.object(selects, "_SEVERAL", 10**6):
            same(by_day, reader.figures(ids, ANALYST, periods, ["type_l1"], people=people), ["period", "type_l1"])


def test_a_sample_to_replay_is_the_same_from_shorter_tables(varied: LittleHome) -> None:
    """The kept sixteenth holds all of a small enough sample, and its stays."""
    reader, spring = varied.reader(), PERIODS[2]
    whole = {name: columns for name, columns in reader.levels.items() if not name.startswith("mart_replay_s")}
    for policy in ("", *replays.policies_to_replay(reader)[:1]):
        asked = (reader, ANALYST, spring, Filters(), ["NET"], ["CARE"], 2, policy)
        tickets, n = replays.to_replay(*asked)
        with patch.object(reader, "levels", whole):
            other, n_whole = replays.to_replay(*asked)
        assert 0 < len(tickets) < n == n_whole
        pd.testing.assert_frame_equal(tickets, other)
    assert varied.rows("select count(*) as n from mart_replay_stay where dept = 'NET'") != [{"n": 0}]
    quick = replays.first_line(reader, ANALYST, AS_OF, 2)
    with patch.object(reader, "levels", whole):
        pd.testing.assert_frame_equal(quick, replays.first_line(reader, ANALYST, AS_OF, 2))
