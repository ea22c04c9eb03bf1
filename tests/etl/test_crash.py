"""Killed at any moment, out of disk, two at once: afterwards nothing half-done counts, and the next run finishes."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.etl.small import SmallHome, csv_text, phone
from warehouse.canonical import tables

CHECKOUT = Path(__file__).parents[2]
ROWS_PER_FILE, N_FILES = 2_000, 5


def start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "etl", "load", "--json"],
        cwd=CHECKOUT,
        env={**os.environ, "LOOKOUT_HOME": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fill(small: SmallHome) -> None:
    for n in range(N_FILES):
        first = n * ROWS_PER_FILE
        text = csv_text(
            range(first, first + ROWS_PER_FILE), 星级="五" if n == 2 else 3, 类型="网洛" if n == 3 else "网络"
        )
        small.put(f"工单{n}.csv", text, "gb18030" if n % 2 else "utf-8")


def counted(small: SmallHome) -> dict[str, list[Any]]:
    return {t: small.content(t) for t in ("ticket", "quarantine", "unmapped_value")}


def check_consistent(small: SmallHome) -> None:
    """Every registered file is whole; no table has unregistered rows of more than the one load that was running."""
    for outcome in small.outcomes().values():
        assert outcome.state == "loaded"
        rows = [r for r in small.rows("ticket") if r["file_id"] == outcome.file_id]
        assert len(rows) == outcome.n_loaded == ROWS_PER_FILE
    loads = {(o.file_id, o.loaded_at) for o in small.outcomes().values()}
    assert len({(r["file_id"], r["loaded_at"]) for r in small.stored("ticket")} - loads) <= 1


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Any]], float]:
    """The rows of a run nobody disturbed, and how long it took."""
    from tests.etl.small import set_up

    root = tmp_path_factory.mktemp("clean") / "home"
    set_up(root)
    small = SmallHome(root, lambda: "")
    fill(small)
    # Keys must agree between homes, so both have the same secret.
    small.home.secret_file.write_bytes(b"s" * 32)
    small.home.secret_file.chmod(0o600)
    began = time.monotonic()
    process = start(root)
    process.communicate(timeout=120)
    took = time.monotonic() - began
    assert process.returncode == 0
    assert len(small.outcomes()) == N_FILES
    return counted(small), took


def kill_and_finish(small: SmallHome, clean: tuple[dict[str, list[Any]], float], n_kills: int, seed: int) -> None:
    chance = random.Random(seed)
    rows, took = clean
    fill(small)
    small.home.secret_file.write_bytes(b"s" * 32)
    small.home.secret_file.chmod(0o600)
    n_killed = 0
    for _ in range(n_kills):
        process = start(small.root)
        try:
            process.wait(timeout=chance.uniform(0.25, 0.95) * took)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            n_killed += 1
        process.communicate(timeout=60)
        check_consistent(small)
        if len(small.outcomes()) == N_FILES:  # done before it was killed: begin again
            shutil.rmtree(small.home.lake)
            small.home.lake.mkdir()
    (small.home.scratch / "left.csv").write_text(phone(1))
    finish = start(small.root)
    out, err = finish.communicate(timeout=120)
    assert finish.returncode == 0, err
    assert json.loads(out)["failed"] == 0
    assert list(small.home.scratch.iterdir()) == []
    assert counted(small) == rows
    assert len(small.stored("ticket")) == len(rows["ticket"])  # what the kills left is gone
    assert n_killed > 0


@pytest.mark.deep
def test_killed_twice(small: SmallHome, clean: tuple[dict[str, list[Any]], float]) -> None:
    kill_and_finish(small, clean, n_kills=2, seed=3)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_killed_twenty_times(small: SmallHome, clean: tuple[dict[str, list[Any]], float], seed: int) -> None:
    kill_and_finish(small, clean, n_kills=5, seed=100 + seed)


@pytest.mark.parametrize(
    "table",
    ["ticket", "etl_file", *(pytest.param(t, marks=pytest.mark.deep) for t in ("quarantine", "unmapped_value"))],
)
def test_killed_right_before_a_commit(small: SmallHome, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moments that matter, each exactly: what was committed before is taken back by the next run."""
    from warehouse.lake import Lake

    real = Lake.append

    class Killed(BaseException):
        pass

    def dying(self: Lake, name: str, *rest: Any) -> int:
        if name == table:
            raise Killed
        return real(self, name, *rest)

    small.put("工单0.csv", csv_text(range(4)))
    small.load()
    small.put("工单1.csv", csv_text(range(5, 9), 星级="五", 类型="网洛"))
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "append", dying)
        with pytest.raises(Killed):
            small.load()
    assert len(small.rows("ticket")) == 4
    assert small.load()[0] == 0
    loads = {(o.file_id, o.loaded_at) for o in small.outcomes().values()}
    for name in ("ticket", "quarantine", "unmapped_value"):
        assert {(r["file_id"], r["loaded_at"]) for r in small.stored(name)} <= loads
    assert (len(small.rows("ticket")), len(small.rows("quarantine"))) == (8, 4)


