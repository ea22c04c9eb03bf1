"""Tidying changes files, never rows: what is built, pinned and read stays the same."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import LittleHome, kpi, ticket
from warehouse.upkeep import MANY_FILES, tidy, tidy_all

START = datetime(2025, 3, 1)


def load_many(little: LittleHome, n: int, first: int = 0) -> None:
    for number in range(first, first + n):
        little.load("ticket", [ticket(number, START + timedelta(hours=number))])


def data_files(little: LittleHome, table: str) -> set[Path]:
    return set((little.home.lake / table).rglob("*.parquet")) - set((little.home.lake / table).rglob("_delta_log/*"))


def make_old(little: LittleHome) -> None:
    """As if every file had been written ten days ago."""
    then = time.mktime((datetime(2025, 1, 1)).timetuple())
    for path in little.home.lake.rglob("*.parquet"):
        os.utime(path, (then, then))


def test_many_small_files_become_one_and_the_rows_stay(little: LittleHome) -> None:
    load_many(little, MANY_FILES)
    before = sorted(little.lake.read("ticket").column("ticket_id").to_pylist())
    done = tidy(little.lake, "ticket", [])
    assert (done.n_before, done.n_after, done.n_deleted) == (MANY_FILES, 1, 0)
    assert sorted(little.lake.read("ticket").column("ticket_id").to_pylist()) == before
    assert tidy(little.lake, "ticket", []).n_after == 1


def test_few_files_stay_as_they_are(little: LittleHome) -> None:
    load_many(little, MANY_FILES - 1)
    version = little.lake.pin("ticket").version
    tidy(little.lake, "ticket", [])
    assert little.lake.pin("ticket").version == version
    assert tidy(little.lake, "survey", []).n_before == 0


@pytest.mark.deep
def test_a_build_after_a_tidying_finds_nothing_to_do(little: LittleHome) -> None:
    load_many(little, MANY_FILES + 2)
    little.load("cell_kpi_1d", [kpi("A", START)])
    first = little.build()
    tidy_all(little.lake, little.releases.states())
    assert len(little.lake.pin("ticket").files) == 1
    again = little.build()
    assert again.content_hash == first.content_hash
    assert " 0 by ticket" in again.how or again.how == "nothing changed"
    load_many(little, 1, first=MANY_FILES + 2)
    grown = little.build()
    assert " by ticket" in grown.how and " 0 by ticket" not in grown.how, grown.how
    assert little.build(full=True).content_hash == grown.content_hash


@pytest.mark.deep
def test_new_rows_put_together_with_old_ones_are_not_missed(little: LittleHome) -> None:
    load_many(little, MANY_FILES)
    little.build()
    load_many(little, 2, first=MANY_FILES)
    tidy_all(little.lake, little.releases.states())
    grown = little.build()
    assert little.reader().n_rows("mart_ticket") == MANY_FILES + 2
    assert little.build(full=True).content_hash == grown.content_hash


def test_what_a_kept_release_was_made_from_is_never_deleted(little: LittleHome) -> None:
    load_many(little, MANY_FILES)
    little.build()
    needed = set(little.lake.pin("ticket").paths)
    make_old(little)
    tidy_all(little.lake, little.releases.states(), safe_hours=0)
    assert all(Path(path).exists() for path in needed)
    # Nobody needs them any more.
    assert tidy(little.lake, "ticket", [], safe_hours=0).n_deleted == MANY_FILES
    assert not any(Path(path).exists() for path in needed)
    assert little.lake.read("ticket").num_rows == MANY_FILES


def test_young_files_stay(little: LittleHome) -> None:
    load_many(little, MANY_FILES)
    before = data_files(little, "ticket")
    assert tidy(little.lake, "ticket", []).n_deleted == 0
    assert before < data_files(little, "ticket")


def test_what_a_killed_writer_left_is_deleted_when_it_is_old(little: LittleHome) -> None:
    load_many(little, 1)
    [path] = data_files(little, "ticket")
    orphan = path.with_name("part-00000-orphan.snappy.parquet")
    pq.write_table(pq.read_table(path), orphan)
    tidy(little.lake, "ticket", [])
    assert orphan.exists()
    make_old(little)
    tidy(little.lake, "ticket", [])
    assert not orphan.exists() and path.exists()


@pytest.mark.parametrize("version", [-1, 10**6])
def test_a_version_that_is_not_there_is_no_hindrance(little: LittleHome, version: int) -> None:
    load_many(little, 1)
    assert tidy(little.lake, "ticket", [version]).n_after == 1
