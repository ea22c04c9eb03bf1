"""Warnings per week of two versions of a rule: the one in force above the line, the changed one below it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import AnyChart, finish, lookup_expression
from pages._shared.charts.lines import nothing
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t, word
from pages._shared.theme import SEVERITY, Mode, palette

HEIGHT = 300  # px
MOST_UNITS = 600  # more are drawn as bars, not one by one
_ORDER = {"red": 0, "orange": 1, "yellow": 2, "blue": 3}


@remembered
def episode_weeks(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    first: date,
    n_weeks: int,
    floods: Mapping[str, Sequence[int]],
    incidents: Sequence[tuple[float, str]] = (),
    lanes: tuple[str, str],
) -> AnyChart:
    """`df[lane, week, severity, state, text]`, one row a warning; lane is "now" or "new", week counts from `first`.

    `state` is kept, gone (only the version in force raises it, drawn pale) or added (only the changed one, outlined).
    `floods` names the flood weeks of each lane, `incidents` are (week, title) on record, `lanes` the two names.
    """
    p = palette(mode)
    if df.empty and not incidents:
        return nothing(lang, mode, title, HEIGHT)
    rows = _stacked(df)
    has_new = bool((rows["lane"] == "new").any()) if len(rows) else False
    top = max(float(rows["high"].max()) if len(rows) else 1.0, 1.0)
    low = min(float(rows["high"].min()) if len(rows) else 0.0, -1.0 if has_new else 0.0)
    reach = 0.16 * (top - low)
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.7, n_weeks + 0.2], nice=False), axis=_weeks(first, n_weeks, lang))
    scale = alt.Scale(domain=[low - (reach if has_new else reach / 3), top + reach], nice=False)
    y = alt.Y(
        "base:Q",
        scale=scale,
        axis=alt.Axis(title=None, tickCount=5, tickMinStep=1, labelExpr="format(abs(datum.value), ',.0f')"),
    )
    tips = [
        alt.Tooltip("when:N", title=t("chart.period", lang)),
        alt.Tooltip("what:N", title=t("bench.severity", lang)),
        alt.Tooltip("text:N", title=t("chart.label", lang)),
    ]
    texts = rows.assign(
        x=rows["week"] + 0.08,
        x2=rows["week"] + 0.92,
        fill=[p.slot(s).mark for s in rows["severity"]],
        opacity=[0.28 if s == "gone" else 1.0 for s in rows["state"]],
        stroke=[p.text if s == "added" else p.background for s in rows["state"]],
        width=[1.6 if s == "added" else 0.8 for s in rows["state"]],
        when=[numbers.date(first + timedelta(weeks=int(w)), lang) for w in rows["week"]],
        what=[
            f"{SEVERITY[s].glyph} {word('severity', s, lang)} · {word('bench.state', k, lang)}"
            for s, k in zip(rows["severity"], rows["state"], strict=True)
        ],
    )
    blocks = (
        alt.Chart(texts)
        .mark_rect()
        .encode(
            x=x, x2="x2:Q", y=y, y2="high:Q", fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("stroke:N", scale=None), strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None), tooltip=tips,
        )
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame([{"base": 0}])).mark_rule(color=p.muted).encode(y=y)
    layers: list[alt.Chart] = [blocks, zero]
    layers += _names(lanes, has_new, scale, p.muted, x)
    marks = [
        {"x": week + 0.5, "base": _end(rows, lane, week, sign), "sign": t("bench.flood", lang)}
        for lane, sign in (("now", 1), ("new", -1))
        for week in floods.get(lane, ())
    ]
    for sign in (1, -1):
        of = pd.DataFrame([m for m in marks if float(str(m["base"])) * sign > 0])
        if len(of):
            said = alt.Chart(of).mark_text(color=p.orange.text, fontSize=11, fontWeight=600, dy=-8 * sign)
            layers.append(said.encode(x=x, y=y, text="sign:N"))
    if incidents:
        told = pd.DataFrame([{"x": at, "base": 0, "text": text} for at, text in incidents])
        points = alt.Chart(told).mark_point(
            shape="diamond", size=90, filled=True, color=p.text, stroke=p.background, strokeWidth=1.5, opacity=1
        )
        layers.append(points.encode(x=x, y=y, tooltip=[alt.Tooltip("text:N", title=t("bench.incident", lang))]))
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=HEIGHT)


def episode_weeks_alt(df: pd.DataFrame, *, lang: Lang, title: str, lanes: tuple[str, str]) -> str:
    """The sentence for `episode_weeks`."""
    counts = df["lane"].value_counts()
    told = [
        t("bench.alt_item", lang, lane=name, n=numbers.count(int(counts.get(lane, 0)), lang))
        for lane, name in zip(("now", "new"), lanes, strict=True)
        if lane == "now" or lane in counts.index
    ]
    return t("alt.lines", lang, title=title.rstrip("。. "), items=t("chart.list_separator", lang).join(told))


def _stacked(df: pd.DataFrame) -> pd.DataFrame:
    """Warnings as blocks on top of one another, what both raise and the worst next to the line; many are one block."""
    keys = ["lane", "week", "severity", "state"]
    rows = df.assign(n=1)
    if len(rows) > MOST_UNITS:
        rows = rows.groupby(keys, as_index=False).agg(n=("n", "sum"))
        rows["text"] = rows["n"].astype(str)
    order = rows["severity"].map(_ORDER) + 10 * (rows["state"] != "kept")
    rows = rows.assign(order=order).sort_values(["lane", "week", "order", "state"], kind="stable")
    high = rows.groupby(["lane", "week"])["n"].cumsum()
    sign = rows["lane"].map({"now": 1, "new": -1})
    return rows.assign(high=high * sign, base=(high - rows["n"]) * sign)


def _end(rows: pd.DataFrame, lane: str, week: int, sign: int) -> float:
    here = rows[(rows["lane"] == lane) & (rows["week"] == week)]["high"]
    return float(here.max() if sign > 0 else here.min()) if len(here) else 0.5 * sign


def _names(lanes: tuple[str, str], has_new: bool, scale: alt.Scale, colour: str, x: alt.X) -> list[alt.Chart]:
    """What stands above the line and what below it, in the corners."""
    made = []
    for name, at, dy in ((lanes[0], 0, 8), (lanes[1], "height", -6)):
        if name == lanes[1] and not has_new:
            continue
        row = alt.Chart(pd.DataFrame([{"x": -0.6, "name": name}]))
        place = alt.value(at) if at == 0 else alt.value(alt.ExprRef(expr="height"))
        made.append(
            row.mark_text(align="left", color=colour, fontSize=12, fontWeight=600, dy=dy).encode(
                x=x, y=place, text="name:N"
            )
        )
    return made


def _weeks(first: date, n_weeks: int, lang: Lang) -> alt.Axis:
    """A label about every fourth week."""
    step = max(1, round(n_weeks / 7))
    labels = {n: numbers.day(first + timedelta(weeks=n), lang) for n in range(0, n_weeks, step)}
    return alt.Axis(
        title=None, values=list(labels), labelExpr=lookup_expression(labels), grid=False, labelAlign="left",
        labelOverlap="parity",
    )  # fmt: skip
