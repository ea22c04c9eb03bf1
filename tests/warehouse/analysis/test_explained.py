"""The share of complaints that bad radio explains: by hand, with layers, at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from warehouse.analysis.explained import explained


def test_a_share_by_hand() -> None:
    """30 on 100 bad cell-days, 70 on 900 fine ones: 0.3 / 0.0778 = 3.857; 30 % × (1 - 1/3.857) = 22.2 %."""
    found = explained(30, 100, 70, 900)
    assert found.ratio == pytest.approx(0.3 / (70 / 900))
    assert found.share == pytest.approx(0.3 * (1 - (70 / 900) / 0.3))
    assert found.low is not None and found.high is not None and found.low < found.share < found.high


def test_layers_that_differ_are_no_effect() -> None:
    """Twice as many complaints wherever days are mostly bad, bad or fine alike: pooled, the ratio is 1."""
    found = explained([80, 10], [400, 100], [20, 90], [100, 900])
    assert found.ratio == pytest.approx(1.0)
    assert found.share == 0


def test_less_than_nothing_is_nothing() -> None:
    found = explained(5, 500, 95, 500)
    assert found.share == 0 and found.high == 0


@pytest.mark.parametrize("given", [(0, 0, 0, 0), (5, 10, 5, 0), (0, 0, 7, 100), (3, 5, 0, 5)])
def test_nothing_to_compare_says_nothing(given: tuple[int, int, int, int]) -> None:
    assert explained(*given).share is None


def test_no_complaint_on_bad_days_explains_nothing() -> None:
    found = explained(0, 10, 50, 1000)
    assert found.share == 0 and found.high is not None and found.high == 0


def test_the_interval_holds_what_was_planted() -> None:
    rng, hits = np.random.default_rng(8), 0
    true = 0.2 * 3 / (0.2 * 3 + 0.8) * (1 - 1 / 3)
    for _ in range(400):
        found = explained(rng.poisson(200 * 0.3), 200, rng.poisson(800 * 0.1), 800)
        assert found.low is not None and found.high is not None
        hits += found.low <= true <= found.high
    assert hits / 400 > 0.92
