"""References of the detectors, which stay outside the repository; stores of both kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.alerts.stores import empty_store


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty store: SQLite, and a real PostgreSQL where there is one."""
    with empty_store(request, tmp_path) as engine:
        yield engine


@pytest.fixture(scope="session")
def counts_reference() -> Path:
    """Weekly counts with the bound and alarm that R gave for each week."""
    root = os.environ.get("LOOKOUT_REFERENCE")
    if not root:
        pytest.skip("LOOKOUT_REFERENCE is not set: recorded limits of the count detectors are not here")
    folder = Path(root) / "counts"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder
