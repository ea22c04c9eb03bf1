"""A PostgreSQL server of the tests' own (`bench/postgres.py`); without its programs tests skip and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.postgres import NotHere, Server, as_other, binaries, free_port, owner, running

__all__ = ["Server", "as_other", "binaries", "free_port", "owner", "postgres"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server a run; tests ask for databases of their own."""
    if binaries() is None or owner() is None:
        pytest.skip("PostgreSQL is not installed, or no user may run it (apt-get install postgresql)")
    try:
        with running() as made:
            yield made
    except NotHere as error:
        pytest.fail(str(error))
