"""Faults made on purpose, each saying what is lost: "nothing" at best. Who looks meanwhile is `faults.py`'s."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import sqlalchemy as sa

from bench import kpi_file, spark_worker
from bench.lookers import App
from bench.measure import ROOT, run
from bench.postgres import Server
from bench.slow_disk import Disk, Refused
from etl.register import Register
from warehouse import audit, ops
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.release import Releases

CELLS = 3_000
FIRST_DAY = date(2024, 7, 1)
DOWN_S = 8.0
SLOW_BYTES_S = 4 * 2**20


class Untried(Exception):
    """A fault that cannot be made on this machine; the message says why."""


@dataclass
class Faults:
    """All faults on one home. `postgres` keeps its store, `disk` is what it lies on, where they could be had; else
    why not."""

    home_at: Path
    work: Path
    app: App
    store_url: str
    postgres: Server | str
    disk: Disk | str
    env: dict[str, str] = field(init=False)
    days: int = 0

    def __post_init__(self) -> None:
        self.own = {"LOOKOUT_HOME": str(self.home_at)} | ({"LOOKOUT_OPS_URL": self.store_url} if self.store_url else {})
        self.env = {**os.environ, **self.own}
        self.home = Home(self.home_at)

    def etl_is_killed(self) -> str:
        """SIGKILL one second after rows began to flow; the next load has to bring all rows, once."""
        path = self._day()
        before = self._rows()
        for wait in (1.0, 3.0):
            self._killed(["-m", "etl", "load", str(path)], wait)
        run(["-m", "etl", "load", str(path)], self.own)
        return self._difference(before + CELLS * 24)

    def build_is_killed(self) -> str:
        path = self._day()
        run(["-m", "etl", "load", str(path)], self.own)
        releases = Releases(self.home.releases)
        before = releases.current()
        self._killed(["-m", "warehouse", "build"], 2.0)
        if releases.current() != before:
            return "the release changed although its build was killed"
        run(["-m", "warehouse", "build"], self.own)
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
            run(["-m", "etl", "load", str(path)], self.own)
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

    def postgres_is_killed(self) -> str:
        """SIGKILL to all of it while rows are written, down for some seconds, and what was confirmed is counted."""
        if isinstance(self.postgres, str):
            raise Untried(self.postgres)
        store, confirmed, is_over = ops.open_ops(self.store_url), set[str](), threading.Event()

        def write() -> None:
            number = 0
            while not is_over.is_set():
                number += 1
                event = audit.Event("deed", "bench", "engineer", f"fault {number}")
                with contextlib.suppress(sa.exc.SQLAlchemyError):
                    audit.record(store, event, datetime.now(UTC).replace(tzinfo=None))
                    confirmed.add(event.subject)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        time.sleep(2)
        self.postgres.kill()
        refused = self._run(["-m", "alerts", "run"])
        time.sleep(DOWN_S)
        self.postgres.start()
        time.sleep(2)
        is_over.set()
        writer.join(60)
        if refused.returncode == 0:
            return "the rules ran and said that all was well"
        if b"Traceback" in refused.stderr:
            return "the rules ended with a traceback instead of a sentence"
        verdict = audit.verify(store)
        with store.connect() as con:
            there = {
                r[0]
                for r in con.execute(sa.select(ops.audit_event.c.subject).where(ops.audit_event.c.actor == "bench"))
            }
        store.dispose()
        missing = confirmed - there
        if not confirmed:
            return "no row was confirmed, so that none could be lost: not a trial"
        return verdict.fault or (f"{len(missing)} of {len(confirmed)} confirmed rows" if missing else "nothing")

    def disk_is_slow(self) -> str:
        """Four MiB a second for all that reads and writes, a load and a build among them."""
        if isinstance(self.disk, str):
            raise Untried(self.disk)
        path, before = self._day(), self._rows()
        release = Releases(self.home.releases).current()
        self.disk.forget()
        try:
            with self.disk.slow(SLOW_BYTES_S, [self.app.child.pid]) as prefix:
                for command in (["-m", "etl", "load", str(path)], ["-m", "warehouse", "build"]):
                    done = subprocess.run(
                        [*prefix, sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, check=False
                    )
                    if done.returncode:
                        return f"{' '.join(command[:3])} ended with {done.returncode}: {done.stderr.decode()[-200:]}"
        except Refused as error:
            raise Untried(str(error)) from error
        if Releases(self.home.releases).current() == release:
            return "the build made no release"
        return self._difference(before + CELLS * 24)

    def spark_worker_is_killed(self) -> str:
        """One of two workers and its executors, in the middle of a build of some tables beside the home."""
        try:
            return spark_worker.killed(self.home_at, self.work)
        except spark_worker.NoSpark as error:
            raise Untried(str(error)) from error

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


@dataclass(frozen=True)
class Kind:
    """A fault as the table names it. `is_seen`: the app itself goes, so that lookers must see something."""

    title: str
    make: Callable[[Faults], str]
    is_seen: bool = False


KINDS: dict[str, Kind] = {
    "load": Kind("a load is killed twice (SIGKILL)", Faults.etl_is_killed),
    "build": Kind("a build is killed (SIGKILL)", Faults.build_is_killed),
    "app": Kind("the app is killed (SIGKILL) and started again", Faults.app_is_killed, is_seen=True),
    "full-disk": Kind("the disk is full during a load", Faults.disk_is_full),
    "clock": Kind("the clock is two days ahead, then one behind", Faults.clock_is_ahead_then_behind),
    "postgres": Kind("PostgreSQL is killed (SIGKILL), 8 s away", Faults.postgres_is_killed, is_seen=True),
    "slow-disk": Kind("the disk does 4 MiB a second, during a load and a build", Faults.disk_is_slow),
    "spark": Kind("a Spark worker is killed (SIGKILL) during a build", Faults.spark_worker_is_killed),
}
