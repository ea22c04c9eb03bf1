"""The course of a warning's signal: the value, what it must not pass, what is usual, and the point that broke it."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, finish, lookup_expression, number_axis
from pages._shared.charts.lines import nothing
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, SEVERITY, Mode, Palette, palette

_TICKS = 6
LINES = ("value", "limit", "first_limit", "usual", "raw")


@remembered
def course(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    kind: Kind = "count",
    broke: int | None = None,
    severity: str = "red",
    height: int = CHART_HEIGHT,
    axis_px: int | None = None,
) -> AnyChart:
    """`df[seen_at, value, limit, first_limit, usual, raw]`, one row an evaluation; all but value may lack.

    `broke` is the row that broke the rule; it is marked with the sign of its `severity`. Times are counted in hours
    from the first, so that no viewer's time zone moves a point. `axis_px`: fixed room left of it, for charts in line.
    """
    p = palette(mode)
    known = df.dropna(subset=["value"])
    if known.empty:
        return nothing(lang, mode, title, height)
    start = df["seen_at"].iloc[0]
    rows = df.assign(
        x=(df["seen_at"] - start).dt.total_seconds() / 3600,
        at_text=[numbers.moment(at, lang) for at in df["seen_at"]],
        **{f"{c}_text": [_text(v, kind, lang) for v in df[c]] for c in LINES},
    )
    last = float(rows["x"].max()) or 1.0
    seen = pd.concat([rows[c] for c in LINES]).dropna()
    low, high = float(seen.min()), float(seen.max())
    if kind != "rate" and low >= 0:
        low = 0.0
    room = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
    low, high = (low if low == 0 else low - room), high + room
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, last * 1.02], nice=False), axis=hour_axis(rows, lang))
    scale = alt.Scale(domain=[low, high], nice=False)
    extent = {} if axis_px is None else {"minExtent": axis_px, "maxExtent": axis_px}
    y = alt.Y("value:Q", scale=scale, axis=number_axis(kind, lang, **extent))
    layers: list[Any] = []
    for column, colour, dash, name in (
        ("usual", p.gray.mark, [1, 0], t("warning.usual", lang)),
        ("raw", p.gray.text, [2, 2], t("warning.raw", lang)),
        ("first_limit", p.muted, [3, 4], t("warning.first_limit", lang)),
        ("limit", p.slot(SEVERITY[severity].colour).mark, [5, 4], t("warning.limit", lang)),
    ):
        layers += _beside(rows, column, colour, dash, name, x, scale, p)
    tips = [
        alt.Tooltip("at_text:N", title=t("chart.period", lang)),
        alt.Tooltip("value_text:N", title=t("chart.value", lang)),
    ]
    tips += [
        alt.Tooltip(f"{column}_text:N", title=name)
        for column, name in (("limit", t("warning.limit", lang)), ("usual", t("warning.usual", lang)))
        if rows[column].notna().any()
    ]
    line = alt.Chart(rows).mark_line(
        color=p.accent, strokeWidth=2.2, interpolate="step-after" if kind == "count" else "linear"
    )
    layers.append(line.encode(x=x, y=y))
    points = alt.Chart(rows).mark_point(filled=True, size=30 if len(rows) <= 40 else 8, color=p.accent, opacity=1)
    layers.append(points.encode(x=x, y=y, tooltip=tips))
    if broke is not None and pd.notna(rows["value"].iloc[broke]):
        layers += _broke(rows.iloc[[broke]], last, severity, x, y, p, lang)
    layers += _newest(rows.dropna(subset=["value"]).tail(1), x, y, p)
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def course_alt(df: pd.DataFrame, *, lang: Lang, title: str, kind: Kind = "count", broke: int | None = None) -> str:
    """The sentence for `course`."""
    known = df.dropna(subset=["value"])
    if known.empty:
        return t("alt.empty", lang, title=title.rstrip("。. "))
    end = known.iloc[-1]
    said = t(
        "warning.alt",
        lang,
        title=title.rstrip("。. "),
        start=numbers.moment(df["seen_at"].iloc[0], lang),
        end=numbers.moment(df["seen_at"].iloc[-1], lang),
        last=_text(end["value"], kind, lang),
        limit=_text(end["limit"], kind, lang),
        usual=_text(end["usual"], kind, lang),
    )
    if broke is None:
        return said
    at = numbers.moment(df["seen_at"].iloc[broke], lang)
    return said + t("warning.alt_broke", lang, at=at, value=_text(df["value"].iloc[broke], kind, lang))


def _beside(
    rows: pd.DataFrame, column: str, colour: str, dash: list[int], name: str, x: alt.X, scale: alt.Scale, p: Palette
) -> list[Any]:
    """A line to compare with, named at its left end."""
    some = rows.dropna(subset=[column])
    if some.empty:
        return []
    y = alt.Y(f"{column}:Q", scale=scale, axis=alt.Axis(title=None))
    drawn = alt.Chart(some).mark_line(color=colour, strokeWidth=1.5, strokeDash=dash, interpolate="step-after")
    first = some.head(1).assign(name=f"{name} {some[f'{column}_text'].iloc[-1]}")
    place: dict[str, Any] = {"align": "left", "dx": 2, "dy": -8, "fontSize": 11}
    halo = alt.Chart(first).mark_text(stroke=p.background, strokeWidth=4, strokeJoin="round", **place)
    label = alt.Chart(first).mark_text(color=p.muted if column != "limit" else p.text, **place)
    return [drawn.encode(x=x, y=y), *(m.encode(x=x, y=y, text="name:N") for m in (halo, label))]


def _broke(row: pd.DataFrame, last: float, severity: str, x: alt.X, y: alt.Y, p: Palette, lang: Lang) -> list[Any]:
    sign = SEVERITY[severity]
    at_right = float(row["x"].iloc[0]) > 0.6 * last
    named = row.assign(name=t("warning.broke", lang, at=row["at_text"].iloc[0]))
    colour = p.slot(sign.colour)
    rule = alt.Chart(named).mark_rule(color=colour.mark, strokeWidth=1)
    mark = alt.Chart(named).mark_point(
        shape=sign.vega_shape, filled=True, size=170, color=colour.mark, stroke=p.background, strokeWidth=1, opacity=1
    )
    place: dict[str, Any] = {"align": "right" if at_right else "left", "dx": -9 if at_right else 9, "fontWeight": 600}
    halo = alt.Chart(named).mark_text(stroke=p.background, strokeWidth=5, strokeJoin="round", **place)
    label = alt.Chart(named).mark_text(color=colour.text, **place)
    top = alt.Y(value=10)
    return [
        rule.encode(x=x),
        mark.encode(x=x, y=y),
        *(m.encode(x=x, y=top, text="name:N") for m in (halo, label)),
    ]


def _newest(row: pd.DataFrame, x: alt.X, y: alt.Y, p: Palette) -> list[Any]:
    place: dict[str, Any] = {"align": "right", "dx": 4, "dy": -11, "fontWeight": 600}
    halo = alt.Chart(row).mark_text(stroke=p.background, strokeWidth=5, strokeJoin="round", **place)
    label = alt.Chart(row).mark_text(color=p.text, **place)
    return [m.encode(x=x, y=y, text="value_text:N") for m in (halo, label)]


def hour_axis(rows: pd.DataFrame, lang: Lang) -> alt.Axis:
    """A few days, or hours where there are only days enough for one or two."""
    hours = float(rows["x"].max())
    start = rows["seen_at"].iloc[0]
    step = next((s for s in (6, 12, 24, 48, 96, 168, 336, 672) if hours / s <= _TICKS), 1344)
    first = start.normalize()
    ticks: dict[float, str] = {}
    while first <= rows["seen_at"].iloc[-1]:
        if first >= start:
            at = (first - start).total_seconds() / 3600
            ticks[at] = numbers.day(first.date(), lang) if first.hour == 0 else f"{first:%H:%M}"
        first += pd.Timedelta(hours=step)
    values = {float(k): v for k, v in ticks.items()}
    labels = {_plain(k): v for k, v in values.items()}
    return alt.Axis(
        title=None, values=list(values), labelExpr=lookup_expression(labels), grid=False, labelOverlap="parity"
    )


def _plain(x: float) -> str:
    """A number as JavaScript writes it."""
    return str(int(x)) if x == int(x) else repr(x)


def _text(value: Any, kind: Kind, lang: Lang) -> str:
    found = numbers.number(value)
    if found is None:
        return numbers.DASH
    if kind == "count" and found != int(found):
        return numbers.fixed(found, 2 if abs(found) < 10 else 1)
    return numbers.value(found, kind, lang)
