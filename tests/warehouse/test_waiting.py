"""Open tickets by time left: a count and its rows cannot part, rows are by role, names never reach SQL unchecked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse.figures import add_values
from warehouse.periods import compare
from warehouse.problems import Problems
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.viewer import Viewer
from warehouse.waiting import BANDS, ORDERS, waiting_rows

ANALYST = Viewer.of("analyst")
PARTS = ("M22_OPEN", "M23_2H", "M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE")


@pytest.mark.parametrize("where", [Filters(), Filters.of({"owner_dept": ["NET"], "type_l1": ["NET"]})])
def test_a_count_has_as_many_rows(demo_reader: Reader, where: Filters) -> None:
    at = demo_reader.info["as_of"]
    now = compare("week", at).now
    told = add_values(demo_reader.figures(BANDS, ANALYST, [now], (), where), BANDS).iloc[0]
    assert {b: waiting_rows(demo_reader, ANALYST, at, where, b, 0, 1)[1] for b in BANDS} == {b: told[b] for b in BANDS}
    assert told["M24"] > 5 and told["M22_OPEN"] > 0, "there is something to count"


def test_the_bands_are_all_open_tickets_once(demo_reader: Reader) -> None:
    at = demo_reader.info["as_of"]
    for hours in (0, 5, 25, 70):
        moment = at - timedelta(hours=hours)
        n = {b: waiting_rows(demo_reader, ANALYST, moment, Filters(), b, 0, 1)[1] for b in (*PARTS, "M24")}
        assert sum(n[b] for b in PARTS) == n["M24"], moment
        ages = [waiting_rows(demo_reader, ANALYST, moment, Filters(), f"M22_AGE_{a}", 0, 1)[1] for a in
                ("1D", "3D", "7D", "OLD")]  # fmt: skip
        assert sum(ages) == n["M22_OPEN"], moment


@pytest.mark.parametrize("order", ORDERS)
def test_pages_follow_one_another_in_order(demo_reader: Reader, order: str) -> None:
    at = demo_reader.info["as_of"]
    whole, total = waiting_rows(demo_reader, ANALYST, at, Filters(), "M24", 0, 1000, order)
    assert len(whole) == total
    again = [
        i
        for page in range(-(-total // 7))
        for i in waiting_rows(demo_reader, ANALYST, at, Filters(), "M24", page, 7, order)[0]["ticket_id"]
    ]
    assert again == list(whole["ticket_id"])
    known = whole[order].dropna()
    assert known.is_monotonic_increasing if ORDERS[order] == "asc" else known.is_monotonic_decreasing
    assert whole[order].notna().iloc[: len(known)].all(), "those without come last"


def test_minutes_left_are_those_to_the_limit(demo_reader: Reader) -> None:
    at = demo_reader.info["as_of"]
    rows, _ = waiting_rows(demo_reader, ANALYST, at, Filters(), "M24", 0, 1000)
    for row in rows.itertuples():
        assert row.left_min == pytest.approx((row.due_at - at).total_seconds() / 60, abs=1 / 59)
        assert row.floor_due_at - row.accepted_at == timedelta(days=15)


def test_rows_are_by_role_and_scope(demo_reader: Reader) -> None:
    at = demo_reader.info["as_of"]
    with pytest.raises(NotAllowed):
        waiting_rows(demo_reader, Viewer.of("manager"), at, Filters(), "M24", 0, 10)
    mine = Viewer.of("handler", departments=frozenset({"BIL"}))
    rows, total = waiting_rows(demo_reader, mine, at, Filters(), "M24", 0, 1000)
    assert total and set(rows["owner_dept"]) == {"BIL"}


@pytest.mark.parametrize(("band", "order"), [("M01", "due_at"), ("true) or (true", "due_at"), ("M24", "1; drop")])
def test_nothing_unknown_reaches_sql(demo_reader: Reader, band: str, order: str) -> None:
    with pytest.raises(Problems):
        waiting_rows(demo_reader, ANALYST, demo_reader.info["as_of"], Filters(), band, 0, 10, order)
