"""Builds from nothing run where the workspace says; what came since is added here, and the release is the same.

Another DuckDB stands for the cluster; Spark itself is held to equal rows by `test_spark*.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from tests.warehouse.partial import only
from warehouse.build import Build, Built
from warehouse.engines.duckdb import DuckEngine
from warehouse.workspace import load_workspace

pytestmark = pytest.mark.deep
AT = datetime(2025, 3, 3)


@dataclass
class Elsewhere:
    folder: Path
    n_opened: int = 0

    @contextmanager
    def __call__(self) -> Iterator[DuckEngine]:
        self.n_opened += 1
        engine = DuckEngine(self.folder / f"other{self.n_opened}.duckdb", self.folder)
        try:
            yield engine
        finally:
            engine.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Elsewhere:
    return Elsewhere(tmp_path)


def build(little: LittleHome, elsewhere: Elsewhere, full: bool = False) -> Built:
    file = little.home.root / "workspace.toml"
    workspace = load_workspace(file)
    made = Build(little.home, workspace, little.as_of, little.clock, lambda _: None, elsewhere=elsewhere)
    with only({"mart_ticket"}):
        return made.run(full)


def test_nothing_is_asked_elsewhere_but_builds_from_nothing(little: LittleHome, elsewhere: Elsewhere) -> None:
    little.load("ticket", [ticket(n, AT) for n in range(30)])
    assert (build(little, elsewhere).how, elsewhere.n_opened) == ("full", 1)
    assert (build(little, elsewhere).how, elsewhere.n_opened) == ("nothing changed", 1)
    little.load("ticket", [ticket(99, AT)])
    added = build(little, elsewhere)
    assert (added.how.split(":")[0], elsewhere.n_opened) == ("incremental", 1)
    whole = build(little, elsewhere, full=True)
    assert (whole.how, elsewhere.n_opened) == ("full", 2)
    assert whole.content_hash == added.content_hash


def test_where_models_run_is_no_reason_for_a_release(little: LittleHome, elsewhere: Elsewhere) -> None:
    little.load("ticket", [ticket(1, AT)])
    first = build(little, elsewhere)
    file = little.home.root / "workspace.toml"
    file.write_text(f'engine = "spark://10.0.0.5:7077"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    assert (build(little, elsewhere).id, elsewhere.n_opened) == (first.id, 1)


def test_a_fault_elsewhere_leaves_the_release_that_is(little: LittleHome, elsewhere: Elsewhere) -> None:
    little.load("ticket", [ticket(1, AT)])
    first = build(little, elsewhere)

    def gone() -> Elsewhere:
        raise ConnectionError("no cluster")

    workspace = load_workspace(little.home.root)
    made = Build(little.home, workspace, little.as_of, little.clock, lambda _: None, elsewhere=gone)  # type: ignore
    with only({"mart_ticket"}), pytest.raises(ConnectionError):
        made.run(full=True)
    assert little.releases.current() == first.id
    assert little.releases.all() == [first.id]
