"""One figure of a cell over hours or days: what was usual as a band, alarms, changes and complaints on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, finish, number_axis
from pages._shared.charts.course import hour_axis
from pages._shared.charts.lines import nothing
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import Mode, Palette, palette

HEIGHT = 260  # px
_ALARM_PX, _COMPLAINT_PX = 9, 8


@dataclass(frozen=True)
class Mark:
    """Something that happened: an alarm lasts from `at` to `until`, a change and a complaint have no length."""

    kind: Literal["alarm", "change", "complaint"]
    at: datetime
    text: str
    until: datetime | None = None


@remembered
def cell_course(
    df: pd.DataFrame, marks: Sequence[Mark], *, lang: Lang, mode: Mode, title: str, subtitle: str, is_rate: bool,
    is_daily: bool = False,
) -> AnyChart:  # fmt: skip
    """`df[seen_at, value, usual, low, high, is_bad]`, one row an hour or a day, oldest first."""
    p = palette(mode)
    if df["value"].notna().sum() == 0:
        return nothing(lang, mode, title, HEIGHT)
    start, end = df["seen_at"].iloc[0], df["seen_at"].iloc[-1]
    rows = df.assign(
        x=_hours(df["seen_at"], start),
        at_text=[numbers.date(at.date(), lang) if is_daily else numbers.moment(at, lang) for at in df["seen_at"]],
        value_text=[_text(v, is_rate, lang) for v in df["value"]],
        usual_text=[_text(v, is_rate, lang) for v in df["usual"]],
    )
    last = max(float(rows["x"].max()), 1.0)
    bounds = pd.concat([rows["value"], rows["low"], rows["high"]]).dropna()
    low, high = float(bounds.min()), float(bounds.max())
    room = (high - low) or abs(high) * 0.1 or 1.0
    # Alarms have a lane above the line and complaints one below it.
    scale = alt.Scale(domain=[low - 0.16 * room, high + 0.2 * room], nice=False)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, last], nice=False), axis=hour_axis(rows, lang))
    kind: Kind = "rate" if is_rate else "count"
    y = alt.Y("value:Q", scale=scale, axis=number_axis(kind, lang))
    tips = [
        alt.Tooltip("at_text:N", title=t("chart.period", lang)),
        alt.Tooltip("value_text:N", title=t("chart.value", lang)),
        alt.Tooltip("usual_text:N", title=t("warning.usual", lang)),
    ]
    band = alt.Chart(rows).mark_area(color=p.gray.mark, opacity=0.22, interpolate="linear")
    usual = alt.Chart(rows).mark_line(color=p.gray.mark, strokeWidth=1.2)
    line = alt.Chart(rows).mark_line(color=p.accent, strokeWidth=1.8)
    points = alt.Chart(rows).mark_point(filled=True, size=40, color=p.accent, opacity=0).encode(x=x, y=y, tooltip=tips)
    layers: list[Any] = [
        band.encode(x=x, y=alt.Y("low:Q", scale=scale, axis=alt.Axis(title=None)), y2="high:Q"),
        usual.encode(x=x, y=alt.Y("usual:Q", scale=scale)),
        line.encode(x=x, y=y),
        points,
    ]
    bad = rows[rows["is_bad"]]
    if len(bad):
        layers.append(
            alt.Chart(bad)
            .mark_point(filled=True, size=26, color=p.orange.mark, opacity=1)
            .encode(x=x, y=y, tooltip=tips)
        )
    layers += _marks([m for m in marks if m.at <= end + pd.Timedelta(days=1)], start, last, x, p)
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=HEIGHT)


def cell_course_alt(df: pd.DataFrame, marks: Sequence[Mark], *, lang: Lang, title: str) -> str:
    """The sentence for `cell_course`."""
    if df["value"].notna().sum() == 0:
        return t("alt.empty", lang, title=title.rstrip("。. "))
    counts = {kind: sum(m.kind == kind for m in marks) for kind in ("alarm", "change", "complaint")}
    return t(
        "cell.course_alt",
        lang,
        title=title.rstrip("。. "),
        start=numbers.moment(df["seen_at"].iloc[0], lang),
        end=numbers.moment(df["seen_at"].iloc[-1], lang),
        bad=int(df["is_bad"].sum()),
        **counts,
    )


def _marks(marks: Sequence[Mark], start: datetime, last: float, x: alt.X, p: Palette) -> list[Any]:
    layers: list[Any] = []
    rows = pd.DataFrame(
        [
            {
                "kind": m.kind,
                "x": min(max((m.at - start).total_seconds() / 3600, 0.0), last),
                "x2": min(max(((m.until or m.at) - start).total_seconds() / 3600, 0.0), last),
                "text": m.text,
            }
            for m in marks
        ]
    )
    if rows.empty:
        return layers
    rows["x2"] = rows["x2"].clip(lower=rows["x"] + last * 0.004)  # short alarms stay visible
    tip = [alt.Tooltip("text:N", title=" ")]
    alarms, changes, told = (rows[rows["kind"] == k] for k in ("alarm", "change", "complaint"))
    if len(alarms):
        bar = alt.Chart(alarms).mark_bar(color=p.red.mark, height=7, cornerRadius=1, opacity=0.9)
        layers.append(bar.encode(x=x, x2="x2:Q", y=alt.value(_ALARM_PX), tooltip=tip))
    if len(changes):
        rule = alt.Chart(changes).mark_rule(color=p.text, strokeDash=[4, 3], strokeWidth=1.4)
        layers.append(rule.encode(x=x, tooltip=tip))
        flag = alt.Chart(changes).mark_point(shape="triangle-down", filled=True, size=80, color=p.text, opacity=1)
        layers.append(flag.encode(x=x, y=alt.value(_ALARM_PX), tooltip=tip))
    if len(told):
        at = alt.value(alt.ExprRef(expr=f"height - {_COMPLAINT_PX}"))
        sign = alt.Chart(told).mark_point(
            shape="diamond", filled=True, size=80, color=p.series["NET"], stroke=p.background, strokeWidth=1, opacity=1
        )
        layers.append(sign.encode(x=x, y=at, tooltip=tip))
    return layers


def _hours(at: pd.Series, start: datetime) -> pd.Series:
    return (at - start).dt.total_seconds() / 3600


def _text(value: Any, is_rate: bool, lang: Lang) -> str:
    found = numbers.number(value)
    if found is None:
        return numbers.DASH
    return numbers.rate(found, lang) if is_rate else numbers.fixed(found, 1)
