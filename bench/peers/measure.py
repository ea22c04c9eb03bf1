"""From files to the dashboard's answers: we against pandas, polars and chdb, on the first day and on the day after.

The others only parse and add up. We also clean, refuse, keep every row with where it came from, and publish a release:
that is why the first day costs more than a parse, and why the second day costs less than reading everything again.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import kpi_file
from bench.measure import ROOT, ChildFailed, Cost, ratio, run
from bench.results import Figure

PEERS = ("pandas", "polars", "chdb")
ROWS, QUICK_ROWS, QUICK_DAYS = 20_000_000, 1_000_000, 7


@dataclass(frozen=True)
class Told:
    """What one took from the files to the answers, and the answers."""

    cost: Cost
    again_s: float
    answers: dict[str, Any]


def measure(folder: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """One figure per peer and day. Raises `ChildFailed`, also when two do not answer alike."""
    days = QUICK_DAYS if is_quick else kpi_file.DAYS
    cells = kpi_file.cells_for(QUICK_ROWS if is_quick else ROWS, days)
    last = kpi_file.FIRST_DAY + timedelta(days=days - 1)
    month, day = folder / "小区性能_小时_202407.csv", folder / f"小区性能_小时_{last + timedelta(days=1):%Y%m_%d}日.csv"
    if not day.exists():
        say(f"writing {cells * 24 * days:,} rows")
        kpi_file.write_days(month, cells, kpi_file.FIRST_DAY, days)
        kpi_file.write_days(day, cells, last + timedelta(days=1), 1)
    steps = ((last, [month]), (last + timedelta(days=1), [month, day]))
    ours = _ours(folder / "peers-home", steps, say)
    figures = []
    for peer in PEERS:
        if importlib.util.find_spec(peer) is None:
            say(f"{peer} is not installed: pip install {peer}")
            continue
        for name, mine, (until, files) in zip(("the first day", "one day more"), ours, steps, strict=True):
            theirs = _told(peer, until, files)
            if theirs.answers != mine.answers:
                raise ChildFailed(f"{peer} answers otherwise than we do: {_difference(mine.answers, theirs.answers)}")
            say(f"{peer}, {name}: {theirs.cost.cpu_s:.1f} CPU s, {theirs.cost.wall_s:.1f} s")
            found = ratio([(mine.cost.cpu_s, theirs.cost.cpu_s)])
            note = (
                f"{cells * 24 * (until - kpi_file.FIRST_DAY).days + cells * 24:,} rows; by the clock "
                f"{mine.cost.wall_s:.1f} to {theirs.cost.wall_s:.1f} s; asked again {mine.again_s:.2f} to "
                f"{theirs.again_s:.2f} CPU s; peak {mine.cost.peak_mib:,.0f} to {theirs.cost.peak_mib:,.0f} MiB"
            )
            title = f"CPU from files to answers, {name}: ours ÷ {peer}"
            figures.append(Figure("peers", title, found, "< 1", found.value < 1, "CPU s", note))
    return figures


def _ours(home: Path, steps: tuple[tuple[date, list[Path]], ...], say: Callable[[str], None]) -> list[Told]:
    """Load what is new, build, ask; the costs of the three together."""
    env = {"LOOKOUT_HOME": str(home)}
    shutil.rmtree(home, ignore_errors=True)
    run(["-m", "etl", "init", "demo"], env)
    found = []
    for until, files in steps:
        loaded = run(["-m", "etl", "load", str(files[-1])], env)
        built = run(["-m", "warehouse", "build"], env)
        told = _told("lookout", until, [home])
        parts = (loaded, built, told.cost)
        whole = Cost(sum(c.cpu_s for c in parts), sum(c.wall_s for c in parts), max(c.peak_mib for c in parts))
        say(f"ours: load {loaded.cpu_s:.1f}, build {built.cpu_s:.1f}, ask {told.cost.cpu_s:.1f} CPU s")
        found.append(Told(whole, told.again_s, told.answers))
    return found


def _told(who: str, until: date, paths: list[Path]) -> Told:
    arguments = ["-m", "bench.peers.ask", who, until.isoformat(), *map(str, paths)]
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        out, err = child.communicate()
    if child.returncode:
        raise ChildFailed(f"{' '.join(arguments)}: exit code {child.returncode}\n{err[-2000:]}")
    said = json.loads(out)
    cpu, wall, peak = said["whole"]
    return Told(Cost(cpu, wall, peak), said["again"][0], said["answers"])


def _difference(a: dict[str, Any], b: dict[str, Any]) -> str:
    for question, rows in a.items():
        for mine, theirs in zip(rows, b[question], strict=False):
            if mine != theirs:
                return f"{question}: {mine} and {theirs}"
        if len(rows) != len(b[question]):
            return f"{question}: {len(rows)} and {len(b[question])} rows"
    return "nothing"
