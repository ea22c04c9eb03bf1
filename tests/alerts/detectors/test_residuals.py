"""Residuals against numbers worked out by hand, and what they must not depend on."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.detectors import residuals as r


def test_the_city_is_shared_out_as_in_the_past() -> None:
    counts = np.array([[1, 1, 1, 1, 0, 6], [3, 3, 3, 3, 0, 6]], float)
    usual = r.expected(counts, back=4, gap=1)
    # Of the four periods that end one before the last, a quarter of the events were the first unit's: of 12, 3.
    assert usual[:, 5].tolist() == [3.0, 9.0]
    assert np.isnan(usual[:, 4]).all()


def test_counts_are_differences_over_the_root_of_the_expected() -> None:
    counts = np.array([[1, 1, 1, 1, 0, 6], [3, 3, 3, 3, 0, 6]], float)
    assert r.of_counts(counts, back=4, gap=1)[:, 5] == pytest.approx([3 / np.sqrt(3), -3 / np.sqrt(9)])


def test_what_the_whole_city_does_is_nobodys_residual() -> None:
    rng = np.random.default_rng(3)
    counts, levels = rng.poisson(4.0, (6, 40)).astype(float), rng.normal(0, 1, (6, 40))
    more, worse = counts.copy(), levels.copy()
    more[:, 39] *= 3
    worse[:, 39] += 10
    # Ten spreads for everybody; what is left of them is that units' own spreads differ.
    assert np.abs(r.of_levels(worse, 1, 20, 4)[:, 39] - r.of_levels(levels, 1, 20, 4)[:, 39]).max() < 2
    assert abs(r.of_counts(more, 20, 4)[:, 39].mean()) < 0.2


def test_worse_means_the_way_that_is_told() -> None:
    rng = np.random.default_rng(4)
    speed = rng.normal(50, 1, (5, 40))
    speed[2, 39] -= 3
    z = r.of_levels(speed, -1, 20, 4)[:, 39]
    assert z.argmax() == 2 and z[2] > 1.5
    assert r.of_levels(speed, 1, 20, 4)[:, 39].argmin() == 2


def test_rates_fall_against_the_past_and_nobody_asked_is_missing() -> None:
    rng = np.random.default_rng(5)
    n = np.full((4, 30), 10.0)
    k = rng.binomial(10, 0.8, n.shape).astype(float)
    k[1, 29], n[2, 29], k[2, 29] = 3, 0, 0
    z = r.of_rates(k, n, 20, 4)[:, 29]
    assert np.nanargmax(z) == 1
    assert np.isnan(z[2])


def test_a_freak_is_cut_off_and_does_not_hide_what_follows() -> None:
    rng = np.random.default_rng(6)
    z = rng.normal(0, 1, (8, 60))
    z[0, 40] = 500
    seen = r.standardised(z, 20, 4)
    assert seen[0, 40] == r.CLIP
    assert np.abs(seen[:, 59] - r.standardised(np.clip(z, -r.CLIP, r.CLIP), 20, 4)[:, 59]).max() < 1e-12
    assert 0.8 < np.std(seen[1:, 30:]) < 1.2


def test_nothing_is_said_before_there_is_a_past() -> None:
    z = np.random.default_rng(7).normal(0, 1, (3, 30))
    seen = r.standardised(z, 10, 2, least=10)
    assert np.isnan(seen[:, :12]).all() and np.isfinite(seen[:, 12:]).all()
