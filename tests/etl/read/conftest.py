"""Reading one file by a little contract, without a lake."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from etl import read
from etl.contract import Contract
from tests.etl.small import TICKETS

Reading = Callable[..., read.Raw]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def con(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with read.connect(scratch) as connection:
        yield connection


@pytest.fixture
def reading(tmp_path: Path, scratch: Path, con: duckdb.DuckDBPyConnection) -> Reading:
    """Write a file, give it to `read`. Keywords are settings of `[file]`."""

    def read_it(content: bytes | str, name: str = "工单1.dat", text: str = TICKETS, **file: object) -> read.Raw:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        raw = tomllib.loads(text)
        raw["file"] |= file
        return read.read(path, Contract.model_validate(raw), con, scratch)

    return read_it
