"""The exponent of a cost, and the plot of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import curves, growth


@pytest.mark.parametrize(("power", "base"), [(1.0, 3.0), (0.0, 2.0), (0.5, 0.1), (2.0, 7.0)])
def test_the_exponent_of_a_power_is_that_power(power: float, base: float) -> None:
    points = {n: base * n**power for n in (24_000, 240_000, 2_400_000)}
    assert curves.exponent(points) == pytest.approx(power)


def test_the_last_step_is_judged_as_the_start_hides_growth() -> None:
    figure = growth._figure("build", {1_000: 10.0, 10_000: 11.0, 100_000: 110.0, 1_000_000: 2_000.0})
    assert not figure.is_met
    assert figure.ratio.value < 1
    assert "last step 1.26" in figure.note


@pytest.mark.deep
def test_the_plot_is_a_picture(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    points = {what: {10: 1.0 + k, 100: 2.0 + k} for k, what in enumerate(curves.WHAT)}
    curves.plot(points, tmp_path / "growth.png")
    assert (tmp_path / "growth.png").read_bytes()[:4] == b"\x89PNG"


def test_the_page_shows_the_curves_that_are_kept() -> None:
    page = curves.PAGE.read_text(encoding="utf-8")
    told = page.split(curves.BEGIN, 1)[1].split(curves.END, 1)[0].strip().splitlines()
    points, measured = curves.read()
    assert told == curves.table(points, measured)
    assert set(measured) == set(points["load"]) and len(measured) >= 2
    assert curves.PLOT.exists() and "growth.png" in page


def test_a_size_measured_later_stands_beside_those_kept(tmp_path: Path) -> None:
    kept, page = tmp_path / "growth.json", tmp_path / "scale.md"
    page.write_text(f"before\n{curves.BEGIN}\nold\n{curves.END}\nafter\n", encoding="utf-8")
    one = {what: {1_000: 10.0} for what in curves.WHAT}
    curves.keep(one, {1_000: "here"}, kept)
    points, measured = curves.read(kept)
    for what in points:
        points[what][10_000] = 100.0
    curves.keep(points, measured | {10_000: "there"}, kept)
    curves.tell(*curves.read(kept), page)
    text = page.read_text(encoding="utf-8")
    assert "| load | 10.0 | 100.0 | 1.00 | 1.00 |" in text and "old" not in text
    assert "1,000 tickets: here; 10,000 tickets: there." in text
    assert text.startswith("before\n") and text.endswith("after\n")


def test_one_size_has_no_exponent_and_misses_nothing() -> None:
    figure = growth._figure("views", {1_000: 3.0})
    assert figure.is_met and curves.exponent({1_000: 3.0}) != curves.exponent({1_000: 3.0})


def test_a_page_without_its_marks_is_told_of(tmp_path: Path) -> None:
    page = tmp_path / "scale.md"
    page.write_text("nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="put them back"):
        curves.tell({what: {} for what in curves.WHAT}, {}, page)
