"""References of the detectors, which stay outside the repository; stores of both kinds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from warehouse import ops


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty store: SQLite, and a real PostgreSQL where there is one."""
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    if request.param == "postgresql":
        running = request.getfixturevalue("postgres")
        name = f"ops_{uuid4().hex}"
        running.run(f"create database {name}")
        url = running.url(database=name).replace("postgresql:", "postgresql+psycopg:")
    engine = ops.open_ops(url)
    yield engine
    engine.dispose()


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
