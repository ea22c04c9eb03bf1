"""Limits against hand-computed times: every row of the catalogue to the second, clocks as properties, the oracles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.warehouse.conftest import AS_OF, ticket
from tests.warehouse.models.derived import DAY, derive
from warehouse.policies import regimes

MIN, HOUR, DAYS = 60, 3600, 86400
# Where the seed says "at once" or names no time, there is nothing to hold a ticket against.
UNMEASURED = {
    ("CITY-2025", "RES"), ("PRINCIPLE", "FRS"), ("PEER-FAST", "FRS"), ("PEER-FAST", "PROMISE"), ("CODE-5", "CALL"),
}  # fmt: skip
# policy, stage, what the ticket is, seconds of its limit by the requirements (1.4, 2.1, 5), counted from, ended by.
P1 = {"priority": "P1"}
NET, SVC = {"type_code": "NET01"}, {"type_code": "SVC01"}
FAULT = {"request_kind": "fault", "type_code": "NET01"}
COMPLEX = {"n_transfers": 3}
WEIBO = {"channel_code": "HEIMAO"}
LIMITS: list[tuple[str, str, dict[str, Any], int, str, str]] = [
    ("CITY-2024", "FRS", {}, 24 * HOUR, "ACP", "FRS"),
    ("CITY-2024", "FBK", {}, 48 * HOUR, "ACP", "FBK"),
    ("CITY-2024", "FRS", P1, 1 * HOUR, "ACP", "FRS"),
    ("CITY-2024", "FBK", P1, 4 * HOUR, "ACP", "FBK"),
    ("CITY-2025", "REG", {}, 5 * MIN, "ACP", "REG"),
    ("CITY-2025", "DSP", {}, 10 * MIN, "ACP", "DSP"),
    ("CITY-2025", "FRS", {}, 12 * HOUR, "ACP", "FRS"),
    ("CITY-2025", "FRS", P1, 30 * MIN, "ACP", "FRS"),
    ("CITY-2025", "FBK", {}, 24 * HOUR, "ACP", "FBK"),
    ("CITY-2025", "FBK", P1, 4 * HOUR, "ACP", "FBK"),
    ("CITY-2025", "ONS", NET, 1 * HOUR, "DSP", "INV"),
    ("CITY-2025", "PLN", NET, 2 * HOUR, "DSP", "PLN"),
    ("CITY-2025", "INT", NET, 4 * HOUR, "DSP", "RES"),
    ("CITY-2025", "APO", SVC, 5 * MIN, "DSP", "FRS"),
    ("CITY-2025", "FAC", SVC, 30 * MIN, "DSP", "INV"),
    ("CITY-2025", "PLN", SVC, 2 * HOUR, "DSP", "PLN"),
    ("CITY-2025", "SAT", SVC, 24 * HOUR, "DSP", "SAT"),
    ("STRETCH", "FRS", {}, 12 * HOUR, "ACP", "FRS"),
    ("STRETCH", "FBK", {}, 24 * HOUR, "ACP", "FBK"),
    ("STRETCH", "FRS", P1, 30 * MIN, "ACP", "FRS"),
    ("STRETCH", "FBK", P1, 2 * HOUR, "ACP", "FBK"),
    ("PRINCIPLE", "FRS", {}, 24 * HOUR, "ACP", "FRS"),
    ("PRINCIPLE", "PLN", {}, 24 * HOUR, "ACP", "PLN"),
    ("PEER-24H", "FBK", {}, 24 * HOUR, "ACP", "FBK"),
    ("PEER-24H", "FBK", COMPLEX, 7 * DAYS, "ACP", "FBK"),
    ("CODE-3", "CLS", {}, 15 * MIN, "ACP", "CLS"),
    ("CODE-3", "DSP", {}, 2 * HOUR, "ACP", "DSP"),
    ("CODE-3", "FRS", P1, 2 * HOUR, "ACP", "FRS"),
    ("CODE-3", "FBK", P1, 48 * HOUR, "ACP", "FBK"),
    ("CODE-3", "FBK", {}, 24 * HOUR, "ACP", "FBK"),
    ("CODE-4", "FRS", {}, 1 * HOUR, "ACP", "FRS"),
    ("CODE-4", "FBK", COMPLEX, 24 * HOUR, "ACP", "FBK"),
    ("CODE-4", "FBK", P1, 24 * HOUR, "ACP", "FBK"),
    ("CODE-5", "FRS", {}, 3 * HOUR, "ACP", "FRS"),
    ("CODE-5", "FBK", {}, 72 * HOUR, "ACP", "FBK"),
    ("CODE-5", "RES", FAULT, 2 * HOUR, "ACP", "RES"),
    ("CODE-6", "FRS", NET, 24 * HOUR, "ACP", "FRS"),
    ("CODE-6", "FBK", WEIBO, 48 * HOUR, "ACP", "FBK"),
    ("CODE-7", "FRS", {}, 48 * HOUR, "ACP", "FRS"),
    ("CODE-7", "FBK", {}, 72 * HOUR, "ACP", "FBK"),
    ("CODE-7A", "FRS", {}, 20 * MIN, "ACP", "FRS"),
    ("CODE-7A", "FBK", {}, 48 * HOUR, "ACP", "FBK"),
    ("REG-FLOOR", "RES", {**FAULT, "urban_rural": "城镇"}, 48 * HOUR, "ACP", "RES"),
    ("REG-FLOOR", "RES", {**FAULT, "urban_rural": "农村"}, 72 * HOUR, "ACP", "RES"),
    ("REG-FLOOR", "FBK", {}, 15 * DAYS, "ACP", "FBK"),
    ("REG-APPEAL", "FBK", {"channel_code": "MIIT"}, 30 * DAYS, "ACP", "FBK"),
    ("LOCAL-REF", "FRS", {}, 24 * HOUR, "ACP", "FRS"),
    ("LOCAL-REF", "FBK", {}, 48 * HOUR, "ACP", "FBK"),
    ("LOCAL-REF", "PRG", {}, 48 * HOUR, "ACP", "PROGRESS"),
]


def one(name: str, said: dict[str, Any], seconds: int, begin: str, end: str) -> tuple[dict[str, Any], list[Any]]:
    """A ticket of its own district whose clock shows so many seconds, and its log."""
    steps = [("ACP", DAY)]
    if begin == "DSP":
        steps.append(("DSP", DAY + timedelta(minutes=7)))
    done = steps[-1][1] + timedelta(seconds=seconds)
    steps.append((end, done))
    if end != "FBK":
        # What ends a clock must not end with the ticket, and no word may be longer in coming than the one that counts.
        steps.append(("FBK", done + timedelta(seconds=1 if end == "PROGRESS" else seconds + 5)))
    events = [
        {"ticket_id": f"T{name}", "seq": n, "event": event, "event_at": at} for n, (event, at) in enumerate(steps, 1)
    ]
    usual = {"region_code": name, "cust_key": name, "type_code": "TAR01", **said}
    if "n_transfers" in said:  # a log would count them itself
        return ticket(name, DAY, feedback_at=done, **usual), []
    return ticket(name, DAY, **usual), events


def states(tickets: Iterable[Any], events: Iterable[Any], as_of: datetime = AS_OF) -> dict[tuple[str, str, str], str]:
    """(policy, stage, district) -> the state of its one ticket."""
    found = {}
    for row in derive("mart_sla", list(tickets), list(events), as_of):
        state = [s for s in ("on_time", "late", "overdue", "soon_due", "running") if row[f"n_{s}"]]
        assert len(state) == row["n"] == 1, row
        found[row["policy_id"], row["stage"], row["region_code"]] = state[0]
    return found


def test_every_limit_holds_to_the_second() -> None:
    made = [
        one(f"{n}{mark}", said, seconds + more, begin, end)
        for n, (_, _, said, seconds, begin, end) in enumerate(LIMITS)
        for mark, more in (("x", 0), ("y", 1))
    ]
    told = states([t for t, _ in made], [e for _, log in made for e in log])
    wrong = {}
    for n, (policy, stage, *_rest) in enumerate(LIMITS):
        came = told.get((policy, stage, f"{n}x")), told.get((policy, stage, f"{n}y"))
        if came != ("on_time", "late"):
            wrong[policy, stage, n] = came
    assert wrong == {}


def test_the_hand_computed_list_is_the_whole_catalogue() -> None:
    rows = [(name, row) for name, regime in regimes().items() for row in regime.rows]
    measured = sorted((name, row.stage) for name, row in rows if row.is_measured and row.limit != "none")
    elsewhere = [("REG-12315", "FBK"), ("PROMISE", "PROMISE")]
    assert measured == sorted([(policy, stage) for policy, stage, *_ in LIMITS] + elsewhere)
    assert {(name, row.stage) for name, row in rows if not row.is_measured} == UNMEASURED


@pytest.mark.parametrize(
    ("accepted", "kept_until", "late_at"),
    [
        # Seven working days of nine hours, 08:30 to 17:30.
        (datetime(2025, 1, 6, 8, 30), datetime(2025, 1, 14, 17, 30), datetime(2025, 1, 15, 8, 30, 1)),
        # Monday before the national holiday (1 to 7 October off); Saturday 12 October is worked in exchange.
        (datetime(2024, 9, 30, 8, 30), datetime(2024, 10, 14, 17, 30), datetime(2024, 10, 15, 8, 30, 1)),
        # From noon of a Friday: half of the seventh day is left over.
        (datetime(2025, 3, 7, 13), datetime(2025, 3, 18, 13), datetime(2025, 3, 18, 13, 0, 1)),
        # What comes at night begins the next morning.
        (datetime(2025, 1, 5, 23), datetime(2025, 1, 14, 17, 30), datetime(2025, 1, 15, 8, 30, 1)),
    ],
)
def test_seven_working_days_of_a_consumer_body(accepted: datetime, kept_until: datetime, late_at: datetime) -> None:
    said = {"channel_code": "CONSUMER", "type_code": "TAR01"}
    ends = {"A": kept_until, "B": late_at, "C": kept_until + timedelta(hours=3)}
    tickets = [ticket(n, accepted, feedback_at=at, region_code=n, cust_key=n, **said) for n, at in ends.items()]
    told = states(tickets, [])
    assert [told["REG-12315", "FBK", n] for n in "AB"] == ["on_time", "late"]
    if kept_until.time() == datetime(1, 1, 1, 17, 30).time():
        assert told["REG-12315", "FBK", "C"] == "on_time", "the evening is no working time"


def test_a_filing_counts_from_its_arrival_at_the_company() -> None:
    """Accepted on the hotline on day 0, filed with the regulator on day 20, answered 30 days after that."""
    filed, ends = DAY + timedelta(days=20), {"A": 0, "B": 1}
    tickets, events = [], []
    for name, more in ends.items():
        outside = ticket(f"{name}out", filed, channel_code="MIIT", parent_ticket_id=f"T{name}", cust_key=name)
        tickets += [ticket(name, DAY, region_code=name, cust_key=name), outside]
        done = filed + timedelta(days=30, seconds=more)
        steps = [("ACP", DAY), ("EXTERNAL", filed), ("FBK", done)]
        events += [{"ticket_id": f"T{name}", "seq": n, "event": e, "event_at": at} for n, (e, at) in enumerate(steps)]
    told = states(tickets, events)
    assert [told["REG-APPEAL", "FBK", n] for n in "AB"] == ["on_time", "late"]
    assert told["REG-FLOOR", "FBK", "A"] == "late", "the floor of 15 days counts from the acceptance"


def test_terminals_are_exempt_and_unknown_areas_not_judged() -> None:
    hour = {"resolved_at": DAY + timedelta(days=9), "feedback_at": DAY + timedelta(days=9), "request_kind": "fault"}
    tickets = [
        ticket("A", DAY, region_code="A", cust_key="A", type_code="TRM01", urban_rural="城镇", **hour),
        ticket("B", DAY, region_code="B", cust_key="B", type_code="NET01", **hour),
        ticket("C", DAY, region_code="C", cust_key="C", type_code="NET01", urban_rural="rural", **hour),
    ]
    told = states(tickets, [])
    assert ("REG-FLOOR", "RES", "A") not in told and ("REG-FLOOR", "RES", "B") not in told
    assert told["REG-FLOOR", "RES", "C"] == "late"


def test_a_promise_is_judged_by_its_own_date() -> None:
    due = DAY + timedelta(days=3)
    made = {"kept": due, "broken": due + timedelta(seconds=1), "waiting": None}
    tickets = [ticket(n, DAY, promise_due_at=due, feedback_at=at, region_code=n, cust_key=n) for n, at in made.items()]
    tickets.append(ticket("none", DAY, region_code="none", cust_key="none"))
    for hours, state in ((10, "running"), (60, "soon_due"), (73, "overdue")):
        told = states(tickets, [], as_of=DAY + timedelta(hours=hours))
        assert told["PROMISE", "PROMISE", "waiting"] == state
        assert ("PROMISE", "PROMISE", "none") not in told
    assert (told["PROMISE", "PROMISE", "kept"], told["PROMISE", "PROMISE", "broken"]) == ("on_time", "late")


def test_an_open_ticket_is_soon_due_from_four_fifths_and_overdue_after_the_limit() -> None:
    """Oracle 4 for what is open: 24 h exactly is not overdue; 19 h 12 min are four fifths of it."""
    tickets = [ticket(1, DAY, region_code="A", cust_key="A")]
    for seconds, state in (
        (19 * HOUR + 12 * MIN - 1, "running"),
        (19 * HOUR + 12 * MIN, "soon_due"),
        (24 * HOUR, "soon_due"),
        (24 * HOUR + 1, "overdue"),
    ):
        told = states(tickets, [], as_of=DAY + timedelta(seconds=seconds))
        assert told["CITY-2025", "FBK", "A"] == state, seconds


def pause(note: str | None, *hours: float, done: float = 30) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A ticket told after `done` hours, suspended and resumed at `hours`."""
    steps = [("ACP", 0.0), *(("SUSPEND" if n % 2 == 0 else "RESUME", h) for n, h in enumerate(hours)), ("FBK", done)]
    events = [
        {
            "ticket_id": "TA",
            "seq": n,
            "event": event,
            "event_at": DAY + timedelta(hours=at),
            "note_scrubbed": note if event == "SUSPEND" else None,
        }
        for n, (event, at) in enumerate(steps)
    ]
    return ticket("A", DAY, region_code="A", cust_key="A"), events


