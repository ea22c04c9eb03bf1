"""Lanes of figures: each within its own lane, limits where they are, weeks where the chart above has them."""

from __future__ import annotations

import pytest

from pages._shared.charts.stacked import AXIS_PX, LANE_PX, Lane, stacked

LANES = [
    Lane("weak 4.0% → 2.0%", (0.04, None, 0.02), ("4.0%", "–", "2.0%"), 0.10),
    Lane("level", (-101.0, -101.0, -101.0), ("a", "b", "c")),
]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_figure_stays_in_its_lane(mode: str) -> None:
    made = stacked([0.0, 168.0, 336.0], ["1", "2", "3"], LANES, lang="en", mode=mode, title="T").to_dict()  # type: ignore[arg-type]
    assert made["height"] == 2 * LANE_PX
    limits, line, *_ = (layer["data"]["name"] for layer in made["layer"])
    rows = made["datasets"][line]
    first, second = ([r for r in rows if r["lane"] == lane] for lane in (1, 0))
    assert [r["x"] for r in first] == [0.0, 336.0] and len(second) == 3
    assert all(1 < r["y"] < 1.7 for r in first) and all(0 < r["y"] < 0.7 for r in second)
    [limit] = made["datasets"][limits]
    assert first[1]["y"] < first[0]["y"] < limit["y"] < 2
    axes = [layer["encoding"]["y"]["axis"] for layer in made["layer"]]
    assert all(axis["minExtent"] == axis["maxExtent"] == AXIS_PX for axis in axes)
