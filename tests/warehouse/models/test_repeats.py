"""What came before and after a complaint, outside filings with their lead, and the clocks of outside bodies."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.warehouse.conftest import AS_OF, LittleHome, ticket
from tests.warehouse.models.derived import DAY, Row, derive, log
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.viewer import Viewer

ALL = Period("now", datetime(2024, 1, 1).date(), datetime(2025, 4, 1).date(), AS_OF)


def one(number: int | str, days: float, **values: Any) -> Row:
    """A ticket of customer k, so many days after the first one."""
    return ticket(number, DAY + timedelta(days=days), **{"cust_key": "k", "type_detail": "weak", **values})


def by_id(name: str, *args: Any, **options: Any) -> dict[str, dict[str, Any]]:
    return {r["ticket_id"]: r for r in derive(name, *args, **options)}


def done(days: float) -> dict[str, Any]:
    return {"feedback_at": DAY + timedelta(days=days), "is_solved": True}


def test_a_repeat_knows_how_the_ticket_before_it_was_left() -> None:
    rows = [one("A", 0, **done(2)), one("B", 5, owner_dept="BIL"), one("C", 6.5, **done(7)), one("D", 40)]
    found = by_id("mart_repeat", rows)
    assert [found[t]["before_answer"] for t in ("TA", "TB", "TC", "TD")] == ["FIRST", "solved", "open", "FIRST"]
    assert [found[t]["before_dept"] for t in ("TA", "TB", "TC", "TD")] == ["FIRST", "NET", "BIL", "FIRST"]
    assert found["TA"]["next_at"] == DAY + timedelta(days=5)
    assert [found[t]["is_back_after_answer"] for t in ("TA", "TB", "TC")] == [True, False, False]
    assert found["TA"]["matured_at"] == DAY + timedelta(days=30)


def test_back_within_a_week_of_the_answer() -> None:
    """Exactly seven days count, a second more does not; nor who came before any answer."""
    week = timedelta(days=7)
    second = timedelta(seconds=1)
    rows = [
        one("A", 0, **done(1)),
        ticket("B", DAY + timedelta(days=1) + week, cust_key="k", feedback_at=DAY + timedelta(days=9)),
        ticket("C", DAY + timedelta(days=9) + week + second, cust_key="k"),
        one("D", 0, cust_key="other", **done(5)),
        one("E", 3, cust_key="other"),
    ]
    found = by_id("mart_repeat", rows)
    assert {t: r["is_back_7d"] for t, r in found.items()} == {
        "TA": True, "TB": False, "TC": False, "TD": False, "TE": False,
    }  # fmt: skip
    assert found["TA"]["answered_7d_at"] == DAY + timedelta(days=1) + week
    assert found["TC"]["answered_7d_at"] is None


def test_solved_at_first_contact_is_for_good() -> None:
    """Not when it was reopened, not when the customer came again, even before the answer; unknown while unanswered."""
    rows = [
        one("A", 0, **done(1)),
        one("B", 0, cust_key="b", **done(1), n_reopens=1),
        one("C", 0, cust_key="c", **done(5)),
        one("D", 3, cust_key="c"),
        one("E", 0, cust_key="e", **done(1)),
        one("F", 8, cust_key="e", feedback_at=DAY + timedelta(days=9), is_solved=False),
        one("G", 0, cust_key="g", **done(1)),
        one("H", 8.5, cust_key="g", feedback_at=DAY + timedelta(days=9)),
    ]
    found = by_id("mart_repeat", rows)
    assert {t: r["is_first_solved"] for t, r in found.items()} == {
        "TA": True, "TB": False, "TC": False, "TD": None, "TE": False, "TF": False, "TG": True, "TH": None,
    }  # fmt: skip


def told(measure: str, rows: list[dict[str, Any]], cutoff: datetime) -> tuple[int, int]:
    """Numerator and denominator of a measure over rows of its base."""
    entry = measures()[measure]
    con = duckdb.connect()
    con.register("base", pa.Table.from_pylist([{**row, "cutoff_at": cutoff} for row in rows]))
    [(top, bottom)] = con.sql(f"select {entry.numerator}, {entry.denominator} from base").fetchall()
    return int(top), int(bottom)


def test_first_contact_resolution_waits_seven_days() -> None:
    rows = [
        one("A", 0, **done(1)),
        one("B", 0, cust_key="b", **done(1), n_reopens=1),
        one("C", 0, cust_key="c", feedback_at=DAY + timedelta(days=2), is_solved=False),
        one("D", 0, cust_key="d", feedback_at=DAY + timedelta(days=2)),  # nobody said whether it was solved
        one("E", 0, cust_key="e"),
        one("F", 0, cust_key="f", **done(6)),
    ]
    found = derive("mart_repeat", rows)
    assert told("M16", found, DAY + timedelta(days=7)) == (0, 0)
    assert told("M16", found, DAY + timedelta(days=9)) == (1, 3)
    assert told("M16", found, DAY + timedelta(days=13)) == (2, 4)


def test_the_reopen_rate_counts_what_was_once_finished() -> None:
    """A stays closed, B is open again, C is finished a second time, D has no result yet."""
    rows = [one(n, 0, cust_key=n) for n in "ABCD"]
    steps = {
        "A": "0 ACP; 60 RES; 70 FBK",
        "B": "0 ACP; 60 RES; 70 FBK; 1000 REOPEN",
        "C": "0 ACP; 60 RES; 70 FBK; 1000 REOPEN; 2000 RES; 2100 FBK",
        "D": "0 ACP; 60 INV",
    }
    found = derive("mart_ticket", rows, [event for n, line in steps.items() for event in log(n, line)])
    assert told("M17", found, DAY + timedelta(minutes=500)) == (0, 1)  # when B and C ended first is not kept
    assert told("M17", found, DAY + timedelta(days=3)) == (2, 3)


def test_told_without_anything_done_is_only_recorded() -> None:
    events = log("A", "0 ACP CARE; 5 DSP CARE>NET; 600 RES NET -; 700 FBK NET") + log("B", "0 ACP CARE; 9 INV; 99 FBK")
    rows = [one("A", 0), one("B", 0, cust_key="other", is_solved=False), one("C", 0, cust_key="third")]
    found = by_id("mart_repeat", rows, events)
    assert {t: r["answer_kind"] for t, r in found.items()} == {"TA": "recorded", "TB": "unsolved", "TC": "open"}


@pytest.mark.parametrize(
    ("steps", "in_vain"),
    [
        ("0 ACP; 1500 URGE; 1600 INV", True),  # chased after 25 hours, nothing had been done
        ("0 ACP; 1400 URGE; 1600 INV", False),  # chased within the first day
        ("0 ACP; 60 FRS; 1500 URGE", False),
        ("0 ACP; 60 FRS -; 1500 URGE", True),  # "in progress" is no substance
        ("0 ACP; 1500 INV", False),  # nobody chased
    ],
)
def test_coming_again_while_nothing_was_done(steps: str, in_vain: bool) -> None:
    assert by_id("mart_repeat", [one("A", 0)], log("A", steps))["TA"]["is_in_vain"] is in_vain


def test_without_a_log_nobody_can_say_that_nothing_was_done() -> None:
    assert by_id("mart_repeat", [one("A", 0)])["TA"]["is_in_vain"] is None


@pytest.mark.parametrize(
    ("steps", "watched", "informed"),
    [
        ("0 ACP; 60 FRS; 2880 FBK", False, False),  # exactly 48 hours is not longer than 48 hours
        ("0 ACP; 60 FRS; 2881 FBK", True, True),
        ("0 ACP; 2881 FBK", True, False),
        ("0 ACP; 2000 PROGRESS; 4000 PROGRESS; 6000 FBK", True, True),
        ("0 ACP; 2000 PROGRESS; 6000 FBK", True, False),
    ],
)
def test_a_word_to_the_customer_in_every_48_hours(steps: str, watched: bool, informed: bool) -> None:
    row = by_id("mart_repeat", [one("A", 0)], log("A", steps))["TA"]
    assert (row["is_watched"], row["is_kept_informed"]) == (watched, informed)


def test_the_lead_runs_from_the_first_complaint_to_us() -> None:
    rows = [
        one("A", 0), one("B", 20, escalation_tendency="x"), one("C", 41, channel_code="MIIT"),
        one("D", 41, cust_key="other", channel_code="CONSUMER"),
        one("E", 0, type_code="NET02"), one("F", 31, type_code="NET02", channel_code="HEIMAO"),
    ]  # fmt: skip
    found = by_id("fact_outside", rows)
    assert set(found) == {"TC", "TD", "TF"}
    assert (found["TC"]["n_inside"], found["TC"]["lead_hours"], found["TC"]["lead_band"]) == (2, 41 * 24, "d30")
    assert found["TC"]["was_tagged"] is True
    # 31 days later it is no longer the same matter.
    assert [(found[t]["n_inside"], found[t]["lead_band"]) for t in ("TD", "TF")] == [(0, "none"), (0, "none")]
    told = by_id("mart_repeat", rows)
    assert told["TA"]["outside_at"] == told["TB"]["outside_at"] == DAY + timedelta(days=41)
    assert [told[t]["is_tagged"] for t in ("TA", "TB", "TC")] == [False, True, False]


def test_an_outside_filing_merged_into_our_own_ticket_still_has_its_lead() -> None:
    rows = [one("A", 0), one("B", 1.5, channel_code="CONSUMER")]
    [filing] = derive("fact_outside", rows)
    assert (filing["ticket_id"], filing["case_id"], filing["lead_hours"]) == ("TB", "TA", 36)


def test_seven_working_days_step_over_the_national_holiday() -> None:
    # 30 September is a Monday; 1 to 7 October are off, Saturday the 12th is worked: 8, 9, 10, 11, 12, 14, 15.
    filed = ticket("A", datetime(2024, 9, 30, 16), channel_code="CONSUMER")
    clocks = {r["clock"]: r for r in derive("fact_outside_clock", [filed], as_of=datetime(2024, 10, 14, 9))}
    assert clocks["consumer_7wd"]["due_at"] == datetime(2024, 10, 15, 23, 59)
    assert (clocks["consumer_7wd"]["state"], clocks["answer_15d"]["state"]) == ("soon", "soon")
    assert clocks["answer_15d"]["due_at"] == datetime(2024, 10, 15, 16)


@pytest.mark.parametrize(
    ("open_days", "closed_after", "state"),
    [(5, None, "running"), (12.5, None, "soon"), (15, None, "soon"), (15.01, None, "overdue"), (40, 15.5, "broken")],
)
def test_states_of_the_fifteen_days(open_days: float, closed_after: float | None, state: str) -> None:
    at = AS_OF - timedelta(days=open_days)
    closed = {} if closed_after is None else {"feedback_at": at + timedelta(days=closed_after)}
    [clock] = derive("fact_outside_clock", [ticket("A", at, **closed)])
    assert (clock["clock"], clock["state"]) == ("answer_15d", state)


def test_answered_within_the_fifteen_days_leaves_no_clock() -> None:
    at = AS_OF - timedelta(days=40)
    assert derive("fact_outside_clock", [ticket("A", at, feedback_at=at + timedelta(days=15))]) == []


def test_measures_of_a_hand_made_month(little: LittleHome) -> None:
    """Oracle 5 at the measure: days 0, 29 and 60, another type, chasers and a second filing make one repeat."""
    start = datetime(2025, 1, 1, 9)
    at = {n: start + timedelta(days=n) for n in (0, 0.5, 29, 60)}
    rows = [
        ticket("A", at[0], cust_key="k", feedback_at=at[0] + timedelta(days=1), is_solved=True),
        ticket("B", at[0.5], cust_key="k", channel_code="APP"),  # within 24 hours: the same matter
        ticket("C", at[29], cust_key="k"),
        ticket("D", at[60], cust_key="k"),
        ticket("E", at[29], cust_key="k", type_code="TAR01", n_chasers=3),
        ticket("F", at[60] + timedelta(days=3), cust_key="k", channel_code="MIIT"),
    ]
    little.load("ticket", rows)
    month = {"region_code": "321002", "users_begin": 1_000_000, "users_end": 1_000_000}
    little.load("users", [{**month, "period_month": datetime(2025, m, 1).date()} for m in (1, 2, 3)])
    little.build()
    ids = ["M14", "M14_N", "M14_BACK", "M15", "M19", "M19_LEAD", "M21"]
    quarter = Period("now", datetime(2025, 1, 1).date(), datetime(2025, 4, 1).date(), AS_OF)
    row = add_values(little.reader().figures(ids, Viewer.of("analyst"), [quarter]), ids).iloc[0]
    # A, C, D, E, F count; C follows A within 30 days, F follows D.
    assert (row["M14_N"], row["M14_n"], row["M15"]) == (2, 5, 1)
    assert (row["M14_BACK"], row["M14_BACK_n"]) == (1, 1)
    assert (row["M19"], row["M19_n"], row["M19_LEAD"]) == (1, 1, 72)
    assert row["M21"] == pytest.approx(1, abs=0.02)  # one appeal, a million users, a quarter up to its last day
