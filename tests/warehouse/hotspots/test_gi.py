"""Gi and Gi* equal a reference; flat and tiny maps are no hot spots."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from warehouse.hotspots.gi import gi, gi_star, neighbours


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    found = os.environ.get("LOOKOUT_DATA")
    if not found or not (Path(found) / "getisord").exists():
        pytest.skip("LOOKOUT_DATA does not name a folder with getisord")
    return pd.read_csv(Path(found) / "getisord" / "oracle_getisord_esda2.9.0.csv")


@pytest.mark.parametrize("metres", [30, 60, 90, 120])
def test_scores_equal_the_reference(reference: pd.DataFrame, metres: int) -> None:
    near = neighbours(reference.x, reference.y, metres)
    assert np.abs(gi_star(reference.val, near) - reference[f"Gstar{metres}_z"]).max() < 1e-9
    assert np.abs(gi(reference.val, near) - reference[f"G{metres}_z"]).max() < 1e-9


def test_a_score_by_hand() -> None:
    """Five places in a row, 0 0 0 0 5, neighbours 1 apart: mean 1, deviation 2; the last sums to 5 over two places."""
    near = neighbours([0, 1, 2, 3, 4], [0] * 5, 1)
    z = gi_star([0, 0, 0, 0, 5], near)
    assert z[4] == pytest.approx((5 - 1 * 2) / (2 * np.sqrt((5 * 2 - 4) / 4)))
    assert z[0] == pytest.approx((0 - 2) / (2 * np.sqrt(6 / 4)))


@pytest.mark.parametrize("values", [[], [3.0], [2.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
def test_nothing_to_compare_is_not_hot(values: list[float]) -> None:
    near = neighbours(range(len(values)), [0] * len(values), 1)
    assert gi_star(values, near).tolist() == [0.0] * len(values)
    assert gi(values, near).tolist() == [0.0] * len(values)


def test_periods_are_maps_of_their_own() -> None:
    rng = np.random.default_rng(1)
    values, near = rng.poisson(2, (30, 4)), neighbours(rng.uniform(0, 9, 30), rng.uniform(0, 9, 30), 2)
    together = gi_star(values, near)
    for period in range(4):
        assert np.allclose(together[:, period], gi_star(values[:, period], near))
