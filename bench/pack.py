"""The pack of one week, from nothing to a folder: what a person waits for who presses the button."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from bench.measure import ratio, run
from bench.results import Figure

GOAL_S, ROUNDS = 20.0, 3


def measure(home: Path, work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """Seconds by the clock of `python -m pages pack`, start, issue and PDF included. `home` is a built city."""
    out = work / "pack"
    walls, cpus = [], []
    for _ in range(1 if is_quick else ROUNDS):
        shutil.rmtree(out, ignore_errors=True)
        used = run(["-m", "pages", "pack", "--out", str(out)], {"LOOKOUT_HOME": str(home)})
        walls.append(used.wall_s)
        cpus.append(used.cpu_s)
        say(f"pack: {used.wall_s:.1f} s, {used.cpu_s:.1f} CPU s, {used.peak_mib:.0f} MiB")
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    took = ratio([(seconds, 1.0) for seconds in walls])
    shortest, longest = min(cpus), max(cpus)
    note = f"issue, Word ×3, slides, workbook, page, PDF; {shortest:.1f} to {longest:.1f} CPU s; {size / 2**20:.1f} MiB"
    return [Figure("pack", "print the pack of a week", took, f"≤ {GOAL_S:g} s", took.value <= GOAL_S, "s", note)]
