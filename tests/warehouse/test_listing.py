"""Pages of rows: order, cut, scope and class."""

from __future__ import annotations

import pytest

from tests.warehouse.conftest import LittleHome
from warehouse.listing import listed
from warehouse.problems import Problems
from warehouse.query import Filters, NotAllowed
from warehouse.viewer import Viewer

ORDER = ("-accepted_at", "ticket_id")


def test_pages_follow_each_other_without_a_gap(varied: LittleHome) -> None:
    reader, analyst = varied.reader(), Viewer.of("analyst")
    whole, n = listed(reader, "mart_repeat", analyst, Filters(), ORDER, 0, 1000)
    parts = [listed(reader, "mart_repeat", analyst, Filters(), ORDER, p, 40)[0] for p in range(5)]
    assert n == len(whole) > 120
    assert [i for part in parts for i in part["ticket_id"]] == list(whole["ticket_id"])
    assert whole["accepted_at"].is_monotonic_decreasing


def test_filters_and_values_narrow_both_rows_and_number(varied: LittleHome) -> None:
    where = Filters.of({"region_code": ["321002"]})
    rows, n = listed(
        varied.reader(),
        "fact_outside_clock",
        Viewer.of("analyst"),
        where,
        ("days_left",),
        0,
        9,
        only={"is_open": [True]},
    )
    assert set(rows["region_code"]) == {"321002"} and rows["is_open"].all()
    [counted] = varied.rows("select count(*) as n from fact_outside_clock where is_open and region_code = '321002'")
    assert n == counted["n"] > 0


def test_rows_are_not_for_managers_but_posts_are(varied: LittleHome) -> None:
    manager = Viewer.of("manager")
    with pytest.raises(NotAllowed):
        listed(varied.reader(), "mart_chain", manager, Filters(), ("chain_id",), 0, 10)
    rows, n = listed(varied.reader(), "fact_opinion", manager, Filters(), ("opinion_id",), 0, 10)
    assert (len(rows), n) == (1, 1)


def test_an_unknown_column_or_table_is_a_sentence(varied: LittleHome) -> None:
    with pytest.raises(Problems, match="has no column 'drop'"):
        listed(varied.reader(), "mart_chain", Viewer.of("analyst"), Filters(), ("drop",), 0, 10)
    with pytest.raises(Problems, match="has no table"):
        listed(varied.reader(), "nothing", Viewer.of("analyst"), Filters(), ("a",), 0, 10)


def test_a_region_sees_its_own_chains_only(varied: LittleHome) -> None:
    one = Viewer("handler", "L2", frozenset({"321023"}), None)
    rows, _ = listed(varied.reader(), "mart_repeat", one, Filters(), ORDER, 0, 500)
    assert set(rows["region_code"]) == {"321023"}
