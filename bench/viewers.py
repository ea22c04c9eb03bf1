"""Many viewers on one server: how long their clicks take against a single viewer's, what a session weighs, what breaks.

`python -m bench viewers`, or with other numbers `python -m bench.viewers HOME --viewers 5 --think 1 --minutes 0.5`.
Every viewer goes through all views in an order of their own, with a period and a district of their own, and thinks in
between. Nothing is answered by a browser: what is timed is the server, from the question to the end of its run.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench import browser, kpi_file
from bench.measure import Ratio
from bench.results import Figure, rows
from bench.viewer import Answer, Step, Viewer
from bench.writers import copied, loading, switching, tidy

RATIO_GOAL, SESSION_GOAL_MIB, SLOPE_GOAL_MIB = 3.0, 4.0, 1.0
SAMPLE_S, MOST_SAID = 2.0, 6000
DAYS_A_CROWD = 100  # more than are loaded while one looks
MIB = 2**20
# Every view, as who it is made for sees it.
VIEWS = (
    Step(""),
    *(Step("complaints", (("role", "manager"), ("part", p))) for p in ("structure", "subtypes", "rhythm", "who")),
    Step("complaints", (("role", "manager"), ("view", "repeats"))),
    Step("complaints", (("role", "analyst"), ("view", "satisfaction"))),
    Step("complaints", (("role", "analyst"), ("view", "satisfaction"), ("part", "units"))),
    Step("flow", (("role", "supervisor"),)),
    *(Step("flow", (("role", "manager"), ("view", v))) for v in ("compliance", "handover", "assessment")),
    Step("flow", (("role", "supervisor"), ("view", "handover"), ("part", "gaps"))),
    Step("flow", (("role", "analyst"), ("view", "compliance"), ("part", "rules"))),
    Step("hotspots", (("role", "planner"),)),
    *(Step("hotspots", (("role", "planner"), ("view", v))) for v in ("hotspots", "sites", "cells")),
    Step("tickets", (("role", "analyst"),)),
    Step("warnings", (("role", "duty"),)),
    Step("data", (("role", "engineer"),)),
    Step("actions", (("role", "supervisor"),)),
)
PERIODS = ("", "month", "weeks13")
REGIONS = ("", "321002", "321003", "321023")


@dataclass(frozen=True)
class Load:
    """How many look for how long: seconds of thought between two steps, minutes at this number and at each further."""

    viewers: int = 20
    think_s: float = 10.0
    minutes: float = 5.0
    further: tuple[int, ...] = (40, 60, 80, 120)
    minutes_each: float = 2.0
    alone: int = 60  # steps of the single viewer
    switch_s: float = 0.0  # a new release becomes current so often; 0: never
    load_s: float = 60.0  # a new day of counters is loaded and built so often, on a copy of the home; 0: never


@dataclass
class Crowd:
    """What viewers at the same time saw, and the memory of the server in the meantime (seconds, MiB)."""

    n: int
    answers: list[Answer] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Milliseconds. Answers that failed count as well: they too were waited for."""
        return quantile([a.ms for a in self.answers], 0.95)

    @property
    def faults(self) -> list[str]:
        return [f"{a.step.link}: {a.fault}" for a in self.answers if a.fault]

    def level(self) -> float:
        """MiB in the last third of the time."""
        return statistics.median(m for _, m in self.memory[-max(1, len(self.memory) // 3) :])

    def slope(self) -> float:
        """MiB a minute over the second half: a server that leaks goes on growing when all has been seen once."""
        late = self.memory[len(self.memory) // 2 :]
        if len(late) < 3:
            return float("nan")
        at, mib = zip(*late, strict=True)
        return statistics.linear_regression(at, mib).slope * 60


def quantile(values: Sequence[float], q: float) -> float:
    """The smallest value that a share `q` of all does not exceed; missing where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")


def draw(rng: random.Random) -> Step:
    """A view with a period and a district: most views are left as they are."""
    view = rng.choice(VIEWS)
    more = {"period": rng.choice(PERIODS), "region": rng.choice(REGIONS)} if rng.random() < 0.5 else {}
    return Step(view.path, (*view.query, *((k, v) for k, v in more.items() if v)))


def measure(home: Path, is_quick: bool, say: Callable[[str], None], load: Load | None = None) -> list[Figure]:
    """Clicks of many against those of one, faults, and memory; `home` holds a built demo city."""
    load = load or (Load(viewers=5, think_s=2, minutes=0.5, further=(), alone=20, load_s=0) if is_quick else Load())
    port = browser.free_port()
    with contextlib.ExitStack() as stack:
        if load.load_s:
            home = stack.enter_context(copied(home))
        elif load.switch_s:
            stack.callback(tidy, home)
        command, env = browser.streamlit("app.py", port), {"LOOKOUT_HOME": str(home)}
        log = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lookout-bench-"))) / "server.log"
        stack.enter_context(browser.serving(command, port, env, log))
        pid = served_by(port)
        alone, crowds = asyncio.run(_all(home, port, pid, load, say))
        if any(crowd.faults for crowd in crowds):
            say(f"viewers: the server said last:\n{log.read_text(encoding='utf-8', errors='replace')[-MOST_SAID:]}")
    return _figures(load, alone, crowds)


async def _all(home: Path, port: int, pid: int, load: Load, say: Callable[[str], None]) -> tuple[Crowd, list[Crowd]]:
    alone = Crowd(1)
    async with Viewer(port) as single:
        for view in VIEWS:
            await _noted(single, view, alone, say)
        # The first look at each view is for imports and caches that everybody shares.
        alone = Crowd(1)
        rng = random.Random(1)
        for _ in range(load.alone):
            await _noted(single, draw(rng), alone, say)
        alone.memory.append((time.perf_counter(), _memory(pid)))
    say(f"viewers: one alone, p95 {alone.p95:.0f} ms over {len(alone.answers)} steps, {alone.level():.0f} MiB")
    crowds = []
    each = ((load.viewers, load.minutes), *((n, load.minutes_each) for n in load.further))
    for number, (n, minutes) in enumerate(each):
        first = kpi_file.FIRST_DAY + timedelta(days=DAYS_A_CROWD * number)
        async with switching(home, load.switch_s), loading(home, load.load_s, first, say):
            crowd = await _crowd(port, pid, n, load.think_s, minutes, say)
        crowds.append(crowd)
        say(
            f"viewers: {n}, p95 {crowd.p95:.0f} ms over {len(crowd.answers)} steps, {len(crowd.faults)} faults, "
            f"{crowd.level():.0f} MiB"
        )
        if crowd.faults or crowd.p95 > RATIO_GOAL * alone.p95:
            break
    return alone, crowds


async def _noted(viewer: Viewer, step: Step, crowd: Crowd, say: Callable[[str], None]) -> None:
    answer = await viewer.look(step)
    crowd.answers.append(answer)
    if answer.fault:
        say(f"viewers: {step.link}: {answer.fault}")


async def _crowd(port: int, pid: int, n: int, think_s: float, minutes: float, say: Callable[[str], None]) -> Crowd:
    crowd, end = Crowd(n), time.perf_counter() + minutes * 60

    async def one(number: int) -> None:
        rng = random.Random(1000 * n + number)
        await asyncio.sleep(rng.uniform(0, think_s))  # not all at once
        async with Viewer(port) as viewer:
            while time.perf_counter() < end:
                await _noted(viewer, draw(rng), crowd, say)
                await asyncio.sleep(rng.uniform(0.5, 1.5) * think_s)

    async def watched() -> None:
        while True:
            crowd.memory.append((time.perf_counter(), _memory(pid)))
            await asyncio.sleep(SAMPLE_S)

    watching = asyncio.create_task(watched())
    try:
        await asyncio.gather(*(one(number) for number in range(n)))
    finally:
        watching.cancel()
    return crowd


def served_by(port: int) -> int:
    """The id of the process that serves the app on a port of this machine."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                told = (entry / "cmdline").read_bytes().split(b"\0")
                if str(port).encode() in told and b"streamlit" in told:
                    return int(entry.name)
    raise browser.Missing(f"no process serves port {port}; this figure reads /proc and needs Linux")


def _memory(pid: int) -> float:
    """Resident MiB, files of releases mapped by DuckDB left out."""
    told = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        if ":" in line
    )
    return float(told["RssAnon"].split()[0]) / 1024


def _figures(load: Load, alone: Crowd, crowds: list[Crowd]) -> list[Figure]:
    crowd = crowds[0]
    slower = crowd.p95 / alone.p95
    held = [c.n for c in crowds if not c.faults and c.p95 <= RATIO_GOAL * alone.p95]
    knee = f"held with {max(held)}" if held else "none held"
    if len(held) < len(crowds):
        knee += f", broke with {crowds[-1].n}"
    session = (crowd.level() - alone.level()) / max(1, crowd.n - 1)
    who = f"{load.viewers} viewers, {load.think_s:g} s of thought, {load.minutes:g} min"
    slow, one = crowd.p95, alone.p95
    n, size, base = len(crowd.faults), crowd.level(), alone.level()
    return [
        _figure("95th percentile of steps ÷ one viewer's", slower, RATIO_GOAL, slow, one, "ms", f"{who}; {knee}"),
        _figure("faults", float(n), 0, n, len(crowd.answers), "steps", "of all steps"),
        _figure("memory of a session", session, SESSION_GOAL_MIB, size, base, "MiB", "all together; one"),
        _figure("growth of memory, second half", crowd.slope(), SLOPE_GOAL_MIB, crowd.slope(), 1, "MiB/min", who),
    ]


def _figure(name: str, value: float, goal: float, ours: float, floor: float, unit: str, note: str) -> Figure:
    told = Ratio(value, value, value, ours, floor, 1)
    return Figure("viewers", name, told, f"≤ {goal:g}", value <= goal, unit, note)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.viewers", description=__doc__.split("\n", 1)[0])
    parser.add_argument("home", type=Path, help="a built demo city")
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two steps")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--further", type=int, nargs="*", default=[], help="numbers of viewers to go on with")
    parser.add_argument("--minutes-each", type=float, default=2.0, help="at each further number")
    parser.add_argument("--alone", type=int, default=60, help="steps of the single viewer")
    parser.add_argument("--switch", type=float, default=0.0, help="seconds until the next release becomes current")
    parser.add_argument("--load", type=float, default=0.0, help="seconds between two loads of a day, each with a build")
    args = parser.parse_args()
    further = tuple(args.further)
    load = Load(args.viewers, args.think, args.minutes, further, args.minutes_each, args.alone, args.switch, args.load)
    print("\n".join(rows(measure(args.home.resolve(), False, lambda text: print(text, flush=True), load))))


if __name__ == "__main__":
    main()
