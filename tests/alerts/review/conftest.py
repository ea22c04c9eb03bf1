"""Issues of the demo city, made once: reading every screen takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from alerts.review.asked import Sources
from alerts.review.bundle import Issue
from alerts.review.content import content
from alerts.review.gather import sources
from warehouse import ops
from warehouse.home import Home

AS_OF = datetime(2025, 3, 31, 8, 30)
WEEK = "2025-W13"


@pytest.fixture(scope="session")
def demo_sources(demo_home: Path, warned_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    mine = tmp_path_factory.mktemp("review") / "ops.db"
    mine.write_bytes(warned_store.read_bytes())
    return sources(Home(demo_home), ops.open_ops(f"sqlite:///{mine}"))


@pytest.fixture(scope="session")
def issue_of(demo_sources: Sources) -> Callable[[str], Issue]:
    """`issue_of(week)`: the issue of the demo city as it stood at that week's meeting."""
    return cache(lambda week: content(demo_sources, week, AS_OF))


@pytest.fixture(scope="session")
def issue(issue_of: Callable[[str], Issue]) -> Issue:
    return issue_of(WEEK)
