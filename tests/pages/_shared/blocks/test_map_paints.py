"""Thousands of squares: their corners and their words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pages._shared import numbers
from pages._shared.blocks.map_painted import squares
from pages._shared.blocks.map_paints import _said


def test_a_value_that_occurs_often_is_worded_once_and_stands_everywhere() -> None:
    asked: list[float] = []

    def say(value: float) -> str:
        asked.append(value)
        return numbers.fixed(value, 1) if value == value else "—"

    values = pd.Series([-101.26, float("nan"), -90.0, -101.26, float("nan"), 1_234.5], index=[7, 7, 3, 1, 0, 2])
    assert _said(values, say) == ["-101.3", "—", "-90.0", "-101.3", "—", "1,234.5"]
    assert len(asked) == 4
    assert _said(values.iloc[:0], say) == []


def test_a_square_has_four_corners_around_its_middle_and_the_side_in_metres() -> None:
    found = pd.DataFrame({"lon": [119.4, 0.0], "lat": [32.4, 0.0]})
    rings = squares(found, 50)
    assert [len(ring) for ring in rings] == [4, 4] and all(type(x) is float for x in rings[0][0])
    for (lon, lat), ring in zip(found.to_numpy(), np.asarray(rings), strict=True):
        assert ring.mean(axis=0) == pytest.approx([lon, lat], abs=1e-6)
        wide = np.ptp(ring[:, 0]) * 111_320 * np.cos(np.radians(lat))
        assert (wide, np.ptp(ring[:, 1]) * 110_900) == pytest.approx((50, 50), abs=0.3)
