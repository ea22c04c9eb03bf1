"""Stages, pauses and stays at departments, from hand-written logs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import AS_OF, ticket
from tests.warehouse.models.derived import DAY, after, derive, log, pick


def stages(steps: str, *columns: str, as_of: datetime = AS_OF, **said: Any) -> dict[Any, Any]:
    """Stage (or cycle and stage) of ticket 1 -> the asked columns."""
    rows = derive("fact_ticket_stage", [ticket(1, DAY, **said)], log(1, steps), as_of)
    several = len({r["cycle_no"] for r in rows}) > 1
    return {(r["cycle_no"], r["stage"]) if several else r["stage"]: tuple(r[c] for c in columns) for r in rows}


WHOLE = (
    "0 ACP CARE; 2 REG CARE; 5 CLS CARE; 8 APR CARE; 10 DSP CARE>NET; 40 ACC NET; 60 FRS NET; 120 INV NET; 180 PLN NET;"
    "300 RES NET; 330 FBK CARE; 360 SAT CARE; 400 ARC CARE"
)


def test_every_stage_follows_the_one_before() -> None:
    found = stages(WHOLE, "started_at", "ended_at", "elapsed_s", "since_accepted_s", "dept", "n_visits", "source")
    minutes = {
        "ACP": (0, 0), "REG": (0, 2), "CLS": (2, 5), "APR": (5, 8), "DSP": (8, 10), "ACC": (10, 40), "FRS": (40, 60),
        "INV": (60, 120), "PLN": (120, 180), "RES": (180, 300), "FBK": (300, 330), "SAT": (330, 360), "ARC": (360, 400),
    }  # fmt: skip
    before_dispatch = {"ACP", "REG", "CLS", "APR"}
    assert found == {
        stage: (
            after(a), after(b), (b - a) * 60, b * 60, "CARE" if stage in before_dispatch else "NET", 1, "log"
        )
        for stage, (a, b) in minutes.items()
    }  # fmt: skip


def test_a_stage_done_over_ends_with_its_first_event_or_where_it_must_hold_with_its_last() -> None:
    found = stages("0 ACP; 5 CLS; 9 CLS; 20 RES; 25 FBK; 30 RES; 40 FBK", "ended_at", "n_visits", "elapsed_s")
    assert found["CLS"] == (after(5), 2, 300)
    assert found["RES"] == (after(30), 2, 25 * 60)
    assert found["FBK"] == (after(40), 2, 600)


def test_a_reopening_starts_a_new_cycle() -> None:
    found = stages(
        "0 ACP; 10 FRS; 20 RES; 30 FBK; 90 REOPEN NET; 95 ACC NET; 120 RES; 150 FBK",
        "started_at", "ended_at", "elapsed_s", "since_accepted_s",
    )  # fmt: skip
    assert found[1, "FBK"] == (after(20), after(30), 600, 1800)
    assert found[2, "ACC"] == (after(90), after(95), 300, 95 * 60)
    assert found[2, "RES"] == (after(95), after(120), 1500, 7200)
    assert found[2, "FBK"] == (after(120), after(150), 1800, 9000)
    assert set(found) == {(1, "ACP"), (1, "FRS"), (1, "RES"), (1, "FBK"), (2, "ACC"), (2, "RES"), (2, "FBK")}


def test_a_stage_out_of_turn_is_flagged_and_takes_no_negative_time() -> None:
    found = stages("0 ACP; 10 RES; 15 FRS; 20 FBK", "elapsed_s", "is_out_of_turn")
    assert found == {"ACP": (0, False), "RES": (600, False), "FRS": (300, True), "FBK": (300, False)}


@pytest.mark.parametrize(
    ("steps", "stage", "paused_min", "elapsed_min"),
    [
        ("0 ACP; 10 FRS; 20 SUSPEND; 50 RESUME; 100 RES; 110 FBK", "RES", 30, 90),
        # Inside one another: from the first to the last, once.
        ("0 ACP; 10 FRS; 20 SUSPEND; 30 SUSPEND; 40 RESUME; 60 RESUME; 100 RES; 110 FBK", "RES", 40, 90),
        # One after the other.
        ("0 ACP; 10 FRS; 20 SUSPEND; 30 RESUME; 40 SUSPEND; 60 RESUME; 100 RES; 110 FBK", "RES", 30, 90),
        # Over two stages: each has its part.
        ("0 ACP; 10 FRS; 20 SUSPEND; 50 INV; 60 RESUME; 100 RES; 110 FBK", "INV", 30, 40),
        ("0 ACP; 10 FRS; 20 SUSPEND; 50 INV; 60 RESUME; 100 RES; 110 FBK", "RES", 10, 50),
        # Never ended: whoever answers does not wait.
        ("0 ACP; 10 FRS; 20 SUSPEND; 100 RES; 110 FBK", "RES", 80, 90),
        ("0 ACP; 10 FRS; 20 SUSPEND; 100 RES; 110 FBK", "FBK", 0, 10),
        # A surplus RESUME ends nothing that comes later.
        ("0 ACP; 10 FRS; 15 RESUME; 20 SUSPEND; 50 RESUME; 100 RES; 110 FBK", "RES", 30, 90),
        ("0 ACP; 10 FRS; 15 RESUME; 100 RES; 110 FBK", "RES", 0, 90),
    ],
)
def test_pauses(steps: str, stage: str, paused_min: int, elapsed_min: int) -> None:
    found = stages(steps, "paused_s", "elapsed_s", "net_s")[stage]
    assert found == (paused_min * 60, elapsed_min * 60, (elapsed_min - paused_min) * 60)


def test_an_open_pause_lasts_at_the_instant_of_the_release() -> None:
    as_of = after(200)
    found = stages(
        "0 ACP; 10 FRS; 50 SUSPEND", "ended_at", "elapsed_s", "paused_s", "since_accepted_paused_s", as_of=as_of
    )
    assert found["FBK"] == (None, 190 * 60, 150 * 60, 150 * 60)


def test_pauses_of_an_earlier_cycle_count_for_the_customer_only() -> None:
    found = stages(
        "0 ACP; 10 SUSPEND; 40 RESUME; 60 RES; 70 FBK; 80 REOPEN; 90 RES; 100 FBK",
        "paused_s", "since_accepted_paused_s",
    )  # fmt: skip
    assert found[2, "FBK"] == (0, 1800)


def test_an_open_ticket_waits_for_the_next_stage_its_source_records() -> None:
    tickets = [ticket(n, DAY) for n in (1, 2, 3, 4, 5)]
    events = (
        log(1, WHOLE) + log(2, "0 ACP; 5 CLS") + log(3, "0 ACP; 20 INV") + log(4, "0 ACP; 30 RES; 40 FBK; 50 REOPEN")
    )
    events += log(5, "0 ACP; 30 RES")
    rows = derive("fact_ticket_stage", tickets, events, after(600))
    open_rows = [r for r in rows if r["ended_at"] is None]
    assert sorted(pick(open_rows, "ticket_id", "cycle_no", "stage", "started_at", "elapsed_s")) == [
        ("T2", 1, "DSP", after(5), 595 * 60),
        ("T3", 1, "RES", after(20), 580 * 60),
        ("T4", 2, "RES", after(50), 550 * 60),
        ("T5", 1, "FBK", after(30), 570 * 60),
    ]
    assert all(r["n_visits"] == 0 for r in open_rows)


def test_a_merged_ticket_waits_for_nothing() -> None:
    assert set(stages("0 ACP; 5 MERGE", "ended_at", merged_into="T9")) == {"ACP"}


def test_without_a_log_the_summary_columns_stand() -> None:
    said = {"dispatched_at": after(5), "first_reply_at": after(20), "resolved_at": after(60), "feedback_at": after(90)}
    found = stages("", "elapsed_s", "paused_s", "net_s", "dept", "source", **said)
    assert found == {
        stage: (minutes * 60, None, None, None, "summary")
        for stage, minutes in {"ACP": 0, "DSP": 5, "FRS": 15, "RES": 40, "FBK": 30}.items()
    }


def test_where_the_log_is_silent_the_summary_fills_in_and_says_so() -> None:
    found = stages("0 ACP; 5 DSP A>B", "ended_at", "source", first_reply_at=after(20), feedback_at=after(90))
    assert found == {
        "ACP": (after(0), "log"),
        "DSP": (after(5), "log"),
        "FRS": (after(20), "summary"),
        "FBK": (after(90), "summary"),
    }


# --- stays at departments ------------------------------------------------------------------------------------


def stays(steps: str, *columns: str, as_of: datetime = AS_OF, start: datetime = DAY, **said: Any) -> list[Any]:
    rows = derive("fact_dept_dwell", [ticket(1, start, **said)], log(1, steps, start), as_of)
    return pick(sorted(rows, key=lambda r: r["visit_no"]), *columns)


def test_stays_follow_the_hand_overs_and_end_with_the_answer() -> None:
    found = stays(
        "0 ACP CARE; 2 REG CARE; 10 DSP CARE>NET; 40 ACC NET; 50 FRS NET; 100 TRANSFER NET>BIL; 130 ACC BIL;"
        "200 INV BIL; 300 RES BIL; 400 FBK CARE; 500 ARC CARE",
        "visit_no", "dept", "in_at", "out_at", "dwell_min", "first_accept_min", "first_action_min",
    )  # fmt: skip
    assert found == [
        (1, "CARE", after(0), after(10), 10, None, 2),
        (2, "NET", after(10), after(100), 90, 30, 40),
        (3, "BIL", after(100), after(300), 200, 30, 100),
    ]


def test_somebody_elses_action_is_not_the_departments() -> None:
    [_, net] = stays("0 ACP CARE; 10 DSP CARE>NET; 15 PROGRESS CARE; 20 PROGRESS NET -; 30 INV NET", "first_action_min")
    assert net == (20,)


def test_who_has_the_ticket_now_has_it_up_to_the_instant_of_the_release() -> None:
    found = stays("0 ACP CARE; 10 DSP CARE>NET", "dept", "out_at", "dwell_min", as_of=after(100))
    assert found == [("CARE", after(10), 10), ("NET", None, 90)]


def test_from_the_answer_to_the_reopening_the_ticket_is_with_nobody() -> None:
    found = stays(
        "0 ACP CARE; 10 DSP CARE>NET; 50 RES NET; 60 FBK CARE; 200 REOPEN; 250 RES NET; 260 FBK CARE",
        "dept", "cycle_no", "in_at", "out_at", "is_return",
    )  # fmt: skip
    assert found == [
        ("CARE", 1, after(0), after(10), False),
        ("NET", 1, after(10), after(50), False),
        ("NET", 2, after(200), after(250), False),
    ]


def test_a_ticket_that_only_its_export_closes_leaves_the_last_department_then() -> None:
    found = stays("0 ACP CARE; 10 DSP CARE>NET", "out_at", feedback_at=after(99))
    assert found == [(after(10),), (after(99),)]


def test_a_hand_over_to_the_department_that_has_it_is_no_new_stay() -> None:
    assert stays("0 ACP CARE; 5 DSP CARE>CARE; 9 DSP CARE>NET; 12 TRANSFER NET>NET", "dept") == [("CARE",), ("NET",)]


def test_a_log_without_acceptance_begins_where_the_first_hand_over_came_from() -> None:
    assert stays("10 TRANSFER CARE>NET", "dept", "in_at") == [("CARE", after(0)), ("NET", after(10))]


def test_tickets_without_a_log_have_no_stays() -> None:
    assert stays("", "dept", feedback_at=after(9)) == []


@pytest.mark.parametrize(
    ("path", "transfers", "loops", "bounces"),
    [
        # The oracle of the requirements: CARE, NET, CARE, NET is a loop; CARE, NET, BIL two transfers and no loop.
        ("CARE>NET NET>CARE CARE>NET", 3, 2, 2),
        ("CARE>NET NET>BIL", 2, 0, 0),
        ("CARE>NET NET>BIL BIL>CARE", 3, 1, 0),
        ("CARE>NET NET>BIL BIL>NET", 3, 1, 1),
    ],
)
def test_loops_and_bounces(path: str, transfers: int, loops: int, bounces: int) -> None:
    moves = "; ".join(f"{n} TRANSFER {move}" for n, move in enumerate(path.split(), start=1))
    [told] = derive("fact_ticket_log", [ticket(1, DAY)], log(1, f"0 ACP CARE; {moves}"))
    assert (told["n_transfers"], told["n_loops"], told["n_bounces"]) == (transfers, loops, bounces)


def test_coming_back_after_a_reopening_is_no_loop() -> None:
    steps = "0 ACP CARE; 1 DSP CARE>NET; 2 RES NET; 3 REOPEN CARE; 4 DSP CARE>NET; 5 RES NET"
    [told] = derive("fact_ticket_log", [ticket(1, DAY)], log(1, steps))
    assert (told["n_loops"], told["n_bounces"]) == (0, 0)


@pytest.mark.parametrize(
    ("start", "hours", "outside_min"),
    [
        (datetime(2025, 1, 6, 9), 2, 0),  # inside a Monday
        (datetime(2025, 1, 6, 7), 2, 90),  # 7:00 to 9:00
        (datetime(2025, 1, 6, 17), 1, 30),
        (datetime(2025, 1, 6, 18), 2, 120),  # an evening
        (datetime(2025, 1, 6, 9), 24, 15 * 60),  # a day and a night
        (datetime(2025, 1, 10, 17), 64, 63 * 60),  # Friday 17:00 to Monday 9:00: half an hour twice
        (datetime(2025, 1, 26, 9), 2, 0),  # a Sunday made a working day before the Spring Festival
        (datetime(2025, 1, 28, 9), 2, 120),  # the holiday itself, a Tuesday
    ],
)
def test_time_outside_working_hours(start: datetime, hours: int, outside_min: int) -> None:
    found = stays("0 ACP CARE", "dwell_min", "dwell_nonwork_min", start=start, as_of=start + timedelta(hours=hours))
    assert found == [(hours * 60, outside_min)]
