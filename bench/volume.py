"""Tickets by the million: what a million versions cost in a workspace of five, and how soon a small batch is seen."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bench.measure import ROOT, ChildFailed, Cost, Ratio, alternate, ratio, run
from bench.results import Figure
from bench.ticket_file import Tickets
from etl.register import Register
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.query import Reader
from warehouse.release import Releases

TICKETS, QUICK_TICKETS = 5_000_000, 250_000
BATCH = 500
APPEND_GOAL, INCREMENT_GOAL, BATCH_GOAL_S, MEMORY_GOAL_MIB = 3.0, 0.25, 20.0, 2048.0
ROUNDS, LIMIT_S = 3, 300.0
NEW = "投诉工单_202601_"
WEDNESDAY = 2


def measure(folder: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """All five figures; the workspace of 24 months is loaded and built once into `folder`."""
    volume = _Volume(folder / "volume", QUICK_TICKETS if is_quick else TICKETS, say)
    volume.prepare()
    # The batches come last: they leave their tickets in the workspace.
    return [*volume.releases(), volume.append(), volume.batches(), volume.memory()]


class _Volume:
    def __init__(self, folder: Path, n: int, say: Callable[[str], None]) -> None:
        self.folder, self.say = folder, say
        self.tickets = Tickets(n)
        self.base, self.grown = folder / "base", folder / "grown"
        self.costs: dict[str, Cost] = {}
        self.next = n + n // 10

    def prepare(self) -> None:
        """A home with 24 months, loaded and built, unless it is there already."""
        ready = self.folder / f"ready.{self.tickets.n}"
        if ready.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        exports = self.folder / "exports"
        exports.mkdir(parents=True)
        self.say(f"writing {self.tickets.n:,} tickets")
        files = self.tickets.write_months(exports)
        run(["-m", "etl", "init", "demo"], {"LOOKOUT_HOME": str(self.base)})
        settings = self.base / "workspace.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("as_of = 2025-03-31T08:30:00", 'as_of = "data"'), encoding="utf-8")
        self._run("load", self.base, ["-m", "etl", "load", *map(str, files)])
        self._run("full build", self.base, ["-m", "warehouse", "build"])
        shutil.rmtree(exports)
        ready.touch()

    def releases(self) -> list[Figure]:
        """A fifth as many versions again, half of new tickets and half of known ones: the latest, as when the last
        months are exported anew, or some of every month.
        """
        n = self.tickets.n
        latest = self._increment("of the latest tickets", n - n // 10, 1)
        return [self._increment("of tickets of every month", 0, 10), latest]

    def _increment(self, which: str, first: int, every: int) -> Figure:
        n, whole = self.tickets.n, self.folder / "whole"
        self._copy(self.base, self.grown)
        files = [self.folder / f"{NEW}{kind}.csv" for kind in ("old", "new")]
        self.tickets.write(files[0], first, n, version=1, every=every)
        self.tickets.write(files[1], n, n + n // 10)
        self._run("load", self.grown, ["-m", "etl", "load", *map(str, files)])
        for file in files:
            file.unlink()
        self._copy(self.grown, whole)
        ours = self._run("increment", self.grown, ["-m", "warehouse", "build"])
        floor = self._run("full build", whole, ["-m", "warehouse", "build", "--full"])
        if _content(self.grown) != _content(whole):
            raise ChildFailed("the incremental release differs from the full one")
        shutil.rmtree(whole)
        found = ratio([(ours.cpu_s, floor.cpu_s)])
        name = f"CPU of the release after {n // 5:,} versions, half new, half {which}, ÷ a full build"
        met = found.value <= INCREMENT_GOAL
        note = f"onto {n:,} tickets; both releases hold the same"
        return Figure("volume", name, found, f"≤ {INCREMENT_GOAL:g}", met, "CPU s", note)

    def append(self) -> Figure:
        """The same parsed rows through the lake's append, and by a bare insert into a table of the rest."""
        database, rows = self.folder / "floor.duckdb", self.folder / "rows.arrow"
        database.unlink(missing_ok=True)
        came = [o.file_id for o in Register(Lake(self.grown / "lake")).outcomes() if o.file_name.startswith(NEW)]
        run(["-m", "bench.append", "prepare", str(self.grown), str(database), str(rows), *came])
        target = self.folder / "append"

        def ours() -> float:
            self._copy(self.base, target)
            return self._run("append", target, ["-m", "bench.append", "lake", str(target), str(rows)]).cpu_s

        def floor() -> float:
            return run(["-m", "bench.append", "floor", str(database), str(rows)]).cpu_s

        found = ratio(alternate(ours, floor, ROUNDS))
        for path in (database, rows):
            path.unlink()
        shutil.rmtree(target)
        name = f"CPU of the lake's append of {self.tickets.n // 5:,} versions ÷ a bare insert"
        return Figure("volume", name, found, f"≤ {APPEND_GOAL:g}", found.value <= APPEND_GOAL, "CPU s")

    def batches(self) -> Figure:
        """From the file's arrival in the inbox of a running watch until the pages' reader counts its tickets."""
        home = Home(self.grown)
        seconds = []
        # In the middle of a week: tickets of one that has ended make its hotspots anew, which is told apart.
        day = self.tickets.at(self.next).date() + timedelta(days=1)
        self.next = self.tickets.number_at(day + timedelta(days=(WEDNESDAY - day.weekday()) % 7))
        with _watching(home):
            for _ in range(ROUNDS):
                seconds.append(self._drop(home))
                self.say(f"batch: seen after {seconds[-1]:.1f} s")
        middle = statistics.median(seconds)
        found = Ratio(middle, min(seconds), max(seconds), middle, 1.0, len(seconds))
        name = f"{BATCH} new tickets, from the inbox to the pages"
        return Figure("volume", name, found, f"< {BATCH_GOAL_S:g} s", middle < BATCH_GOAL_S, "s", "etl watch")

    def memory(self) -> Figure:
        """The highest peak of any load, build and append above."""
        peak, what = max((cost.peak_mib, what) for what, cost in self.costs.items())
        found = Ratio(peak, peak, peak, peak, 1.0, 1)
        name = "peak memory of any load, build or append"
        return Figure("volume", name, found, f"≤ {MEMORY_GOAL_MIB:,.0f}", peak <= MEMORY_GOAL_MIB, "MiB", what)

    def _drop(self, home: Home) -> float:
        releases = Releases(home.releases)
        before = Reader(releases.path(str(releases.current()))).n_rows("fact_ticket")
        name = f"{NEW}{self.next}.csv"
        draft = home.root / name
        self.tickets.write(draft, self.next, self.next + BATCH)
        self.next += BATCH
        started, seen = time.perf_counter(), releases.current()
        draft.rename(home.inbox / name)
        while time.perf_counter() - started < LIMIT_S:
            if releases.current() != seen:
                seen = releases.current()
                if Reader(releases.path(str(seen))).n_rows("fact_ticket") == before + BATCH:
                    return time.perf_counter() - started
            time.sleep(0.1)
        raise ChildFailed(f"the batch was not seen within {LIMIT_S:.0f} s; read {home.logs}/etl.jsonl")

    def _run(self, what: str, home: Path, arguments: list[str]) -> Cost:
        cost = run(arguments, {"LOOKOUT_HOME": str(home)})
        self.say(f"{what}: {cost.cpu_s:.1f} CPU s, {cost.wall_s:.1f} s, {cost.peak_mib:,.0f} MiB")
        if what not in self.costs or cost.peak_mib > self.costs[what].peak_mib:
            self.costs[what] = cost
        return cost

    def _copy(self, source: Path, target: Path) -> None:
        """A home of its own that shares the files which never change: of lake and releases."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    if source.endswith((".parquet", ".duckdb")):
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)


def _content(home: Path) -> str:
    releases = Releases(home / "releases")
    return str(releases.info(str(releases.current()))["content_hash"])


@contextmanager
def _watching(home: Home) -> Iterator[None]:
    """`etl watch` on a home, from its first build, which finds nothing to do, to its end."""
    line = [sys.executable, "-m", "etl", "watch"]
    environment = {"LOOKOUT_HOME": str(home.root)}
    child = subprocess.Popen(line, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        for said in child.stdout:
            if said.startswith("build:"):
                break
        yield
    finally:
        child.terminate()
        child.wait(timeout=60)
