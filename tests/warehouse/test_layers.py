"""Releases laid on one another: what is read through, what is kept, and when one is made anew."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.conftest import LittleHome, kpi, ticket
from warehouse import upkeep
from warehouse.layers import MOST_FILES, attach, files_below
from warehouse.problems import Failure

START = datetime(2025, 3, 1)


@pytest.fixture
def layered(little: LittleHome) -> LittleHome:
    """A home whose releases are never copied, with ten tickets of ten customers."""
    little.layer_from_bytes = 0
    little.load("ticket", [ticket(n, START + timedelta(days=n)) for n in range(10)])
    little.load("cell_kpi_1d", [kpi("A", START)])
    little.build()
    return little


def inside(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a select on one file alone."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_file_holds_only_what_changed(layered: LittleHome) -> None:
    first = layered.releases.current()
    layered.load("ticket", [ticket(3, START + timedelta(days=3), town="new", exported_at=START)])
    layered.load("ticket", [ticket(77, START)])
    built = layered.build()
    path = layered.releases.path(built.id)
    assert files_below(path) == [first]
    assert sorted(inside(path, "select ticket_id from fact_ticket")) == [("T3",), ("T77",)]
    assert len(inside(path, "select * from gone__fact_ticket")) == 1
    assert inside(path, "select table_name from duckdb_tables() where table_name = 'fact_cell_kpi_1d'") == []
    assert layered.reader().n_rows("fact_ticket") == 11
    assert layered.rows("select town from fact_ticket where ticket_id = 'T3'") == [{"town": "new"}]
    assert layered.rows("select count(*) as n from fact_cell_kpi_1d") == [{"n": 1}]


@pytest.mark.parametrize(("changed", "is_together"), [([3, 4], True), ([3, 5], False)])
def test_rows_taken_away_together_are_left_out_by_number(
    layered: LittleHome, changed: list[int], is_together: bool
) -> None:
    again = [ticket(n, START + timedelta(days=n), town="new", exported_at=START) for n in changed]
    layered.load("ticket", again)
    with duckdb.connect() as con:
        stack = attach(con, layered.releases.path(layered.build().id))
        one_by_one = con.sql(stack.select("fact_ticket")).order("ticket_id").fetchall()
        stack.look(con)
        assert ("between" in stack.select("fact_ticket")) == is_together
        assert con.sql(stack.select("fact_ticket")).order("ticket_id").fetchall() == one_by_one
    assert len(one_by_one) == 10


def test_files_put_together_alone_make_a_release_that_opens(
    layered: LittleHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tidying renames files of the lake and changes no table, so the newest file holds none."""
    layered.load("ticket", [ticket(77, START)])
    first = layered.build()
    monkeypatch.setattr(upkeep, "MANY_FILES", 2)
    upkeep.tidy_all(layered.lake, layered.releases.states())
    built = layered.build()
    assert built.id != first.id and files_below(layered.releases.path(built.id))[-1] == first.id
    assert layered.reader().n_rows("fact_ticket") == 11
    assert layered.rows("select count(*) as n from fact_ticket") == [{"n": 11}]
    layered.load("ticket", [ticket(78, START)])
    layered.build()
    assert layered.rows("select count(*) as n from fact_ticket") == [{"n": 12}]


@pytest.mark.deep
@pytest.mark.parametrize("n", [2, MOST_FILES - 2])
def test_a_ticket_changed_again_and_again_stands_once(layered: LittleHome, n: int) -> None:
    for hour in range(n):
        row = ticket(3, START + timedelta(days=3), town=f"v{hour}", exported_at=START + timedelta(hours=hour))
        layered.load("ticket", [row])
        assert layered.build().how.startswith("incremental")
        assert layered.rows("select town from fact_ticket where ticket_id = 'T3'") == [{"town": f"v{hour}"}]
        assert layered.reader().n_rows("fact_ticket") == 10


def test_older_releases_still_read_what_they_read(layered: LittleHome) -> None:
    first = str(layered.releases.current())
    layered.load("ticket", [ticket(50, START)])
    layered.build()
    layered.releases.use(first)
    assert layered.reader().n_rows("fact_ticket") == 10


@pytest.mark.deep
@pytest.mark.parametrize("most", [3, MOST_FILES])
def test_files_that_become_too_many_are_put_together(
    layered: LittleHome, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.engines.duckdb.MOST_FILES", most)
    hows, content = [], ""
    for number in range(20, 20 + most):
        rows = [ticket(number, START), ticket(3, START, town=f"v{number}", exported_at=START + timedelta(hours=number))]
        layered.load("ticket", rows)
        built = layered.build()
        hows.append(built.how)
        content = built.content_hash
    assert all(how.startswith("incremental") for how in hows)
    depths = [len(files_below(layered.releases.path(r))) for r in layered.releases.all()]
    assert depths[0] < max(depths) == most - 1
    assert layered.reader().n_rows("fact_ticket") == 10 + most
    assert layered.rows("select town from fact_ticket where ticket_id = 'T3'") == [{"town": f"v{19 + most}"}]
    assert layered.build(full=True).content_hash == content


@pytest.mark.deep
def test_a_sweep_keeps_the_files_that_kept_releases_lie_on(layered: LittleHome) -> None:
    lowest = str(layered.releases.current())
    layered.load("ticket", [ticket(50, START)])
    top = layered.build().id
    layered.releases.path(lowest).chmod(0o600)
    old = layered.clock - timedelta(days=1000)
    os.utime(layered.releases.path(lowest), (old.timestamp(), old.timestamp()))
    for n in range(12):
        path = layered.releases.path(f"other{n}")
        duckdb.connect(str(path)).close()
    gone = layered.releases.sweep(layered.clock)
    assert lowest not in gone
    assert layered.releases.current() == top
    assert layered.reader().n_rows("fact_ticket") == 11


def test_a_missing_file_below_is_built_over(layered: LittleHome) -> None:
    lowest = str(layered.releases.current())
    layered.load("ticket", [ticket(50, START)])
    layered.build()
    layered.releases.path(lowest).unlink()
    layered.load("ticket", [ticket(51, START)])
    assert layered.build().how == "full"
    assert layered.reader().n_rows("fact_ticket") == 12


def test_a_check_sees_the_tickets_that_were_touched(layered: LittleHome) -> None:
    layered.load("ticket", [ticket(50, START, feedback_at=START - timedelta(hours=1))])
    with pytest.raises(Failure, match="No ticket was answered before it was accepted"):
        layered.build()
    assert not layered.releases.draft.exists()


@pytest.mark.deep
def test_a_warning_of_before_is_told_again(layered: LittleHome) -> None:
    layered.load("ticket", [ticket(50, layered.as_of + timedelta(days=1))])
    assert len(layered.build().warnings) == 1
    layered.load("ticket", [ticket(51, START)])
    assert len(layered.build().warnings) == 1


def test_parts_are_replaced_in_a_layer_too(layered: LittleHome) -> None:
    layered.load("cell_kpi_1d", [kpi("A", START, rrc_att=7), kpi("B", START)], file_on="20250401")
    built = layered.build()
    # mart_cell_region_day and mart_cell_week among them.
    assert "8 by part" in built.how
    assert layered.rows("select cell_id, rrc_att from fact_cell_kpi_1d order by all") == [
        {"cell_id": "A", "rrc_att": 7},
        {"cell_id": "B", "rrc_att": 100},
    ]
    assert layered.build(full=True).content_hash == built.content_hash
