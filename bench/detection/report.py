"""Tables and pictures of both designs: `bench/detection/RESULTS.md`, `published.svg`, `joint.svg`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from bench.detection import published, rivals, single, trial
from bench.detection.score import Quality, quality

HERE = Path(__file__).parent
SEED = 20130101
FPR, POD = 0.041, 0.68
GOAL_METHOD = "Farrington improved, α = 0.05"
DRAWN = ("Farrington improved", "the same, 3 weeks added up", "true mean known")
KNOWN = "true mean known, α = 0.05"
WIDE = alt.Legend(labelLimit=400)


@dataclass(frozen=True)
class Row:
    """What one detector at one level did on the published design."""

    method: str
    name: str
    quality: Quality


def judge_published() -> list[Row]:
    """Every detector on the same 840 series; about half a minute."""
    data = published.series(SEED)
    is_outbreak = data.is_outbreak()
    return [
        Row(method.name, name, quality(alarms, is_outbreak))
        for method in single.methods(data)
        for name, alarms in method.alarms()
    ]


def by_name(rows: list[Row], name: str) -> Quality:
    return next(r.quality for r in rows if r.name == name)


def write(rows: list[Row], seen: trial.Trial, at: datetime) -> Path:
    """All of it, replacing what was there."""
    best = seen.best_single()
    draw_published(rows).save(HERE / "published.svg")
    draw_joint(seen, best).save(HERE / "joint.svg")
    text = [
        "# How well outbreaks and incidents are found",
        "",
        f"Written by `python -m bench detection`, {at:%Y-%m-%d %H:%M} UTC. "
        "Intervals hold 95 %; whole series or cities are drawn again.",
        "",
        "## The published design",
        "",
        f"{len(published.SCENARIOS)} scenarios of Noufaily et al. 2013, {published.REPLICATES} series each, "
        f"seed {SEED}: {len(published.SCENARIOS) * published.REPLICATES} labelled series, the last "
        f"{published.N_JUDGED} of {published.N_WEEKS} weeks judged, outbreaks of k = 1 … 10 standard deviations "
        "(`published.py`). FPR: alarms among weeks without outbreak. POD: outbreaks with an alarm while they last. "
        "PPV: alarms in an outbreak among all alarms.",
        "",
        "![false-positive rate and probability of detection](published.svg)",
        "",
        "| detector | FPR | POD | PPV |",
        "|---|---|---|---|",
        *(f"| {r.name} | {r.quality.fpr} | {r.quality.pod} | {r.quality.ppv} |" for r in rows),
        "",
        *_joint_tables(seen, best),
    ]
    path = HERE / "RESULTS.md"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def _joint_tables(seen: trial.Trial, best: str) -> list[str]:
    sizes = list(seen.found)
    n_cities = len(seen.found[sizes[0]][best].delays)
    heads = " | ".join(f"size {s:g}" for s in sizes)
    lines = [
        "## Several weak signals",
        "",
        f"The design of decision 0021: {n_cities} cities a size with one incident each, limits from {trial.N_QUIET} "
        f"quiet cities such that {trial.FALSE_RATE:.1%} of their weeks have an alarm anywhere, checked in as many "
        f"others. The single-signal rule that finds most over all sizes is “{best}”.",
        "",
        "![incidents found by size](joint.svg)",
        "",
        "### Incidents found, and in their first four weeks",
        "",
        f"| rule | limit | false city-weeks | {heads} |",
        "|---|---|---|" + "---|" * len(sizes),
    ]
    for name in sorted(seen.limits, key=lambda n: sum(seen.found[s][n].pod.value for s in sizes)):
        cells = " | ".join(f"{seen.found[s][name].pod}; {seen.found[s][name].within.value:.2f}" for s in sizes)
        lines.append(f"| {name} | {seen.limits[name]:.2f} | {seen.false[name]} | {cells} |")
    lines += [
        "",
        "### The joint rule against others on the same incidents",
        "",
        "Weeks earlier: from an incident's beginning to the first alarm; one not found counts its whole length.",
        "",
        f"| | {heads} |",
        "|---|" + "---|" * len(sizes),
    ]
    for other in (best, rivals.ANY):
        gains = [seen.gain(s, other) for s in sizes]
        lines.append(f"| found more than “{other}” | " + " | ".join(str(more) for more, _ in gains) + " |")
        lines.append(f"| weeks earlier than “{other}” | " + " | ".join(str(early) for _, early in gains) + " |")
    for name in (rivals.JOINT, best, rivals.ANY):
        of = " | ".join(str(seen.found[s][name].precision) for s in sizes)
        lines.append(f"| precision of “{name}”: right among alarmed city-weeks | {of} |")
    lines += ["", "### By what the incident hits", "", f"| | {heads} |", "|---|" + "---|" * len(sizes)]
    kinds = {"all": "everything", "kpi": "only the network", "service": "only complaints and satisfaction"}
    names = [rivals.JOINT, best, *(f"{w}, pooled, weeks added up" for w in rivals.SIGNALS.values())]
    for kind, words in kinds.items():
        for name in dict.fromkeys(names):
            of = " | ".join(str(seen.found[s][name].by_kind[kind]) for s in sizes)
            lines.append(f"| {words}: {name} | {of} |")
    return lines


def draw_published(rows: list[Row]) -> Any:
    """POD against FPR: curves of what has a level, points of what has none."""
    frame = pd.DataFrame([{"detector": r.method, "fpr": r.quality.fpr.value, "pod": r.quality.pod.value} for r in rows])
    curves = frame[frame["detector"].isin(DRAWN)]
    points = frame[~frame["detector"].isin(DRAWN)]
    x = alt.X("fpr:Q", title="false-positive rate", axis=alt.Axis(format=".2f", tickCount=6))
    y = alt.Y("pod:Q", title="outbreaks found", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".1f"))
    lines = alt.Chart(curves).mark_line(point=True).encode(x, y, alt.Color("detector:N", title=None, legend=WIDE))
    dots = alt.Chart(points).mark_point(size=60).encode(x, y, alt.Shape("detector:N", title=None, legend=WIDE))
    goal = pd.DataFrame({"fpr": [FPR], "pod": [POD]})
    mark = alt.Chart(goal).mark_point(shape="cross", size=160, color="black", filled=True).encode(x, y)
    title = "Published design, 840 series; cross: the goal"
    return (lines + dots + mark).resolve_scale(color="independent").properties(width=420, height=300, title=title)


def draw_joint(seen: trial.Trial, best: str) -> Any:
    """Incidents found, and those found within four weeks, by size, of a few rules, with intervals."""
    shown = (rivals.JOINT, "joint, cell by cell", rivals.ANY, best, "complaints, true mean known")
    rows = []
    for size, of in seen.found.items():
        for name in shown:
            for panel, share in (("found at all", of[name].pod), ("found within four weeks", of[name].within)):
                rows.append(
                    {"rule": name, "size": size, "panel": panel, "v": share.value, "lo": share.low, "hi": share.high}
                )
    base = alt.Chart(pd.DataFrame(rows)).encode(
        alt.X("size:Q", title="size of the incident"),
        alt.Color("rule:N", title=None, sort=list(shown), legend=WIDE),
    )
    axis = alt.Axis(format=".1f")
    lines = base.mark_line(point=True).encode(
        alt.Y("v:Q", title="share of incidents", scale=alt.Scale(domain=[0, 1]), axis=axis)
    )
    bands = base.mark_area(opacity=0.12).encode(alt.Y("lo:Q"), alt.Y2("hi:Q"))
    return (
        (bands + lines)
        .properties(width=320, height=280)
        .facet(column=alt.Column("panel:N", title=f"same rate of false alarms: {trial.FALSE_RATE:.1%} of city-weeks"))
    )
