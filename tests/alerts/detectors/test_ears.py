"""EARS limits against recorded ones, and by hand."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from alerts.detectors import ears


def test_c1_by_hand() -> None:
    """Seven days 1 to 7: mean 4, standard deviation 2.160247."""
    upper = ears.limits([1, 2, 3, 4, 5, 6, 7, 9], "C1", alpha=0.025)
    assert np.isnan(upper[:7]).all()
    assert upper[7] == pytest.approx(4 + 1.959964 * 2.160247, abs=1e-5)


def test_c2_leaves_out_the_two_days_before() -> None:
    quiet = [1, 2, 3, 4, 5, 6, 7]
    one, other = ears.limits([*quiet, 0, 0, 9], "C2"), ears.limits([*quiet, 50, 90, 9], "C2")
    assert one[9] == other[9]


def test_many_series_at_once() -> None:
    counts = np.random.default_rng(1).poisson(4, (5, 40))
    for method in ("C1", "C2", "C3"):
        together = ears.limits(counts, method)
        alone = np.array([ears.limits(row, method) for row in counts])
        assert np.array_equal(together, alone, equal_nan=True)


def test_a_baseline_of_one_has_no_spread() -> None:
    with pytest.raises(ValueError, match="baseline is 1"):
        ears.limits([1, 2, 3], baseline=1)


def test_recorded_limits_and_alarms(counts_reference: Path) -> None:
    manifest = pd.read_csv(counts_reference / "manifest.csv")
    checked = 0
    for row in manifest[manifest["method"].str.startswith("ears")].itertuples():
        seen = pd.read_csv(counts_reference / "inputs" / f"{row.dataset}.csv")["observed"].to_numpy(dtype=float)
        expected = pd.read_csv(counts_reference / row.file)
        given = dict(re.findall(r"(\w+)=(\S+)", row.params))
        upper = ears.limits(
            seen, given["method"], int(given["baseline"]), float(given["alpha"]), float(given["minSigma"])
        )
        weeks = expected["t"].to_numpy() - 1
        bound = expected["upperbound"].to_numpy(dtype=float)
        np.testing.assert_allclose(upper[weeks], bound, rtol=0, atol=1e-6, err_msg=f"{row.dataset} {row.method}")
        assert np.array_equal(seen[weeks] > upper[weeks], expected["alarm"] == 1), (row.dataset, row.method)
        checked += 1
    assert checked >= 50
