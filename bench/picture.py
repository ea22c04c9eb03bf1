"""A run as a picture: every figure as a share of its goal, so that what is missed stands right of the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import altair as alt
import pandas as pd

from bench.results import Figure

GOAL = re.compile(r"(?P<sign>[≤<≥>])\s*(?P<number>[\d,]*\.?\d+)")


def shares(figures: Sequence[Figure]) -> pd.DataFrame:
    """Columns figure, share (of the goal, 1 just meets it), is_met, said; only figures with a number as goal."""
    rows = []
    for figure in figures:
        goal = GOAL.search(figure.goal)
        if goal is None:
            continue
        limit, value = float(goal["number"].replace(",", "")), figure.ratio.value
        if not limit or not value:
            continue
        share = value / limit if goal["sign"] in "≤<" else limit / value
        said = f"{value:.3g} ({figure.goal})"
        name = f"{figure.id}: {figure.name}"
        rows.append({"figure": name, "share": share, "is_met": figure.is_met, "said": said})
    return pd.DataFrame(rows, columns=["figure", "share", "is_met", "said"])


def draw(figures: Sequence[Figure], path: Path) -> Path | None:
    """Write a PNG; None where no figure has a goal in numbers."""
    found = shares(figures)
    if found.empty:
        return None
    labels = alt.Axis(labelLimit=520, title=None)
    colour = alt.Color("is_met:N", scale=alt.Scale(domain=[True, False], range=["#2f6f9f", "#c2571a"]), legend=None)
    bars = (
        alt.Chart(found)
        .mark_bar(height=12)
        .encode(
            x=alt.X("share:Q", title="share of what the goal allows (1: just met)", scale=alt.Scale(domainMin=0)),
            y=alt.Y("figure:N", sort="-x", axis=labels),
            color=colour,
        )
    )
    text = bars.mark_text(align="left", dx=4, color="#444").encode(text="said:N", color=alt.value("#444"))
    line = alt.Chart(pd.DataFrame({"x": [1]})).mark_rule(strokeDash=[4, 3]).encode(x="x:Q")
    alt.layer(bars, text, line).properties(width=520).save(path, scale_factor=2)
    return path
