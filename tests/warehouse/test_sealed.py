"""A release can be read, and nothing else: no other file, no write, no setting, no query without end."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from alerts.sources import Release
from tests.warehouse.conftest import LittleHome
from warehouse.periods import Period
from warehouse.problems import Problems
from warehouse.query import Filters, Reader, TimedOut
from warehouse.sealed import open_sealed
from warehouse.viewer import Viewer

MARCH = Period("now", date(2025, 3, 1), date(2025, 4, 1), datetime(2025, 3, 31, 8, 30))


def path_of(little: LittleHome) -> Path:
    current = little.releases.current()
    assert current is not None
    return little.releases.path(current)


@pytest.fixture(scope="module")
def con(varied: LittleHome) -> duckdb.DuckDBPyConnection:
    return open_sealed(path_of(varied))


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from read_parquet('{lake}/**/*.parquet')",
        "copy mart_ticket to '{lake}/out.csv'",
        "export database '{lake}/out'",
        "attach '{lake}/other.duckdb' as other",
        "attach '{release}' as again",
        "install httpfs",
        "load httpfs",
        "insert into release.main.mart_ticket select * from mart_ticket",
        "delete from release.main.mart_ticket",
        "create table release.main.x as select 1",
        "drop table release.main.mart_ticket",
        "set memory_limit = '100GB'",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set threads = 64",
        "reset memory_limit",
        "pragma memory_limit = '100GB'",
        "create secret s (type s3)",
    ],
)
def test_the_connection_itself_refuses(con: duckdb.DuckDBPyConnection, varied: LittleHome, statement: str) -> None:
    sql = statement.format(lake=varied.home.lake, release=path_of(varied))
    before = path_of(varied).read_bytes()
    with pytest.raises(duckdb.Error), con.cursor() as cursor:
        cursor.execute(sql)
    assert path_of(varied).read_bytes() == before


def test_a_python_variable_is_no_table(con: duckdb.DuckDBPyConnection) -> None:
    secret_frame = pd.DataFrame({"a": [1]})
    with pytest.raises(duckdb.CatalogException), con.cursor() as cursor:
        cursor.execute("select * from secret_frame")
    assert len(secret_frame) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "create or replace view mart_ticket as select 1 as ticket_id",
        "create table mine as select 1",
        "drop view mart_ticket",
        "select 1; drop view mart_ticket",
        "set threads = 1",
        "",
    ],
)
def test_only_one_select_is_run(varied: LittleHome, statement: str) -> None:
    reader = varied.reader()
    with pytest.raises(Problems, match="is not one select"):
        reader.ask(statement, [])
    assert reader.span() is not None


def test_the_memory_limit_holds(varied: LittleHome) -> None:
    reader = varied.reader(memory_limit="64MB")
    assert reader.ask("select current_setting('memory_limit') as m", [])["m"].iloc[0].startswith("61")
    with pytest.raises(TimedOut, match="more memory"):
        reader.ask("select list(a.range) from range(30000000) as a group by a.range % 100000", [])


def test_a_long_query_is_cut_short(varied: LittleHome) -> None:
    reader = varied.reader(timeout_s=0.3)
    started = time.monotonic()
    with pytest.raises(TimedOut) as caught:
        reader.ask("select sum(a.range * b.range) from range(10000000) as a, range(10000000) as b", [])
    assert str(caught.value) == "the query ran longer than 0.3 s"
    assert time.monotonic() - started < 10
    # The reader goes on working.
    assert reader.span() is not None


def test_many_threads_at_once(varied: LittleHome) -> None:
    reader = varied.reader()
    everyone = Viewer.of("analyst")
    alone = reader.figures(["M01"], everyone, [MARCH], by=["type_l1"]).sort_values("type_l1")

    def ask(number: int) -> bool:
        for n in range(50):
            if (n + number) % 3 == 0:
                narrowed = Filters.of({"region_code": ["321002", "321003"][: 1 + n % 2]})
                reader.rows(everyone, MARCH, narrowed, 0, 5)
            else:
                found = reader.figures(["M01"], everyone, [MARCH], by=["type_l1"]).sort_values("type_l1")
                if not found.reset_index(drop=True).equals(alone.reset_index(drop=True)):
                    return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(8)))


def test_two_releases_are_read_side_by_side(varied: LittleHome) -> None:
    first, second = varied.reader(), Reader(path_of(varied), memory_limit="2GB")
    assert first.span() == second.span()


def held(path: Path) -> int:
    """How often this process has a file open."""
    return sum(os.path.realpath(link) == str(path.resolve()) for link in Path("/proc/self/fd").iterdir())


def test_a_release_that_rests_holds_no_file_and_still_answers(varied: LittleHome) -> None:
    before = held(path_of(varied))
    reader = Reader(path_of(varied))
    n = reader.ask("select count(*) as n from mart_ticket", [])["n"].iloc[0]
    assert held(path_of(varied)) > before
    running = reader._door.connection().cursor().execute("select ticket_id from mart_ticket")
    reader.rest()
    assert len(running.fetchall()) == n, "what ran goes on"
    del running
    assert held(path_of(varied)) == before
    assert reader.ask("select count(*) as n from mart_ticket", [])["n"].iloc[0] == n
    assert reader.figures(["M01"], Viewer.of("manager"), [MARCH])["M01_num"].notna().all()
    assert held(path_of(varied)) == before, "a question opened it for itself alone"


def test_a_release_that_rests_and_is_gone_says_so(varied: LittleHome, tmp_path: Path) -> None:
    copy = tmp_path / "old.duckdb"
    copy.write_bytes(path_of(varied).read_bytes())
    reader = Reader(copy)
    reader.rest()
    copy.unlink()
    with pytest.raises(Problems, match="reload the page"):
        reader.ask("select 1", [])


def test_a_source_of_signals_rests_as_well(varied: LittleHome) -> None:
    before = held(path_of(varied))
    source = Release(path_of(varied))
    as_of = source.as_of
    source.rest()
    assert held(path_of(varied)) == before
    assert source.select("select as_of from release_info", {})["as_of"][0] == as_of
