"""The joint detector: what it must find, what it must not, and what it must not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.detectors import joint

PROFILES = {"all": ("a", "b", "c", "d"), "network": ("a", "b"), "voice": ("c", "d")}
BACK, GAP, WINDOWS = 30, 6, (1, 2, 4, 6)


def noise(seed: int, n_units: int = 20, n_periods: int = 200) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 1, (n_units, n_periods)) for name in "abcd"}


def join(z: dict[str, np.ndarray], kernel: np.ndarray | None = None) -> joint.Evidence:
    near = np.eye(len(z["a"])) if kernel is None else kernel
    return joint.join(z, near, PROFILES, WINDOWS, BACK, GAP)


def test_pooling_keeps_the_variance_and_leaves_out_what_is_missing() -> None:
    z = np.array([[3.0], [1.0], [np.nan]])
    kernel = np.array([[1, 0.5, 0.5], [0.5, 1, 0], [0.5, 0, 1]])
    seen = joint.pooled(z, kernel)[:, 0]
    assert seen[:2] == pytest.approx([3.5 / np.sqrt(1.25), 2.5 / np.sqrt(1.25)])
    assert seen[2] == pytest.approx(3.0)


@pytest.mark.parametrize("moved, profile", [("abcd", 0), ("ab", 1), ("cd", 2)])
def test_a_shift_too_weak_for_each_signal_is_found_and_told_by_its_sort(moved: str, profile: int) -> None:
    z = noise(11)
    for name in moved:
        z[name][7, 190:] += 1.6
    seen = join(z)
    assert seen.score[:, 195:].max(axis=1).argmax() == 7
    assert seen.score[7, 195] > 4
    assert seen.profile[7, 195] == profile
    assert seen.since[7, 195] >= 4
    leans = dict(zip("abcd", seen.leans[:, 7, 195], strict=True))
    assert all((leans[name] > 2) == (name in moved) for name in "abcd")


def test_neighbours_help() -> None:
    line = np.abs(np.subtract.outer(np.arange(20), np.arange(20)))
    kernel = np.select([line == 0, line == 1], [1.0, 0.6], 0.0)
    z = noise(12)
    for name in "abcd":
        z[name][6:9, 190:] += 0.9
    assert join(z, kernel).score[7, 195] > join(z).score[7, 195] + 0.5


def test_chance_alone_rarely_reaches_five_and_each_length_is_as_likely() -> None:
    score = join(noise(13, 60, 400)).score[:, 100:]
    assert (score.max(axis=0) > 5).mean() < 0.01
    assert 2.5 < np.quantile(score.max(axis=0), 0.5) < 4


def test_signals_that_move_together_count_for_less_than_two() -> None:
    rng = np.random.default_rng(14)
    shared = rng.normal(0, 1, (40, 300))
    z = {name: shared + rng.normal(0, 0.1, shared.shape) for name in "abcd"}
    score = joint.join(z, np.eye(40), PROFILES, WINDOWS, BACK, GAP).score[:, 100:]
    assert (score.max(axis=0) > 5).mean() < 0.03


def test_missing_values_neither_raise_nor_lower() -> None:
    z = noise(15)
    for name in "abcd":
        z[name][7, 190:] += 2
    z["d"][7, 180:] = np.nan
    seen = join(z)
    assert seen.score[7, 195] > 4.5
    for name in "abcd":
        z[name][3, 150:] = np.nan
    assert np.isnan(join(z).score[3, 195])


def test_more_history_changes_nothing() -> None:
    z = noise(16, 10, 300)
    first = 300 - joint.reach(BACK, GAP, WINDOWS) - 1
    late = {name: values[:, first:] for name, values in z.items()}
    assert join(late).score[:, -1] == pytest.approx(join(z).score[:, -1], abs=1e-9)


def test_what_comes_later_changes_nothing() -> None:
    z = noise(17)
    cut = {name: values[:, :150] for name, values in z.items()}
    np.testing.assert_allclose(join(cut).score, join(z).score[:, :150])
