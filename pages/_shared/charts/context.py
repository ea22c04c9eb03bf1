"""What stands around a trend line: shaded holidays, a dashed target, thin verticals for events."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import Palette

Grain = Literal["day", "week", "month"]
DAYS: dict[Grain, float] = {"day": 1.0, "week": 7.0, "month": 30.4}


def bands(
    holidays: Sequence[tuple[date, date, str]],
    rows: pd.DataFrame,
    start: date,
    grain: Grain,
    p: Palette,
    x: alt.X,
) -> list[alt.Chart]:
    half = DAYS[grain] / 2
    found = []
    for first, last, name in holidays:
        touched = [v for v in rows["x"] if _touches(start + timedelta(days=int(v)), grain, first, last)]
        if touched:
            a, b = min(touched) - half, max(touched) + half
            found.append({"a": a, "b": b, "middle": (a + b) / 2, "name": name})
    if not found:
        return []
    data = alt.Chart(pd.DataFrame(found))
    scale, axis = x["scale"], x["axis"]
    shade = data.mark_rect(color=p.gray.tint, opacity=0.9).encode(
        x=alt.X("a:Q", scale=scale, axis=axis), x2="b:Q", y=alt.value(0), y2=alt.value("height")
    )
    name = data.mark_text(color=p.muted, fontSize=11, baseline="bottom", dy=-3).encode(
        x=alt.X("middle:Q", scale=scale, axis=axis), y=alt.value("height"), text="name:N"
    )
    return [shade, name]


def _touches(begin: date, grain: Grain, first: date, last: date) -> bool:
    end = begin + timedelta(days={"day": 0, "week": 6, "month": 30}[grain])
    return begin <= last and first <= end


def target_line(target: float, first: float, kind: Kind, lang: Lang, p: Palette, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    label = t("chart.target", lang, value=numbers.target(target, kind, lang))
    data = alt.Chart(pd.DataFrame({"value": [target], "x": [first], "label": [label]}))
    line = data.mark_rule(color=p.text, strokeDash=[5, 4], strokeWidth=1.2).encode(y=y)
    name = data.mark_text(color=p.muted, align="left", baseline="bottom", dx=3, dy=-3).encode(x=x, y=y, text="label:N")
    return [line, name]


def event_lines(
    events: Sequence[tuple[date, str]],
    start: date,
    grain: Grain,
    first: float,
    last: float,
    high: float,
    p: Palette,
    x: alt.X,
    y: alt.Y,
) -> list[alt.Chart]:
    # A weekly point stands at its Monday but means the whole week, so a day in it moves back by half a week.
    shift = {"day": 0.0, "week": 3.0, "month": 15.0}[grain]
    placed = [((d - start).days - shift, name) for d, name in sorted(events)]
    found = [(at, name) for at, name in placed if first <= at <= last]
    layers = []
    for i, (at, name) in enumerate(found):
        right = at > first + 0.6 * (last - first)
        data = alt.Chart(pd.DataFrame([{"x": at, "name": name, "value": high}]))
        layers.append(data.mark_rule(color=p.muted, strokeWidth=1).encode(x=x))
        layers.append(
            data.mark_text(
                color=p.text,
                fontSize=11,
                baseline="top",
                align="right" if right else "left",
                dx=-4 if right else 4,
                dy=1 + 15 * (i % 2),
            ).encode(x=x, y=y, text="name:N")
        )
    return layers
