"""How tickets move between departments: nodes in a fixed place, ribbons as wide as the tickets that took the way.

The layout is computed here, so that the same departments stand in the same place in every period and language.
"""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import LABEL_SIZE, AnyChart, dimmed, finish, pick, wrap_back
from pages._shared.charts.remember import remembered
from pages._shared.text import Lang, t
from pages._shared.theme import Mode, Palette, palette

HEIGHT = 400  # px
_WIDEST = 15.0  # px, the widest ribbon
_STEPS = 16  # points of a curve
_BEND = 0.16
_NAME_EMS = 5.0


@remembered
def flow_graph(
    nodes: pd.DataFrame,
    moves: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    select: bool = False,
) -> AnyChart:
    """`nodes[key, label, place, n]` and `moves[from_key, to_key, kind, n]`.

    place: first (left), last (right), or middle; kind: sent, passed or back. A click on a node yields `key`.
    """
    p = palette(mode)
    spots = _places(nodes)
    colours = {"sent": p.gray.mark, "passed": p.accent, "back": p.orange.mark}
    lines, heads = _curves(moves, spots, colours)
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.09, 1.09], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[-0.10, 1.06], nice=False), axis=None)
    fill = alt.Color("fill:N", scale=None)
    names = dict(zip(nodes["key"], nodes["label"], strict=True))
    for part in (lines, heads):
        part["way"] = [f"{names.get(a, a)} → {names.get(b, b)}" for a, b in zip(part["a"], part["b"], strict=True)]
        part["text"] = [numbers.count(n, lang) for n in part["n"]]
    tips = [
        alt.Tooltip("way:N", title=t("flow.way", lang)),
        alt.Tooltip("text:N", title=t("flow.times", lang)),
    ]
    ribbons = (
        alt.Chart(lines)
        .mark_line(opacity=0.5, strokeCap="round", interpolate="monotone")
        .encode(
            x=x,
            y=y,
            order="step:Q",
            detail="edge:N",
            color=fill,
            strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
            tooltip=tips,
        )
    )
    arrows = (
        alt.Chart(heads)
        .mark_point(shape="triangle", filled=True, opacity=1, stroke=p.background, strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            color=fill,
            angle=alt.Angle("angle:Q", scale=None),
            size=alt.Size("size:Q", scale=None, legend=None),
            tooltip=tips,
        )
    )
    return finish(
        alt.layer(ribbons, arrows, *_nodes(nodes, spots, x, y, lang, p, select)),
        lang=lang,
        mode=mode,
        title=title,
        subtitle=subtitle,
        height=HEIGHT,
    )


def _nodes(
    nodes: pd.DataFrame,
    spots: dict[str, tuple[float, float]],
    x: alt.X,
    y: alt.Y,
    lang: Lang,
    p: Palette,
    select: bool,
) -> list[alt.Chart]:
    rows = nodes.assign(
        x=[spots[k][0] for k in nodes["key"]],
        y=[spots[k][1] for k in nodes["key"]],
        name=["\n".join(wrap_back(str(label), _NAME_EMS)) for label in nodes["label"]],
        text=[numbers.count(n, lang) for n in nodes["n"]],
    )
    tips = [alt.Tooltip("label:N", title=t("flow.dept", lang)), alt.Tooltip("text:N", title=t("flow.stays", lang))]
    selected = pick(["key"]) if select else None
    dots = (
        alt.Chart(rows)
        .mark_point(shape="circle", filled=True, size=190, opacity=1, fill=p.text, stroke=p.background, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips)
    )
    layers = [dots.add_params(selected) if selected is not None else dots]
    # A name of several lines begins higher, so that its last line ends above the dot.
    for lines, part in rows.groupby(rows["name"].str.count("\n")):
        look: dict[str, Any] = {"lineBreak": "\n", "fontSize": LABEL_SIZE, "baseline": "bottom", "lineHeight": 14}
        look["dy"] = -11 - 14 * int(lines)
        place: dict[str, Any] = {"x": x, "y": y, "text": "name:N"}
        halo = alt.Chart(part).mark_text(stroke=p.background, strokeWidth=4, color=p.background, **look)
        layers += [
            halo.encode(**place),
            alt.Chart(part).mark_text(color=p.text, fontWeight=600, **look).encode(**place),
        ]
    return layers


