"""The exponent of a cost, and the plot of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import growth


@pytest.mark.parametrize(("power", "base"), [(1.0, 3.0), (0.0, 2.0), (0.5, 0.1), (2.0, 7.0)])
def test_the_exponent_of_a_power_is_that_power(power: float, base: float) -> None:
    points = {n: base * n**power for n in (24_000, 240_000, 2_400_000)}
    assert growth.exponent(points) == pytest.approx(power)


def test_the_last_step_is_judged_as_the_start_hides_growth() -> None:
    figure = growth._figure("build", {1_000: 10.0, 10_000: 11.0, 100_000: 110.0, 1_000_000: 2_000.0})
    assert not figure.is_met
    assert figure.ratio.value < 1
    assert "last step 1.26" in figure.note


@pytest.mark.deep
def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    points = {what: {10: 1.0 + k, 100: 2.0 + k} for k, what in enumerate(growth.WHAT)}
    growth.plot(points, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes()[:4] == b"\x89PNG"
