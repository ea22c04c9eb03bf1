"""`etl tidy` as a command: rows stay, whatever killed it or what it came after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.etl.small import SmallHome, csv_text
from warehouse.upkeep import MANY_FILES

# Tidies like the command, and dies by SIGKILL at a named moment.
DIES = """
import os, signal, sys
from etl.__main__ import main
from warehouse import upkeep
n = 0
def die(*args, **options): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "between":
    real = upkeep.tidy
    def tidy(lake, name, *rest):
        done = real(lake, name, *rest)
        if name == "ticket": die()
        return done
    upkeep.tidy = tidy
else:
    from deltalake import DeltaTable
    from deltalake.table import TableOptimizer
    owner = {"vacuum": DeltaTable, "create_checkpoint": DeltaTable, "compact": TableOptimizer}[sys.argv[1]]
    setattr(owner, sys.argv[1], die)
sys.exit(main(["tidy"]))
"""


def fill(small: SmallHome) -> None:
    for n in range(MANY_FILES):
        small.put(f"工单{n}.csv", csv_text(range(10 * n, 10 * n + 5)))
        small.load()


def n_files(small: SmallHome, table: str) -> int:
    from warehouse.lake import Lake

    return len(Lake(small.home.lake).pin(table).files)


@pytest.mark.deep
def test_a_lake_of_small_files_is_put_together(small: SmallHome) -> None:
    fill(small)
    before = small.content("ticket")
    code, report = small.run("tidy")
    assert code == 0
    assert report["said"].endswith("0 old ones deleted")
    assert n_files(small, "ticket") == 1 and n_files(small, "etl_file") == 1
    assert small.content("ticket") == before
    assert small.load() == (0, {})
    small.put("more.csv", "")
    small.put("工单more.csv", csv_text(range(500, 503)))
    small.load()
    assert len(small.rows("ticket")) == len(before) + 3


@pytest.mark.deep
@pytest.mark.parametrize("moment", ["between", "compact", "create_checkpoint", "vacuum"])
def test_killed_while_tidying(small: SmallHome, moment: str) -> None:
    fill(small)
    before = small.content("ticket")
    environment = {**os.environ, "LOOKOUT_HOME": str(small.root)}
    killed = subprocess.run([sys.executable, "-c", DIES, moment], cwd=ROOT, env=environment, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert small.content("ticket") == before
    assert small.run("tidy")[0] == 0
    assert n_files(small, "ticket") == 1
    assert small.content("ticket") == before


@pytest.mark.deep
def test_what_a_killed_load_left_goes_before_it_is_put_together(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.lake import Lake

    class Killed(BaseException):
        pass

    real = Lake.append

    def dying(self: Lake, name: str, *rest: object) -> None:
        if name == "etl_file":
            raise Killed
        real(self, name, *rest)  # type: ignore[arg-type]

    fill(small)
    small.put("工单late.csv", csv_text(range(900, 905)))
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "append", dying)
        with pytest.raises(Killed):
            small.load()
    small.run("tidy")
    assert len(small.stored("ticket")) == len(small.rows("ticket")) == 5 * MANY_FILES


def test_only_one_writes(small: SmallHome, tmp_path: Path) -> None:
    from datetime import datetime

    from warehouse.lock import writer_lock

    with writer_lock(small.home.root, "etl load", datetime(2025, 1, 1)):
        environment = {**os.environ, "LOOKOUT_HOME": str(small.root)}
        line = [sys.executable, "-m", "etl", "tidy"]
        ended = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "is at work here" in ended.stderr
