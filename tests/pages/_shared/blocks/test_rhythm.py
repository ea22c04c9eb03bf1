"""The mean of a calendar day counts its empty days, and a manager is not told of a handful of customers."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from pages._shared.blocks.rhythm import _by_day_of_month
from warehouse.viewer import Viewer


def frame(role: str) -> Any:
    return SimpleNamespace(viewer=Viewer.of(role))  # type: ignore[arg-type]


DAILY = pd.DataFrame(
    {
        "day": [date(2025, 1, 1), date(2025, 1, 2), date(2025, 2, 2), date(2025, 1, 31), date(2025, 3, 1)],
        "n": [10, 8, 4, 3, 99],
        "n_customers": [10, 8, 4, 3, 99],
    }
)


def test_days_without_complaints_count() -> None:
    found = _by_day_of_month(frame("analyst"), DAILY, date(2025, 1, 1), date(2025, 2, 28)).set_index("day")["value"]
    assert found[1] == pytest.approx(5.0), "10 in January, none in February, March is outside"
    assert found[2] == pytest.approx(6.0)
    assert found[31] == pytest.approx(3.0), "there is one 31st"
    assert found[15] == 0 and len(found) == 31


def test_a_small_day_and_the_one_that_would_give_it_away_are_hidden_from_a_manager() -> None:
    found = _by_day_of_month(frame("manager"), DAILY, date(2025, 1, 1), date(2025, 2, 28)).set_index("day")["value"]
    assert 31 not in found and 1 not in found
    assert found[2] == pytest.approx(6.0)