@pytest.mark.parametrize(
    ("note", "net_hours", "state"),
    [
        ("等待客户预约", 24, "on_time"),
        pytest.param("waiting for the customer's appointment", 24, "on_time", marks=pytest.mark.deep),
        pytest.param("等待客户资料", 24, "on_time", marks=pytest.mark.deep),
        ("物业许可办理中,客户同意等待", 24, "on_time"),
        ("物业许可办理中", 30, "overdue"),
        pytest.param("基站建设", 30, "overdue", marks=pytest.mark.deep),
        (None, 30, "overdue"),
    ],
)
def test_only_waiting_for_the_customer_with_a_reason_stops_the_clock(
    note: str | None, net_hours: float, state: str
) -> None:
    row, events = pause(note, 2, 8)
    [told] = [r for r in derive("fact_ticket_judged", [row], events) if r["stage"] == "FBK"]
    assert (told["elapsed_s"], told["net_s"], told["state"]) == (30 * HOUR, net_hours * HOUR, state)
    assert told["due_at"] == DAY + timedelta(hours=24 + 30 - net_hours)
    assert states([row], events)["LOCAL-REF", "FBK", "A"] == "on_time", "30 h of 48 without any pause"


def test_waiting_counts_for_fifteen_days_at_most() -> None:
    row, events = pause("客户预约", 1, 1 + 24 * 20, done=24 * 21)
    [told] = [r for r in derive("fact_ticket_judged", [row], events) if r["stage"] == "FBK"]
    assert told["paused_s"] == 15 * DAYS
    assert told["net_s"] == 6 * DAYS


