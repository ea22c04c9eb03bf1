"""Empty stores of warnings, of either kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from warehouse import ops

# For tests whose quick run takes SQLite alone.
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)]


@contextmanager
def empty_store(request: pytest.FixtureRequest, folder: Path) -> Iterator[sa.Engine]:
    """SQLite in `folder`, or a database of its own on a real PostgreSQL; skips where there is none."""
    url = f"sqlite:///{folder / 'ops.db'}"
    if request.param == "postgresql":
        running = request.getfixturevalue("postgres")
        name = f"ops_{uuid4().hex}"
        running.run(f"create database {name}")
        url = running.url(database=name).replace("postgresql:", "postgresql+psycopg:")
    engine = ops.open_ops(url)
    yield engine
    engine.dispose()
