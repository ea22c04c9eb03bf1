"""A manager may choose any district and period: where numbers are withheld, the view says so instead of failing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import VIEWS, OpenView

pytestmark = pytest.mark.deep
PERIODS = ("week", "month", "mtd")
SMALL, LARGE = "321023", "321002"


@pytest.mark.parametrize("view", list(VIEWS))
def test_no_view_fails_where_a_manager_may_know_little(open_view: OpenView, demo_home: Path, view: str) -> None:
    for period in PERIODS:
        for region in (SMALL, LARGE):
            at = open_view(demo_home, view, "en", "manager", period=period, region=region)
            assert not at.exception, (period, region, at.exception[0].message)
