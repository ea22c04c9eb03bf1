"""The funnel plot, evidence rather than headline: each unit's rate by its cases, between the limits of chance."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers, verdicts
from pages._shared.charts.base import AnyChart, dimmed, finish, number_axis, pick
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t, word
from pages._shared.theme import Mode, palette

_HEIGHT = 300


@remembered
def funnel(
    units: pd.DataFrame,
    limits: pd.DataFrame,
    centre: float,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    select: bool = False,
    height: int = _HEIGHT,
) -> AnyChart:
    """`units[key, label, rate, n, place]` as points, `limits` as `analysis.funnel.curve` gives them.

    Points outside the 95 % limits carry their name; under 30 cases they are grey and small. A click yields `key`.
    """
    p = palette(mode)
    few = units["n"] < verdicts.MIN_SAMPLE
    colour = {"low_far": p.orange.mark, "low": p.orange.mark, "high": p.green.mark, "high_far": p.green.mark}
    rows = units.assign(
        rate=units["rate"].astype(float),
        rate_text=[numbers.rate(v, lang) for v in units["rate"]],
        n_text=[numbers.count(v, lang) for v in units["n"]],
        place_text=[word("funnel", "few" if f else str(c), lang) for f, c in zip(few, units["place"], strict=True)],
        fill=[p.gray.mark if f else colour.get(str(c), p.accent) for f, c in zip(few, units["place"], strict=True)],
        named=[
            "" if f or c == "inside" else str(n) for f, c, n in zip(few, units["place"], units["label"], strict=True)
        ],
    )
    most = float(limits["n"].max())
    low = min(float(rows["rate"].min()), float(limits["low_far"].max() - 0.35))
    x = alt.X(
        "n:Q",
        scale=alt.Scale(type="log", domain=[float(limits["n"].min()), most], nice=False),
        axis=number_axis("count", lang, title=t("funnel.n", lang), tickCount=6, grid=False),
    )
    y_scale = alt.Scale(domain=[max(0.0, low - 0.03), 1.0], nice=False, clamp=True)
    y_axis = number_axis("rate", lang)
    layers: list[Any] = []
    for inner, dash, name in (("", [1, 0], "95%"), ("_far", [5, 4], "99.8%")):
        line = alt.Chart(limits.assign(name=name)).mark_line(color=p.muted, strokeWidth=1.2, strokeDash=dash)
        for side in ("low", "high"):
            layers.append(line.encode(x=x, y=alt.Y(f"{side}{inner}:Q", scale=y_scale, axis=y_axis)))
        at = limits.iloc[[len(limits) // 2]].assign(name=name)
        end = alt.Chart(at).mark_text(color=p.muted, fontSize=11, align="left", baseline="top", dx=4, dy=4)
        layers.append(end.encode(x=x, y=alt.Y(f"low{inner}:Q", scale=y_scale, axis=y_axis), text="name:N"))
    middle = pd.DataFrame({"rate": [centre], "n": [float(limits["n"].min())], "name": [numbers.rate(centre, lang)]})
    y = alt.Y("rate:Q", scale=y_scale, axis=y_axis)
    layers.append(alt.Chart(middle).mark_rule(color=p.muted, strokeWidth=1).encode(y=y))
    selected = pick(["key"]) if select else None
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("rate_text:N", title=t("chart.value", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
        alt.Tooltip("place_text:N", title=t("funnel.place", lang)),
    ]
    points = (
        alt.Chart(rows)
        .mark_point(filled=True, size=90, opacity=1, stroke=p.background, strokeWidth=1)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), opacity=dimmed(selected), tooltip=tips)
    )
    layers.append(points.add_params(selected) if selected is not None else points)
    told = rows[rows["named"] != ""]
    if len(told):
        names = alt.Chart(told).mark_text(color=p.text, align="right", dx=-9, fontWeight=600)
        layers.append(names.encode(x=x, y=y, text="named:N"))
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def funnel_alt(units: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `funnel`: how many units, and which lie outside with how much."""
    outside = units[(units["place"] != "inside") & (units["n"] >= verdicts.MIN_SAMPLE)]
    items = [word("alt", "item", lang, label=r.label, value=numbers.rate(r.rate, lang)) for r in outside.itertuples()]
    said = t("chart.list_separator", lang).join(items) if items else t("funnel.nobody", lang)
    return t("funnel.alt", lang, title=title.rstrip("。. "), n=len(units), outside=said)
