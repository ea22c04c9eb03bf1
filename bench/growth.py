"""How costs grow with tickets: load, build from nothing, rules and views at rising sizes, and the exponents.

Starting Python and planning are a part of every cost, so an exponent between small sizes says little of large ones: the
last step's is told beside that of the whole range. Sizes measured in other runs are kept and stand in the same curves:

    python -m bench.growth --work DIR --sizes 24000 240000
    python -m bench.growth --work DIR --sizes 2400000
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bench import curves
from bench.curves import WHAT
from bench.measure import Ratio, run
from bench.results import Figure, machine, rows
from bench.ticket_file import Tickets

SMALLEST = 24_000
SIZES = (SMALLEST, 240_000, 2_400_000, 24_000_000)
QUICK_SIZES = (SMALLEST, 100_000, 400_000)
# What may grow with the tickets grows no faster; a view may not grow at all, but for what a longer list costs.
GOALS = {"load": 1.1, "build": 1.1, "rules": 1.1, "views": 0.3}
BUSY = 1.5


def measure(
    work: Path, is_quick: bool, say: Callable[[str], None], sizes: Sequence[int] = (), day: date | None = None
) -> list[Figure]:
    """An exponent for each cost. A full run, or one of named `sizes`, adds them as of `day` to what `docs/` shows."""
    chosen = tuple(sizes) or (QUICK_SIZES if is_quick else SIZES)
    points, measured = curves.read() if sizes else ({what: {} for what in WHAT}, {})
    for n in chosen:
        for what, seconds in _costs(work, n, say).items():
            points[what][n] = seconds
        measured[n] = _where(day)
        say(f"{n:,} tickets: " + ", ".join(f"{what} {costs[n]:.1f}" for what, costs in points.items()))
        if sizes or not is_quick:
            _publish(points, measured)
    return [_figure(what, dict(sorted(costs.items()))) for what, costs in points.items()]


def _publish(points: curves.Points, measured: dict[int, str]) -> None:
    """After every size, so that a run that ends early has not measured in vain."""
    curves.keep(points, measured)
    curves.tell(*curves.read())
    curves.plot(points)


def _where(day: date | None) -> str:
    here, load = machine(), os.getloadavg()[0]
    busy = f", load {load:.0f} from other work" if load > BUSY * (os.cpu_count() or 1) else ""
    return f"{f'{day:%d %b %Y}, ' if day else ''}{here['cores']} cores {here['cpu'].split(' @')[0]}{busy}"


def _costs(work: Path, n: int, say: Callable[[str], None]) -> dict[str, float]:
    """Load, build, judge and look at `n` tickets of 24 months in a home that is gone afterwards; CPU seconds."""
    home = work / f"growth-{n}"
    shutil.rmtree(home, ignore_errors=True)
    env = {"LOOKOUT_HOME": str(home)}
    run(["-m", "etl", "init", "demo"], env)
    settings = home / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("as_of = 2025-03-31T08:30:00", 'as_of = "data"'), encoding="utf-8")
    exports = home / "exports" / "tickets"
    exports.mkdir(parents=True)
    files = Tickets(n).write_months(exports)
    costs = {}
    for what, command in (
        ("load", ["-m", "etl", "load", *map(str, files)]),
        ("build", ["-m", "warehouse", "build"]),
        ("rules", ["-m", "alerts", "run"]),
    ):
        cost = run(command, env)
        costs[what] = cost.cpu_s
        say(f"{n:,}, {what}: {cost.cpu_s:.1f} CPU s, {cost.wall_s:.1f} s, {cost.peak_mib:,.0f} MiB")
        if what == "load":
            shutil.rmtree(exports)
    told = work / "growth-views.json"
    run(["-m", "bench.views", str(home), str(home), "1", str(told)])
    pairs = json.loads(told.read_text(encoding="utf-8"))["seconds"].values()
    # Both sides are this home: the second look finds the machine as warm as the first of a larger one would.
    costs["views"] = sum(sum(pair[0]) / 2 for pair in pairs)
    shutil.rmtree(home)
    return costs


def _figure(what: str, points: dict[int, float]) -> Figure:
    sizes = sorted(points)
    whole, last = curves.exponent(points), curves.last_step(points)
    note = f"last step {last:.2f}; CPU s: " + ", ".join(f"{n:,}: {points[n]:.1f}" for n in sizes)
    value = Ratio(whole, whole, whole, points[sizes[-1]], points[sizes[0]], 1)
    name = f"exponent of {WHAT[what]}, {sizes[0]:,} to {sizes[-1]:,} tickets"
    is_met = len(points) < 2 or last <= GOALS[what]
    return Figure("growth", name, value, f"≤ {GOALS[what]:g}", is_met, "CPU s", note)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[SMALLEST], help="tickets, ascending")
    parser.add_argument("--work", type=Path, required=True, help="folder for homes; a kilobyte of disk a ticket")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    today = datetime.now(UTC).date()
    found = measure(args.work.resolve(), False, lambda text: print(text, flush=True), args.sizes, today)
    print("\n".join(rows(found)))
    return 0 if all(figure.is_met for figure in found) else 1


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
