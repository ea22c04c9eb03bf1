"""Several figures over the same weeks, one lane each below another, on the time axis of the chart above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from pages._shared.charts.base import AnyChart, finish
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t
from pages._shared.theme import Mode, palette

LANE_PX, AXIS_PX = (
    58,
    34,
)  # the second: room for labels left of this and of the chart above, so that weeks stand in line
_LOW, _HIGH = 0.08, 0.62  # of a lane: its line; its name stands above


@dataclass(frozen=True)
class Lane:
    """`values` and `texts` of each row of the axis, missing ones None; `limit` as a value, `name` with all it says."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    limit: float | None = None


@remembered
def stacked(
    hours: Sequence[float], weeks: Sequence[str], lanes: Sequence[Lane], *, lang: Lang, mode: Mode, title: str
) -> AnyChart:
    """`hours`: where each week stands, from the first on; `weeks`: how it is called. No lane: nothing is drawn."""
    p = palette(mode)
    rows, limits, names = [], [], []
    for number, lane in enumerate(reversed(lanes)):
        known = [v for v in (*lane.values, lane.limit) if v is not None]
        low, high = min(known), max(known)
        room = (high - low) or abs(high) * 0.1 or 1.0

        def at(value: float, low: float = low, room: float = room, number: int = number) -> float:
            return number + _LOW + (_HIGH - _LOW) * (value - low) / room

        rows += [
            {"lane": number, "x": x, "y": at(v), "week": week, "said": text}
            for x, week, v, text in zip(hours, weeks, lane.values, lane.texts, strict=True)
            if v is not None
        ]
        names.append({"y": number + 0.99, "name": lane.name})
        if lane.limit is not None:
            limits.append({"y": at(lane.limit)})
    last = max([*hours, 1.0])
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, last * 1.02], nice=False), axis=None)
    side = alt.Axis(
        title=None, labels=False, ticks=False, domain=False, grid=False, minExtent=AXIS_PX, maxExtent=AXIS_PX
    )
    scale = alt.Scale(domain=[0, max(len(lanes), 1)], nice=False)
    y = alt.Y("y:Q", scale=scale, axis=side)
    tips = [
        alt.Tooltip("week:N", title=t("chart.period", lang)),
        alt.Tooltip("said:N", title=t("chart.value", lang)),
    ]
    found = alt.Chart(pd.DataFrame(rows, columns=["lane", "x", "y", "week", "said"]))
    limit = alt.Chart(pd.DataFrame(limits, columns=["y"])).mark_rule(
        color=p.orange.mark, strokeWidth=1.2, strokeDash=[5, 4]
    )
    line = found.mark_line(color=p.accent, strokeWidth=1.8).encode(x=x, y=y, detail="lane:N")
    dots = found.mark_point(filled=True, size=26, color=p.accent, opacity=1).encode(x=x, y=y, tooltip=tips)
    said = alt.Chart(pd.DataFrame(names)).mark_text(align="left", baseline="top", dx=2, dy=3, color=p.text)
    named = said.encode(x=alt.value(0), y=y, text="name:N")
    return finish(
        alt.layer(limit.encode(y=y), line, dots, named), lang=lang, mode=mode, title=title,
        height=LANE_PX * max(len(lanes), 1),
    )  # fmt: skip
