"""The course of one matter in lanes: who did what on which day, and the instants that count."""

from collections.abc import Sequence
from datetime import date, timedelta

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, finish, lookup_expression, pick
from pages._shared.charts.lines import nothing
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, Mode, Palette, ink, palette

_LANE = 58  # px
_SHAPES = {
    "ask": "circle",
    "outside": "diamond",
    "empty": "circle",
    "done": "circle",
    "step": "square",
    "around": "square",
}


@remembered
def lanes(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    order: Sequence[str],
    instants: Sequence[tuple[date, str]] = (),
    select: bool = False,
) -> AnyChart:
    """`df[lane, day, number, tone, text]`, one row a lane and day; the number leads to the table beside it.

    `tone` is ask (the customer came), outside, empty (words only), done (something of substance), step (a department
    took it on) or around. `instants` are days with a label, as thin verticals. A click on a mark
    yields its `number`.
    """
    p = palette(mode)
    names = ["", *order] if instants else list(order)
    height = max(CHART_HEIGHT, _LANE * len(names))
    if df.empty:
        return nothing(lang, mode, title, height)
    first, last = min(df["day"]), max(df["day"])
    fills = {
        "ask": p.orange.mark,
        "outside": p.orange.mark,
        "empty": p.gray.tint,
        "done": p.green.mark,
        "step": p.blue.mark,
        "around": p.gray.mark,
    }
    rows = pd.DataFrame(
        {
            "lane": df["lane"],
            "x": [(d - first).days for d in df["day"]],
            "fill": [fills[tone] for tone in df["tone"]],
            "ink": [ink(fills[tone]) for tone in df["tone"]],
            "shape": [_SHAPES[tone] for tone in df["tone"]],
            "number": df["number"].astype(str),
            "date": [numbers.date(d, lang) for d in df["day"]],
            "text": df["text"],
        }
    )
    days = (last - first).days
    x = alt.X("x:Q", scale=alt.Scale(domain=[-1, days + 1], nice=False), axis=_days(first, days, lang))
    y = alt.Y(
        "lane:N",
        sort=names,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(title=None, labelColor=p.text, domain=False, grid=True, labelLimit=120),
    )
    tips = [alt.Tooltip("date:N", title=t("chart.period", lang)), alt.Tooltip("text:N", title=t("chart.label", lang))]
    marks = alt.Chart(rows).mark_point(
        size=alt.ExprRef(expr="width < 420 ? 130 : 330"), filled=True, opacity=1, stroke=p.muted, strokeWidth=1
    )
    signs = alt.Chart(rows).mark_text(fontSize=alt.ExprRef(expr="width < 420 ? 8 : 11"), fontWeight=600)
    drawn = marks.encode(
        x=x, y=y, tooltip=tips, fill=alt.Fill("fill:N", scale=None), shape=alt.Shape("shape:N", scale=None)
    )
    layers = [
        *_instants(instants, first, days, p, x, y),
        drawn.add_params(pick(["number"])) if select else drawn,
        signs.encode(x=x, y=y, text="number:N", color=alt.Color("ink:N", scale=None), tooltip=tips),
    ]
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def lanes_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `lanes`."""
    if df.empty:
        return t("alt.empty", lang, title=title)
    first, last = min(df["day"]), max(df["day"])
    return t(
        "alt.lanes",
        lang,
        title=title.rstrip("。. "),
        start=numbers.date(first, lang, year=True),
        end=numbers.date(last, lang),
        steps=len(df),
        lanes=df["lane"].nunique(),
    )


def _days(first: date, days: int, lang: Lang) -> alt.Axis:
    """About eight days by name; a phone leaves out those that touch."""
    step = max(1, round(days / 8))
    at = list(range(0, days + 1, step))
    labels = {n: numbers.day(first + timedelta(n), lang) for n in at}
    return alt.Axis(title=None, values=at, labelExpr=lookup_expression(labels), grid=False, labelOverlap="parity")


def _instants(
    instants: Sequence[tuple[date, str]], first: date, days: int, p: Palette, x: alt.X, y: alt.Y
) -> list[alt.Chart]:
    """Thin verticals with their names in the empty lane on top, by turns higher and lower."""
    layers = []
    for i, (day, name) in enumerate(sorted(instants)):
        row = pd.DataFrame([{"x": (day - first).days, "name": name, "lane": ""}])
        layers.append(alt.Chart(row).mark_rule(color=p.muted, strokeDash=[3, 3]).encode(x=x))
        is_right = (day - first).days > 0.6 * days
        label = alt.Chart(row).mark_text(
            color=p.text,
            fontSize=11,
            align="right" if is_right else "left",
            dx=-4 if is_right else 4,
            dy=-18 + 15 * (i % 3),
        )
        layers.append(label.encode(x=x, y=y, text="name:N"))
    return layers
