"""Thresholds stand in a file, and a workspace may change any by its name."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from warehouse.hotspots.settings import defaults, settings
from warehouse.hotspots.step import Asked


def test_the_defaults_are_those_of_the_requirements() -> None:
    plain = defaults()
    assert (plain.urban.eps_m, plain.urban.least, plain.rural.eps_m, plain.rural.least) == (300, 5, 1000, 3)
    assert (plain.gate.alpha, plain.gate.count, plain.gate.history_weeks) == (0.005, 10, 12)
    score = plain.score.model_dump()
    assert score == {"excess": 40, "repeat": 20, "escalated": 15, "radio": 15, "vip": 10}


def test_a_workspace_changes_one_and_keeps_the_rest() -> None:
    own = settings({"rural": {"least": 4}, "radio": {"weak": {"limit": 0.2}}})
    assert own.rural.least == 4 and own.rural.eps_m == 1000
    assert own.radio.weak.limit == 0.2 and own.radio.weak.bad == defaults().radio.weak.bad


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"urban": {"lattice_m": 200}}, "too coarse"),
        ({"radio": {"load": {"limit": 0.2}}}, "must lie between"),
        ({"urban": {"eps": 3}}, "Extra inputs"),
        ({"gate": {"alpha": 2}}, "less than 1"),
    ],
)
def test_a_wrong_one_is_said(changed: dict, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        settings(changed)


def test_badness_runs_from_fine_to_bad_whichever_way_is_bad() -> None:
    radio = defaults().radio
    assert [radio.load.badness(v) for v in (0.4, 0.7, 0.95, None)] == pytest.approx([0, 0.5, 1, 0])
    assert radio.access.badness(0.90) == 1 and radio.access.badness(0.99) == 0
    assert radio.load.is_over(0.70) and not radio.access.is_over(0.95) and radio.access.is_over(0.9499)
    assert not radio.load.is_over(None) and not radio.load.is_over(float("nan"))


def test_the_first_week_kept_stays_for_a_quarter() -> None:
    """And no fewer than a year of weeks and one are kept."""
    rules = settings({})
    ends = [date(2025, 3, 31) + timedelta(weeks=week) for week in range(4 * 13)]
    begins = [Asked(rules, (0.0, 0.0), until, {}).begin for until in ends]
    kept = [(until - begin).days // 7 for until, begin in zip(ends, begins, strict=True)]
    assert (min(kept), max(kept)) == (53, 65) and all(begin.weekday() == 0 for begin in begins)
    assert sorted(Counter(begins).values()) == [6, 7, 13, 13, 13]
    assert begins[0] == date(2024, 2, 5) and Asked(rules, (0.0, 0.0), ends[0], {}).since == date(2022, 11, 28)


def test_more_may_not_leave_at_once_than_is_kept() -> None:
    with pytest.raises(ValidationError, match="would keep nothing"):
        settings({"select": {"weeks": 12}})
