"""Costs by size that are kept from run to run: exponents, the plot, and the table of `docs/scale.md`.

Cost ~ size ^ exponent: 1 is in proportion, 0 not at all. What is measured, and how, is `growth.py`'s.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Final

from bench.measure import ROOT

KEPT, PLOT, PAGE = ROOT / "docs" / "growth.json", ROOT / "docs" / "growth.png", ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- growth: written by python -m bench growth -->", "<!-- growth ends -->"
WHAT: Final = {
    "load": "load",
    "build": "build from nothing",
    "rules": "run of all rules",
    "views": "all views, one after another",
}
UNIT: Final = "CPU s"
Points = dict[str, dict[int, float]]  # what -> tickets -> CPU seconds


def exponent(points: dict[int, float]) -> float:
    """Slope of log cost against log size, least squares. Missing with fewer than two sizes; costs are above 0."""
    if len(points) < 2:
        return float("nan")
    xs, ys = [math.log(n) for n in points], [math.log(seconds) for seconds in points.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def last_step(points: dict[int, float]) -> float:
    """The exponent between the two largest sizes."""
    return exponent({n: points[n] for n in sorted(points)[-2:]})


def read(path: Path = KEPT) -> tuple[Points, dict[int, str]]:
    """The points kept, and when and where each size was measured; nothing of both where no run was kept."""
    if not path.exists():
        return {what: {} for what in WHAT}, {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    points = {what: {int(n): float(s) for n, s in kept["points"].get(what, {}).items()} for what in WHAT}
    return points, {int(n): str(said) for n, said in kept["measured"].items()}


def keep(points: Points, measured: dict[int, str], path: Path = KEPT) -> None:
    """Sizes ascending, seconds to two places; `measured` says of a size when and where."""
    kept = {
        "points": {what: {str(n): round(points[what][n], 2) for n in sorted(points[what])} for what in WHAT},
        "measured": {str(n): measured[n] for n in sorted(measured)},
    }
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def table(points: Points, measured: dict[int, str]) -> list[str]:
    """Markdown: a row for each cost, a column for each size, the exponents last, and below where it was measured."""
    sizes = sorted({n for costs in points.values() for n in costs})
    heads = ["cost, CPU s", *(f"{n:,}" for n in sizes), "exponent", "of the last step"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for what, costs in points.items():
        cells = [WHAT[what], *(f"{costs[n]:.1f}" if n in costs else "" for n in sizes)]
        cells += [f"{power:.2f}" if power == power else "" for power in (exponent(costs), last_step(costs))]
        lines.append(f"| {' | '.join(cells)} |")
    said = [f"{n:,} tickets: {measured[n]}" for n in sizes if n in measured]
    return [*lines, "", "Measured: " + "; ".join(said) + "."]


def tell(points: Points, measured: dict[int, str], page: Path = PAGE) -> None:
    """Put the table between its two marks in the page. Raises `ValueError` where they are missing."""
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{page}: the lines {BEGIN!r} and {END!r} are missing; put them back under Growth")
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    page.write_text("\n".join([head + BEGIN, "", *table(points, measured), "", END + tail]), encoding="utf-8")


def plot(points: Points, path: Path = PLOT) -> None:
    """Both axes in powers of ten, a line for each cost, named with its exponent."""
    import altair as alt
    import pandas as pd

    rows = [
        {"tickets": n, UNIT: seconds, "cost": f"{WHAT[what]}, exponent {exponent(costs):.2f}"}
        for what, costs in points.items()
        for n, seconds in costs.items()
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_line(point=True)
        .encode(
            alt.X("tickets:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
            alt.Y(f"{UNIT}:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
            alt.Color("cost:N", title=None, legend=alt.Legend(orient="top", columns=2, labelLimit=0)),
        )
        .properties(width=520, height=320)
    )
    chart.save(str(path), scale_factor=2)
