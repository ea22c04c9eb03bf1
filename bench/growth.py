"""How costs grow with tickets: load, build from nothing, rules and views at rising sizes, and the exponents.

Cost ~ size ^ exponent: 1 is in proportion, 0 not at all. Starting Python and planning are a part of every cost, so an
exponent between small sizes says little of large ones: the last step's is told beside that of the whole range.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

from bench.measure import ROOT, Ratio, run
from bench.results import HERE, Figure
from bench.ticket_file import Tickets
from bench.views import VIEWS

SIZES = (24_000, 240_000, 2_400_000, 10_000_000)
QUICK_SIZES = (24_000, 100_000, 400_000)
# What may grow with the tickets grows no faster; a view may not grow at all, but for what a longer list costs.
GOALS = {"load": 1.1, "build": 1.1, "rules": 1.1, "views": 0.3}
WHAT = {"load": "load", "build": "build from nothing", "rules": "run of all rules", "views": f"{len(VIEWS)} views"}
PLOT = ROOT / "docs" / "growth.png"
Points = dict[str, dict[int, float]]  # what -> tickets -> CPU seconds


def measure(work: Path, is_quick: bool, say: Callable[[str], None]) -> list[Figure]:
    """An exponent for each cost. Writes `docs/growth.png`, and the points to `bench/out/growth.json`."""
    found: Points = {what: {} for what in WHAT}
    sizes = QUICK_SIZES if is_quick else SIZES
    smallest = work / f"growth-{sizes[0]}"
    for n in sizes:
        home = work / f"growth-{n}"
        for what, seconds in _made(home, n).items():
            found[what][n] = seconds
        if home != smallest:
            told = work / "growth-views.json"
            run(["-m", "bench.views", str(home), str(smallest), "1", str(told)])
            pairs = json.loads(told.read_text(encoding="utf-8"))["seconds"].values()
            found["views"][n] = sum(pair[0][0] for pair in pairs)
            found["views"][sizes[0]] = sum(pair[0][1] for pair in pairs)
            shutil.rmtree(home)
        say(f"{n:,} tickets: " + ", ".join(f"{what} {seconds.get(n, 0):.1f}" for what, seconds in found.items()))
    _write(found)
    return [_figure(what, points) for what, points in found.items()]


def exponent(points: dict[int, float]) -> float:
    """Slope of log cost against log size, least squares. Needs two sizes at least, costs above 0."""
    xs, ys = [math.log(n) for n in points], [math.log(seconds) for seconds in points.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def _made(home: Path, n: int) -> dict[str, float]:
    """Load, build and judge `n` tickets of 24 months in a new home; CPU seconds of each."""
    shutil.rmtree(home, ignore_errors=True)
    env = {"LOOKOUT_HOME": str(home)}
    run(["-m", "etl", "init", "demo"], env)
    settings = home / "workspace.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("as_of = 2025-03-31T08:30:00", 'as_of = "data"'), encoding="utf-8")
    exports = home / "exports" / "tickets"
    exports.mkdir(parents=True)
    files = Tickets(n).write_months(exports)
    load = run(["-m", "etl", "load", *map(str, files)], env)
    shutil.rmtree(exports)
    build = run(["-m", "warehouse", "build"], env)
    rules = run(["-m", "alerts", "run"], env)
    return {"load": load.cpu_s, "build": build.cpu_s, "rules": rules.cpu_s}


def _figure(what: str, points: dict[int, float]) -> Figure:
    sizes = sorted(points)
    whole, last = exponent(points), exponent({n: points[n] for n in sizes[-2:]})
    note = f"last step {last:.2f}; CPU s: " + ", ".join(f"{n:,}: {points[n]:.1f}" for n in sizes)
    value = Ratio(whole, whole, whole, points[sizes[-1]], points[sizes[0]], 1)
    name = f"exponent of a {WHAT[what]}, {sizes[0]:,} to {sizes[-1]:,} tickets"
    return Figure("growth", name, value, f"≤ {GOALS[what]:g}", last <= GOALS[what], "CPU s", note)


def _write(found: Points) -> None:
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    (out / "growth.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    plot(found, PLOT)


def plot(found: Points, path: Path) -> None:
    """Both axes in powers of ten, a line for each cost, named with its exponent."""
    import altair as alt
    import pandas as pd

    rows = [
        {"tickets": n, "CPU s": seconds, "cost": f"{WHAT[what]}, exponent {exponent(points):.2f}"}
        for what, points in found.items()
        for n, seconds in points.items()
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=True)
        .encode(
            alt.X("tickets:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
            alt.Y("CPU s:Q", scale=alt.Scale(type="log")),
            alt.Color("cost:N", title=None, legend=alt.Legend(orient="top", columns=2, labelLimit=0)),
        )
        .properties(width=520, height=320)
    )
    chart.save(str(path), scale_factor=2)
