"""Quantiles of long periods from sums by full hours: the very values that all complaints give."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse import quantiles, selects
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.quantiles import LONG_DAYS, QUANTILES
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

TABLES = quantiles.TABLES | {"mart_ticket"}
ANALYST, MANAGER = Viewer.of("analyst"), Viewer.of("manager")
ENTRIES = [measures()[i] for i in QUANTILES]
AS_OF = datetime(2025, 3, 31, 8, 30)
# Known for good, and with answers that came in the week of the cut-off and after it.
PERIODS = [
    Period("all", date(2025, 1, 1), date(2025, 4, 1), AS_OF),
    Period("then", date(2025, 1, 1), date(2025, 3, 20), datetime(2025, 3, 18, 12)),
]


def by_all(reader: Reader) -> pd.DataFrame:
    asked = selects.figures(reader.levels, ENTRIES, "mart_ticket", "accepted", ANALYST, PERIODS, (), Filters(), "none")
    return reader.run(asked).sort_values("period", ignore_index=True)


def test_values_are_those_of_all_complaints(varied: LittleHome) -> None:
    reader = varied.reader()
    told = quantiles.figures(reader.run, ENTRIES, PERIODS, 4)
    assert told is not None
    whole = by_all(reader)
    assert whole["M06_P90_den"].min() > 20
    pd.testing.assert_frame_equal(told[list(whole.columns)], whole, check_dtype=False, rtol=1e-12)


@pytest.mark.deep
def test_values_are_those_of_the_city(demo_reader: Reader) -> None:
    year = Period("now", date(2024, 1, 1), date(2025, 1, 1), AS_OF)
    told = quantiles.figures(demo_reader.run, ENTRIES, [year], demo_reader.held_by_few)
    asked = selects.figures(
        demo_reader.levels, ENTRIES, "mart_ticket", "accepted", ANALYST, [year], (), Filters(), "none"
    )
    whole = demo_reader.run(asked)
    assert told is not None
    pd.testing.assert_frame_equal(told[list(whole.columns)], whole, check_dtype=False, rtol=1e-12)


def test_few_complaints_are_left_to_who_tells_customers_apart(varied: LittleHome) -> None:
    assert quantiles.figures(varied.reader().run, ENTRIES, PERIODS, 10_000) is None


def test_only_whole_long_periods_are_told_from_sums() -> None:
    short = Period("now", date(2025, 1, 1), date(2025, 1, 1) + timedelta(LONG_DAYS), AS_OF)
    assert quantiles.fits(ENTRIES, PERIODS)
    assert not quantiles.fits(ENTRIES, [*PERIODS, short])
    assert not quantiles.fits([*ENTRIES, measures()["M06"]], PERIODS)


def test_a_quantile_between_two_hours_is_asked_of_the_complaints(little: LittleHome) -> None:
    """Half took 1.5 hours, half 20.5: the median of 11 lies between full hours 1 and 20, and is still told right."""
    start = datetime(2025, 1, 6, 8)
    hours = [1.5] * 5 + [20.5] * 5
    rows = [ticket(n, start + timedelta(n), feedback_at=start + timedelta(n, hours=h)) for n, h in enumerate(hours)]
    little.load("ticket", rows)
    little.build()
    period = Period("now", date(2025, 1, 1), date(2025, 4, 1), AS_OF)
    entries = [measures()["M06_P50"]]
    assert quantiles.figures(little.reader().run, entries, [period], 4) is None
    [row] = little.reader().figures(["M06_P50"], MANAGER, [period], people="enough").to_dict("records")
    assert row["M06_P50_num"] == 11.0
