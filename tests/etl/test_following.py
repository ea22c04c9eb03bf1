"""What follows a release: judged once each, people told every minute, papers mailed every ten; told the time."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from etl.attempts import Attempts, Ran
from etl.commands import STOPPED, Processes
from etl.following import Following
from etl.journal import Journal
from tests.etl.small import SmallHome

START = datetime(2025, 3, 31, 8, 0)


@dataclass
class Recorded:
    """Stands in for the commands, and for the release in use: notes what was called and answers as told."""

    answers: dict[str, list[Ran]] = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    release: str | None = "r1"
    published_meanwhile: str | None = None

    def _answer(self, name: str) -> Ran:
        self.called.append(name)
        waiting = self.answers.get(name, [])
        return waiting.pop(0) if waiting else Ran(0, 0.1, "done", 1, 5)

    def warn(self) -> Ran:
        if self.published_meanwhile:
            self.release = self.published_meanwhile
        return self._answer("warn")

    def tell(self) -> Ran:
        return self._answer("tell")

    def mail(self) -> Ran:
        return self._answer("mail")


def following(small: SmallHome, commands: Recorded, **whom: bool) -> Following:
    attempts = Attempts(Journal(small.home.logs), lambda _: None)
    return Following(commands, attempts, lambda: commands.release, **whom)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_rules_follow_a_release_and_people_are_told(small: SmallHome) -> None:
    """Each release is judged once, again until it was; messages are looked after every minute."""
    commands = Recorded({"warn": [Ran(1, 0.1, "store locked"), Ran(0, 0.1, "fine")]})
    lane = following(small, commands, tells=True)
    lane.step(at(0))
    assert commands.called == ["warn", "tell"]
    lane.step(at(30))
    assert commands.called == ["warn", "tell"]
    lane.step(at(60))
    assert commands.called == ["warn", "tell", "warn", "tell"]
    lane.step(at(61))
    assert len(commands.called) == 4
    commands.release = "r2"
    lane.step(at(62))
    assert commands.called[4:] == ["warn"]


def test_nothing_is_judged_before_there_is_a_release(small: SmallHome) -> None:
    commands = Recorded(release=None)
    lane = following(small, commands)
    lane.step(at(0))
    assert commands.called == []


def test_a_release_that_comes_while_another_is_judged_is_judged_next(small: SmallHome) -> None:
    commands = Recorded(published_meanwhile="r3")
    lane = following(small, commands)
    lane.step(at(0))
    lane.step(at(2))
    lane.step(at(4))
    assert commands.called == ["warn", "warn"]


def test_a_quiet_minute_is_no_entry_of_the_journal(small: SmallHome) -> None:
    commands = Recorded({"tell": [Ran(0, 0.1, "n_sent 0"), Ran(0, 0.1, "n_sent 2", n_files=2)]})
    lane = following(small, commands, tells=True)
    for minute in range(2):
        lane.step(at(60 * minute))
    lines = (small.home.logs / "etl.jsonl").read_text(encoding="utf-8").splitlines()
    told = [e for e in map(json.loads, lines) if e.get("command") == "tell"]
    assert [e["said"] for e in told] == ["n_sent 2"]


def test_papers_are_mailed_every_ten_minutes_and_a_failure_is_tried_soon(small: SmallHome) -> None:
    commands = Recorded()
    lane = following(small, commands)
    lane.step(at(0))
    assert "mail" not in commands.called  # nobody subscribed
    lane.mails = True
    commands.answers["mail"] = [Ran(0, 0.1, "n_sent 1, n_failed 0", 1), Ran(1, 0.1, "n_sent 0, n_failed 1")]
    for seconds in (2, 30, 599, 602):
        lane.step(at(seconds))
    assert commands.called.count("mail") == 2
    lane.step(at(630))
    assert commands.called.count("mail") == 2
    lane.step(at(663))
    assert commands.called.count("mail") == 3


def test_the_end_of_a_watch_waits_for_no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long evaluation is ended with the watch, gives way to builds while it runs, and is no failure."""
    real, started = subprocess.Popen, threading.Event()

    def sleeping(line: list[str], **how: object) -> subprocess.Popen[str]:
        child = real([sys.executable, "-c", "import time; time.sleep(60)"], **how)
        started.set()
        return child

    monkeypatch.setattr("etl.commands.subprocess.Popen", sleeping)
    processes, found = Processes(), list[Ran]()
    thread = threading.Thread(target=lambda: found.append(processes.warn()))
    began = time.monotonic()
    thread.start()
    assert started.wait(10)
    while processes.child is None:
        time.sleep(0.01)
    processes.stop()
    thread.join(30)
    assert [(ran.code, ran.said) for ran in found] == [(0, STOPPED)]
    assert time.monotonic() - began < 30
    assert processes.warn() == Ran(0, 0.0, STOPPED)
