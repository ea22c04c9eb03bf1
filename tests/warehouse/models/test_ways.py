"""What a log says of the way a ticket went, and of each stay, from hand-written logs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import AS_OF, ticket
from tests.warehouse.models.derived import DAY, derive, log

FRIDAY_17, SATURDAY, MONDAY_10 = 4 * 1440 + 480, 5 * 1440, 7 * 1440 + 60  # minutes from Monday 9 o'clock


def way(steps: str, as_of: datetime = AS_OF, **said: Any) -> dict[str, Any]:
    """The row of ticket 1 in mart_ticket_flow."""
    return derive("mart_ticket_flow", [ticket(1, DAY, **said)], log(1, steps), as_of)[0]


def stays(steps: str, *columns: str, as_of: datetime = AS_OF, **said: Any) -> list[tuple[Any, ...]]:
    rows = derive("mart_stay", [ticket(1, DAY, **said)], log(1, steps), as_of)
    return [tuple(r[c] for c in columns) for r in sorted(rows, key=lambda r: r["visit_no"])]


EARLY = "0 ACP CARE; 2 REG CARE; 5 CLS CARE; 8 DSP CARE>NET; 40 ACC NET; 60 FRS NET; "
WHOLE = EARLY + "300 RES NET; 330 FBK CARE; 360 SAT CARE"


def test_a_straight_way() -> None:
    told = way(WHOLE)
    assert told["dept"] == "NET" and told["is_on_target"] and told["is_closed"]
    assert not (told["is_gappy"] or told["is_unsurveyed"] or told["is_retyped"] or told["is_approved"])
    assert (told["reply_class"], told["dispatch_class"]) == (23, 12), "60 minutes are 2^(23.6/4), 8 are 2^(12/4)"


@pytest.mark.parametrize("gone", ["2 REG CARE; ", "5 CLS CARE; ", "40 ACC NET; ", "60 FRS NET; ", "300 RES NET; "])
def test_a_stage_that_is_missing_makes_a_gap(gone: str) -> None:
    assert gone in WHOLE
    assert way(WHOLE.replace(gone, ""))["is_gappy"]


def test_an_open_ticket_has_no_gap_yet() -> None:
    told = way("0 ACP CARE; 8 DSP CARE>NET")
    assert not told["is_gappy"] and not told["is_unsurveyed"] and not told["is_closed"]


def test_the_first_line_needs_no_signing() -> None:
    told = way("0 ACP CARE; 2 REG CARE; 5 CLS CARE; 6 FRS CARE; 20 RES CARE; 25 FBK CARE")
    assert told["dept"] == "NONE" and not told["is_dispatched"] and not told["is_gappy"]
    assert told["is_unsurveyed"]


def test_a_ticket_that_goes_on_was_not_sent_right() -> None:
    assert not way(WHOLE.replace("60 FRS", "50 TRANSFER NET>BIL; 60 FRS"))["is_on_target"]
    assert way(WHOLE.replace("60 FRS", "50 CLS CARE; 60 FRS"))["is_retyped"]


def test_an_approval_lasts_from_the_event_before_it() -> None:
    told = way(
        WHOLE.replace("8 DSP", "125 APR CARE; 130 DSP").replace("40 ACC", "140 ACC").replace("60 FRS", "150 FRS")
    )
    assert told["is_approved"] and told["n_approvals"] == 1
    assert told["approval_s"] == 120 * 60


@pytest.mark.deep
def test_time_off_begins_on_the_eve() -> None:
    def is_off(minutes: int) -> bool:
        at = DAY + timedelta(minutes=minutes)
        row = derive("mart_ticket_flow", [ticket(1, at)], [])[0]
        return bool(row["is_off"])

    assert not is_off(FRIDAY_17 - 60), "Friday at 16"
    assert is_off(FRIDAY_17 + 240), "Friday at 21"
    assert is_off(SATURDAY)
    assert not is_off(7 * 1440), "Monday"
    assert not is_off(3 * 1440 + 720), "Thursday at 21: the next day is worked"


def test_a_weekend_in_a_stay_is_counted_whole() -> None:
    steps = f"0 ACP CARE; {FRIDAY_17} DSP CARE>NET; {MONDAY_10} RES NET; {MONDAY_10 + 5} FBK CARE"
    found = stays(steps, "dept", "off_s", "n_off_days", "told_s")
    assert found[1] == ("NET", 2 * 86400, 2, (MONDAY_10 - FRIDAY_17) * 60), "until the answer"


def test_half_a_saturday_is_half_a_day() -> None:
    steps = f"0 ACP CARE; {SATURDAY + 180} DSP CARE>NET; {SATURDAY + 300} RES NET; {SATURDAY + 300} FBK CARE"
    assert stays(steps, "dept", "off_s", "n_off_days")[1] == ("NET", 120 * 60, 1)


def test_a_working_week_has_no_time_off() -> None:
    found = stays(WHOLE, "dept", "off_s", "n_off_days", "came_by", "left_by", "is_done")
    assert found == [("CARE", 0, 0, "ACP", "DSP", False), ("NET", 0, 0, "DSP", None, True)]


def test_who_has_it_now_is_not_done() -> None:
    found = stays("0 ACP CARE; 8 DSP CARE>NET", "dept", "is_open", "is_done", "pick_class")
    assert found == [("CARE", False, False, None), ("NET", True, False, None)]


def test_moves_are_counted_once_each_and_the_result_is_one() -> None:
    steps = WHOLE.replace("60 FRS", "50 TRANSFER NET>BIL; 55 REJECT BIL>CARE; 57 TRANSFER CARE>NET; 60 FRS")
    rows = derive("mart_flow_move", [ticket(1, DAY)], log(1, steps))
    found = {(r["from_dept"], r["to_dept"], r["came_by"]): (r["n_moves"], r["n_people"]) for r in rows}
    assert found == {
        ("CARE", "NET", "DSP"): (1, 1),
        ("NET", "BIL", "TRANSFER"): (1, 1),
        ("BIL", "CARE", "REJECT"): (1, 0),
        ("CARE", "NET", "TRANSFER"): (1, 0),
        ("NET", "DONE", "FBK"): (1, 0),
    }


@pytest.mark.parametrize(
    ("priority", "idle_min", "is_stuck"),
    [("P3", 359, False), ("P3", 361, True), ("P1", 29, False), ("P1", 31, True)],
)
def test_lying_still_has_an_allowance(priority: str, idle_min: int, is_stuck: bool) -> None:
    """A quarter of the 24 hours in force, above 4 hours; half an hour for P1."""
    at = DAY + timedelta(minutes=8 + idle_min)
    rows = derive("mart_flow_stuck", [ticket(1, DAY, priority=priority)], log(1, "0 ACP CARE; 8 DSP CARE>NET"), at)
    assert [(r["dept"], r["is_stuck"], r["is_unsigned"]) for r in rows] == [("NET", is_stuck, True)]


def picks(order: list[int]) -> list[dict[str, Any]]:
    """Five tickets that come to NET a minute apart; ticket n is signed for at place order[n]."""
    tickets = [ticket(n, DAY) for n in range(5)]
    events = [
        e for n, place in enumerate(order) for e in log(n, f"0 ACP CARE; {10 + n} DSP CARE>NET; {60 + place} ACC NET")
    ]
    return derive("mart_flow_order", tickets, events)


def test_first_come_first_served_is_one_and_the_reverse_minus_one() -> None:
    assert [r["order_rho"] for r in picks([0, 1, 2, 3, 4])] == [1.0]
    assert [r["order_rho"] for r in picks([4, 3, 2, 1, 0])] == [-1.0]
    assert [r["order_rho"] for r in picks([1, 0, 2, 4, 3])] == [pytest.approx(0.8)], "1 - 6 * 4 / 120"


def test_a_replay_takes_closed_and_open_tickets_of_a_log() -> None:
    tickets = [ticket(1, DAY), ticket(2, DAY), ticket(3, DAY)]
    events = [*log(1, WHOLE), *log(2, "0 ACP CARE; 8 DSP CARE>NET")]
    rows = {r["ticket_id"]: r for r in derive("mart_replay_ticket", tickets, events)}
    assert set(rows) == {"T1", "T2"}
    assert (rows["T1"]["took_s"], rows["T1"]["allowed_s"], rows["T1"]["is_due"]) == (330 * 60, 86400, True)
    assert rows["T2"]["took_s"] is None and rows["T2"]["is_due"], "open, and past its deadline"
    assert len(rows["T1"]["sample_key"]) == 4 and len(rows["T1"]["draw_key"]) == 8
