"""What a change is called: success, perhaps, none, worse, too thin to say."""

from __future__ import annotations

import numpy as np
import pytest

from warehouse.analysis.fix_effect import changed, effect

STEADY = [10.0] * 26
BESIDE = np.full((5, 8), 10.0)


def test_a_fall_that_the_neighbours_did_not_have_worked() -> None:
    """80 -> 32 here, 400 -> 400 there: 0.4; 48 did not come."""
    found = effect(STEADY, [10] * 8, [4] * 8, BESIDE, BESIDE)
    assert found.verdict == "worked"
    assert (found.n_before, found.n_after, found.n_others) == (80, 32, 5)
    assert found.ratio is not None and found.ratio.value == pytest.approx(0.4) and found.ratio.high < 1
    assert found.ratio.avoided == pytest.approx(48)


def test_a_fall_that_everybody_had_is_none() -> None:
    assert effect(STEADY, [10] * 8, [5] * 8, BESIDE, BESIDE / 2).verdict == "none"


def test_a_fall_from_a_peak_is_only_a_maybe_unless_the_network_got_better() -> None:
    quiet, peak, after = [1.0, 0, 1, 0] * 6, [1, 0, 1, 0, 1, 9, 12, 13], [1, 0, 1, 1, 0, 1, 1, 0]
    alone = effect(quiet, peak, after, BESIDE, BESIDE)
    assert alone.verdict == "maybe" and alone.regression is not None and alone.regression.is_warning
    weak = changed({"weak": [0.30, 0.31, 0.29]}, {"weak": [0.05, 0.06, 0.05]},
                   {"weak": [0.08, 0.08, 0.09]}, {"weak": [0.08, 0.09, 0.08]})  # fmt: skip
    both = effect(quiet, peak, after, BESIDE, BESIDE, weak)
    assert both.verdict == "worked" and both.better == ("weak",)
    assert both.regression is not None and both.regression.is_warning, "the warning stays beside the verdict"


def test_more_than_the_neighbours_is_worse() -> None:
    assert effect(STEADY, [10] * 8, [20] * 8, BESIDE, BESIDE).verdict == "worse"


@pytest.mark.parametrize(
    ("before", "after", "others"),
    [
        ([1] * 8, [0] * 8, BESIDE),  # eight complaints
        ([10, 10], [4, 4], BESIDE[:, :2]),  # two weeks
        ([10] * 8, [4] * 8, BESIDE[:2]),  # two neighbours
        ([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0], BESIDE[:, :6]),  # neither halved nor doubled can be told
    ],
)
def test_little_evidence_is_called_thin(before: list[float], after: list[float], others: np.ndarray) -> None:
    assert effect(STEADY, before, after, others, others).verdict == "thin"


def test_nothing_at_all_is_thin_and_raises_nothing() -> None:
    found = effect([], [], [], np.zeros((0, 0)), np.zeros((0, 0)))
    assert found.verdict == "thin" and found.ratio is None and found.regression is None


def test_the_sign_of_better_follows_the_figure() -> None:
    up = {"level": [-100.0, -100.5, -99.5]}, {"level": [-90.0, -90.5, -89.5]}
    flat = {"level": [-95.0, -95.1, -94.9]}
    told = changed(*up, flat, flat)
    assert effect(STEADY, [10] * 8, [4] * 8, BESIDE, BESIDE, told, frozenset({"level"})).better == ("level",)
    assert effect(STEADY, [10] * 8, [4] * 8, BESIDE, BESIDE, told).worse == ("level",)
    assert effect(STEADY, [10] * 8, [4] * 8, BESIDE, BESIDE, told, frozenset({"level"}), {"level": 11}).better == ()


def test_figures_nobody_measured_are_left_out() -> None:
    assert changed({"weak": [0.1]}, {"weak": [0.1, 0.2]}, {"weak": [0.1, 0.1]}, {"weak": [0.1, 0.1]}) == {}


def test_no_effect_is_called_one_no_more_often_than_said() -> None:
    """Places to which nothing happened, neighbours with the same season: at most one in ten is given an effect."""
    rng = np.random.default_rng(11)
    called = 0
    for _ in range(300):
        season = rng.uniform(0.7, 1.4, 42)
        place, others = rng.poisson(8 * season), rng.poisson(8 * season, (6, 42))
        found = effect(place[:26], place[26:34], place[34:], others[:, 26:34], others[:, 34:])
        called += found.verdict in ("worked", "maybe", "worse")
    assert called <= 30
