"""The numbers of a handful of people are nobody's business: by how many customers, for which role."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, new_home, ticket
from warehouse.figures import add_values, shares
from warehouse.periods import Period
from warehouse.query import Filters
from warehouse.scope import hide_few
from warehouse.viewer import Viewer

MARCH = Period("now", date(2025, 3, 1), date(2025, 4, 1), datetime(2025, 3, 31, 8, 30))
OVER = Period("now", MARCH.first, MARCH.end, datetime(2025, 4, 1, 8, 30))


@pytest.fixture
def four_of_a_kind(little: LittleHome) -> LittleHome:
    """Four customers in one town, twenty in another; the four are also all who came through the web."""
    start = datetime(2025, 3, 3)
    few = [ticket(n, start + timedelta(hours=n), town="few", channel_code="WEB") for n in range(4)]
    many = [ticket(n, start + timedelta(hours=n), town="many") for n in range(10, 30)]
    again = [ticket(n + 100, start + timedelta(days=9, hours=n), town="few", cust_key=f"key-{n}") for n in range(4)]
    little.load("ticket", [*few, *again, *many])
    little.build()
    return little


def test_four_customers_have_no_numbers_though_they_complained_eight_times(four_of_a_kind: LittleHome) -> None:
    frame = four_of_a_kind.reader().figures(["M01", "M54", "M07"], Viewer.of("manager"), [MARCH], by=["town"])
    told = frame.set_index("town")
    assert told["is_small"].to_dict() == {"few": True, "many": False}
    assert told.loc["few"].drop(["period", "is_small"]).isna().all()
    assert told.loc["many", "M01_num"] == 20
    valued = add_values(frame, ["M01", "M07"]).set_index("town")
    assert valued.loc["few", ["M01", "M01_n", "M07", "M07_n", "M07_low", "M07_high"]].isna().all()
    shared = shares(frame).set_index("town")
    assert shared.loc["many", "share"] == 1.0
    assert pd.isna(shared.loc["few", "share"])
    assert set(shared["share_n"]) == {20}


def test_four_customers_have_no_numbers_when_one_narrows_to_them(four_of_a_kind: LittleHome) -> None:
    narrowed = Filters.of({"town": ["few"]})
    frame = four_of_a_kind.reader().figures(["M01", "M03"], Viewer.of("manager"), [MARCH], where=narrowed)
    assert frame["is_small"].tolist() == [True]
    assert frame[["M01_num", "M03_num", "M03_den", "n_customers"]].isna().all(axis=None)
    inside = four_of_a_kind.reader().figures(["M01"], Viewer.of("analyst"), [MARCH], where=narrowed)
    assert inside["M01_num"].tolist() == [8]


def test_a_batch_of_many_does_not_uncover_a_batch_of_few(little: LittleHome) -> None:
    """Open tickets are counted over all time, accepted ones in the period: each hides by its own customers."""
    start = datetime(2025, 3, 3)
    closed = {"feedback_at": start + timedelta(days=1)}
    rows = [ticket(n, start, town="a", **closed) for n in range(20)] + [
        ticket(n, start, town="a") for n in range(50, 53)
    ]
    little.load("ticket", rows)
    little.build()
    [row] = little.reader().figures(["M01", "M24"], Viewer.of("manager"), [MARCH], by=["town"]).to_dict("records")
    assert row["is_small"]
    assert row["M01_num"] == 23
    assert pd.isna(row["M24_num"])
    assert pd.isna(row["n_customers"])


@pytest.mark.parametrize(("role", "hidden"), [("manager", {1, 2, 3, 4}), ("planner", {1, 2}), ("analyst", set())])
def test_a_row_of_few_keeps_its_place_and_loses_its_numbers(role: Any, hidden: set[int]) -> None:
    counts = list(range(7))
    rows = pd.DataFrame({"town": list("abcdefg"), "n_customers": counts, "n_tickets": counts, "p_value": 0.1})
    seen = hide_few(rows, Viewer.of(role))
    assert list(seen["town"]) == list("abcdefg") and set(seen.index[seen["is_small"]]) == hidden
    for column in ("n_customers", "n_tickets", "p_value"):
        assert set(seen.index[seen[column].isna()]) == hidden


def test_a_group_of_four_is_small_and_one_of_five_is_not(tmp_path: Path) -> None:
    little = new_home(tmp_path / "home")
    start = datetime(2025, 3, 3, 9)
    many = [ticket(n, start, region_code="321002", cust_key=f"a{n % 4}") for n in range(8)]
    many += [ticket(n, start, region_code="321003", cust_key=f"b{n % 5}") for n in range(8, 18)]
    little.load("ticket", many)
    little.build()
    for people in ("all", "enough"):
        found = little.reader().figures(["M01"], Viewer.of("manager"), [OVER], ["region_code"], people=people)
        assert dict(zip(found["region_code"], found["is_small"], strict=True)) == {"321002": True, "321003": False}
        assert found["M01_num"].sum() == 5 and found["M01_num"].isna().sum() == 1
