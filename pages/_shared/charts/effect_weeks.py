"""Complaints of a place week by week around a change, against its neighbours: two lines and the week of the change."""

from __future__ import annotations

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, finish, number_axis
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, Mode, palette

_WEEK = "datum.value == 0 ? '0' : format(datum.value, '+d')"


@remembered
def effect_weeks(
    df: pd.DataFrame, *, lang: Lang, mode: Mode, title: str, subtitle: str = "", height: int = CHART_HEIGHT
) -> AnyChart:
    """`df[week, n, others]`: week counted from that of the change (0); others may lack.

    Weeks are numbers, so that no viewer's time zone moves a point.
    """
    p = palette(mode)
    rows = df.assign(
        week_text=[f"{int(v):+d}" if v else "0" for v in df["week"]],
        n_text=[numbers.count(v, lang) for v in df["n"]],
        others_text=[numbers.DASH if pd.isna(v) else numbers.fixed(v, 1) for v in df["others"]],
    )
    first, last = int(rows["week"].min()), int(rows["week"].max())
    ticks = sorted({*range(0, first - 1, -8), *range(0, last + 1, 4)})
    x = alt.X(
        "week:Q",
        scale=alt.Scale(domain=[first - 0.5, max(last, 1) + 0.5], nice=False),
        axis=alt.Axis(values=ticks, title=t("effects.axis", lang), labelExpr=_WEEK, grid=False),
    )
    tips = [
        alt.Tooltip("week_text:N", title=t("effects.axis", lang)),
        alt.Tooltip("n_text:N", title=t("effects.here", lang)),
        alt.Tooltip("others_text:N", title=t("effects.others", lang)),
    ]
    base = alt.Chart(rows)
    y = alt.Y("n:Q", axis=number_axis("count", lang), scale=alt.Scale(zero=True))
    beside = base.mark_line(color=p.gray.mark, strokeWidth=1.6).encode(x=x, y="others:Q")
    here = base.mark_line(color=p.accent, strokeWidth=2.4).encode(x=x, y=y)
    dots = base.mark_circle(color=p.accent, size=46, opacity=1).encode(x=x, y=y, tooltip=tips)
    at = alt.Chart(pd.DataFrame({"week": [0], "said": [t("effects.change_here", lang)]}))
    rule = at.mark_rule(color=p.text, strokeWidth=1.2).encode(x=x)
    said = at.mark_text(align="left", dx=5, color=p.text, baseline="top").encode(x=x, y=alt.value(0), text="said:N")
    return finish(
        alt.layer(beside, here, dots, rule, said), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height
    )


def effect_weeks_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `effect_weeks`."""
    before, after = df[df["week"] < 0], df[df["week"] > 0]
    return t(
        "effects.alt", lang, title=title, before=len(before), after=len(after),
        n_before=numbers.count(before["n"].tail(8).sum(), lang), n_after=numbers.count(after["n"].sum(), lang),
    )  # fmt: skip
