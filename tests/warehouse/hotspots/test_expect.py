"""What an area would have anyway: values by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from warehouse.hotspots.expect import Common, common, expected_of_history, expected_of_users, tail


def test_history_is_pulled_toward_the_district() -> None:
    """Gamma(2, 10): mean 0.2 a week. 8 in 12 weeks: (8 + 2) / (12 + 10); nothing in no weeks: the mean."""
    of = Common(2, 10)
    assert of.mean == 0.2
    assert expected_of_history([8, 0], [12, 0], of).tolist() == pytest.approx([10 / 22, 0.2])


def test_grids_alike_are_all_the_mean_and_grids_unlike_stand_for_themselves() -> None:
    alike = common([3] * 50, [12] * 50)
    assert alike.mean == pytest.approx(0.25) and alike.beta == 52
    unlike = common([0] * 49 + [60], [12] * 50)
    assert unlike.mean == pytest.approx(0.1) and unlike.beta < 1


def test_the_prior_finds_the_spread_it_was_drawn_from() -> None:
    rng = np.random.default_rng(3)
    rates = rng.gamma(2.0, 1 / 8.0, 4000)
    found = common(rng.poisson(rates * 12), np.full(4000, 12.0))
    assert found.mean == pytest.approx(0.25, rel=0.05)
    assert found.beta == pytest.approx(8, rel=0.15)


def test_a_district_without_complaints_is_not_impossible() -> None:
    assert common([0, 0], [12, 12]).mean == pytest.approx(0.5 / 24)


def test_no_history_at_all_is_said() -> None:
    with pytest.raises(ValueError, match="at least one grid with a week of history"):
        common([0, 0], [0, 0])


def test_users_and_tails() -> None:
    assert expected_of_users([30_000], 2e-4).tolist() == [6.0]
    assert tail([5, 0], [1.0, 1.0]).tolist() == pytest.approx([1 - stats.poisson.cdf(4, 1), 1.0])
