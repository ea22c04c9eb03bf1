"""Heat tables: a number in every cell, or hour by weekday.

Fills are steps computed here, not a scale in the browser, so that the ink on them can be chosen.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers
from pages._shared.charts.base import (
    LABEL_SIZE,
    AnyChart,
    dimmed,
    finish,
    hatch,
    lookup_expression,
    pick,
    step_labels,
    step_of,
    steps,
    wrap_back,
)
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t, word
from pages._shared.theme import CHART_HEIGHT, Mode, ink, palette

_ROW = 34  # px
_PHONE = 285  # px; what the names of the rows leave for the columns on a phone
_GAP = 3


@remembered
def heat(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    row_order: Sequence[str],
    col_order: Sequence[str],
    row_title: str = "",
    col_title: str = "",
    fields: Sequence[str] = ("row", "col"),
    select: bool = False,
    height: int | None = None,
) -> AnyChart:
    """`df[row, col, value, n, label]`, one row a cell; orders list the names shown.

    A cell whose `value` is missing is suppressed or absent: hatched, with its `label` ("<5"). A click yields
    `fields`; `df` may carry more columns than the named ones, such as codes.
    """
    p = palette(mode)
    known = df["value"].dropna().astype(float)
    edges, colours = steps(list(known), p, from_zero=True) if len(known) else ([0.0, 1.0], [p.gray.tint])
    fills = [p.gray.tint if pd.isna(v) else colours[step_of(float(v), edges)] for v in df["value"]]
    rows = df.assign(
        fill=fills,
        ink=[p.muted if pd.isna(v) else ink(f) for v, f in zip(df["value"], fills, strict=True)],
        n_text=[numbers.count(v, lang) for v in df["n"]],
    )
    selected = pick(fields) if select else None
    # Broken so that columns stay apart on a phone; the padding makes room for all lines.
    room = (_PHONE / max(len(col_order), 1) - _GAP) / LABEL_SIZE
    heads = {str(name): wrap_back(str(name), room) for name in col_order}
    lines = max((len(head) for head in heads.values()), default=1)
    x = alt.X(
        "col:N",
        sort=list(col_order),
        axis=alt.Axis(
            title=None,
            orient="top",
            labelAngle=0,
            labelColor=p.text,
            domain=False,
            labelLimit=110,
            labelExpr=lookup_expression(heads),
            labelPadding=4 + 13 * (lines - 1),
        ),
        scale=alt.Scale(domain=list(col_order), paddingInner=0.03),
    )
    y = alt.Y(
        "row:N",
        sort=list(row_order),
        axis=alt.Axis(title=None, labelColor=p.text, domain=False),
        scale=alt.Scale(domain=list(row_order), paddingInner=0.06),
    )
    tips = [
        alt.Tooltip("row:N", title=row_title or t("chart.row", lang)),
        alt.Tooltip("col:N", title=col_title or t("chart.column", lang)),
        alt.Tooltip("label:N", title=t("chart.value", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    cells = (
        alt.Chart(rows)
        .mark_rect(cornerRadius=2)
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), opacity=dimmed(selected), tooltip=tips)
    )
    layers: list[Any] = [cells.add_params(selected) if selected is not None else cells]
    hidden = rows[rows["value"].isna()]
    if len(hidden):
        layers.append(alt.Chart(hidden).mark_rect(color=hatch(p), cornerRadius=2).encode(x=x, y=y, tooltip=tips))
    figures = alt.Chart(rows).mark_text(fontSize=LABEL_SIZE + 1)
    layers.append(figures.encode(x=x, y=y, text="label:N", color=alt.Color("ink:N", scale=None)))
    tall = height or max(CHART_HEIGHT - 20, _ROW * len(row_order))
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=tall)


@remembered
def hour_weekday(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    kind: Kind = "count",
    select: bool = False,
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """`df[weekday, hour, value]`, weekday 1–7 from Monday, hour 0–23; the highest cell is outlined.

    With `select`, a click yields `weekday` and `hour`.
    """
    p = palette(mode)
    edges, colours = (
        steps(list(df["value"].astype(float)), p, from_zero=False) if len(df) else ([0.0, 1.0], [p.gray.tint])
    )
    names = step_labels(edges, kind)
    days = [word("weekday", i, lang) for i in range(1, 8)]
    rows = df.assign(
        day=[days[int(d) - 1] for d in df["weekday"]],
        step=[names[step_of(float(v), edges)] for v in df["value"]],
        text=[numbers.value(v, kind, lang) for v in df["value"]],
        span=[t("chart.hour_span", lang, hour=f"{int(h):02d}", next=f"{int(h) + 1:02d}") for h in df["hour"]],
    )
    selected = pick(["weekday", "hour"]) if select else None
    hours = alt.Axis(title=None, labelAngle=0, values=[0, 3, 6, 9, 12, 15, 18, 21], domain=False)
    x = alt.X("hour:O", axis=hours, scale=alt.Scale(domain=list(range(24)), paddingInner=0.06))
    y = alt.Y(
        "day:N",
        sort=days,
        axis=alt.Axis(title=None, labelColor=p.text, domain=False),
        scale=alt.Scale(domain=days, paddingInner=0.1),
    )
    legend = alt.Legend(title=None, orient="bottom", direction="horizontal", symbolType="square", columns=3)
    tips = [
        alt.Tooltip("day:N", title=t("chart.weekday", lang)),
        alt.Tooltip("span:N", title=t("chart.hour", lang)),
        alt.Tooltip("text:N", title=t("chart.value", lang)),
    ]
    cells = (
        alt.Chart(rows)
        .mark_rect(cornerRadius=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("step:O", scale=alt.Scale(domain=names, range=colours), legend=legend),
            opacity=dimmed(selected),
            tooltip=tips,
        )
    )
    layers: list[Any] = [cells.add_params(selected) if selected is not None else cells]
    if len(rows) and float(rows["value"].max()) > 0:
        top = rows.loc[[rows["value"].astype(float).idxmax()]]
        layers.append(
            alt.Chart(top).mark_rect(filled=False, stroke=p.orange.mark, strokeWidth=2, cornerRadius=1).encode(x=x, y=y)
        )
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)
