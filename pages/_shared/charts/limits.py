"""Charts of limits: tickets by state, one group under several rules, and how long tickets stay open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, beside, dimmed, finish, lookup_expression, number_axis, pick
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t, word
from pages._shared.theme import Mode, Palette, palette

STATES = ("n_on_time", "n_late", "n_overdue", "n_soon_due", "n_running")
_BAND = 30  # px for a bar and its gap
_SMALL = 11  # px; the figures at the end of a bar
_TICKS = (4, 12, 24, 48, 72, 168, 360)  # hours


def _fills(p: Palette) -> dict[str, str]:
    marks = (p.green.mark, p.orange.mark, p.red.mark, p.yellow.mark, p.gray.mark)
    return dict(zip(STATES, marks, strict=True))


@remembered
def state_bars(
    df: pd.DataFrame, *, lang: Lang, mode: Mode, title: str, subtitle: str = "", select: bool = False
) -> AnyChart:
    """`df[key, label, n, value, <STATES>]`: how tickets of each stage stand, as shares of its tickets, with the rate.

    A click yields `key`.
    """
    p = palette(mode)
    order = [str(label) for label in df["label"]]
    long = df.melt(id_vars=["key", "label", "n"], value_vars=list(STATES), var_name="state", value_name="count")
    long["state_name"] = [word("sla.state", s, lang) for s in long["state"]]
    long["at"] = [STATES.index(s) for s in long["state"]]
    long["share_text"] = [
        numbers.rate(c / n if n else None, lang) for c, n in zip(long["count"], long["n"], strict=True)
    ]
    long["count_text"] = [numbers.count(c, lang) for c in long["count"]]
    names = [word("sla.state", s, lang) for s in STATES]
    seen = [name for name, s in zip(names, STATES, strict=True) if df[s].sum() > 0]
    fills = [f for f, s in zip(_fills(p).values(), STATES, strict=True) if df[s].sum() > 0]
    y = alt.Y("label:N", sort=order, axis=alt.Axis(title=None, labelColor=p.text, domain=False, labelLimit=150))
    tips = [
        alt.Tooltip("label:N", title=t("sla.stage", lang)),
        alt.Tooltip("state_name:N", title=t("sla.state", lang)),
        alt.Tooltip("count_text:N", title=t("chart.value", lang)),
        alt.Tooltip("share_text:N", title=t("chart.share", lang)),
    ]
    texts = [f"{numbers.rate(r, lang)} · n={numbers.count(n, lang)}" for r, n in zip(df["value"], df["n"], strict=True)]
    scale = alt.Scale(domain=[0, 1], range=beside(texts, _SMALL), nice=False)
    selected = pick(["key"]) if select else None
    bars = (
        alt.Chart(long[long["count"] > 0])
        .mark_bar(height={"band": 0.62}, cornerRadiusEnd=0)
        .encode(
            x=alt.X("count:Q", stack="normalize", axis=None, scale=scale),
            y=y,
            color=alt.Color(
                "state_name:N",
                scale=alt.Scale(domain=seen, range=fills),
                legend=alt.Legend(title=None, orient="top", columns=3),
            ),
            order=alt.Order("at:Q"),
            opacity=dimmed(selected),
            tooltip=tips,
        )
    )
    ends = alt.Chart(df.assign(text=texts, at=1)).mark_text(align="left", dx=6, color=p.text, fontSize=_SMALL)
    label = ends.encode(x=alt.X("at:Q", scale=scale), y=y, text="text:N")
    tall = max(len(df), 2) * _BAND + 20
    drawn = bars.add_params(selected) if selected is not None else bars
    return finish(alt.layer(drawn, label), lang=lang, mode=mode, title=title, subtitle=subtitle, height=tall)


@remembered
def rule_dots(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    target: float | None = None,
    select: bool = False,
) -> AnyChart:
    """`df[key, label, rule, value, n]`: one group a line, one dot per rule; groups and rules in the order shown.

    A click yields `key`.
    """
    p = palette(mode)
    order = list(dict.fromkeys(str(v) for v in df["label"]))
    rules = list(dict.fromkeys(str(v) for v in df["rule"]))
    colours = [p.accent, p.orange.mark, p.green.mark, p.series["TAR"], p.gray.mark, p.yellow.mark]
    shapes = ["circle", "diamond", "square", "triangle-up", "cross", "triangle-down"]
    rows = df.assign(
        value_text=[numbers.rate(v, lang) for v in df["value"]], n_text=[numbers.count(n, lang) for n in df["n"]]
    )
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=number_axis("rate", lang, grid=True))
    y = alt.Y("label:N", sort=order, axis=alt.Axis(title=None, labelColor=p.text, domain=False, labelLimit=150))
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("rule:N", title=t("sla.rule", lang)),
        alt.Tooltip("value_text:N", title=t("chart.value", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    span = rows.groupby("label", sort=False)["value"].agg(["min", "max"]).reset_index()
    line = alt.Chart(span).mark_rule(color=p.border, strokeWidth=2).encode(x=alt.X("min:Q"), x2="max:Q", y=y)
    cut = [rules[i % len(rules)] for i in range(len(rules))]
    legend = alt.Legend(title=None, orient="top", columns=2)
    dots = (
        alt.Chart(rows)
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color(
                "rule:N", scale=alt.Scale(domain=cut, range=[colours[i % 6] for i in range(len(cut))]), legend=legend
            ),
            shape=alt.Shape(
                "rule:N", scale=alt.Scale(domain=cut, range=[shapes[i % 6] for i in range(len(cut))]), legend=legend
            ),
            tooltip=tips,
        )
    )
    layers: list[Any] = [line, dots.add_params(pick(["key"])) if select else dots]
    if target is not None:
        goal = alt.Chart(pd.DataFrame({"value": [target]}))
        layers.append(goal.mark_rule(color=p.text, strokeDash=[5, 4], strokeWidth=1.2).encode(x=alt.X("value:Q")))
        mark = t("chart.target", lang, value=numbers.target(target, "rate", lang))
        subtitle = f"{subtitle} · {mark}" if subtitle else mark
    tall = max(len(order), 2) * _BAND + 20
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=tall)


@remembered
def open_curve(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    limits: Sequence[tuple[float, str]] = (),
    last_hour: int,
    evidence: bool = False,
    select: bool = False,
    height: int = 320,
) -> AnyChart:
    """`df[key, label, hour, share, low, high]`: the share still open by hour, one line a key; `limits` are verticals.

    `evidence` draws the intervals. A click near a line yields its `key`. The hours are drawn on a square-root axis: the
    first day matters most.
    """
    p = palette(mode)
    keys = list(dict.fromkeys(df["key"]))
    labels = [str(df.loc[df["key"] == k, "label"].iloc[0]) for k in keys]
    fills = [p.series.get(str(k), p.text) for k in keys]
    rows = df.assign(
        share_text=[numbers.rate(v, lang) for v in df["share"]],
        hour_text=[numbers.duration(h * 60, lang) for h in df["hour"]],
    )
    ticks = {h: numbers.duration(h * 60, lang).replace(".0", "") for h in _TICKS if h <= last_hour}
    scale = alt.Scale(type="sqrt", domain=[0, last_hour], nice=False)
    x = alt.X(
        "hour:Q",
        scale=scale,
        axis=alt.Axis(
            title=None, values=list(ticks), labelExpr=lookup_expression(ticks), grid=False, labelOverlap="parity"
        ),
    )
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=number_axis("rate", lang))
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=labels, range=fills),
        legend=alt.Legend(title=None, orient="top", columns=3, symbolType="stroke", symbolStrokeWidth=3)
        if len(keys) > 1
        else None,
    )
    layers: list[Any] = []
    if evidence:
        band = alt.Chart(rows.dropna(subset=["low"])).mark_area(opacity=0.15, interpolate="step-after")
        layers.append(band.encode(x=x, y=alt.Y("low:Q", scale=y["scale"], axis=y["axis"]), y2="high:Q", color=colour))
    for at, (hour, name) in enumerate(limits):
        mark = alt.Chart(pd.DataFrame({"hour": [hour], "share": [0.98 - 0.07 * (at % 3)], "name": [name]}))
        layers.append(mark.mark_rule(color=p.text, strokeDash=[5, 4], strokeWidth=1.2).encode(x=x))
        right = hour > 0.4 * last_hour
        text = mark.mark_text(align="right" if right else "left", dx=-4 if right else 4, color=p.muted, fontSize=11)
        layers.append(text.encode(x=x, y=y, text="name:N"))
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("hour_text:N", title=t("sla.after", lang)),
        alt.Tooltip("share_text:N", title=t("sla.still_open", lang)),
    ]
    selected = pick(["key"]) if select else None
    line = alt.Chart(rows).mark_line(strokeWidth=2.2, interpolate="step-after")
    layers.append(line.encode(x=x, y=y, color=colour, detail="key:N", opacity=dimmed(selected), tooltip=tips))
    if selected is not None:
        # A line is too thin to be hit: unseen points along it take the click.
        near = alt.Chart(rows).mark_point(filled=True, size=160, opacity=0)
        layers.append(near.encode(x=x, y=y, detail="key:N", tooltip=tips).add_params(selected))
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)
