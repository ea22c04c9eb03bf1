"""Counters behind a hotspot are those of its cells, week by week, and belong to who sees rows."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from warehouse.cells import days
from warehouse.query import NotAllowed, Reader
from warehouse.spot_weeks import counters
from warehouse.viewer import Viewer

FIRST, LAST = date(2024, 9, 23), date(2024, 11, 18)  # over two ends of months
CELLS = ("460-00-900013-3", "460-00-900015-2")
PLANNER = Viewer.of("planner")


def test_weeks_are_the_sums_of_their_days(demo_reader: Reader) -> None:
    found = counters(demo_reader, PLANNER, CELLS, FIRST, LAST)
    inside = pd.concat(days(demo_reader, PLANNER, cell, FIRST, LAST + timedelta(7)) for cell in CELLS)
    assert len(found) == 9 and (found["n_cells"] == 2).all() and found["week_start"].is_monotonic_increasing
    assert found["n_days"].sum() == len(inside) == 2 * 63
    assert found["mr_samples"].sum() == inside["mr_samples"].sum() > 0
    shares = inside["prb_used_dl"] / inside["prb_avail_dl"]
    assert found["prb_busiest"].max() <= shares.max() and found["prb_busiest"].min() >= shares.min()


def test_nobody_without_rows_and_nothing_without_cells(demo_reader: Reader) -> None:
    with pytest.raises(NotAllowed):
        counters(demo_reader, Viewer.of("manager"), CELLS, FIRST, LAST)
    assert counters(demo_reader, PLANNER, (), FIRST, LAST).empty
    elsewhere = Viewer.of("planner", regions=frozenset({"321023"}))
    assert counters(demo_reader, elsewhere, CELLS, FIRST, LAST).empty
