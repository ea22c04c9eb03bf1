"""A cell's week: ratios of sums, nothing said about too few attempts, and the worst figure names the state."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from warehouse.hotspots import radio
from warehouse.hotspots.settings import defaults

GOOD = {
    "n_days": 7, "rrc_att": 1000, "rrc_succ": 999, "erab_att": 1000, "erab_succ": 999, "erab_abn_rel": 1, "ho_in": 500,
    "ho_att": 800, "ho_succ": 790, "unavail_s": 0.0, "mr_samples": 9000, "mr_weak": 90, "prb_busiest": 0.30,
    "intf_worst_dbm": -115.0,
}  # fmt: skip


def judged(**changed: float | None) -> pd.Series:
    return radio.judged(pd.DataFrame([{**GOOD, **changed}], dtype=float), defaults()).iloc[0]


def test_a_good_week_is_fine() -> None:
    found = judged()
    assert (found["state"], found["worst"], found["badness"]) == (radio.FINE, "", 0)


@pytest.mark.parametrize(
    ("changed", "worst"),
    [
        ({"mr_weak": 2000}, "weak"),
        ({"prb_busiest": 0.80}, "load"),
        ({"intf_worst_dbm": -101.0}, "interference"),
        ({"ho_succ": 690}, "handover"),
        ({"erab_abn_rel": 90}, "drop"),
        ({"rrc_succ": 900}, "access"),
    ],
)
def test_a_figure_beyond_its_limit_is_bad_and_named(changed: dict[str, float], worst: str) -> None:
    found = judged(**changed)
    assert (found["state"], found["worst"]) == (radio.BAD, worst)


def test_a_limit_reached_exactly() -> None:
    assert judged(prb_busiest=0.70)["state"] == radio.BAD
    assert judged(ho_succ=720)["state"] != radio.BAD, "90 % is not under 90 %"


def test_out_of_service_for_more_than_a_hundredth_of_the_week() -> None:
    assert judged(unavail_s=0.01 * 7 * 86_400)["state"] == radio.OUT
    assert judged(unavail_s=0.0099 * 7 * 86_400)["state"] != radio.OUT


def test_a_rate_of_few_attempts_says_nothing() -> None:
    found = judged(ho_att=99, ho_succ=0, mr_samples=499, mr_weak=499)
    assert found["state"] == radio.FINE
    assert pd.isna(found["handover"]) and pd.isna(found["weak"])


def test_nothing_sent_is_not_fine() -> None:
    assert judged(**dict.fromkeys(GOOD))["state"] == radio.SILENT
    empty = radio.judged(pd.DataFrame(columns=list(GOOD), dtype=float), defaults())
    assert len(empty) == 0 and "state" in empty


def test_how_many_cells_are_beyond_a_limit() -> None:
    cells = [GOOD, {**GOOD, "prb_busiest": 0.9}, {**GOOD, "mr_weak": 4000, "prb_busiest": None}, dict.fromkeys(GOOD)]
    found = radio.judged(pd.DataFrame(cells, dtype=float), defaults())
    assert radio.beyond(found, defaults()) == (2, 3), "the silent cell is not judged"
    assert radio.beyond(found, defaults(), "load") == (1, 2)
    assert radio.beyond(found, defaults(), "weak") == (1, 3)


def test_scores_of_many_are_those_of_each() -> None:
    values = [float("nan"), -200.0, -112.0, -105.0, -100.0, -99.5, 0.0, 0.03, 0.05, 0.95, 0.97, 1.0]
    for name in radio.FIGURES:
        limit = getattr(defaults().radio, name)
        assert limit.scores(np.array(values)).tolist() == [limit.badness(v) for v in values]
