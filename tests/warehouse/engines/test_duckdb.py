"""What a build holds in memory: less while a step holds much of its own, and no rows that nothing reads any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.engines.duckdb import DuckEngine

START = datetime(2025, 3, 1)


def test_a_step_of_its_own_leaves_little_memory_to_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOKOUT_MEMORY", raising=False)
    engine = DuckEngine(tmp_path / "draft.duckdb", tmp_path / "scratch")

    def limit() -> str:
        [(text,)] = engine.con.execute("select current_setting('memory_limit')").fetchall()
        return str(text)

    usual = limit()
    with pytest.raises(ArithmeticError), engine.in_little_memory():
        assert limit() != usual
        raise ArithmeticError
    assert limit() == usual
    engine.close()


@pytest.mark.deep
def test_rows_kept_for_others_are_gone_with_the_last_that_reads_them(
    little: LittleHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, close = [], DuckEngine.close

    def look(self: DuckEngine) -> None:
        found = "select table_name from duckdb_tables() where schema_name = 'old' or table_name like 'stg_%'"
        left.append(sorted(name for (name,) in self.con.execute(found).fetchall()))
        close(self)

    little.load("ticket", [ticket(n, START + timedelta(hours=n)) for n in range(30)])
    little.build()
    little.load("ticket", [ticket(40, START)])
    monkeypatch.setattr(DuckEngine, "close", look)
    assert little.build().how.startswith("incremental")
    assert left == [[]]
