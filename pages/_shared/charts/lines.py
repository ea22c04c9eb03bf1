"""The trend line: periods from left to right, with what is needed to read it honestly.

Days are counted as whole numbers from the first period, so the viewer's time zone cannot move a point.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, dimmed, finish, lookup_expression, number_axis, pick
from pages._shared.charts.context import DAYS, Event, Grain, bands, event_lines, target_line
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, Mode, Palette, palette

LABEL = 0.09  # height of a name over a line, as a share of the plot's


@remembered
def trend(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    kind: Kind = "count",
    grain: Grain = "week",
    target: float | None = None,
    holidays: Sequence[tuple[date, date, str]] = (),
    events: Sequence[Event] = (),
    previous: pd.DataFrame | None = None,
    zero: bool | None = None,
    with_n: bool = False,
    select: bool = False,
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """A trend of `df[period_start, value, n, is_running, low?, high?]`, one row a period, oldest first.

    `previous[period_start, value]` is drawn grey against the same `period_start` (the caller aligns 同比).
    `holidays` are (first day, last day, name); periods that one touches are shaded. `events` are thin lines.
    `zero` defaults to True except for rates. `with_n` writes n under each period. With `select`, a click yields
    `period` (ISO date).
    """
    p = palette(mode)
    if df.empty:
        return nothing(lang, mode, title, height)
    start = _as_date(df["period_start"].iloc[0])
    rows = _rows(df, start, kind, grain, lang)
    before = _rows(previous, start, kind, grain, lang) if previous is not None and len(previous) else None
    half = DAYS[grain] / 2
    first, last = float(rows["x"].min()) - half, float(rows["x"].max()) + half * 1.6
    low, high = _domain(rows, before, target, kind, zero, len(events))
    x = alt.X(
        "x:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=_time_axis(rows, start, grain, lang, with_n)
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=number_axis(kind, lang))

    layers: list[Any] = [*bands(holidays, rows, start, grain, p, x)]
    if {"low", "high"} <= set(df.columns):
        band = alt.Chart(rows).mark_area(color=p.accent, opacity=0.14)
        layers.append(band.encode(x=x, y=alt.Y("low:Q", scale=y["scale"], axis=y["axis"]), y2="high:Q"))
    if target is not None:
        shown = [frame["value"].astype(float) for frame in (rows, before) if frame is not None]
        near = ([v for s in shown for v in s.iloc[:2]], [v for s in shown for v in s.iloc[-2:]])
        layers += target_line(target, (first, last), near, LABEL * (high - low), kind, lang, p, x, y)
    if before is not None:
        layers.append(alt.Chart(before).mark_line(color=p.gray.mark, strokeWidth=1.5).encode(x=x, y=y))
    layers += event_lines(events, start, grain, first, last, high, p, x, y, lang)
    layers += _line(rows, p, x, y, pick(["period"], nearest=True) if select else None, lang)
    layers += _end_labels(rows, before, p, x, y, lang)
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def period_text(start: date, grain: Grain, lang: Lang) -> str:
    """A period as people name it."""
    if grain == "week":
        year, week, _ = start.isocalendar()
        return numbers.week(year, week, lang)
    return numbers.month(start.year, start.month, lang) if grain == "month" else numbers.date(start, lang)


def _as_date(value: Any) -> date:
    return pd.Timestamp(value).date()


def _rows(df: pd.DataFrame, start: date, kind: Kind, grain: Grain, lang: Lang) -> pd.DataFrame:
    days = [_as_date(v) for v in df["period_start"]]
    out = pd.DataFrame({"x": [(d - start).days for d in days], "value": df["value"].astype(float).to_numpy()})
    out["period"] = [d.isoformat() for d in days]
    out["period_text"] = [period_text(d, grain, lang) for d in days]
    out["value_text"] = [numbers.value(v, kind, lang) for v in out["value"]]
    out["running"] = df["is_running"].astype(bool).to_numpy() if "is_running" in df else False
    out["n_text"] = [numbers.count(v, lang) for v in df["n"]] if "n" in df else numbers.DASH
    if {"low", "high"} <= set(df.columns):
        out["low"], out["high"] = df["low"].astype(float).to_numpy(), df["high"].astype(float).to_numpy()
        bounds = zip(out["low"], out["high"], strict=True)
        out["interval"] = [f"{numbers.value(a, kind, lang)}–{numbers.value(b, kind, lang)}" for a, b in bounds]
    return out.dropna(subset=["value"]).reset_index(drop=True)


def _domain(
    rows: pd.DataFrame,
    before: pd.DataFrame | None,
    target: float | None,
    kind: Kind,
    zero: bool | None,
    events: int,
) -> tuple[float, float]:
    seen = [*rows["value"], *(before["value"] if before is not None else ())]
    seen += [*rows["low"], *rows["high"]] if "low" in rows else []
    seen += [target] if target is not None else []
    low, high = min(seen), max(seen)
    from_zero = zero if zero is not None else kind != "rate"
    low = min(0.0, low) if from_zero else low
    span = (high - low) or abs(high) or 1.0
    floor = low if from_zero else low - 0.15 * span
    if kind == "rate":
        floor = max(0.0, floor)
    return floor, high + (0.15 + 0.16 * min(events, 2)) * span


def _time_axis(rows: pd.DataFrame, start: date, grain: Grain, lang: Lang, with_n: bool) -> alt.Axis:
    at = {int(x): start + timedelta(days=int(x)) for x in rows["x"]}
    if grain == "day" and len(at) > 16:
        at = {k: d for k, d in at.items() if d.isoweekday() == 1}
    names: dict[int, str | list[str]] = {
        k: numbers.month(d.year, d.month, lang) if grain == "month" else numbers.day(d, lang) for k, d in at.items()
    }
    if with_n:
        size = dict(zip(rows["x"].astype(int), rows["n_text"], strict=True))
        names = {k: [str(name), t("tile.sample", lang, n=size[k])] for k, name in names.items()}
    return alt.Axis(
        title=None,
        values=list(names),
        labelExpr=lookup_expression(names),
        grid=False,
        labelOverlap="parity",
        labelFlush=False,
    )


def _line(
    rows: pd.DataFrame, p: Palette, x: alt.X, y: alt.Y, selected: alt.Parameter | None, lang: Lang
) -> list[alt.Chart]:
    done, running = rows[~rows["running"]], rows[rows["running"]]
    tips = [
        alt.Tooltip("period_text:N", title=t("chart.period", lang)),
        alt.Tooltip("value_text:N", title=t("chart.value", lang)),
    ]
    if (rows["n_text"] != numbers.DASH).any():
        tips.append(alt.Tooltip("n_text:N", title=t("chart.sample", lang)))
    if "interval" in rows:
        tips.append(alt.Tooltip("interval:N", title=t("chart.interval", lang)))
    layers = [alt.Chart(done).mark_line(color=p.accent, strokeWidth=2.2).encode(x=x, y=y)]
    if len(running):
        joint = pd.concat([done.tail(1), running])
        layers.append(alt.Chart(joint).mark_line(color=p.accent, strokeWidth=1.6, strokeDash=[3, 3]).encode(x=x, y=y))
    points = (
        alt.Chart(rows)
        .mark_point(filled=True, size=46 if len(rows) <= 20 else 12, stroke=p.accent, strokeWidth=1.8, opacity=1)
        .encode(
            x=x,
            y=y,
            fill=alt.condition("datum.running", alt.value(p.background), alt.value(p.accent)),
            opacity=dimmed(selected),
            tooltip=tips,
        )
    )
    return [*layers, points.add_params(selected) if selected is not None else points]


def _end_labels(
    rows: pd.DataFrame, before: pd.DataFrame | None, p: Palette, x: alt.X, y: alt.Y, lang: Lang
) -> list[alt.Chart]:
    end = rows.tail(1).copy()
    if bool(end["running"].iloc[0]):
        end["value_text"] = [f"{v} {t('chart.running', lang)}" for v in end["value_text"]]
    under = before is not None and float(before["value"].iloc[-1]) > float(end["value"].iloc[0])
    place: dict[str, Any] = {"fontWeight": 600, "align": "right", "dx": 8, "dy": 14 if under else -12}
    halo = alt.Chart(end).mark_text(stroke=p.background, strokeWidth=5, strokeJoin="round", **place)
    label = alt.Chart(end).mark_text(color=p.text, **place)
    layers = [mark.encode(x=x, y=y, text="value_text:N") for mark in (halo, label)]
    if before is not None and len(before) > 2:
        at, above = _free_side(rows, before)
        name = t("chart.previous", lang)
        layers.append(
            alt.Chart(before.iloc[[at]].assign(name=name))
            .mark_text(color=p.muted, fontSize=11, dy=-9 if above else 12)
            .encode(x=x, y=y, text="name:N")
        )
    return layers


def _free_side(rows: pd.DataFrame, before: pd.DataFrame) -> tuple[int, bool]:
    """Where the comparison line can be named: the index, and whether above it, away from the main line."""
    main = dict(zip(rows["x"], rows["value"], strict=True))
    values = [float(v) for v in before["value"]]
    best, at, above = float("-inf"), 1, True
    for i in range(1, len(values) - 1):
        gap = values[i] - main.get(before["x"].iloc[i], values[i])
        sides = (values[i - 1], values[i + 1])
        crossing = max(sides) - values[i] if gap >= 0 else values[i] - min(sides)
        score = abs(gap) - 2 * max(0.0, crossing)
        if score > best:
            best, at, above = score, i, gap >= 0
    return at, above


def nothing(lang: Lang, mode: Mode, title: str, height: int) -> AnyChart:
    """A chart that says that there is nothing in it."""
    data = pd.DataFrame({"text": [t("state.empty", lang)]})
    chart = alt.Chart(data).mark_text(color=palette(mode).muted).encode(text="text:N")
    return finish(chart, lang=lang, mode=mode, title=title, height=height)