def test_a_killed_reload_takes_nothing_from_the_load_before(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.etl.small import TICKETS
    from warehouse.lake import Lake

    real = Lake.append

    class Killed(BaseException):
        pass

    def dying(self: Lake, name: str, *rest: Any) -> int:
        if name == "etl_file":
            raise Killed
        return real(self, name, *rest)

    small.put("工单0.csv", csv_text(range(4)))
    small.load()
    before = small.stored("ticket")
    small.contract("small_tickets", "# corrected\n" + TICKETS)
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "append", dying)
        with pytest.raises(Killed):
            small.load()
    assert len(small.stored("ticket")) == 8 and len(small.rows("ticket")) == 4
    (small.home.inbox / "工单0.csv").unlink()
    small.load()
    assert small.stored("ticket") == before


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(disk)], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk(small: SmallHome, tiny_disk: Path) -> None:
    small.put("工单0.csv", csv_text(range(50)))
    small.load()
    target = tiny_disk / "lake"
    shutil.move(small.home.lake, target)
    small.home.lake.symlink_to(target)
    small.put("工单1.csv", csv_text(range(100, 2100)))
    small.put("工单2.csv", csv_text(range(5000, 5003)))
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * (shutil.disk_usage(tiny_disk).free - 20_000))
    process = start(small.root)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, out + err
    [problem] = json.loads(out)["problems"]
    assert problem["where"] == str(small.root)
    assert problem["what"].startswith("the disk is full (")
    assert problem["cure"] == "free some space and run again; what was loaded stays"
    assert "Traceback" not in err
    ballast.unlink()
    assert (len(small.rows("ticket")), list(small.outcomes())) == (50, ["工单0.csv"])
    code, files = small.load()
    assert (code, sorted(files)) == (0, ["工单1.csv", "工单2.csv"])
    assert len(small.rows("ticket")) == len(small.stored("ticket")) == 2053


@pytest.mark.deep
def test_two_loads_at_once(small: SmallHome) -> None:
    fill(small)
    both = [start(small.root) for _ in range(2)]
    ended = [(p.communicate(timeout=120)[0], p.returncode) for p in both]
    refused = [json.loads(out)["problems"][0] for out, code in ended if code == 1]
    assert [code for _, code in ended].count(0) >= 1
    for problem in refused:
        assert problem["what"].endswith(" is at work here")
    check_consistent(small)
    assert len(small.outcomes()) == N_FILES
    assert len(small.stored("ticket")) == N_FILES * ROWS_PER_FILE


def test_every_internal_table_is_looked_at_after_a_kill() -> None:
    assert {"quarantine", "unmapped_value", "etl_file"} == {n for n, t in tables().items() if t.internal}
