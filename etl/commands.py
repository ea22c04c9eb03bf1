"""The commands a watch sets in motion, each a process of its own; they hold the writer's lock themselves."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from etl.attempts import Ran

LONGEST_SECONDS = 6 * 3600.0
# What follows a release gives way to what makes the next one.
MODEST = ("alerts", "pages")
MODEST_NICENESS = 5
STOPPED = "stopped with the watch"


@dataclass
class Processes:
    """Runs `python -m …` in the environment of this process, one at a time."""

    longest_seconds: float = LONGEST_SECONDS
    child: subprocess.Popen[str] | None = None
    is_stopped: bool = False

    def stop(self) -> None:
        """End what runs and run nothing more: for commands that may end anywhere."""
        self.is_stopped = True
        if self.child is not None:
            self.child.terminate()

    def pull(self) -> Ran:
        return self._run("etl", "pull")

    def load(self) -> Ran:
        return self._run("etl", "load")

    def build(self) -> Ran:
        return self._run("warehouse", "build")

    def tidy(self) -> Ran:
        return self._run("etl", "tidy")

    def warn(self) -> Ran:
        return self._run("alerts", "run")

    def tell(self) -> Ran:
        """`n_files` is the number of messages that were sent."""
        ran = self._run("alerts", "notify")
        return ran if ran.code else Ran(ran.code, ran.seconds, ran.said, n_files=_first_number(ran.said, "n_sent"))

    def mail(self) -> Ran:
        """`n_files` is the number of subscribers that were served."""
        ran = self._run("pages", "subscriptions", "--send-due")
        return ran if ran.code else Ran(ran.code, ran.seconds, ran.said, n_files=_first_number(ran.said, "n_sent"))

    def _run(self, package: str, command: str, *more: str) -> Ran:
        started = time.monotonic()
        if self.is_stopped:
            return Ran(0, 0.0, STOPPED)
        line = [sys.executable, "-m", package, command, *more, "--json"]
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            self.child = child
            if package in MODEST:
                _make_modest(child.pid)
            try:
                out, err = child.communicate(timeout=self.longest_seconds)
            except subprocess.TimeoutExpired:
                child.kill()
                return Ran(1, time.monotonic() - started, f"stopped after {self.longest_seconds:.0f} s without an end")
        seconds = time.monotonic() - started
        if self.is_stopped:
            return Ran(0, seconds, STOPPED)
        report = _document(out)
        if "problems" in report:
            said = "; ".join(f"{p['where']}: {p['what']}" for p in report["problems"])
            return Ran(child.returncode, seconds, said)
        if not report:
            last = (err or out).strip().splitlines()[-1:]
            return Ran(child.returncode or 1, seconds, (last or ["ended without a word"])[0][:300])
        loaded = [f for f in report.get("files", []) if f.get("state") == "loaded"]
        n_rows = sum(f["n_loaded"] for f in loaded)
        return Ran(child.returncode, seconds, _said(command, report, n_rows), len(loaded), n_rows)


def _make_modest(pid: int) -> None:
    with contextlib.suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, pid, MODEST_NICENESS)


def _first_number(said: str, name: str) -> int:
    """The number behind a name in "n_planned 2, n_sent 1"."""
    pairs = dict(part.split(" ", 1) for part in said.split(", ") if " " in part)
    return int(pairs.get(name, "0"))


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(command: str, report: dict[str, Any], n_rows: int) -> str:
    if command == "load":
        failed = [f for f in report.get("files", []) if f.get("state") == "failed"]
        first = f"; {failed[0]['message']}" if failed else ""
        return f"{report['loaded']} files loaded, {n_rows:,} rows, {report['failed']} failed{first}"
    if command == "build":
        return f"release {report.get('id')}, {report.get('how')}"
    if command == "tidy":
        return str(report.get("said"))
    return ", ".join(f"{name} {value}" for name, value in report.items() if isinstance(value, int | str))
