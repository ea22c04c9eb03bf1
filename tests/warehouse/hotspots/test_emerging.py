"""Classes of hot spots over time: recorded cases, their mirror image, trends by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from warehouse.hotspots.emerging import CLASSES, classes, classify, mann_kendall

CASES = json.loads((Path(__file__).parent / "golden" / "emerging_cases.json").read_text("utf-8"))
HEAT, TREND = {"h": 1, "c": -1, ".": 0}, {"up": 1, "down": -1, "none": 0}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['bins']}-{c['trend']}")
def test_recorded_cases(case: dict[str, str]) -> None:
    row, trend = [HEAT[b] for b in case["bins"]], TREND[case["trend"]]
    assert classify(row, trend) == case["category"]
    mirrored = case["category"].replace("hot_", "cold_")
    assert classify([-b for b in row], -trend) == mirrored


def test_every_class_can_be_told() -> None:
    assert {c["category"] for c in CASES} == {name for name in CLASSES if not name.startswith("cold")}


def test_a_trend_by_hand() -> None:
    """1 2 3 4: all six pairs rise, variance 4·3·13/18, z = 5 / sqrt(8.667)."""
    z, p = mann_kendall([1, 2, 3, 4])
    assert z == pytest.approx(5 / np.sqrt(156 / 18))
    assert p == pytest.approx(0.0894, abs=1e-4)
    assert mann_kendall([4, 3, 2, 1])[0] == -z


@pytest.mark.parametrize("values", [[], [1], [1, 2], [3, 3, 3, 3]])
def test_no_trend_without_values_that_differ(values: list[float]) -> None:
    assert mann_kendall(values) == (0.0, 1.0)


def test_ties_narrow_the_variance() -> None:
    """1 1 2 2: four pairs rise; variance (4·3·13 - 2·2·1·9)/18."""
    assert mann_kendall([1, 1, 2, 2])[0] == pytest.approx(3 / np.sqrt((156 - 36) / 18))


def test_scores_become_classes() -> None:
    z = [[2.0] * 10, list(np.linspace(2, 9, 10)), [0.0] * 9 + [2.5], [0.0] * 10, [-3.0] * 10]
    assert classes(z, 1.96, 0.05) == ["hot_persistent", "hot_intensifying", "hot_new", "none", "cold_persistent"]
