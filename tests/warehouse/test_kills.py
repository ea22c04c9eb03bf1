"""kill -9 while a release is built or published: the old one serves, the next run completes, rows are right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT
from tests.warehouse.conftest import LittleHome, kpi, new_home, ticket
from tests.warehouse.partial import only
from warehouse.catalog import models
from warehouse.home import Home

START = datetime(2025, 1, 1)
# Tables of every step: whole ones, ones by part and ones by ticket.
TABLES = frozenset({"mart_ticket", "mart_sla", "mart_cell_region_day", "dim_cell"})
# Builds those like the command.
BUILDS = f"""
import sys
from tests.warehouse.partial import only
from warehouse.__main__ import main
with only({sorted(TABLES)}):
    main(["build", *sys.argv[1:]])
"""
# The same, and dies by SIGKILL at a named moment instead of at a time.
DIES = f"""
import os, signal, sys
from warehouse import release
def die(*args): os.kill(os.getpid(), signal.SIGKILL)
owner, name = {{"rename": (release.Path, "rename"), "pointer": (release, "write_atomically"),
               "sweep": (release.Releases, "sweep")}}[sys.argv.pop(1)]
setattr(owner, name, die)
{BUILDS}
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with a release and more to load into the next one; and the content hash of a clean build of it all."""
    little = new_home(tmp_path_factory.mktemp("kills") / "home")
    little.tables = TABLES
    little.load("ticket", [ticket(n, START + timedelta(days=n % 80)) for n in range(200)])
    little.load("cell_kpi_1d", [kpi(f"C{n % 9}", START + timedelta(days=n // 9)) for n in range(500)])
    little.build()
    little.load("ticket", [ticket(n, START + timedelta(days=n % 80)) for n in range(200, 300)])
    little.load("cell_kpi_1d", [kpi(f"C{n % 9}", START + timedelta(days=n // 9)) for n in range(400, 800)])
    clean = little.home.root.with_name("clean")
    shutil.copytree(little.home.root, clean)
    built = new_from(clean).build(full=True)
    return little.home.root, built.content_hash


def new_from(root: Path) -> LittleHome:
    return LittleHome(Home(root), tables=TABLES)


def start(home: Path, code: list[str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "LOOKOUT_HOME": str(home)}
    return subprocess.Popen([sys.executable, *code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def check_after(home: Path, old: str, clean_hash: str) -> None:
    little = new_from(home)
    current = little.releases.current()
    assert current is not None
    with duckdb.connect(str(little.releases.path(current)), read_only=True) as con:
        [n_tickets] = con.execute("select count(*) from mart_ticket").fetchone() or [None]
    assert n_tickets == (200 if current == old else 300), "half a release is being served"
    built = little.build()
    assert built.content_hash == clean_hash
    assert little.reader().n_rows("mart_ticket") == 300
    left = {p.name for p in little.releases.root.iterdir()} - {f"{n}.duckdb" for n in little.releases.all()}
    assert left == {"CURRENT"}, "drafts are left"


def kill_at_random(prepared: tuple[Path, str], tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    home = tmp_path / str(seed)
    shutil.copytree(prepared[0], home)
    old = new_from(home).releases.current()
    assert old is not None
    # The moment is counted in models finished, so that a loaded machine kills in the same places.
    with only(TABLES):
        last = rng.randint(0, len(models()) + 2)
    with start(home, ["-u", "-c", BUILDS, *rng.choice([["--full"], []])]) as process:
        assert process.stdout is not None
        for _ in range(last):
            if not process.stdout.readline():
                break
        process.send_signal(signal.SIGKILL)
    check_after(home, old, prepared[1])


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.deep) for n in (1, 2))])
def test_killed_while_building(prepared: tuple[Path, str], tmp_path: Path, seed: int) -> None:
    kill_at_random(prepared, tmp_path, seed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 120))
def test_killed_while_building_often(prepared: tuple[Path, str], tmp_path: Path, seed: int) -> None:
    kill_at_random(prepared, tmp_path, seed)


@pytest.mark.parametrize("moment", ["pointer", *(pytest.param(m, marks=pytest.mark.deep) for m in ("rename", "sweep"))])
def test_killed_while_publishing(prepared: tuple[Path, str], tmp_path: Path, moment: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(prepared[0], home)
    releases = new_from(home).releases
    old = releases.current()
    assert old is not None
    with start(home, ["-c", DIES, moment]) as process:
        assert process.wait() == -signal.SIGKILL
    assert (releases.current() == old) == (moment != "sweep")
    n_finished = len(releases.all())
    assert n_finished == (1 if moment == "rename" else 2)
    check_after(home, old, prepared[1])
    # A finished file is published without building it again.
    assert len(releases.all()) == 2
