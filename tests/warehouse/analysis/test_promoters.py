"""NPS by hand."""

import numpy as np
import pytest

from warehouse.analysis.promoters import apart, nps


def test_score_and_interval_by_hand():
    """50 promoters and 20 detractors of 100: score 30; ± 1.96 √(0.6973 − 0.2956²) ÷ 10."""
    score, low, high = nps(50, 20, 100)
    p, d = 50.5 / 101.5, 20.5 / 101.5
    half = 196 * np.sqrt(p + d - (p - d) ** 2) / 10
    assert score[0] == pytest.approx(30)
    assert (low[0], high[0]) == (pytest.approx(30 - half, abs=0.01), pytest.approx(30 + half, abs=0.01))


def test_edges():
    score, low, high = nps([10, 0, 0], [0, 10, 0], [10, 10, 0])
    assert list(score[:2]) == [100, -100] and np.isnan(score[2]) and np.isnan(low[2])
    assert low[0] < 100 == high[0] and low[1] == -100 < high[1]
    with pytest.raises(ValueError, match="together at most n"):
        nps(8, 5, 10)
    assert apart((1, 2), (3, 4)) and not apart((1, 3), (3, 4))
