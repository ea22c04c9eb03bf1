"""What a kind makes of counts, against hand-computed limits."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from alerts.signals import kinds, signals


@pytest.mark.parametrize("mean, limit", [(0.5, 4), (1, 5), (2, 7), (4, 11), (8, 17), (16, 28)])
def test_poisson_limits(mean: float, limit: int) -> None:
    """The limits of the requirements for a tail under 0.005 (6.1)."""
    found = pd.DataFrame({"n_now": [limit - 1, limit], "mean_before": [mean] * 2, "n_before": [40] * 2})
    told = kinds.poisson(found, {"alpha": 0.005, "least": 1})
    assert told["limit_count"].tolist() == [limit, limit]
    assert told["value"].tolist() == [0, limit / mean]


def test_few_are_not_unusual_however_rare() -> None:
    found = pd.DataFrame({"n_now": [4], "mean_before": [0.1], "n_before": [40]})
    assert kinds.poisson(found, {"alpha": 0.005, "least": 5})["value"].tolist() == [0]


def test_never_seen_is_not_impossible() -> None:
    """After 40 quiet days half a case in 40 days is assumed, so that one case is no infinite surge."""
    found = pd.DataFrame({"n_now": [1, 5], "mean_before": [float("nan"), 0.0], "n_before": [40, 40]})
    told = kinds.poisson(found, {"alpha": 0.005, "least": 1})
    assert told["baseline"].tolist() == [0.0125, 0.0125]
    assert told["value"].tolist() == [0, 400]


@pytest.mark.parametrize("k, n, high", [(30, 40, 0.858), (39, 52, 0.848), (75, 100, 0.825), (150, 200, 0.805)])
def test_the_upper_end_of_a_rate(k: int, n: int, high: float) -> None:
    """75 % satisfied is silent at n = 40 and fires below 85 % at n = 52 (requirements 10, no. 7)."""
    told = kinds.upper_rate(pd.DataFrame({"k": [k], "n": [n]}), {})
    assert told["value"][0] == pytest.approx(high, abs=0.0005)


def test_no_answer_is_no_rate() -> None:
    assert math.isnan(kinds.upper_rate(pd.DataFrame({"k": [0], "n": [0]}), {})["value"][0])


def test_a_drop_must_be_beyond_chance() -> None:
    """60/100 after 80/100: z = 3.086, p = 0.001; 6/10 after 8/10 is the same drop and proves nothing."""
    found = pd.DataFrame({"k": [60, 6], "n": [100, 10], "k_before": [80, 8], "n_before": [100, 10]})
    told = kinds.drop(found, {"alpha": 0.01})
    assert told["value"].tolist() == [pytest.approx(0.2), 0]
    assert told["p_value"][0] == pytest.approx(0.001015, abs=1e-5)


def test_every_signal_has_a_kind_and_says_what_a_row_is() -> None:
    for signal in signals().values():
        assert signal.kind in kinds.KINDS, signal.name
        assert signal.sentence.startswith("One row per instant"), signal.name
