"""What weeks of daily counters came to is noted, so that a new day reads only its own week.

Tables: mart_hotspot, fact_cell_kpi_1d.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.warehouse.conftest import LittleHome, kpi
from warehouse.steps import _changed_since

START = datetime(2025, 2, 3)  # a Monday
WEEKS = {"": "2025-01-06", "2025-02-03": "7 1", "2025-02-10": "7 2"}


@pytest.mark.parametrize(
    ("step", "since"),
    [
        (frozenset[str](), "2025-02-17"),
        (frozenset({"2025-03-31"}), "2025-02-17"),
        (frozenset({"2025-02-11", "2025-03-31"}), "2025-02-10"),
        (frozenset({"2025-02-09"}), "2025-02-03"),
        (None, None),
    ],
)
def test_the_first_week_that_may_differ(step: frozenset[str] | None, since: str | None) -> None:
    found = _changed_since(WEEKS, step)
    assert (found.isoformat() if found else None) == since
    assert _changed_since({}, step) is _changed_since({"": "2025-01-06"}, step) is None


@pytest.mark.deep
def test_noted_weeks_lead_to_the_digests_of_a_build_from_nothing(little: LittleHome) -> None:
    noted = "select * from release_made order by all"
    for n in range(0, 50, 3):
        little.load("cell_kpi_1d", [kpi("A", START + timedelta(days=n))])
    little.build()
    for n, count in ((51, 5), (20, 6), (6, 7), (7, 8)):
        starts = [START + timedelta(days=n, hours=hour) for hour in range(2)]
        little.load("cell_kpi_1h", [{"cell_id": "B", "period_start": at, "rrc_att": count} for at in starts])
        before = little.rows(noted)
        assert little.build().how.startswith("incremental")
        added = little.rows(noted)
        assert added != before
        little.build(full=True)
        assert little.rows(noted) == added
    assert any(row["step_name"].startswith("hotspots.day ") for row in added)
