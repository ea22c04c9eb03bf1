"""Candidate cells: those that tickets name, else those near by that point at the hotspot."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from warehouse.hotspots.cells import aside, bearing, candidates
from warehouse.hotspots.settings import defaults

RULE = defaults().cells
SPOT = pd.DataFrame({"spot_no": [0], "x": [0.0], "y": [0.0], "is_urban": [True], "on": [date(2025, 3, 30)]})
NOBODY = pd.DataFrame({"spot_no": [], "cell_id": [], "n": []}).astype({"spot_no": "int64", "n": "int64"})


def cell(name: str, x: float, y: float, azimuth: float | None, indoor: bool = False, until: date | None = None) -> dict:
    spans = {"valid_from": date(2020, 1, 1), "valid_to": until}
    return {
        "cell_id": name,
        "site_id": "S" + name,
        "x": x,
        "y": y,
        "azimuth_deg": azimuth,
        "is_indoor": indoor,
        **spans,
    }


def found(*cells: dict, served: pd.DataFrame = NOBODY) -> list[str]:
    return candidates(SPOT, served, pd.DataFrame(cells), RULE)["cell_id"].tolist()


def test_bearings_by_hand() -> None:
    assert bearing(0, 0, [0, 1, 0, -1], [1, 0, -1, 0]).tolist() == [0, 90, 180, 270]
    assert aside([350, 10, 0], [10, 350, 180]).tolist() == [20, 20, 180]


def test_only_cells_in_reach_that_point_here() -> None:
    """South of the hotspot, so the way is due north: 65° aside is the most; indoor ones within 150 m."""
    told = found(
        cell("on", 0, -1000, 0), cell("edge", 0, -1100, 65), cell("off", 0, -900, 66), cell("far", 0, -1501, 0),
        cell("inside", 0, -150, None, True), cell("next door", 0, -151, None, True),
        cell("gone", 0, -10, 0, False, date(2025, 3, 1)),
    )  # fmt: skip
    assert told == ["inside", "on", "edge"]


def test_three_are_enough_where_no_ticket_names_one() -> None:
    assert found(*(cell(f"c{k}", 0, -100.0 * k, 0) for k in range(1, 8))) == ["c1", "c2", "c3"]


@pytest.mark.parametrize("n, expected", [(1, 3), (4, 4), (9, 6)])
def test_named_cells_come_first_three_to_six_in_all(n: int, expected: int) -> None:
    cells = [cell(f"c{k}", 0, -100.0 * k, 180) for k in range(9)] + [cell(f"near{k}", 0, -50.0, 0) for k in range(4)]
    served = pd.DataFrame({"spot_no": 0, "cell_id": [f"c{k}" for k in range(n)], "n": range(1, n + 1)})
    told = found(*cells, served=served)
    assert len(told) == expected and told[0] == f"c{n - 1}"


def test_no_cell_is_no_fault() -> None:
    assert candidates(SPOT, NOBODY, pd.DataFrame([cell("far", 9e4, 0, 0)]), RULE).empty
