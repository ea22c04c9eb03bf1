"""Fans that point where the antenna does."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from pages._shared import fans as shapes


def fans(azimuths: list[float | None], length_m: float, width_deg: float) -> list[list[list[float]]]:
    places = pd.DataFrame({"lon": 119.4, "lat": 32.4, "azimuth_deg": azimuths})
    return shapes.fans(places, length_m, width_deg)


@pytest.mark.parametrize(("azimuth", "east", "north"), [(0, 0, 1), (90, 1, 0), (180, 0, -1), (270, -1, 0)])
def test_a_fan_points_along_its_azimuth(azimuth: float, east: int, north: int) -> None:
    [ring] = fans([azimuth], 500, 60)
    assert ring[0] == ring[-1] == [119.4, 32.4]
    x = sum(p[0] for p in ring[1:-1]) / 5 - 119.4
    y = sum(p[1] for p in ring[1:-1]) / 5 - 32.4
    assert (round(x / 0.0053), round(y / 0.0045)) == (east, north)


def test_a_cell_without_a_bearing_is_a_circle_around_its_place() -> None:
    [ring] = fans([math.nan], 500, 60)
    assert ring[0] == ring[-1] and len(ring) == 14
    assert sum(p[0] for p in ring[1:]) / 13 == pytest.approx(119.4, abs=1e-3)


def test_fans_and_rings_stay_with_their_rows() -> None:
    mixed = fans([None, 90.0, math.nan, 270.0], 500, 60)
    assert [len(ring) for ring in mixed] == [14, 7, 14, 7]
    assert mixed[1] == fans([90.0], 500, 60)[0] and mixed[3] == fans([270.0], 500, 60)[0] and mixed[0] == mixed[2]
    assert max(x for x, _ in mixed[1]) > 119.4 > min(x for x, _ in mixed[3])
    assert fans([], 500, 60) == []


def test_a_circle_is_closed_and_as_wide_as_told() -> None:
    ring = shapes.circle(119.4, 32.4, 500)
    assert ring[0] == pytest.approx(ring[-1]) and len(ring) == 49
    reach = [math.hypot((x - 119.4) * math.cos(math.radians(32.4)), y - 32.4) * 111_320 for x, y in ring]
    assert min(reach) == pytest.approx(500, abs=1) and max(reach) == pytest.approx(500, abs=1)