def _places(nodes: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """First at the left, last at the right, the others one under the other in two ranks between them."""
    spots: dict[str, tuple[float, float]] = {}
    middle = [str(k) for k, place in zip(nodes["key"], nodes["place"], strict=True) if place == "middle"]
    for at, key in enumerate(middle):
        down = (at + 0.5) / len(middle)
        spots[key] = (0.36 if at % 2 == 0 else 0.66, 0.97 - 0.94 * down)
    for side, x in (("first", 0.0), ("last", 1.0)):
        for key in nodes.loc[nodes["place"] == side, "key"]:
            spots[str(key)] = (x, 0.5)
    return spots


def _curves(
    moves: pd.DataFrame, spots: dict[str, tuple[float, float]], colours: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Points of every ribbon, and one arrow head a ribbon past its middle. The widest are drawn first."""
    lines, heads = [], []
    most = float(moves["n"].max()) if len(moves) else 1.0
    for move in moves.sort_values("n", ascending=False).itertuples():
        a, b = str(move.from_key), str(move.to_key)
        (ax, ay), (bx, by) = spots[a], spots[b]
        # Bent to its left as one goes, so that the way there and the way back lie apart.
        cx, cy = (ax + bx) / 2 - _BEND * (by - ay), (ay + by) / 2 + _BEND * (bx - ax)
        width = max(1.0, _WIDEST * float(move.n) / most)
        shared = {
            "edge": f"{a}>{b}>{move.kind}", "a": a, "b": b, "n": move.n, "fill": colours[str(move.kind)],
        }  # fmt: skip
        for step in range(_STEPS + 1):
            s = step / _STEPS
            px = (1 - s) ** 2 * ax + 2 * s * (1 - s) * cx + s * s * bx
            py = (1 - s) ** 2 * ay + 2 * s * (1 - s) * cy + s * s * by
            lines.append({**shared, "x": px, "y": py, "step": step, "width": width})
        s = 0.62
        dx = 2 * (1 - s) * (cx - ax) + 2 * s * (bx - cx)
        dy = 2 * (1 - s) * (cy - ay) + 2 * s * (by - cy)
        heads.append(
            {
                **shared,
                "x": (1 - s) ** 2 * ax + 2 * s * (1 - s) * cx + s * s * bx,
                "y": (1 - s) ** 2 * ay + 2 * s * (1 - s) * cy + s * s * by,
                # A triangle points up; the plot is about 1.6 times as wide as high.
                "angle": math.degrees(math.atan2(1.6 * dx, dy)),
                "size": 40 + 9 * width,
            }
        )
    columns = ["edge", "a", "b", "n", "fill", "x", "y", "step", "width", "angle", "size"]
    return pd.DataFrame(lines, columns=columns[:9]), pd.DataFrame(heads, columns=[*columns[:7], "angle", "size"])


@remembered
def hour_lines(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    select: bool = False,
    height: int = 240,
) -> AnyChart:
    """`df[hour, is_workday, value, n]`: the median wait in minutes by hour of arrival, working days against others.

    A click near a point yields `key`: the hour and the kind of day, such as "20,off" or "9,work".
    """
    p = palette(mode)
    names = {True: t("flow.workday", lang), False: t("flow.offday", lang)}
    rows = df.assign(
        day=[names[bool(w)] for w in df["is_workday"]],
        text=[numbers.duration(v, lang) for v in df["value"]],
        n_text=[numbers.count(v, lang) for v in df["n"]],
        span=[t("chart.hour_span", lang, hour=f"{int(h):02d}", next=f"{int(h) + 1:02d}") for h in df["hour"]],
        hours=df["value"].astype(float) / 60,
        key=[f"{int(h)},{'work' if w else 'off'}" for h, w in zip(df["hour"], df["is_workday"], strict=True)],
    )
    top = float(rows["hours"].max() or 1) * 1.15 if len(rows) else 1.0
    shades = alt.Scale(domain=list(names.values()), range=[p.accent, p.orange.mark])
    x = alt.X(
        "hour:Q",
        scale=alt.Scale(domain=[0, 23], nice=False),
        axis=alt.Axis(title=None, values=[0, 3, 6, 9, 12, 15, 18, 21], grid=False, format="d"),
    )
    hours = alt.Axis(title=None, tickCount=4, labelExpr=f"format(datum.value, '~r') + ' {t('flow.h', lang)}'")
    y = alt.Y("hours:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=hours)
    colour = alt.Color("day:N", scale=shades, legend=alt.Legend(title=None, orient="top"))
    tips = [
        alt.Tooltip("span:N", title=t("chart.hour", lang)),
        alt.Tooltip("day:N", title=t("flow.arrival", lang)),
        alt.Tooltip("text:N", title=t("flow.first_reply", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    dash = alt.StrokeDash("day:N", scale=alt.Scale(domain=list(names.values()), range=[[1, 0], [5, 3]]), legend=None)
    lines = alt.Chart(rows).mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour, strokeDash=dash)
    selected = pick(["key"], nearest=True) if select else None
    points = (
        alt.Chart(rows)
        .mark_point(filled=True, size=44)
        .encode(x=x, y=y, color=colour, opacity=dimmed(selected), tooltip=tips)
    )
    dots = points.add_params(selected) if selected is not None else points
    return finish(alt.layer(lines, dots), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def flow_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `flow_graph`: its ways with most tickets, `df[way, n]`."""
    items = [t("alt.item", lang, label=r.way, value=numbers.count(r.n, lang)) for r in df.head(6).itertuples()]
    return t("alt.flow", lang, title=title.rstrip("。. "), items=t("chart.list_separator", lang).join(items))


def hour_lines_alt(df: pd.DataFrame, *, lang: Lang, title: str) -> str:
    """The sentence for `hour_lines`: the longest wait of each kind of day."""
    items = []
    for is_workday, part in df.groupby("is_workday"):
        top = part.loc[part["value"].astype(float).idxmax()]
        hour = t("chart.hour_span", lang, hour=f"{int(top['hour']):02d}", next=f"{int(top['hour']) + 1:02d}")
        name = t("flow.workday" if is_workday else "flow.offday", lang)
        items.append(t("alt.item", lang, label=f"{name} {hour}", value=numbers.duration(top["value"], lang)))
    return t("alt.lines", lang, title=title.rstrip("。. "), items=t("chart.list_separator", lang).join(items))
