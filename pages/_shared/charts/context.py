"""What stands around a trend line: shaded holidays, a dashed target, thin verticals for events."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import Palette


@dataclass(frozen=True)
class Event:
    """Something that happened on a day: a short label beside its line, the whole of it on hover."""

    day: date
    label: str
    detail: str = ""


Grain = Literal["day", "week", "month"]
Side = tuple[Literal["left", "center", "right"], int, str]
_MIDDLE: Side = ("center", 0, "middle")
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
    found: list[dict[str, Any]] = []
    for first, last, name in holidays:
        touched = [v for v in rows["x"] if _touches(start + timedelta(days=int(v)), grain, first, last)]
        if touched:
            a, b = min(touched) - half, max(touched) + half
            found.append({"a": a, "b": b, "middle": (a + b) / 2, "name": name})
    if not found:
        return []
    scale, axis = x["scale"], x["axis"]
    shade = alt.Chart(pd.DataFrame(found)).mark_rect(color=p.gray.tint, opacity=0.9)
    layers = [shade.encode(x=alt.X("a:Q", scale=scale, axis=axis), x2="b:Q", y=alt.value(0), y2=alt.value("height"))]
    # A name wider than its band must not run over the axis, so at the edges it starts or ends with the band.
    first, last = min(rows["x"]) - half, max(rows["x"]) + half
    sides: dict[Side, list[dict[str, Any]]] = {}
    for band in found:
        side: Side = ("left", 3, "a") if band["a"] <= first else ("right", -3, "b") if band["b"] >= last else _MIDDLE
        sides.setdefault(side, []).append(band)
    for (align, dx, at), here in sides.items():
        name = alt.Chart(pd.DataFrame(here)).mark_text(
            color=p.muted, fontSize=11, baseline="bottom", dy=-3, align=align, dx=dx
        )
        layers.append(name.encode(x=alt.X(f"{at}:Q", scale=scale, axis=axis), y=alt.value("height"), text="name:N"))
    return layers


def _touches(begin: date, grain: Grain, first: date, last: date) -> bool:
    end = begin + timedelta(days={"day": 0, "week": 6, "month": 30}[grain])
    return begin <= last and first <= end


def target_line(
    target: float,
    span: tuple[float, float],
    near: tuple[Sequence[float], Sequence[float]],
    height: float,
    kind: Kind,
    lang: Lang,
    p: Palette,
    x: alt.X,
    y: alt.Y,
) -> list[alt.Chart]:
    """A dashed line over `span`, named above at the end where the values `near` by leave it more room."""
    label = t("chart.target", lang, value=numbers.target(target, kind, lang))
    is_left = _room(near[0], target, height) >= _room(near[1], target, height)
    at = span[0] if is_left else span[1]
    data = alt.Chart(pd.DataFrame({"value": [target], "x": [at], "label": [label]}))
    line = data.mark_rule(color=p.text, strokeDash=[5, 4], strokeWidth=1.2).encode(y=y)
    align: Literal["left", "right"] = "left" if is_left else "right"
    name = data.mark_text(color=p.muted, align=align, baseline="bottom", dx=3 if is_left else -3, dy=-3)
    return [line, name.encode(x=x, y=y, text="label:N")]


def _room(values: Sequence[float], target: float, height: float) -> float:
    """How far a line over some values stays away from a name that stands on the target; 0: it crosses it."""
    seen = [v for v in values if not math.isnan(v)]
    return max(0.0, min(seen) - target - height, target - max(seen)) if seen else math.inf


def event_lines(
    events: Sequence[Event],
    start: date,
    grain: Grain,
    first: float,
    last: float,
    high: float,
    p: Palette,
    x: alt.X,
    y: alt.Y,
    lang: Lang,
) -> list[alt.Chart]:
    # A weekly point stands at its Monday but means the whole week, so a day in it moves back by half a week.
    shift = {"day": 0.0, "week": 3.0, "month": 15.0}[grain]
    placed = [((e.day - start).days - shift, e) for e in sorted(events, key=lambda e: (e.day, e.label))]
    found = [(at, event) for at, event in placed if first <= at <= last]
    tips = [
        alt.Tooltip("detail:N", title=t("chart.event", lang)),
        alt.Tooltip("day:N", title=t("chart.period", lang)),
    ]
    layers = []
    for i, (at, event) in enumerate(found):
        right = at > first + 0.6 * (last - first)
        row = {"x": at, "name": event.label, "value": high, "detail": event.detail or event.label}
        data = alt.Chart(pd.DataFrame([{**row, "day": numbers.date(event.day, lang)}]))
        layers.append(data.mark_rule(color=p.muted, strokeWidth=1).encode(x=x, tooltip=tips))
        layers.append(
            data.mark_text(
                color=p.text,
                fontSize=11,
                baseline="top",
                align="right" if right else "left",
                dx=-4 if right else 4,
                dy=1 + 15 * (i % 2),
            ).encode(x=x, y=y, text="name:N", tooltip=tips)
        )
    return layers
