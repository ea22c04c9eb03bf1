"""The palette is readable, and Streamlit's configuration says the same."""

import tomllib
from pathlib import Path

import pytest

from pages._shared import theme
from pages._shared.theme import DARK, LIGHT, Palette, contrast, ink, palette, resample

ROOT = Path(__file__).resolve().parents[3]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
SLOTS = ("red", "orange", "yellow", "blue", "green", "gray")
MODES = pytest.mark.parametrize("p", [LIGHT, DARK], ids=["light", "dark"])


def test_contrast_of_known_pairs():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@MODES
@pytest.mark.parametrize("ground", ["background", "panel"])
def test_words_reach_aa_on_page_and_panel(p: Palette, ground: str):
    below = getattr(p, ground)
    words = {"text": p.text, "muted": p.muted, "link": p.link, **{s: p.slot(s).text for s in SLOTS}}
    assert {k: round(contrast(c, below), 2) for k, c in words.items() if contrast(c, below) < 4.5} == {}


@MODES
@pytest.mark.parametrize("slot", SLOTS)
def test_words_reach_aa_on_their_tint(p: Palette, slot):
    assert contrast(p.slot(slot).text, p.slot(slot).tint) >= 4.5


@MODES
def test_button_text_reaches_aa_on_primary(p: Palette):
    assert contrast("#FFFFFF", p.primary) >= 4.5


@MODES
def test_marks_and_series_stand_out_from_the_page(p: Palette):
    marks = {**p.series, "accent": p.accent, **{s: p.slot(s).mark for s in SLOTS if s != "yellow"}}
    assert {k: c for k, c in marks.items() if contrast(c, p.background) < 3} == {}
    # Yellow cannot reach 3:1 on white, so it never stands without its glyph and word.
    assert theme.SEVERITY["yellow"].glyph


@MODES
def test_ink_reads_on_every_step_of_both_ramps(p: Palette):
    weak = {c: round(contrast(ink(c), c), 2) for c in p.sequential + p.diverging if contrast(ink(c), c) < 4.5}
    assert weak == {}


@MODES
def test_ramps_have_their_steps_and_run_one_way(p: Palette):
    assert (len(p.sequential), len(p.diverging)) == (6, 7)
    levels = [theme.luminance(c) for c in p.sequential]
    assert levels == sorted(levels, reverse=p.mode == "light")


@MODES
def test_configuration_carries_the_palette(p: Palette):
    section = CONFIG["theme"][p.mode]
    assert section["primaryColor"] == p.primary
    assert section["backgroundColor"] == p.background
    assert section["secondaryBackgroundColor"] == p.panel
    assert (section["textColor"], section["linkColor"], section["borderColor"]) == (p.text, p.link, p.border)
    for name in SLOTS:
        slot = p.slot(name)
        found = tuple(section[f"{name}{part}"] for part in ("Color", "TextColor", "BackgroundColor"))
        assert found == (slot.mark, slot.text, slot.tint), name
    assert section["chartCategoricalColors"] == list(p.series.values())
    assert section["chartSequentialColors"] == resample(p.sequential, 10)
    assert section["chartDivergingColors"] == resample(p.diverging, 10)


def test_configuration_keeps_to_this_machine_and_says_nothing_of_errors():
    assert CONFIG["theme"]["font"] == theme.FONT
    assert "://" not in (ROOT / ".streamlit/config.toml").read_text(encoding="utf-8")
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["toolbarMode"] == "viewer"


def test_tables_leave_by_our_own_door_only():
    """Streamlit's own button asks nobody, notes nothing, marks nothing, and hands out formulas as they are."""
    assert CONFIG["client"]["disableDataExport"] is True


def test_resample_keeps_the_ends():
    out = resample(LIGHT.sequential, 10)
    assert (len(out), out[0], out[-1]) == (10, LIGHT.sequential[0], LIGHT.sequential[-1])


def test_mode_is_light_where_nobody_looks():
    assert theme.mode() == "light"
    assert palette("dark") is DARK
    assert palette("light") is LIGHT


def test_severities_differ_in_shape_glyph_and_icon():
    for part in ("glyph", "vega_shape", "icon", "colour"):
        assert len({getattr(s, part) for s in theme.SEVERITY.values()}) == 4
