"""Charts of an issue of the weekly review: drawn from its own values alone, so a sealed one never looks different."""

from __future__ import annotations

from datetime import date

import altair as alt
import pandas as pd

from alerts.review.bundle import Chart, Column, spoken
from pages._shared import numbers
from pages._shared.charts.bars import contribution_bars, count_bars, ranked_bars
from pages._shared.charts.base import AnyChart, finish, number_axis
from pages._shared.charts.context import Event
from pages._shared.charts.lines import trend
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, Mode, palette

_KINDS: dict[str, Kind] = {"share": "rate", "points": "rate", "count": "count", "hours": "duration", "money": "money"}
SIGNED = ("change", "effect")
FEW = 30


def issue_chart(chart: Chart, *, lang: Lang, mode: Mode, height: int = CHART_HEIGHT) -> AnyChart:
    """The chart of an item. Its finding stands above it, so the title says what is measured."""
    columns, rows = spoken(chart, lang)
    title = chart.subtitle.of(lang)
    frame = pd.DataFrame(list(rows), columns=[c.name for c in columns])
    first, values = columns[0], list(columns[1:])
    if chart.form == "line":
        return _line(chart, frame, first, values[0], lang, mode, title, height)
    if chart.form == "bar" and values[0].name in SIGNED:
        return _signed(frame, first, values[0], lang, mode, title, height)
    if chart.form == "bar":
        return _bars(chart, frame, columns, lang, mode, title)
    return _columns(frame, first, values, lang, mode, title, height)


def issue_alt(chart: Chart, *, lang: Lang) -> str:
    """Title, measure, and the figures of the first series."""
    columns, rows = spoken(chart, lang)
    kind, is_difference = kind_of(columns[1]), columns[1].kind == "points"
    said = [(r[0], numbers.difference(_float(r[1]), kind, lang) if is_difference else
             numbers.value(_float(r[1]), kind, lang)) for r in rows if r[1] is not None]  # fmt: skip
    parts = [f"{name} {figure}" for name, figure in said][:13]
    return f"{chart.title.of(lang)} {chart.subtitle.of(lang)}: " + t("chart.list_separator", lang).join(parts)


def kind_of(column: Column) -> Kind:
    """How a column's numbers are written on a chart."""
    return _KINDS.get(column.kind, "per_10k")


def _line(
    chart: Chart, frame: pd.DataFrame, first: Column, value: Column, lang: Lang, mode: Mode, title: str, height: int
) -> AnyChart:
    shape = pd.DataFrame(
        {
            "period_start": [date.fromisoformat(str(d)) for d in frame[first.name]],
            "value": frame[value.name].astype(float),
        }
    )
    holidays = [(m.at, m.until or m.at, m.words.of(lang)) for m in chart.marks if m.kind == "holiday"]
    events = [Event(m.at, m.words.of(lang), m.words.zh) for m in chart.marks if m.kind in ("change", "note", "break")]
    return trend(
        shape, lang=lang, mode=mode, title=title, kind=kind_of(value), target=chart.target, holidays=holidays,
        events=events, height=height,
    )  # fmt: skip


def _signed(
    frame: pd.DataFrame, first: Column, value: Column, lang: Lang, mode: Mode, title: str, height: int
) -> AnyChart:
    """Contributions. Whether more is better is the sentence's to say, so the bars only tell up from down."""
    change = frame[value.name].astype(float)
    good = value.name == "effect"
    kinds = ["better" if (c > 0) == good else "worse" for c in change]
    if value.name == "change" and len(kinds):
        kinds[-1] = "remainder"
    shape = pd.DataFrame({"label": frame[first.name].astype(str), "change": change, "kind": kinds})
    return contribution_bars(shape, lang=lang, mode=mode, title=title, kind=kind_of(value), height=height)


def _bars(
    chart: Chart, frame: pd.DataFrame, columns: tuple[Column, ...], lang: Lang, mode: Mode, title: str
) -> AnyChart:
    first, value = columns[0], columns[1]
    shape = pd.DataFrame({"label": frame[first.name].astype(str), "value": frame[value.name].astype(float)})
    if value.kind != "share":
        return count_bars(shape, lang=lang, mode=mode, title=title)
    # Who is on the chart has cases enough; how many stands in the table.
    shape = shape.assign(low=float("nan"), high=float("nan"), n=FEW)
    return ranked_bars(shape, lang=lang, mode=mode, title=title, kind="rate", target=chart.target)


@remembered
def _columns(
    frame: pd.DataFrame, first: Column, values: list[Column], lang: Lang, mode: Mode, title: str, height: int
) -> AnyChart:
    """Columns side by side, one colour a series, the newest the strongest; figures above each."""
    p = palette(mode)
    names = [c.title.of(lang) for c in values]
    labels = [_label(v, first, lang) for v in frame[first.name]]
    long = pd.concat(
        [
            pd.DataFrame({"label": labels, "series": name, "value": frame[c.name].astype(float)})
            for c, name in zip(values, names, strict=True)
        ]  # fmt: skip
    ).dropna(subset=["value"])
    kind = kind_of(values[0])
    long["text"] = [numbers.count(round(v), lang) if kind == "per_10k" else numbers.value(v, kind, lang)
                    for v in long["value"]]  # fmt: skip
    shades = [p.accent, p.gray.mark, p.border] if len(names) > 1 else [p.accent]
    if values[-1].name == "expected":
        shades = [p.gray.mark, p.accent]
    top = float(long["value"].max() or 1) * 1.15
    x = alt.X("label:N", sort=labels, axis=alt.Axis(title=None, labelAngle=0, labelLimit=90))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=number_axis("count", lang))
    legend = alt.Legend(title=None, orient="top") if len(names) > 1 else None
    colour = alt.Color("series:N", sort=names, scale=alt.Scale(domain=names, range=shades[: len(names)]), legend=legend)
    offset = alt.XOffset("series:N", sort=names)
    tips = [alt.Tooltip("label:N", title=t("chart.label", lang)), alt.Tooltip("series:N", title=" "),
            alt.Tooltip("text:N", title=t("chart.value", lang))]  # fmt: skip
    bars = alt.Chart(long).mark_bar().encode(x=x, y=y, xOffset=offset, color=colour, tooltip=tips)
    text = alt.Chart(long).mark_text(dy=-6, fontSize=11, color=p.text).encode(x=x, y=y, xOffset=offset, text="text:N")
    return finish(alt.layer(bars, text), lang=lang, mode=mode, title=title, height=height)


def _label(value: object, column: Column, lang: Lang) -> str:
    return numbers.day(date.fromisoformat(str(value)), lang) if column.kind == "date" else str(value)


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
