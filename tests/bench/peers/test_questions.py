"""Whoever is asked answers alike; here a file of three cells and eight days, where each of us and them is installed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import kpi_file
from bench.peers import ask
from bench.peers.questions import QUESTIONS, plain

DAYS = """
select
    cell_id, cast(part as date) as period_on,
    sum(erab_abn_rel) as erab_abn_rel, sum(erab_succ) as erab_succ, sum(rrc_succ) as rrc_succ, sum(rrc_att) as rrc_att
from fact_cell_kpi_1h
group by cell_id, part
"""
LAST = kpi_file.FIRST_DAY + timedelta(days=7)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("peers")
    paths = [folder / f"{n}.csv" for n in range(2)]
    kpi_file.write_days(paths[0], 3, kpi_file.FIRST_DAY, 7)
    kpi_file.write_days(paths[1], 3, LAST, 1)
    return [str(p) for p in paths]


def test_numbers_compare_whoever_made_them() -> None:
    assert plain([(date(2024, 7, 1), 3.0, 1 / 3)]) == plain([("2024-07-01", 3, 0.33333349)])
    assert plain([(1, 2.5)]) != plain([(1, 2.6)])


def test_pandas_and_polars_answer_alike(files: list[str]) -> None:
    answers = ask.in_pandas(files, LAST)()
    assert list(answers) == list(QUESTIONS) and len(answers["days"]) == 8 and len(answers["hours"]) == 7 * 24
    assert ask.in_polars(files, LAST)() == answers


@pytest.mark.deep
def test_chdb_answers_alike(files: list[str]) -> None:
    pytest.importorskip("chdb", reason="chdb is not installed: pip install chdb")
    assert ask.in_chdb(files, LAST)() == ask.in_pandas(files, LAST)()


def test_we_answer_alike(files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    with duckdb.connect() as con:
        named = {zh: key for key, zh in _columns().items()}
        rows = con.read_csv(files).project(
            ", ".join(f'"{header}" as {column}' for header, column in named.items())
            + ', cast("开始时间" as date) as part'
        )
        rows.create("fact_cell_kpi_1h")
        con.sql(DAYS).create("fact_cell_kpi_1d")
        since = ask.since(LAST)
        found: dict[str, Any] = {
            q: plain(con.execute(ask.sql("lookout", q), {"since": since} if q == "worst" else None).fetchall())
            for q in QUESTIONS
        }
    assert found == ask.in_pandas(files, LAST)()


def _columns() -> dict[str, str]:
    from etl.contract import SHIPPED, read_contract

    contract = read_contract(SHIPPED / "demo_kpi_hour.toml")
    return {name: source.headers[0] for name, source in contract.columns.items()}
