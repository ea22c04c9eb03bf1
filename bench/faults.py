"""Faults while people look: what they see of each, when all is well again, and whether anything is lost.

`python -m bench.faults HOME [--only NAME …]` on a copy of HOME, a built demo city; prints a table. A fault that cannot
be made here is in the table with the reason. A looker reconnects at once, as the browser does.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from bench import kpi_file
from bench.lookers import LOOKERS, App, Lookers
from bench.measure import ROOT, run
from bench.viewer import Answer
from bench.viewers import quantile
from etl.register import Register
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.release import Releases

CALM_STEPS, WELL_S = 20, 120.0
CELLS = 3_000
FIRST_DAY = date(2024, 7, 1)


class Untried(Exception):
    """A fault that cannot be made on this machine; the message says why."""


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


class Faults:
    """All faults on one home; each returns what is lost, "nothing" at best."""

    def __init__(self, home: Path, work: Path, app: App) -> None:
        self.root, self.home, self.work, self.app = home, Home(home), work, app
        self.env = {**os.environ, "LOOKOUT_HOME": str(home)}
        self.days = 0

    def etl_is_killed(self) -> str:
        """SIGKILL one second after rows began to flow; the next load has to bring all rows, once."""
        path = self._day()
        before = self._rows()
        for wait in (1.0, 3.0):
            self._killed(["-m", "etl", "load", str(path)], wait)
        run(["-m", "etl", "load", str(path)], {"LOOKOUT_HOME": str(self.root)})
        return self._difference(before + CELLS * 24)

    def build_is_killed(self) -> str:
        path = self._day()
        run(["-m", "etl", "load", str(path)], {"LOOKOUT_HOME": str(self.root)})
        releases = Releases(self.home.releases)
        before = releases.current()
        self._killed(["-m", "warehouse", "build"], 2.0)
        if releases.current() != before:
            return "the release changed although its build was killed"
        run(["-m", "warehouse", "build"], {"LOOKOUT_HOME": str(self.root)})
        return "nothing" if releases.current() != before else "the next build made no release"

    def app_is_killed(self) -> str:
        before = self._rows()
        os.killpg(self.app.child.pid, signal.SIGKILL)
        return self._difference(before)

    def disk_is_full(self) -> str:
        """The lake on a small disk that is full; with room again the next load brings everything."""
        path, before = self._day(), self._rows()
        with self._small_disk() as disk:
            ballast = disk / "ballast"
            ballast.write_bytes(b"x" * max(0, shutil.disk_usage(disk).free - 20_000))
            refused = self._run(["-m", "etl", "load", str(path)])
            if refused.returncode != 1 or b"disk is full" not in refused.stderr + refused.stdout:
                return f"the load ended with {refused.returncode} and did not say that the disk is full"
            if self._rows() != before:
                return "half of a file is visible"
            ballast.unlink()
            run(["-m", "etl", "load", str(path)], {"LOOKOUT_HOME": str(self.root)})
            return self._difference(before + CELLS * 24)

    def clock_is_ahead_then_behind(self) -> str:
        """A load dated two days ahead, then one by the right clock: both count."""
        before = self._rows()
        if shutil.which("faketime") is None:
            raise Untried("faketime is not installed (apt-get install faketime)")
        for shift in ("+2d", "-1d"):
            load = [sys.executable, "-m", "etl", "load", str(self._day())]
            done = subprocess.run(
                ["faketime", "-f", shift, *load], cwd=ROOT, env=self.env, capture_output=True, check=False
            )
            if done.returncode:
                return f"the load ended with {done.returncode}: {done.stderr.decode()[-200:]}"
        return self._difference(before + 2 * CELLS * 24)

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, check=False)

    def _killed(self, arguments: list[str], wait_s: float) -> None:
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait_s)
        child.kill()
        child.wait()

    def _day(self) -> Path:
        day = FIRST_DAY + timedelta(days=self.days)
        self.days += 1
        path = self.work / f"小区性能_小时_{day:%Y%m%d}_故障.csv"
        kpi_file.write_days(path, CELLS, day, 1, seed=900 + self.days)
        return path

    def _rows(self) -> int:
        """Rows of hours that count, whatever killed loads left."""
        lake = Lake(self.home.lake)
        live = {(o.file_id, o.loaded_at) for o in Register(lake).settled().values() if o.state == "loaded"}
        with duckdb.connect() as con:
            kept = con.read_parquet(lake.pin("cell_kpi_1h").paths, hive_partitioning=True)
            found = kept.aggregate("file_id, loaded_at, count(*)", "file_id, loaded_at").fetchall()
        return sum(n for file_id, loaded_at, n in found if (file_id, loaded_at) in live)

    def _difference(self, expected: int) -> str:
        found = self._rows()
        return "nothing" if found == expected else f"{expected:,} rows expected, {found:,} there"

    @contextlib.contextmanager
    def _small_disk(self) -> Iterator[Path]:
        disk = self.work / "disk"
        disk.mkdir(exist_ok=True)
        size = sum(f.stat().st_size for f in self.home.lake.rglob("*") if f.is_file()) + 64 * 2**20
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            raise Untried("mounting a small disk needs root")
        kept = self.home.lake.with_name("lake-kept")
        try:
            shutil.copytree(self.home.lake, disk / "lake")
            self.home.lake.rename(kept)
            self.home.lake.symlink_to(disk / "lake")
            yield disk
        finally:
            self.home.lake.unlink()
            shutil.copytree(disk / "lake", self.home.lake)
            shutil.rmtree(kept)
            subprocess.run(["umount", "--lazy", str(disk)], check=True)


NAMES: dict[str, Callable[[Faults], str]] = {
    "a load is killed twice (SIGKILL)": Faults.etl_is_killed,
    "a build is killed (SIGKILL)": Faults.build_is_killed,
    "the app is killed (SIGKILL) and started again": Faults.app_is_killed,
    "the disk is full during a load": Faults.disk_is_full,
    "the clock is two days ahead, then one behind": Faults.clock_is_ahead_then_behind,
}


def trial(name: str, faults: Faults, lookers: Lookers) -> Outcome:
    """One fault under the eyes of all lookers."""
    first, begun = len(lookers.answers), time.perf_counter()
    try:
        lost = NAMES[name](faults)
    except Untried as error:
        return Outcome(name, 0, 0, 0, 0, f"not tried here: {error}")
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
    return Outcome(name, len(seen), sum(bool(a.fault) for a in seen), longest, well, lost)


def measure(home: Path, names: list[str], say: Callable[[str], None]) -> list[Outcome]:
    """Outcomes in the order of NAMES, on a copy of `home`."""
    with tempfile.TemporaryDirectory(prefix="lookout-faults-") as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, symlinks=True)
        app = App(copy)
        lookers = Lookers(app.port)
        found = []
        try:
            lookers.start()
            calm: list[Answer] = []
            begun = time.perf_counter()
            while len(calm) < CALM_STEPS and time.perf_counter() - begun < WELL_S:
                time.sleep(1)
                calm = [a for a in lookers.answers if not a.fault]
            usual = quantile([a.ms for a in calm], 0.95) / 1000
            say(f"before any fault: {len(calm)} steps, 95 % within {usual:.1f} s")
            faults = Faults(copy, Path(folder), app)
            for name in names:
                found.append(trial(name, faults, lookers))
                say(found[-1].row())
        finally:
            lookers.stop()
            app.close()
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__.split("\n", 1)[0])
    parser.add_argument("home", type=Path, help="a built demo city")
    parser.add_argument("--only", action="append", choices=list(NAMES))
    args = parser.parse_args()
    found = measure(
        args.home.resolve(), args.only or list(NAMES), lambda text: print(text, file=sys.stderr, flush=True)
    )
    print("| fault | what viewers saw | well again after | lost |\n|---|---|---|---|")
    print("\n".join(outcome.row() for outcome in found))
    return 0 if all(o.lost == "nothing" or o.lost.startswith("not tried") for o in found) else 1


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
