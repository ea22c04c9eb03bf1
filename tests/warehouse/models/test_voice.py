"""Kept informed or not, what happened to an answered ticket, and whose work an answer was: by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.figures import add_values
from warehouse.periods import Period
from warehouse.viewer import Viewer

pytestmark = pytest.mark.deep  # a release of its own for each test

START = datetime(2025, 3, 3, 9)  # a Monday


def event(number: int, seq: int, hours: float, name: str, dept: str, **more: Any) -> dict[str, Any]:
    at = START + timedelta(hours=hours)
    return {"ticket_id": f"T{number}", "seq": seq, "event_at": at, "event": name, "to_dept": dept, **more}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def rows(little: LittleHome, table: str, columns: str) -> dict[str, dict[str, Any]]:
    return {r["ticket_id"]: r for r in little.rows(f"select ticket_id, {columns} from {table}")}


def contact(n: int, number: int, hours: float, **more: Any) -> dict[str, Any]:
    told = {"direction": "out", "kind": "progress", "is_reached": True}
    return {"contact_id": f"c{n}", "ticket_id": f"T{number}", "contact_at": at(hours), **told, **more}


def test_silence_is_counted_from_word_to_word(little: LittleHome) -> None:
    little.load(
        "ticket",
        [
            ticket(1, START, feedback_at=at(100)),  # told at 47 and 95 h
            ticket(2, START, feedback_at=at(100)),  # told at 49 h only
            ticket(3, START, feedback_at=at(48)),  # exactly two days: no report was due
            ticket(4, START, feedback_at=at(96)),  # told at exactly 48 h
            ticket(5, START),  # open, and nobody notes contacts of it: not known
            ticket(6, START, feedback_at=at(60)),  # called, nobody answered
            ticket(7, START, feedback_at=at(60)),  # the customer called us: that is no word from us
        ],
    )
    little.load(
        "contact",
        [
            contact(1, 1, 47),
            contact(2, 1, 95),
            contact(3, 2, 49),
            contact(4, 4, 48, kind="first_reply"),
            contact(5, 6, 30, is_reached=False),
            contact(6, 7, 30, direction="in", kind="chaser"),
        ],
    )
    little.build()
    found = rows(little, "fact_ticket_informed", "n_reports, longest_silence_h, is_informed")
    assert set(found) == {"T1", "T2", "T4", "T5", "T6", "T7"}
    assert {k: v["is_informed"] for k, v in found.items()} == {
        "T1": True, "T2": False, "T4": True, "T5": None, "T6": False, "T7": False
    }  # fmt: skip
    assert (found["T2"]["n_reports"], found["T2"]["longest_silence_h"]) == (1, 51.0)
    assert found["T5"]["longest_silence_h"] == (little.as_of - START).total_seconds() / 3600


def test_without_any_report_nobody_is_called_silent(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, START, feedback_at=at(100))])
    little.build()
    assert rows(little, "fact_ticket_informed", "is_informed")["T1"]["is_informed"] is None
    assert rows(little, "mart_voice", "is_silent")["T1"]["is_silent"] is False


def test_what_happened_to_a_ticket(little: LittleHome) -> None:
    little.load(
        "ticket",
        [
            ticket(1, START, feedback_at=at(10), is_solved=True),
            ticket(2, START, feedback_at=at(25), is_solved=False, n_transfers=2),  # the limit of 2025 is 24 h
            ticket(3, START, feedback_at=at(24), is_solved=True, n_transfers=1),
            ticket(4, START),  # open and not asked: no voice
            ticket(5, START, is_solved=None),  # asked before any feedback was noted
        ],
    )
    asked = {"surveyed_at": at(40)}
    little.load(
        "satisfaction",
        [
            {"ticket_id": "T1", "answer_code": 2, **asked},
            {"ticket_id": "T2", "answer_code": 3, "reason": "处理太慢", **asked},
            {"ticket_id": "T3", "answer_code": 3, **asked},
            {"ticket_id": "T5", "answer_code": 1, **asked},
        ],
    )
    little.build()
    found = rows(little, "mart_voice", "is_late, is_unsolved, is_passed_on, reason")
    assert set(found) == {"T1", "T2", "T3", "T5"}
    columns = ("is_late", "is_unsolved", "is_passed_on", "reason")
    assert [found["T1"][c] for c in columns] == [False, False, False, None]
    assert [found["T2"][c] for c in columns] == [True, True, True, "处理太慢"]
    assert (found["T3"]["is_late"], found["T3"]["is_passed_on"], found["T3"]["reason"]) == (False, False, "UNKNOWN")
    assert (found["T5"]["is_late"], found["T5"]["is_unsolved"]) == (False, True)


def test_an_answer_belongs_to_who_gave_it_on_their_own_clock(little: LittleHome) -> None:
    """CARE keeps the ticket 20 h and passes it to NET, which acts after 1 h and answers after 4: its clock is 4 h."""
    little.load("ticket", [ticket(1, START, owner_dept="CARE"), ticket(2, START)])
    little.load(
        "ticket_event",
        [
            event(1, 1, 0, "ACP", "CARE", staff_key="care-1"),
            event(1, 2, 20, "DSP", "NET", from_dept="CARE", staff_key="care-1"),
            event(1, 3, 21, "FRS", "NET", staff_key="net-1"),
            event(1, 4, 24, "RES", "NET", staff_key="net-2"),
            event(1, 5, 26, "FBK", "CARE", staff_key="care-2"),
            event(2, 1, 0, "ACP", "NET", staff_key="net-1"),
        ],
    )
    little.build()
    found = rows(
        little, "mart_handled", "owner_dept, staff_key, own_hours, own_first_minutes, reply_limit_min, answered_at"
    )
    assert set(found) == {"T1"}, "a ticket without an answer is nobody's work yet"
    row = found["T1"]
    assert (row["owner_dept"], row["staff_key"]) == ("NET", "net-2")
    assert (row["own_hours"], row["own_first_minutes"]) == (4.0, 60.0)
    assert row["reply_limit_min"] == 720
    assert row["answered_at"] == at(24)


def test_after_a_reopening_the_last_answer_counts_and_both_stays_of_its_department(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, START)])
    little.load(
        "ticket_event",
        [
            event(1, 1, 0, "ACP", "NET", staff_key="a"),
            event(1, 2, 3, "RES", "NET", staff_key="a"),
            event(1, 3, 4, "FBK", "NET", staff_key="a"),
            event(1, 4, 30, "REOPEN", "NET", staff_key="a"),
            event(1, 5, 35, "RES", "NET", staff_key="b"),
        ],
    )
    little.build()
    row = rows(little, "mart_handled", "staff_key, own_hours")["T1"]
    assert (row["staff_key"], row["own_hours"]) == ("b", 8.0), "3 h before and 5 h after; between it was with nobody"


def test_the_spread_of_peoples_results_by_hand(little: LittleHome) -> None:
    """a solves 3 of 3, b 1 of 3: p = 4/6, each (1)² ÷ (3 × 4/6 × 2/6) = 1.5, together 3 × 5/6 = 2.5 with one free."""
    solved = {1: True, 2: True, 3: True, 4: True, 5: False, 6: False}
    little.load("ticket", [ticket(n, START, is_solved=ok, type_detail="x") for n, ok in solved.items()])
    little.load("ticket", [ticket(7, START, is_solved=True, type_detail="alone")])
    events = []
    for n in range(1, 8):
        who = "a" if n <= 3 or n == 7 else "b"
        events += [event(n, 1, 0, "ACP", "NET", staff_key=who), event(n, 2, 2, "RES", "NET", staff_key=who)]
    little.load("ticket_event", events)
    little.build()
    [row] = little.rows("select owner_dept, n_free, n_tickets, spread from mart_outcome_spread")
    assert (row["owner_dept"], row["n_free"], row["n_tickets"]) == ("NET", 1, 6)
    assert row["spread"] == pytest.approx(2.5)


def test_what_customers_say_about_the_solution(little: LittleHome) -> None:
    """Four were asked: one calls it solved, one not, one was not asked so, one number is gone."""
    little.load("ticket", [ticket(n, START, feedback_at=at(5), is_solved=True) for n in range(1, 5)])
    said = [
        {"answer_code": 2, "is_confirmed": True, "is_number_gone": False},
        {"answer_code": 3, "is_confirmed": False, "is_number_gone": False},
        {"answer_code": 2, "is_number_gone": False},
        {"answer_code": 1, "is_number_gone": True},
    ]
    little.load("satisfaction", [{"ticket_id": f"T{n}", "surveyed_at": at(30), **r} for n, r in enumerate(said, 1)])
    little.build()
    month = Period("now", START.date(), datetime(2025, 4, 1).date(), little.as_of)
    ids = ["M08", "M10_GONE"]
    row = add_values(little.reader().figures(ids, Viewer.of("analyst"), [month]), ids).iloc[0]
    assert (row["M08"], row["M08_n"]) == (0.5, 2)
    assert (row["M10_GONE"], row["M10_GONE_n"]) == (0.25, 4)
