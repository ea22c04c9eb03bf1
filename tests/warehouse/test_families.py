"""Which tickets are judged again together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from warehouse import families

START = datetime(2025, 1, 1)
COLUMNS = "ticket_id varchar, cust_key varchar, type_code varchar, accepted_at timestamp, parent_ticket_id varchar, \
merged_into varchar"


def point(name: str, day: float, customer: str | None = "c", **values: Any) -> tuple[Any, ...]:
    usual = {"type_code": "NET01", "parent_ticket_id": None, "merged_into": None, **values}
    at = START + timedelta(days=day)
    return name, customer, usual["type_code"], at, usual["parent_ticket_id"], usual["merged_into"]


def family(
    there: list[tuple[Any, ...]],
    came: list[tuple[Any, ...]],
    opened: tuple[str, ...] = (),
    events: tuple[str, ...] = (),
) -> set[str]:
    with duckdb.connect() as con:
        for name, rows in (("fact_ticket", there), ("came_ticket", came)):
            con.execute("create table " + name + " (" + COLUMNS + ")")
            if rows:
                con.executemany("insert into " + name + " values (?, ?, ?, ?, ?, ?)", rows)
        con.execute("create table dim_type as select unnest(['NET01', 'NET02', 'UNMAPPED']) as type_code")
        for name, ids in (("came_ticket_event", events), ("opened", opened)):
            con.execute("create table " + name + " (ticket_id varchar)")
            con.executemany("insert into " + name + " values (?)", [[i] for i in ids] or [[None]])
            con.execute("delete from " + name + " where ticket_id is null")
        n = families.find(con, ["ticket", "ticket_event"], [con.table("opened")])
        found = [i for (i,) in con.execute("select ticket_id from family").fetchall()]
    assert n == len(found) == len(set(found))
    return set(found)


def test_a_new_ticket_of_a_new_customer_is_alone() -> None:
    assert family([point("A", 0, "other")], [point("B", 0)]) == {"B"}


@pytest.mark.parametrize(("day", "expected"), [(30, {"A", "B"}), (30.001, {"B"}), (-30, {"A", "B"}), (-31, {"B"})])
def test_tickets_of_a_matter_within_30_days_belong_together(day: float, expected: set[str]) -> None:
    assert family([point("A", 0)], [point("B", day)]) == expected


def test_rows_of_tickets_go_on_as_long_as_the_gaps_are_short() -> None:
    there = [point(f"A{n}", 25 * n) for n in range(6)] + [point("far", 25 * 5 + 31)]
    assert family(there, [point("B", -20)]) == {"B", *(f"A{n}" for n in range(6))}


def test_another_type_or_no_number_is_another_matter() -> None:
    there = [point("A", 0, type_code="NET02"), point("C", 0, None)]
    assert family(there, [point("B", 0), point("D", 0, None)]) == {"B", "D"}


def test_types_that_nobody_knows_are_one() -> None:
    assert family([point("A", 0, type_code="UNMAPPED")], [point("B", 1, type_code="strange")]) == {"A", "B"}


def test_a_ticket_that_moved_takes_both_its_old_and_its_new_neighbours() -> None:
    there = [point("A", 0), point("B", 10), point("C", 200), point("D", 400)]
    assert family(there, [point("A", 210)]) == {"A", "B", "C"}


def test_parents_children_and_merged_ones_come_along_with_their_own_neighbours() -> None:
    there = [
        point("parent", 0, "p"),
        point("beside the parent", 3, "p"),
        point("child", 0, "q", parent_ticket_id="B"),
        point("merged", 0, "r", merged_into="child"),
        point("nobody", 0, "s"),
    ]
    found = family(there, [point("B", 500, parent_ticket_id="parent")])
    assert found == {"B", "parent", "beside the parent", "child", "merged"}


def test_open_tickets_and_those_with_new_events_are_judged_again() -> None:
    there = [point("A", 0, "a"), point("B", 0, "b"), point("b2", 9, "b"), point("C", 0, "c")]
    assert family(there, [], opened=("A",), events=("B",)) == {"A", "B", "b2"}


def test_nothing_came() -> None:
    assert family([point("A", 0)], []) == set()


def test_tickets_of_the_same_moment_belong_together() -> None:
    """Each customer has an early ticket, and two of one moment: whichever of these is looked at first, both come."""
    names = [f"c{n}" for n in range(60)]
    early = [point(f"early {c}", 0, c) for c in names]
    there = early + [point(f"{kind} {c}", 60, c) for c in names for kind in ("B", "A", "C")]
    came = [point(f"B {c}", 60, c) for c in names]
    assert family(there, came) == {f"{kind} {c}" for c in names for kind in "ABC"}