def test_a_priority_raised_later_counts_from_the_acceptance() -> None:
    """Rule 4: the newest version of the ticket is urgent; its limit began with the ticket, used time included."""
    tickets = [ticket("A", DAY, region_code="A", priority="P1", feedback_at=DAY + timedelta(hours=5))]
    [told] = [r for r in derive("fact_ticket_judged", tickets) if r["stage"] == "FBK"]
    assert (told["due_at"], told["state"]) == (DAY + timedelta(hours=4), "overdue")


def test_strict_and_matured_timeliness_of_the_hundred() -> None:
    """Oracle 3: 80 in time, 10 late, 10 open and not due, of 100: strict 80 %, matured 88.9 %."""
    as_of = DAY + timedelta(days=9)
    hours = [20] * 80 + [30] * 10
    tickets = [ticket(n, DAY, cust_key=f"c{n}", feedback_at=DAY + timedelta(hours=h)) for n, h in enumerate(hours)]
    tickets += [ticket(n, as_of - timedelta(hours=10), cust_key=f"c{n}") for n in range(90, 100)]
    rows = [r for r in derive("mart_sla", tickets, [], as_of) if r["stage"] == "FBK" and r["is_in_force"]]
    n = {c: sum(r[c] for r in rows) for c in ("n", "n_on_time", "n_late", "n_overdue", "n_soon_due", "n_running")}
    assert n == {"n": 100, "n_on_time": 80, "n_late": 10, "n_overdue": 0, "n_soon_due": 0, "n_running": 10}
    assert n["n_on_time"] / n["n"] == 0.8
    assert round(n["n_on_time"] / (n["n"] - n["n_soon_due"] - n["n_running"]), 3) == 0.889


