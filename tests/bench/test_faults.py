"""The table of faults says what was seen and lost; a fault under real lookers is the deep run's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import faults
from bench.faults import Outcome


def test_a_row_says_what_was_seen_and_whether_all_was_well_again() -> None:
    assert Outcome("x", 20, 3, 4.26, 7.0, "nothing").row() == (
        "| x | 3 of 20 steps failed, longest 4.3 s | 7.0 s | nothing |"
    )
    assert "not within two minutes" in Outcome("x", 20, 20, 60, -1, "nothing").row()


@pytest.mark.deep
def test_nothing_is_lost_while_people_look(demo_home: Path) -> None:
    found = faults.measure(demo_home, list(faults.NAMES), print)
    assert [o.fault for o in found] == list(faults.NAMES)
    assert {o.lost for o in found if not o.lost.startswith("not tried")} == {"nothing"}
    assert all(o.well_after_s >= 0 for o in found)
    assert all(o.failed == 0 for o in found if "app" not in o.fault), "only the app's own end may be seen"
