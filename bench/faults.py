"""Faults while people look: what they see of each, when all is well again, and whether anything is lost.

`python -m bench.faults HOME [--only NAME …]` on a copy of HOME, a built demo city; prints a table. A fault that cannot
be made here is in the table with the reason. A looker reconnects at once, as the browser does.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import postgres, slow_disk
from bench.breaking import KINDS, Faults, Untried
from bench.lookers import LOOKERS, App, Lookers
from bench.measure import run
from bench.viewer import Answer
from bench.viewers import quantile

CALM_STEPS, WELL_S = 20, 120.0
ROOM = 6 * 2**30  # of a disk of its own beside the home: releases and days to come; taken when written


@dataclass(frozen=True)
class Outcome:
    """Steps while a fault lasted and those that failed, the longest wait, and seconds until all was well (-1: not)."""

    fault: str
    answers: int
    failed: int
    longest_s: float
    well_after_s: float
    lost: str

    def row(self) -> str:
        well = f"{self.well_after_s:.1f} s" if self.well_after_s >= 0 else "not within two minutes"
        seen = f"{self.failed} of {self.answers} steps failed, longest {self.longest_s:.1f} s"
        return f"| {self.fault} | {seen} | {well} | {self.lost} |"


def trial(name: str, faults: Faults, lookers: Lookers) -> Outcome:
    """One fault under the eyes of all lookers."""
    kind = KINDS[name]
    first, begun = len(lookers.answers), time.perf_counter()
    try:
        lost = kind.make(faults)
    except Untried as error:
        return Outcome(kind.title, 0, 0, 0, 0, f"not tried here: {error}")
    over, well = time.perf_counter(), -1.0
    while time.perf_counter() - over < WELL_S:
        time.sleep(0.5)
        late = [a for a in lookers.answers[first:] if a.at > over]
        if len(late) >= LOOKERS and not any(a.fault for a in late[-LOOKERS:]):
            bad = [a.at + a.ms / 1000 for a in lookers.answers[first:] if a.fault]
            well = max([0.0, *(at - begun for at in bad)])
            break
    seen = lookers.answers[first:]
    longest = max((a.ms / 1000 for a in seen), default=0.0)
    return Outcome(kind.title, len(seen), sum(bool(a.fault) for a in seen), longest, well, lost)


def measure(home: Path, names: list[str], say: Callable[[str], None]) -> list[Outcome]:
    """Outcomes in the order of `names`, on a copy of `home`."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lookout-faults-")))
        disk: slow_disk.Disk | str = "no fault needs it"
        server: postgres.Server | str = "no fault needs it"
        if "slow-disk" in names:
            try:
                disk = stack.enter_context(slow_disk.disk(folder, _size(home) + ROOM))
            except slow_disk.Refused as error:
                disk = str(error)
        if "postgres" in names:
            try:
                server = stack.enter_context(postgres.running(is_safe=True))
            except postgres.NotHere as error:
                server = str(error)
        copy = (folder if isinstance(disk, str) else disk.folder) / "home"
        shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns("inbox", "exports", "logs", "tmp"))
        url = "" if isinstance(server, str) else server.url().replace("postgresql://", "postgresql+psycopg://")
        if url:
            run(["-m", "alerts", "run"], {"LOOKOUT_HOME": str(copy), "LOOKOUT_OPS_URL": url}, allowed=(0, 1))
        app = App(copy, {"LOOKOUT_OPS_URL": url} if url else {})
        lookers = Lookers(app.port)
        stack.callback(app.close)
        stack.callback(lookers.stop)
        lookers.start()
        calm: list[Answer] = []
        begun = time.perf_counter()
        while len(calm) < CALM_STEPS and time.perf_counter() - begun < WELL_S:
            time.sleep(1)
            calm = [a for a in lookers.answers if not a.fault]
        usual = quantile([a.ms for a in calm], 0.95) / 1000
        say(f"before any fault: {len(calm)} steps, 95 % within {usual:.1f} s")
        faults = Faults(copy, folder, app, url, server, disk)
        found = []
        for name in names:
            found.append(trial(name, faults, lookers))
            say(found[-1].row())
        return found


def _size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__.split("\n", 1)[0])
    parser.add_argument("home", type=Path, help="a built demo city")
    parser.add_argument("--only", action="append", choices=list(KINDS))
    args = parser.parse_args()
    found = measure(
        args.home.resolve(), args.only or list(KINDS), lambda text: print(text, file=sys.stderr, flush=True)
    )
    print("| fault | what viewers saw | well again after | lost |\n|---|---|---|---|")
    print("\n".join(outcome.row() for outcome in found))
    return 0 if all(o.lost == "nothing" or o.lost.startswith("not tried") for o in found) else 1


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
