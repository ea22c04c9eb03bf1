"""CPU time of child processes, and ratios of two of them run in turn. What is run is the callers'."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


class ChildFailed(RuntimeError):
    """A measured process ended with another exit code than 0; the message carries the end of its output."""


@dataclass(frozen=True)
class Cost:
    """What one process used: CPU seconds of all its threads, seconds by the clock, peak memory in MiB."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def run(arguments: Sequence[str], env: dict[str, str] | None = None, allowed: Sequence[int] = (0,)) -> Cost:
    """Run `python ARGUMENTS` in the checkout to its end; an exit code not `allowed` raises `ChildFailed`."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if child.returncode not in allowed:
        raise ChildFailed(f"{' '.join(arguments)}: exit code {child.returncode}\n{said[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Ratio:
    """Medians of both sides, and the median of the ratios taken pair by pair."""

    value: float
    lowest: float
    highest: float
    ours: float
    floor: float
    pairs: int


def ratio(pairs: Sequence[tuple[float, float]]) -> Ratio:
    """`pairs` are (ours, floor), each pair measured one right after the other."""
    ratios = [ours / floor for ours, floor in pairs]
    return Ratio(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(p[0] for p in pairs),
        statistics.median(p[1] for p in pairs),
        len(pairs),
    )


def alternate(ours: Callable[[], float], floor: Callable[[], float], rounds: int) -> list[tuple[float, float]]:
    """Measure both in turn; the order swaps every round, so that neither always finds the warm machine."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            b, a = floor(), ours()
        else:
            a, b = ours(), floor()
        pairs.append((a, b))
    return pairs
