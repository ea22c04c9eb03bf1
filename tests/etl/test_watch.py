"""The watch: what it sets in motion and when, told the time; and once for real, as a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from etl.attempts import Attempts, Ran
from etl.journal import Journal
from etl.watch import LOADS_UNTIL_TIDY, Watch
from tests.etl.small import SmallHome, csv_text
from warehouse.workspace import WatchSettings

START = datetime(2025, 3, 31, 8, 0)


@dataclass
class Recorded:
    """Stands in for the commands: notes what was called and answers as told."""

    answers: dict[str, list[Ran]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)

    def _answer(self, name: str) -> Ran:
        self.called.append(name)
        waiting = self.answers.get(name, [])
        return waiting.pop(0) if waiting else Ran(0, 0.1, "done", 1, 5)

    def pull(self) -> Ran:
        return self._answer("pull")

    def load(self) -> Ran:
        return self._answer("load")

    def build(self) -> Ran:
        return self._answer("build")

    def tidy(self) -> Ran:
        return self._answer("tidy")


def watching(small: SmallHome, commands: Recorded, **settings: float) -> Watch:
    attempts = Attempts(Journal(small.home.logs), lambda _: None)
    return Watch(small.home, WatchSettings(**settings), commands, attempts)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_file_is_loaded_once_it_has_stopped_growing(small: SmallHome) -> None:
    commands = Recorded()
    watch = watching(small, commands)
    watch.step(at(0))
    assert commands.called == ["build"]  # what an earlier watch may have left
    path = small.put("工单1.csv", csv_text(range(3)))
    watch.step(at(2))
    path.write_text(csv_text(range(5)), encoding="utf-8")
    watch.step(at(4))
    assert commands.called == ["build"]
    watch.step(at(6))
    assert commands.called == ["build", "load", "build"]
    watch.step(at(8))
    assert len(commands.called) == 3


def test_folders_hidden_and_half_copied_files_wait(small: SmallHome) -> None:
    commands = Recorded()
    watch = watching(small, commands)
    (small.home.inbox / "夹").mkdir()
    for name in (".工单.csv", "~工单.csv", "工单.csv.part"):
        small.put(name, "x")
    for second in range(0, 10, 2):
        watch.step(at(second))
    assert commands.called == ["build"]


def test_what_fails_is_tried_again_ever_more_rarely(small: SmallHome) -> None:
    failed = Ran(1, 0.1, "disk full")
    commands = Recorded({"load": [failed, failed, Ran(0, 0.1, "done", 1, 5)]})
    watch = watching(small, commands)
    small.put("工单1.csv", csv_text(range(3)))
    for second in (0, 2):
        watch.step(at(second))
    assert commands.called == ["build", "load"]
    for second in (4, 61):
        watch.step(at(second))
    assert commands.called == ["build", "load"]
    watch.step(at(62))
    assert commands.called == ["build", "load", "load"]
    watch.step(at(62 + 299))
    assert len(commands.called) == 3
    watch.step(at(62 + 300))
    assert commands.called == ["build", "load", "load", "load", "build"]
    watch.step(at(10_000))
    assert len(commands.called) == 5


def test_a_new_file_does_not_wait_for_the_next_try(small: SmallHome) -> None:
    commands = Recorded({"load": [Ran(1, 0.1, "one file failed")]})
    watch = watching(small, commands)
    small.put("工单1.csv", "")
    for second in (0, 2):
        watch.step(at(second))
    small.put("工单2.csv", csv_text(range(3)))
    for second in (4, 6):
        watch.step(at(second))
    assert commands.called == ["build", "load", "load", "build"]


def test_a_load_of_which_one_file_failed_is_built(small: SmallHome) -> None:
    commands = Recorded({"load": [Ran(1, 0.1, "one file failed", 3, 50)]})
    watch = watching(small, commands)
    small.put("工单1.csv", csv_text(range(3)))
    for second in (0, 2):
        watch.step(at(second))
    assert commands.called == ["build", "load", "build"]


def test_databases_are_asked_on_schedule(small: SmallHome) -> None:
    commands = Recorded()
    watch = watching(small, commands, pull_minutes=15)
    for second in (0, 60, 899, 900, 960):
        watch.step(at(second))
    assert commands.called == ["pull", "build", "pull"]


def test_the_lake_is_tidied_once_a_night(small: SmallHome) -> None:
    commands = Recorded({"tidy": [Ran(0, 0.1, "done"), Ran(1, 0.1, "disk full")]})
    watch = watching(small, commands)
    watch.zone = ZoneInfo("Asia/Shanghai")
    # 16:00 there, then 02:59 and 03:00 of the next day.
    for hours in (0, 10.98, 11, 12, 34.9):
        watch.step(START + timedelta(hours=hours))
    assert commands.called == ["build", "tidy"]
    watch.step(START + timedelta(hours=35))
    assert commands.called == ["build", "tidy", "tidy"]
    watch.step(START + timedelta(hours=35, seconds=59))
    assert len(commands.called) == 3
    watch.step(START + timedelta(hours=35, seconds=60))
    assert commands.called == ["build", "tidy", "tidy", "tidy"]
    watch.step(START + timedelta(hours=36))
    assert len(commands.called) == 4


def test_many_loads_are_tidied_before_the_night(small: SmallHome) -> None:
    commands = Recorded()
    watch = watching(small, commands)
    watch.n_loads = LOADS_UNTIL_TIDY - 1
    small.put("工单1.csv", csv_text(range(3)))
    for second in (0, 2, 4):
        watch.step(at(second))
    assert commands.called == ["build", "load", "build", "tidy"]


def test_runs_are_kept_with_their_durations_and_rows(small: SmallHome) -> None:
    commands = Recorded({"load": [Ran(3, 1.234, "2 files loaded", 2, 17)]})
    watch = watching(small, commands)
    small.put("工单1.csv", csv_text(range(3)))
    for second in (0, 2):
        watch.step(at(second))
    entry = Journal(small.home.logs).last("step", command="load")
    assert entry is not None
    wanted = {"code": 3, "seconds": 1.23, "n_files": 2, "n_rows": 17, "said": "2 files loaded"}
    assert {name: entry[name] for name in wanted} == wanted


def wait_for(path: Path, text: str, seconds: float) -> str:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if text in found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{text!r} did not appear in {path}: {found}")


@pytest.fixture
def process(small: SmallHome) -> subprocess.Popen[str]:
    environment = os.environ | {"LOOKOUT_HOME": str(small.root)}
    line = [sys.executable, "-m", "etl", "watch"]
    started = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield started
    started.kill()
    started.wait()


@pytest.mark.deep
def test_a_real_watch_loads_builds_and_stops(small: SmallHome, process: subprocess.Popen[str]) -> None:
    log = small.home.logs / "etl.jsonl"
    wait_for(log, "watch_started", 30)
    assert small.run("status")[1]["watch"]["pid"] == process.pid
    small.put("工单1.csv", csv_text(range(3)))
    found = wait_for(log, '"n_rows": 3', 60)
    ends = time.monotonic() + 60
    while small.run("status")[1]["needs_build"] and time.monotonic() < ends:
        time.sleep(0.5)
    report = small.run("status")[1]
    assert not report["needs_build"] and report["waiting"] == []
    assert all(json.loads(line)["at"] for line in found.splitlines())

    again = subprocess.run(
        [sys.executable, "-m", "etl", "watch"],
        env=os.environ | {"LOOKOUT_HOME": str(small.root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert again.returncode == 1
    assert f"process {process.pid} (etl watch" in again.stderr

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert small.run("status")[1]["watch"] is None
    wait_for(log, "watch_stopped", 5)
