"""Second filings of one case, and chains of repeats, from hand-written tickets."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import ticket
from tests.warehouse.models.derived import DAY, Row, derive, log

Cases = dict[str, tuple[str, str | None]]


def cases(tickets: Sequence[Row]) -> Cases:
    """Ticket -> the case it belongs to and by what it was linked."""
    return {r["ticket_id"]: (r["case_id"], r["linked_by"]) for r in derive("fact_ticket_case", tickets)}


def one(number: int | str, hours: float, **values: Any) -> Row:
    """A ticket of customer k, so many hours after the day began."""
    return ticket(number, DAY + timedelta(hours=hours), **{"cust_key": "k", **values})


OUTSIDE = {"channel_code": "CONSUMER"}


def test_a_group_is_anchored_at_its_first_ticket() -> None:
    found = cases([one("A", 0), one("B", 20), one("C", 40), one("D", 60), one("E", 84.5)])
    assert found == {
        "TA": ("TA", None),
        "TB": ("TA", "within_24h"),
        "TC": ("TC", None),  # 40 hours after A: a complaint of its own
        "TD": ("TC", "within_24h"),  # 20 hours after C
        "TE": ("TE", None),
    }


def test_24_hours_are_included_to_the_second() -> None:
    found = cases([one("A", 0), one("B", 24)])
    assert found["TB"] == ("TA", "within_24h")
    assert cases([one("A", 0), one("B", 24 + 1 / 3600)])["TB"] == ("TB", None)


def test_another_type_another_customer_or_none_is_another_matter() -> None:
    rows = [one("A", 0), one("B", 1, type_code="NET02"), one("C", 1, cust_key="j"), one("D", 1, cust_key=None)]
    rows += [one("E", 2, cust_key=None), one("F", 1, request_kind="enquiry"), one("G", 1, validity="invalid")]
    assert all(case == (name, None) for name, case in cases(rows).items())


def test_a_ticket_merged_by_hand_joins_the_case_of_the_one_it_names() -> None:
    found = cases([one("A", 0), one("B", 5), one("C", 99, merged_into="TB"), one("D", 99, merged_into="gone")])
    assert found["TC"] == ("TA", "by_hand")
    assert found["TD"] == ("gone", "by_hand")


@pytest.mark.parametrize(
    ("hours", "linked"), [(24.5, True), (48, True), (48.01, False), (-30, True), (-48, True), (-48.01, False)]
)
def test_an_outside_filing_within_48_hours_is_the_same_case_whichever_came_first(hours: float, linked: bool) -> None:
    rows = [one("IN", 100), one("OUT", 100 + hours, **OUTSIDE)]
    told = {r["ticket_id"]: r for r in derive("fact_ticket", rows)}
    first, second = ("TIN", "TOUT") if hours > 0 else ("TOUT", "TIN")
    assert told[second]["case_id"] == (first if linked else second)
    assert told[second]["merged_into"] == (first if linked else None)
    assert [told[t]["is_linked_external"] for t in (first, second)] == [linked, linked]
    assert [told[t]["is_counted"] for t in (first, second)] == [True, not linked]
    # Counted once, and the one that counts is escalated, whichever it is.
    assert told[first]["escalation_level"] == ("L3" if linked or first == "TOUT" else "L0")
    assert len(derive("mart_ticket", rows)) == (1 if linked else 2)


def test_two_of_our_own_48_hours_apart_are_two_cases() -> None:
    assert cases([one("A", 0), one("B", 30)])["TB"] == ("TB", None)
    assert cases([one("A", 0, **OUTSIDE), one("B", 30, **OUTSIDE)])["TB"] == ("TB", None)


def test_a_linked_pair_takes_no_third_one_along() -> None:
    found = cases([one("A", 0), one("X", 40, **OUTSIDE), one("B", 80), one("Y", 120, **OUTSIDE)])
    assert {name: case for name, (case, _) in found.items()} == {"TA": "TA", "TX": "TA", "TB": "TB", "TY": "TB"}


def test_a_parent_id_decides_whatever_lies_between() -> None:
    rows = [one("A", 0), one("B", 24 * 10), one("X", 24 * 10 + 2, parent_ticket_id="TA", **OUTSIDE)]
    assert cases(rows)["TX"] == ("TA", "parent")
    other = one("X", 24 * 40, parent_ticket_id="TA", cust_key=None, type_code="TAR01", **OUTSIDE)
    assert cases([one("A", 0), other])["TX"] == ("TA", "parent")
    told = {r["ticket_id"]: r for r in derive("fact_ticket", [one("A", 0), other])}
    assert told["TA"]["escalation_level"] == "L3"
    assert not told["TX"]["is_counted"]


def test_our_own_ticket_may_name_the_outside_filing_it_answers() -> None:
    assert cases([one("X", 0, **OUTSIDE), one("A", 99, parent_ticket_id="TX")])["TA"] == ("TX", "parent")


def test_a_parent_that_is_no_complaint_or_nowhere_links_nothing() -> None:
    lost = one("X", 0, parent_ticket_id="gone", **OUTSIDE)
    asked = [one("A", 0, request_kind="enquiry"), one("Y", 90, parent_ticket_id="TA", **OUTSIDE)]
    assert cases([lost, *asked]) == {"TX": ("TX", None), "TA": ("TA", None), "TY": ("TY", None)}


def test_parents_that_lead_back_are_not_followed() -> None:
    ring = [one("X", 0, parent_ticket_id="TY", **OUTSIDE), one("Y", 90, parent_ticket_id="TX", **OUTSIDE)]
    assert {case for case, _ in cases(ring).values()} == {"TX", "TY"}
    self = one("Z", 0, parent_ticket_id="TZ", **OUTSIDE)
    assert cases([self])["TZ"] == ("TZ", None)


def test_a_filing_of_a_filing_leads_to_the_first() -> None:
    rows = [one("A", 0), one("X", 100, parent_ticket_id="TA", **OUTSIDE)]
    rows += [one("Y", 300, parent_ticket_id="TX", channel_code="MIIT")]
    assert cases(rows)["TY"] == ("TA", "parent")
    assert {r["ticket_id"]: r["escalation_level"] for r in derive("fact_ticket", rows)}["TA"] == "L4"


def greedy(tickets: Sequence[Row]) -> dict[str, str]:
    """The rule of 24 hours, read off its definition."""
    found: dict[str, str] = {}
    anchors: dict[Any, tuple[str, datetime]] = {}
    for row in sorted(tickets, key=lambda r: (r["accepted_at"], r["ticket_id"])):
        key = (row["cust_key"], row["type_code"])
        name, at = anchors.get(key, ("", datetime(2000, 1, 1)))
        if row["accepted_at"] - at > timedelta(hours=24):
            name = row["ticket_id"]
            anchors[key] = (name, row["accepted_at"])
        found[row["ticket_id"]] = name
    return found


@pytest.mark.parametrize("seed", range(3))
def test_groups_are_those_of_the_definition(seed: int) -> None:
    rng = random.Random(seed)
    rows = [one(n, rng.choice(range(0, 24 * 30, 4)), cust_key=rng.choice("abc")) for n in range(300)]
    assert {name: case for name, (case, _) in cases(rows).items()} == greedy(rows)


@pytest.mark.parametrize("seed", range(3))
def test_every_second_filing_leads_to_one_that_counts_whatever_the_input(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"T{n}" for n in range(120)]
    rows = [
        one(
            n, rng.choice(range(0, 24 * 12, 3)),
            cust_key=rng.choice(["a", "b", None]),
            channel_code=rng.choice(["HOTLINE", "CONSUMER", "MIIT"]),
            parent_ticket_id=rng.choice([None, None, *rng.sample(names, 2)]),
            merged_into=rng.choice([None] * 9 + names[:1]),
        )
        for n in range(120)
    ]  # fmt: skip
    told = {r["ticket_id"]: r for r in derive("fact_ticket", rows)}
    assert len(told) == 120
    for row in told.values():
        if row["is_duplicate"]:
            assert told[row["case_id"]]["is_counted"]
            assert not row["is_counted"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    rng = random.Random(5)
    rows = [one(n, rng.choice(range(0, 200, 8)), channel_code=rng.choice(["HOTLINE", "MIIT"])) for n in range(60)]
    assert cases(rows) == cases(rng.sample(rows, len(rows)))


# --- chains of repeats ---------------------------------------------------------------------------------------


def test_a_chain_is_every_repeat_within_30_days_of_the_one_before() -> None:
    day = 24
    rows = [one("A", 0), one("B", 29 * day), one("C", 58 * day), one("D", 89 * day), one("E", 0, type_code="NET02")]
    [chain] = derive("fact_chain", rows)
    assert (chain["chain_id"], chain["ticket_ids"], chain["n_tickets"]) == ("TA", "TA TB TC", 3)
    assert (chain["first_at"], chain["last_at"]) == (DAY, DAY + timedelta(days=58))
    assert (chain["max_level"], chain["days_to_external"], chain["last_feedback_at"]) == ("L0", None, None)
    assert {r["ticket_id"]: r["chain_id"] for r in derive("fact_ticket", rows)}["TD"] == "TD"


def test_a_second_filing_is_no_repeat_but_its_escalation_is_the_chains() -> None:
    rows = [one("A", 0, n_chasers=1), one("B", 240, n_chasers=2), one("X", 264, **OUTSIDE)]
    events = log("B", "0 ACP; 1 URGE; 2 URGE; 3 URGE", DAY + timedelta(hours=240))
    [chain] = derive("fact_chain", rows, events)
    assert (chain["n_tickets"], chain["n_chasers"], chain["max_level"]) == (2, 4, "L3")
    assert chain["days_to_external"] == 11.0


def test_two_filings_of_one_case_are_no_chain() -> None:
    assert derive("fact_chain", [one("A", 0), one("B", 3)]) == []


def test_a_chain_ends_when_its_last_open_ticket_is_answered() -> None:
    done = DAY + timedelta(days=12)
    rows = [one("A", 0, feedback_at=DAY + timedelta(hours=3)), one("B", 240, feedback_at=done)]
    [chain] = derive("fact_chain", rows)
    assert chain["last_feedback_at"] == done