MOMENTS = st.integers(0, 20 * 24 * 60)
WORDS = st.sampled_from(["等待客户预约", "基站建设", ""])


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Any events of one ticket at any minutes of twenty days."""
    codes = st.sampled_from(
        ["REG", "DSP", "FRS", "INV", "PLN", "SUSPEND", "RESUME", "RES", "FBK", "REOPEN", "PROGRESS"]
    )
    found = draw(st.lists(st.tuples(MOMENTS, codes, WORDS), max_size=14))
    return [
        {"ticket_id": "TA", "seq": n, "event": c, "event_at": DAY + timedelta(minutes=m), "note_scrubbed": w}
        for n, (m, c, w) in enumerate([(0, "ACP", ""), *found])
    ]


@pytest.mark.examples
@settings(max_examples=examples(8, 3), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(logs(), min_size=4, max_size=8), st.integers(1, 40))
def test_clocks_never_run_backwards(found: list[list[dict[str, Any]]], days: int) -> None:
    """No reading is negative; a pause never lengthens net time; working time is never more than natural time."""
    as_of = DAY + timedelta(days=days, hours=3)
    tickets = [ticket(f"A{n}", DAY, cust_key=f"c{n}", channel_code="CONSUMER") for n in range(len(found))]
    events = [{**e, "ticket_id": f"TA{n}"} for n, log in enumerate(found) for e in log if e["event_at"] <= as_of]
    rows = derive("fact_ticket_clock", tickets, events, as_of)
    assert len(rows) == len(tickets)
    for row in rows:
        assert all(v >= 0 for k, v in row.items() if k.endswith("_s") and v is not None), row
        for end in ("fbk", "open"):
            gross = row[f"{end}_s"]
            if gross is None:
                assert row[f"{end}_work_s"] is None
                continue
            assert 0 <= row[f"{end}_paused_s"] <= gross, row
            assert row[f"{end}_work_s"] <= gross, row
        assert (row["fbk_s"] is None) or (row["open_s"] is None), "closed or open, not both"
        if row["int_s"] is not None and row["res_s"] is not None:
            assert row["int_s"] <= row["res_s"], "the interim fix is the first"


@pytest.mark.deep
@pytest.mark.examples
@settings(max_examples=examples(4, 2), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(logs(), min_size=3, max_size=6))
def test_judging_again_by_the_same_policy_changes_nothing(found: list[list[dict[str, Any]]]) -> None:
    """The row in force is the row of that policy; what is done is judged the same by every later release."""
    as_of = DAY + timedelta(days=25)
    tickets = [
        ticket(f"A{n}", DAY, cust_key=f"c{n}", region_code=f"A{n}", type_code="TAR01") for n in range(len(found))
    ]
    events = [{**e, "ticket_id": f"TA{n}"} for n, log in enumerate(found) for e in log]
    told = derive("mart_sla", tickets, events, as_of)
    assert {r["policy_id"] for r in told if r["is_in_force"]} <= {"CITY-2025"}
    assert not [r for r in told if r["policy_id"] == "CITY-2025" and not r["is_in_force"]]
    judged = {
        r["ticket_id"]: r["state"] for r in derive("fact_ticket_judged", tickets, events, as_of) if r["stage"] == "FBK"
    }
    words = {"on_time": "n_on_time", "overdue": "n_late", "running": "n_running", "soon_due": "n_soon_due"}
    for row in told:
        if (row["policy_id"], row["stage"]) == ("CITY-2025", "FBK"):
            state = judged["T" + row["region_code"]]
            assert row[words[state]] or (state == "overdue" and row["n_overdue"]), (row, state)
    later = {
        (r["policy_id"], r["stage"], r["region_code"]): (r["n_on_time"], r["n_late"])
        for r in derive("mart_sla", tickets, events, as_of + timedelta(days=9))
    }
    for row in told:
        if row["n_on_time"] or row["n_late"]:
            assert later[row["policy_id"], row["stage"], row["region_code"]] == (row["n_on_time"], row["n_late"])
