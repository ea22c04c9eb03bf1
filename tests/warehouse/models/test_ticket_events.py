"""The cleaned event log and what it says of a ticket: order, copies, strangers, counts, and who wins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import ticket
from tests.warehouse.models.derived import DAY, after, derive, log, pick


def test_time_orders_events_and_the_number_only_those_of_one_second() -> None:
    events = log(1, "0 ACP; 30 RES; 10 FRS; 30 FBK")
    rows = sorted(derive("fact_ticket_event", [ticket(1, DAY)], events), key=lambda r: r["event_no"])
    assert pick(rows, "event", "event_no", "seq", "is_out_of_order") == [
        ("ACP", 1, 1, False),
        ("FRS", 2, 3, False),
        ("RES", 3, 2, True),
        ("FBK", 4, 4, False),
    ]


def test_an_event_sent_again_under_another_number_stands_once() -> None:
    first = log(1, "0 ACP CARE; 5 DSP CARE>NET; 5 URGE NET; 20 URGE NET")
    again = [{**e, "seq": e["seq"] + 10, "note_scrubbed": "again"} for e in first]
    rows = derive("fact_ticket_event", [ticket(1, DAY)], first + again)
    assert pick(rows, "event", "seq", "n_sent") == [("ACP", 1, 2), ("DSP", 2, 2), ("URGE", 3, 2), ("URGE", 4, 2)]
    [told] = derive("fact_ticket_log", [ticket(1, DAY)], first + again)
    assert (told["n_chasers"], told["n_sent_again"]) == (2, 4)


def test_a_log_without_numbers_is_told_apart_by_time_and_event() -> None:
    events = [{**e, "seq": None} for e in log(1, "0 ACP; 5 DSP CARE>NET; 5 URGE NET; 5 URGE BIL; 20 RES; 20 RES")]
    rows = derive("fact_ticket_event", [ticket(1, DAY)], events)
    said = pick(sorted(rows, key=lambda r: r["event_no"]), "event", "to_dept", "is_out_of_order")
    assert said == [
        ("ACP", None, False),
        ("DSP", "NET", False),
        ("URGE", "NET", False),
        ("URGE", "BIL", False),
        ("RES", None, False),
    ]


def test_a_log_without_numbers_sent_again_is_corrected_by_the_newer_file() -> None:
    first = [{**e, "seq": None} for e in log(1, "0 ACP; 5 DSP CARE>NET; 20 RES")]
    again = [{**e, "file_id": "g", "file_on": "2", "to_dept": e.get("to_dept") and "BIL"} for e in first[:2]]
    for events in (first + again, again + first):
        rows = derive("fact_ticket_event", [ticket(1, DAY)], events)
        assert sorted(pick(rows, "event", "to_dept"), key=str) == [("ACP", None), ("DSP", "BIL"), ("RES", None)]


def test_a_log_with_numbers_beside_one_without() -> None:
    numbered = log(1, "0 ACP; 30 RES")
    bare = [{**e, "seq": None, "file_id": "g"} for e in log(1, "10 FRS; 40 FBK")]
    rows = derive("fact_ticket_event", [ticket(1, DAY)], numbered + bare)
    assert sorted(pick(rows, "event_no", "event")) == [(1, "ACP"), (2, "FRS"), (3, "RES"), (4, "FBK")]


def test_a_chaser_of_another_department_in_the_same_second_is_no_copy() -> None:
    events = log(1, "0 ACP; 5 URGE NET; 5 URGE BIL")
    assert len(derive("fact_ticket_event", [ticket(1, DAY)], events)) == 3


def test_events_of_unknown_tickets_are_kept_and_counted() -> None:
    events = log(1, "0 ACP; 5 FRS") + log("gone", "0 ACP; 5 FRS; 9 RES")
    rows = derive("fact_ticket_event", [ticket(1, DAY)], events)
    assert sorted(pick(rows, "ticket_id", "is_known")) == [("T1", True)] * 2 + [("Tgone", False)] * 3
    found = {r["finding"]: (r["n_found"], r["n_checked"]) for r in derive("mart_ticket_log", [ticket(1, DAY)], events)}
    assert found["events_of_unknown_tickets"] == (3, 5)
    assert found["unknown_tickets"] == (1, 2)
    assert {r["ticket_id"] for r in derive("fact_ticket_stage", [ticket(1, DAY)], events)} == {"T1"}


def test_an_event_before_the_acceptance_is_kept_and_ends_no_stage() -> None:
    events = log(1, "0 ACP; -60 FBK; 20 FRS")
    rows = derive("fact_ticket_event", [ticket(1, DAY)], events)
    assert pick(rows, "event", "is_early") == [("FBK", True), ("ACP", False), ("FRS", False)]
    [told] = derive("fact_ticket", [ticket(1, DAY)], events)
    assert (told["feedback_at"], told["status"]) == (None, "open")


def test_where_a_source_is_silent_on_substance_the_kind_of_event_decides() -> None:
    events = [{**e, "is_substantive": None} for e in log(1, "0 ACP; 1 URGE; 2 PROGRESS; 3 INV")]
    assert pick(derive("fact_ticket_event", [], events), "event", "is_substantive") == [
        ("ACP", False),
        ("URGE", False),
        ("PROGRESS", False),
        ("INV", True),
    ]


def test_what_a_log_counts() -> None:
    events = log(
        1,
        "0 ACP CARE; 1 APR; 2 DSP CARE>NET; 3 FRS; 4 URGE; 5 REJECT NET>CARE; 6 TRANSFER CARE>BIL; 7 PROGRESS;"
        "8 RES; 9 FBK; 10 REOPEN BIL; 11 URGE; 12 RES; 13 FBK; 14 SAT; 15 ARC",
    )
    [told] = derive("fact_ticket_log", [ticket(1, DAY)], events)
    counts = {k: v for k, v in told.items() if k.startswith("n_")}
    assert counts == {
        "n_events": 16, "n_transfers": 1, "n_rejects": 1, "n_loops": 1, "n_bounces": 1, "n_depts": 3, "n_chasers": 2,
        "n_reopens": 1, "n_approvals": 1, "n_contacts": 7, "n_sent_again": 0, "n_out_of_order": 0, "n_early": 0,
    }  # fmt: skip
    assert (told["first_resolved_at"], told["resolved_at"]) == (after(8), after(12))
    assert (told["feedback_at"], told["archived_at"], told["holder"]) == (after(13), after(15), "BIL")
    contacts = derive("fact_contact", [ticket(1, DAY)], events)
    assert len(contacts) == 7
    assert {(c["kind"], c["direction"]) for c in contacts} == {
        ("first_reply", "out"), ("chaser", "in"), ("progress", "out"), ("result", "out"), ("callback", "out"),
    }  # fmt: skip


SAID = {"n_transfers": 5, "first_reply_at": after(99), "resolved_at": after(100), "feedback_at": after(200)}


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        # The log speaks: it wins.
        ("0 ACP; 1 TRANSFER A>B; 9 FRS; 10 RES; 20 FBK", (1, after(9), after(10), after(20), False)),
        # Silent on every time: the export's stand. It does count the transfers.
        ("0 ACP", (0, after(99), after(100), after(200), False)),
        # A reopening after the export's times undid them, one before did not.
        ("0 ACP; 10 RES; 20 FBK; 300 REOPEN", (0, after(99), None, None, False)),
        ("0 ACP; 10 RES; 20 FBK; 150 REOPEN", (0, after(99), None, after(200), False)),
    ],
)
def test_the_log_wins_over_the_export(steps: str, expected: tuple[Any, ...]) -> None:
    [told] = derive("fact_ticket", [ticket(1, DAY, **SAID)], log(1, steps))
    columns = ("n_transfers", "first_reply_at", "resolved_at", "feedback_at", "is_feedback_unknown")
    assert tuple(told[c] for c in columns) == expected
    assert told["source"] == "log"


@pytest.mark.parametrize(
    ("steps", "said", "closed_at"),
    [
        ("0 ACP; 10 RES; 60 ARC", {}, after(10)),
        ("0 ACP; 60 ARC", {}, after(60)),
        ("0 ACP; 10 RES", {"status": "closed"}, after(10)),
        ("0 ACP; 10 INV", {"status": "closed"}, after(10)),
        ("0 ACP; 10 RES", {}, None),
        ("0 ACP; 10 RES; 60 ARC; 70 REOPEN", {}, None),
        ("0 ACP; 10 RES; 60 ARC; 70 REOPEN; 90 RES", {}, None),
        ("0 ACP; 10 RES; 60 ARC; 70 REOPEN; 90 RES; 95 ARC", {}, after(90)),
    ],
)
def test_closed_without_feedback_is_closed_with_feedback_unknown(
    steps: str, said: dict[str, Any], closed_at: Any
) -> None:
    """Another ticket's log tells feedback here, so a resolution alone is not yet the end."""
    tickets = [ticket(1, DAY, **said), ticket(2, DAY)]
    told = derive("fact_ticket", tickets, log(1, steps) + log(2, "0 ACP; 5 RES; 6 FBK"))[0]
    assert (told["feedback_at"], told["is_feedback_unknown"]) == (closed_at, closed_at is not None)
    assert told["status"] == ("closed" if closed_at else "open")


