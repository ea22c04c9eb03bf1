"""Who had an open ticket when: stays between acceptance and result, in every round of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.warehouse.models.derived import DAY, after, derive, log, pick

ROUTE = "0 ACP CARE; 5 DSP CARE>NET; 65 ACC NET; 200 TRANSFER NET>BIL; 260 TRANSFER BIL>NET; 300 RES; 310 FBK"


def ticket(number: int, accepted_at: datetime = DAY, **columns: Any) -> dict[str, Any]:
    usual = {"type_code": "NET01", "validity": "valid", "request_kind": "complaint", "channel_code": "HOTLINE"}
    who = {"ticket_id": f"T{number}", "accepted_at": accepted_at, "cust_key": f"C{number}", "priority": "P3"}
    return {**usual, **who, **columns}


def test_stays_are_those_of_the_departments_until_the_result() -> None:
    found = derive("mart_ticket_held", [ticket(1)], log(1, ROUTE))
    columns = ("dept", "held_from", "held_to", "n_transfers", "has_returned", "accept_min")
    assert pick(sorted(found, key=lambda r: r["visit_no"]), *columns) == [
        ("CARE", after(0), after(5), 0, False, None),
        ("NET", after(5), after(200), 0, False, 60.0),
        ("BIL", after(200), after(260), 1, False, None),
        ("NET", after(260), after(310), 2, True, None),
    ]


def test_between_a_result_and_a_reopening_nobody_has_it() -> None:
    found = derive("mart_ticket_held", [ticket(1)], log(1, "0 ACP CARE; 5 DSP CARE>NET; 100 FBK; 500 REOPEN NET"))
    assert pick(sorted(found, key=lambda r: r["visit_no"]), "cycle_no", "held_from", "held_to") == [
        (1, after(0), after(5)),
        (1, after(5), after(100)),
        (2, after(500), None),
    ]


def test_without_a_log_it_is_with_the_department_of_the_export() -> None:
    found = derive("mart_ticket_held", [ticket(1, owner_dept="BIL", feedback_at=after(90))])
    assert pick(found, "dept", "held_from", "held_to", "due_at") == [
        ("BIL", DAY, after(90), DAY + timedelta(minutes=found[0]["limit_min"])),
    ]


def test_a_second_ticket_of_a_matter_is_number_two() -> None:
    found = derive("mart_ticket_held", [ticket(1), ticket(2, after(14400), cust_key="C1")])
    assert sorted(pick(found, "ticket_id", "chain_no")) == [("T1", 1), ("T2", 2)]
