"""The ordered list of causes: first hit wins, the rest is listed, what was not measured is unknown."""

from __future__ import annotations

import math
from typing import Any

import pytest

from warehouse.hotspots.causes import CAUSES, HIT, NOT, UNKNOWN, decide, other_figures, radio_figures
from warehouse.hotspots.score import score
from warehouse.hotspots.settings import defaults

RULES = defaults()
FINE = {
    "weak": 0.02,
    "load": 0.4,
    "interference": -115.0,
    "drop": 0.001,
    "access": 0.99,
    "handover": 0.99,
    "outage": 0.0,
}
COUNTED = {"n_samples": 9000, "n_attempts": 5000, "n_handovers": 3000}


def cells(*changes: dict[str, Any], tickets: tuple[int, ...] = (0, 0)) -> dict[str, list[Any]]:
    rows = [
        {"cell_id": f"C{k}", **FINE, **COUNTED, **change, "n_tickets": tickets[k]} for k, change in enumerate(changes)
    ]
    return {name: [row[name] for row in rows] for name in rows[0]}


def nothing(**found: Any) -> dict[str, Any]:
    return {
        "outage": None,
        "works": None,
        "coverage": None,
        "onsite": None,
        "demarcation": None,
        "terminals": None,
        **found,
    }


@pytest.mark.parametrize(
    "change, cause",
    [
        ({"weak": 0.11}, "weak_coverage"),
        ({"load": 0.70}, "congestion"),
        ({"interference": -104.0}, "interference"),
        ({"handover": 0.89}, "handover"),
        ({"drop": 0.06}, "handover"),
        ({"access": 0.94}, "core"),
        ({"outage": 0.5}, "outage"),
        ({"weak": 0.2, "load": 0.9}, "weak_coverage"),
        ({}, "undetermined"),
    ],
)
def test_the_first_figure_beyond_its_limit_decides(change: dict[str, float], cause: str) -> None:
    figures, badness = radio_figures(cells(change, change), RULES)
    assert decide(figures)[0] == cause
    assert (badness > 0) == bool(change)


def test_cells_count_by_their_tickets() -> None:
    """One of two cells is bad: with two of ten tickets it does not decide, with three it does."""
    few, _ = radio_figures(cells({"load": 0.9}, {}, tickets=(2, 8)), RULES)
    some, _ = radio_figures(cells({"load": 0.9}, {}, tickets=(3, 7)), RULES)
    assert (decide(few)[0], decide(some)[0]) == ("undetermined", "congestion")
    [load] = [f for f in some if f.figure == "load"]
    assert load.value == pytest.approx(0.9 * 0.3 + 0.4 * 0.7)
    assert load.share == pytest.approx(0.3) and load.example == "C0"


def test_what_was_not_measured_or_too_little_is_unknown() -> None:
    figures, badness = radio_figures(cells({"weak": 0.5, "n_samples": 499}, {"weak": math.nan}), RULES)
    [weak] = [f for f in figures if f.figure == "weak"]
    assert weak.verdict == UNKNOWN and weak.value is None and badness == 0
    assert {f.verdict for f in radio_figures({**cells({}), **{n: [math.nan] for n in FINE}}, RULES)[0]} == {UNKNOWN}


def test_alarms_and_works_speak_by_the_share_of_tickets() -> None:
    row = {"n_hit": 3, "n_alarms": 2, "n_works": 1, "example": "X"}
    told = other_figures({"n_tickets": 10}, nothing(outage=row, works=row), RULES)
    cause, hits, ordered = decide(told)
    assert (cause, hits) == ("outage", ["outage", "works"])
    assert [CAUSES.index(f.cause) for f in ordered] == sorted(CAUSES.index(f.cause) for f in ordered)
    fewer = other_figures({"n_tickets": 11}, nothing(outage=row), RULES)
    assert fewer[0].verdict == NOT


def test_a_handset_must_be_common_and_odd() -> None:
    common = {"terminal_model": "M", "n": 8, "n_known": 10, "share_of_all": 0.7}
    odd = {**common, "share_of_all": 0.1}
    few = {**odd, "n": 4, "n_known": 4}
    verdicts = [other_figures({"n_tickets": 9}, nothing(terminals=t), RULES)[-1].verdict for t in (common, odd, few)]
    assert verdicts == [NOT, HIT, UNKNOWN]


def test_the_score_by_hand() -> None:
    """24 against 4.9 is past the cap: 40; 20 × 0.25; one escalated: 15; 15 × 0.4; 10 × 0.5."""
    told = score(24, 4.9, 0.25, 1, 0.4, 0.5, RULES.score)
    assert (told.excess, told.repeat, told.escalated, told.radio, told.vip) == (40, 5, 15, 6, 5) and told.total == 71
    assert score(7, 5.0, 0, 0, 0, 0, RULES.score).total == pytest.approx(40 * 2 / 5)
    assert score(3, 9.0, 0, 0, 0, 0, RULES.score).total == 0
    assert score(10, float("nan"), 1, 9, 1, 1, RULES.score).total == 100


@pytest.mark.parametrize(
    ("judged", "verdict", "share", "most"),
    [
        (None, UNKNOWN, None, None),
        ({"COVERAGE": 4}, NOT, 0.0, None),
        ({"ARREARS": 2, "SPEED_LIMIT": 1, "COVERAGE": 3}, HIT, 0.5, "ARREARS"),
        ({"ARREARS": 2, "COVERAGE": 3}, NOT, 0.4, "ARREARS"),
    ],
)
def test_arrears_and_speed_limits_are_the_customers_side(
    judged: dict[str, int] | None, verdict: str, share: float | None, most: str | None
) -> None:
    told = other_figures({"n_tickets": 9}, nothing(demarcation=judged), RULES)
    [account] = [f for f in told if f.figure == "account"]
    assert (account.verdict, account.share, account.example) == (verdict, share, most)
    assert decide(told)[0] == ("terminal" if verdict == HIT else "undetermined")
