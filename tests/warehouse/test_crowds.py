"""Customers are told apart where a group may have few, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import crowds, selects
from warehouse.periods import Period
from warehouse.query import Reader
from warehouse.viewer import Viewer

TABLES = {"mart_ticket"}
NOW = Period("now", date(2025, 3, 24), date(2025, 3, 31), datetime(2025, 3, 31, 8, 30))
PART = pd.DataFrame({"period": "now", "dept": ["A", "B", None, "C"], "n": [9, 9, 9, 9], "n_customers": [4, 5, 1, 0]})

EARLIER = PART.assign(period="before", n_customers=[5, 6, 7, 8])


def test_groups_that_may_have_few_are_asked_again_and_no_others() -> None:
    asked: list[Sequence[sa.ColumnElement[bool]]] = []

    def ask(periods: Sequence[Period], also: Sequence[sa.ColumnElement[bool]]) -> pd.DataFrame:
        asked.append(also)
        assert periods == [NOW]
        return pd.DataFrame({"period": "now", "dept": ["A", None], "n": [9, 9], "n_customers": [7, 2]})

    told = crowds.told_apart(pd.concat([PART, EARLIER]), ["dept"], [NOW, NOW.moved(-7, "before")], ask)
    earlier = told[told["period"] == "before"]
    assert earlier["n_customers"].tolist() == EARLIER["n_customers"].tolist()
    told = told[told["period"] == "now"]
    by_dept = told.fillna({"dept": "none"}).set_index("dept")["n_customers"].to_dict()
    assert by_dept == {"A": 7, "B": 5, "C": 0, "none": 2}
    text, values = selects.compiled(sa.select(sa.literal_column("1")).where(*asked[0]))
    assert values == ["A"]
    assert "dept IS NULL" in text


def test_nothing_is_asked_where_no_group_has_few() -> None:
    def ask(periods: Any, also: Any) -> pd.DataFrame:
        raise AssertionError(periods, also)

    enough = PART.assign(n_customers=[5, 6, 0, 8])
    pd.testing.assert_frame_equal(crowds.told_apart(enough, ["dept"], [NOW], ask), enough)


def test_without_groups_all_are_told_apart() -> None:
    exact = pd.DataFrame({"n": [9], "n_customers": [3]})
    part = PART.head(1)[["period", "n", "n_customers"]]
    assert crowds.told_apart(part, [], [NOW], lambda periods, also: exact) is exact


@pytest.mark.deep
def test_a_release_tells_the_same_by_either_way(varied: LittleHome) -> None:
    reader, manager = varied.reader(), Viewer.of("manager")
    month = Period("now", date(2025, 3, 1), date(2025, 4, 1), datetime(2025, 3, 31, 8, 30))
    by = ["channel_code", "type_code"]
    told = reader.figures(["M01"], manager, [month], by, people="enough")
    exact = reader.figures(["M01"], manager, [month], by, people="all")
    assert exact["is_small"].any() and not exact["is_small"].all()
    both = [f.sort_values(by, ignore_index=True)[[*by, "M01_num", "is_small"]] for f in (told, exact)]
    pd.testing.assert_frame_equal(*both, check_dtype=False)


def test_more_complaints_than_four_customers_have_come_from_five(little: LittleHome) -> None:
    start = datetime(2025, 1, 6)
    who = ["a"] * 6 + ["b"] * 3 + ["c", "d", "e", None, None]
    little.load("ticket", [ticket(n, start + timedelta(2 * n), cust_key=c) for n, c in enumerate(who)])
    little.build()
    reader: Reader = little.reader()
    assert reader.held_by_few == 6 + 3 + 1 + 1
