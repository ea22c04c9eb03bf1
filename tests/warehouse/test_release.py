"""The folder of releases: going back, keeping, and what a reader holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.problems import Problems
from warehouse.release import Releases

NOW = datetime(2025, 6, 30, 12)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("releases") / "any.duckdb"
    duckdb.connect(str(path)).close()
    return path


@pytest.fixture
def folder(tmp_path: Path, database: Path) -> Releases:
    """A release a day for 120 days, r000 the newest; r119 is current."""
    for day in range(120):
        path = tmp_path / f"r{day:03d}.duckdb"
        shutil.copyfile(database, path)
        path.chmod(0o444)
        at = (NOW - timedelta(days=day) - datetime(1970, 1, 1)).total_seconds()
        os.utime(path, (at, at))
    releases = Releases(tmp_path)
    releases.use("r119")
    return releases


def test_newest_first(folder: Releases) -> None:
    assert folder.all() == [f"r{day:03d}" for day in range(120)]


def test_the_last_ten_and_one_a_week_for_twelve_weeks_are_kept(folder: Releases) -> None:
    gone = folder.sweep(NOW)
    kept = folder.all()
    assert len(gone) + len(kept) == 120
    assert kept[:10] == [f"r{day:03d}" for day in range(10)]
    assert kept[-1] == "r119", "the current one is kept, however old"
    weekly = [int(name[1:]) for name in kept[10:-1]]
    assert all(7 < b - a + 1 <= 8 for a, b in zip(weekly, weekly[1:], strict=False)), "one a week"
    assert 77 <= max(weekly) < 84
    assert all((NOW - timedelta(days=d)).isoweekday() == 7 for d in weekly), "the last one of each week"


def test_a_release_that_a_reader_holds_stays(folder: Releases) -> None:
    code = "import duckdb,sys; c=duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); input()"
    held = str(folder.path("r100"))
    with subprocess.Popen(
        [sys.executable, "-c", code, held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        assert "r100" not in folder.sweep(NOW)
        reader.communicate("\n")
    assert folder.sweep(NOW) == ["r100"]


def test_releases_stay_read_only_through_a_sweep(folder: Releases) -> None:
    folder.sweep(NOW)
    assert {folder.path(name).stat().st_mode & 0o777 for name in folder.all()} == {0o444}


def test_an_unknown_release_is_refused_in_one_sentence(folder: Releases) -> None:
    with pytest.raises(Problems) as caught:
        folder.use("r9")
    assert str(caught.value) == (
        f"{folder.root}: there is no release 'r9'; choose one of r000, r001, r002, r003, r004."
    )
    with pytest.raises(Problems):
        folder.use("../outside")
    assert folder.current() == "r119"


def test_a_pointer_to_nothing_is_no_release(tmp_path: Path) -> None:
    releases = Releases(tmp_path)
    assert releases.current() is None
    releases.pointer.write_text("gone\n")
    assert releases.current() is None


def test_going_back_and_forth(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, datetime(2025, 3, 1))])
    first = little.build().id
    little.load("ticket", [ticket(2, datetime(2025, 3, 2))])
    second = little.build().id
    assert little.releases.current() == second
    little.releases.use(first)
    assert little.reader().n_rows("mart_ticket") == 1
    # The lake has not moved on, so the next build only points forward again.
    again = little.build()
    assert (again.id, again.how) == (second, "built earlier, now published")
    assert little.reader().n_rows("mart_ticket") == 2


@pytest.mark.deep
def test_a_build_is_named_for_its_instant_and_what_it_was_made_from(little: LittleHome) -> None:
    first = little.build()
    assert first.id.startswith("20250331T0830-")
    again = little.build(full=True)
    assert again.id == f"{first.id}-2"
    assert little.build(full=True).id == f"{first.id}-3"
