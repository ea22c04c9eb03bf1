"""The commands a watch sets in motion, each a process of its own; they hold the writer's lock themselves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from etl.watch import Ran

LONGEST_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Processes:
    """Runs `python -m …` in the environment of this process."""

    longest_seconds: float = LONGEST_SECONDS

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
        line = [sys.executable, "-m", package, command, *more, "--json"]
        try:
            ended = subprocess.run(line, capture_output=True, text=True, timeout=self.longest_seconds, check=False)
        except subprocess.TimeoutExpired:
            return Ran(1, time.monotonic() - started, f"stopped after {self.longest_seconds:.0f} s without an end")
        seconds = time.monotonic() - started
        report = _document(ended.stdout)
        if "problems" in report:
            said = "; ".join(f"{p['where']}: {p['what']}" for p in report["problems"])
            return Ran(ended.returncode, seconds, said)
        if not report:
            last = (ended.stderr or ended.stdout).strip().splitlines()[-1:]
            return Ran(ended.returncode or 1, seconds, (last or ["ended without a word"])[0][:300])
        loaded = [f for f in report.get("files", []) if f.get("state") == "loaded"]
        n_rows = sum(f["n_loaded"] for f in loaded)
        return Ran(ended.returncode, seconds, _said(command, report, n_rows), len(loaded), n_rows)


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