def test_where_nothing_ever_tells_feedback_a_resolution_closes() -> None:
    [told] = derive("fact_ticket", [ticket(1, DAY)], log(1, "0 ACP; 10 RES"))
    assert (told["feedback_at"], told["is_feedback_unknown"]) == (after(10), True)
    [told] = derive("fact_ticket", [ticket(1, DAY, resolved_at=after(30))])
    assert (told["feedback_at"], told["is_feedback_unknown"], told["source"]) == (after(30), True, "summary")


def test_an_export_with_a_row_per_event_is_one_ticket_judged_once() -> None:
    wide = [ticket(1, DAY, n_transfers=2, feedback_at=after(40)) for _ in range(4)]
    events = log(1, "0 ACP CARE; 5 DSP CARE>NET; 30 RES; 40 FBK")
    assert len(derive("fact_ticket", wide, events)) == 1
    assert len(derive("mart_ticket", wide, events)) == 1
    judged = derive("fact_ticket_judged", wide, events)
    assert sorted(pick(judged, "stage", "state")) == [("FBK", "on_time"), ("FRS", "n_a")], (
        "nobody wrote a first reply down"
    )
    assert len(derive("fact_dept_dwell", wide, events)) == 2


def test_the_difference_between_export_and_log_is_reported() -> None:
    tickets = [
        ticket(1, DAY, feedback_at=after(20), n_transfers=3, n_chasers=0),
        ticket(2, DAY, feedback_at=after(50), n_transfers=1),
        ticket(3, DAY, feedback_at=after(21), n_transfers=1),
        ticket(4, DAY, feedback_at=after(21), n_transfers=1),
    ]
    steps = "0 ACP; 3 TRANSFER A>B; 5 FRS; 15 RES; 20 FBK"
    events = log(1, steps) + log(2, steps) + log(3, "0 ACP; 3 TRANSFER A>B")
    rows = {r.pop("column_name"): tuple(r.values()) for r in derive("mart_log_difference", tickets, events)}
    # unit, both say, differ, only the log, only the export, greatest and median of those that differ
    assert rows["feedback_at"] == ("minutes", 2, 1, 0, 1, 30.0, 30.0)
    assert rows["first_reply_at"] == ("minutes", 0, 0, 2, 0, None, None)
    assert rows["n_transfers"] == ("count", 3, 1, 0, 0, 2.0, 2.0)
    assert rows["n_chasers"] == ("count", 1, 0, 2, 0, None, None)
    assert rows["accepted_at"] == ("minutes", 3, 0, 0, 0, None, None)


def test_a_reopening_within_seven_days_is_counted_from_the_first_resolution() -> None:
    week = 7 * 24 * 60
    events = log(1, f"0 ACP; 10 RES; 20 FBK; {10 + week} REOPEN; {week + 99} RES; {week + 100} FBK")
    [told] = derive("fact_ticket", [ticket(1, DAY)], events)
    assert told["is_reopened_7d"]
    late = [{**e, "event_at": e["event_at"] + timedelta(seconds=e["event"] == "REOPEN")} for e in events]
    assert not derive("fact_ticket", [ticket(1, DAY)], late)[0]["is_reopened_7d"]


def test_no_rows_give_no_rows() -> None:
    for name in ("fact_ticket_stage", "fact_dept_dwell", "fact_ticket_pause", "fact_chain", "fact_ticket_case"):
        assert derive(name) == []
    assert {r["n_found"] for r in derive("mart_ticket_log")} == {0}
