"""What changes under people who look: releases that switch, days that are loaded and built. Not who looks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from bench import kpi_file
from bench.measure import ROOT
from warehouse.home import Home
from warehouse.release import Releases

AGAIN = "-again"
CELLS = 1_800
NICE = 10  # as deploy/lookout-load.service runs them


class Spoiled(RuntimeError):
    """A load or a build beside the viewers failed; the message has the end of what it said."""


@contextlib.contextmanager
def copied(home: Path) -> Iterator[Path]:
    """A copy of a home that may be written to, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lookout-bench-home-") as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, symlinks=True, ignore=shutil.ignore_patterns("inbox", "exports", "logs", "tmp"))
        yield copy


@contextlib.asynccontextmanager
async def switching(home: Path, every_s: float) -> AsyncIterator[None]:
    """A release under a new name becomes the current one again and again, as after a load; never with 0."""

    async def turns() -> None:
        releases = Releases(Home(home).releases)
        while True:
            await asyncio.sleep(every_s)
            current = releases.current()
            assert current is not None
            name = releases.free_name(current.split(AGAIN)[0] + AGAIN)
            os.link(releases.path(current), releases.path(name))
            releases.use(name)

    turning = asyncio.create_task(turns()) if every_s else None
    try:
        yield
    finally:
        if turning:
            turning.cancel()


def tidy(home: Path) -> None:
    """Back to the release that was there, without the names given to it since."""
    releases = Releases(Home(home).releases)
    current = releases.current()
    if current and AGAIN in current:
        releases.use(current.split(AGAIN)[0])
    for path in Home(home).releases.glob(f"*{AGAIN}*.duckdb"):
        path.unlink()


@contextlib.asynccontextmanager
async def loading(home: Path, every_s: float, first: date, say: Callable[[str], None]) -> AsyncIterator[None]:
    """From `first` on a day of hourly counters comes so often, is loaded and built beside the viewers; never with 0.

    Raises `Spoiled` at the end when one of them failed. A load that has begun is waited for.
    """
    is_over = asyncio.Event()

    async def days() -> None:
        day = first
        while not is_over.is_set():
            begun = time.perf_counter()
            path = home / f"小区性能_小时_{day:%Y%m%d}.csv"
            await asyncio.to_thread(kpi_file.write_days, path, CELLS, day, 1, day.toordinal())
            before = Releases(Home(home).releases).current()
            await _run(home, ["-m", "etl", "load", str(path)])
            await _run(home, ["-m", "warehouse", "build"])
            path.unlink()
            if Releases(Home(home).releases).current() == before:
                raise Spoiled(f"{day} was loaded and built, and no release came of it")
            say(f"writers: {day} loaded and built in {time.perf_counter() - begun:.0f} s")
            day += timedelta(days=1)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), max(0.0, every_s - (time.perf_counter() - begun)))

    writing = asyncio.create_task(days()) if every_s else None
    try:
        yield
    finally:
        is_over.set()
        if writing:
            await writing


async def _run(home: Path, arguments: list[str]) -> None:
    child = await asyncio.create_subprocess_exec(
        *["nice", "-n", str(NICE), sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "LOOKOUT_HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await child.communicate()
    if child.returncode:
        raise Spoiled(f"{' '.join(arguments)}: exit code {child.returncode}\n{said.decode()[-2000:]}")
