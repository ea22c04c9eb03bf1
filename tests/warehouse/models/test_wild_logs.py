"""Logs and tickets that no process would write still give a release whose checks hold, the same way every time."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from tests.warehouse.models.derived import DAY, log, wild


def wild_city(rng: random.Random, n: int = 60) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Tickets of few customers in tangled cases, and their logs; some tickets have none, one log has no ticket."""
    names = [f"T{i}" for i in range(n)]
    tickets = [
        ticket(
            i,
            DAY + timedelta(hours=rng.choice(range(0, 24 * 40, 3))),
            cust_key=rng.choice(["a", "b", None]),
            channel_code=rng.choice(["HOTLINE", "CONSUMER", "MIIT"]),
            parent_ticket_id=rng.choice([None, None, None, rng.choice(names)]),
            status=rng.choice([None, None, "closed"]),
            n_transfers=rng.choice([None, 1]),
        )
        for i in range(n)
    ]
    events = log("lost", "0 ACP; 5 RES; 3 FBK")
    for row in tickets[: n - 9]:
        events += wild(rng, row["ticket_id"].removeprefix("T"), row["accepted_at"])
    return tickets, events


@pytest.mark.parametrize("seed", range(2))
def test_the_checks_hold_for_any_log(little: LittleHome, seed: int) -> None:
    tickets, events = wild_city(random.Random(seed))
    little.load("ticket", tickets)
    little.load("ticket_event", events)
    built = little.build()
    assert built.is_new
    assert any(w.startswith("Every event of a log belongs to a ticket of the export.") for w in built.warnings)
    kept = little.rows("select sum(n_sent) as n from fact_ticket_event")
    assert kept == [{"n": len(events)}], "no event is lost"
    stays = little.rows("select count(*) as n from fact_dept_dwell where dwell_min < 0")
    assert stays == [{"n": 0}]


DERIVED = ("fact_ticket_event", "fact_ticket_stage", "fact_dept_dwell", "fact_ticket", "mart_log_difference")


@pytest.mark.deep
def test_a_log_in_several_overlapping_files_is_the_same_as_in_one(little: LittleHome) -> None:
    tickets, events = wild_city(random.Random(3))
    little.load("ticket", tickets)
    one = little.load("ticket_event", events)
    little.build()
    before = {name: little.rows(f"from {name} order by all") for name in DERIVED}
    little.withdraw(one)
    for part in (events[::2], events[1::2], events[:40]):
        little.load("ticket_event", part)
    step = little.build()
    assert step.how.startswith("incremental")
    assert {name: little.rows(f"from {name} order by all") for name in DERIVED} == before
    assert little.build(full=True).content_hash == step.content_hash
