"""Bars, all from zero: what moved it, shares against a baseline, ranks with intervals, days of the month."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from pages._shared import numbers, verdicts
from pages._shared.charts.base import LABEL_SIZE, AnyChart, beside, dimmed, ems_of, finish, number_axis, pick
from pages._shared.charts.remember import remembered
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.theme import CHART_HEIGHT, Mode, Palette, palette

_BAND = 26  # px for one bar and its gap: a chart of many bars grows rather than squeezes


@remembered
def contribution_bars(
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
    """What moved it: `df[label, change, kind]` in the order shown.

    `kind` is better, worse, neutral or remainder. `key` (optional) is what a click yields, else the label.
    """
    p = palette(mode)
    colours = {"better": p.green.mark, "worse": p.orange.mark}
    rows = _keyed(df).assign(
        value=df["change"].astype(float),
        text=[numbers.difference(v, kind, lang) for v in df["change"]],
        fill=[colours.get(k, p.gray.mark) for k in df["kind"]],
    )
    widest = float(rows["value"].abs().max()) or 1.0
    low = min(0.0, float(rows["value"].min())) - (0.25 * widest if (rows["value"] < 0).any() else 0)
    high = max(0.0, float(rows["value"].max())) + (0.25 * widest if (rows["value"] > 0).any() else 0)
    selected = pick(["key"]) if select else None
    x = alt.X("value:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=None)
    y = _names(rows, p)
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("text:N", title=t("chart.change", lang)),
    ]
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.66})
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), opacity=dimmed(selected), tooltip=tips)
    )
    zero = alt.Chart(pd.DataFrame({"value": [0]})).mark_rule(color=p.muted, strokeWidth=1).encode(x=x)
    layers = [
        bars.add_params(selected) if selected is not None else bars,
        zero,
        *_signed_labels(rows, x, y, p),
    ]
    return finish(
        alt.layer(*layers),
        lang=lang,
        mode=mode,
        title=title,
        subtitle=subtitle,
        height=_tall(len(rows), height),
    )


@remembered
def share_bars(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    colours: Mapping[str, str] | None = None,
    select: bool = False,
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """`df[key, label, share, baseline, n]`: bars of the share (0–1), a tick at the baseline, the gap in pp.

    A missing baseline draws no tick. `colours` maps keys to colours, such as `palette(mode).series`.
    """
    p = palette(mode)
    table = dict(colours or {})
    gap = df["share"].astype(float) - df["baseline"].astype(float)
    rows = df.assign(
        share_text=[numbers.rate(v, lang) for v in df["share"]],
        gap_text=["" if pd.isna(v) else numbers.pp(v, lang) for v in gap],
        base_text=[numbers.rate(v, lang) for v in df["baseline"]],
        n_text=[numbers.count(v, lang) for v in df["n"]],
        fill=[table.get(str(k), p.accent) for k in df["key"]],
    )
    rows["edge"] = rows[["share", "baseline"]].astype(float).max(axis=1)
    rows["both"] = [f"{a} ({b})" if b else a for a, b in zip(rows["share_text"], rows["gap_text"], strict=True)]
    top = float(rows["edge"].max() or 0) or 1.0
    selected = pick(["key"]) if select else None
    x_scale = alt.Scale(domain=[0, top * 1.55], nice=False)
    x = alt.X("share:Q", scale=x_scale, axis=None)
    y = _names(rows, p)
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("share_text:N", title=t("chart.share", lang)),
        alt.Tooltip("base_text:N", title=t("chart.baseline", lang)),
        alt.Tooltip("gap_text:N", title=t("chart.difference", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.62})
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), opacity=dimmed(selected), tooltip=tips)
    )
    tick = 0.8 * _tall(len(rows), height) / max(1, len(rows))
    halo = alt.Chart(rows).mark_tick(color=p.background, thickness=6, size=tick)
    mark = alt.Chart(rows).mark_tick(color=p.text, thickness=2, size=tick)
    base = alt.X("baseline:Q", scale=x_scale, axis=None)
    shares = alt.Chart(rows).mark_text(align="left", dx=8, color=p.text)
    has_baseline = bool(df["baseline"].notna().any())
    layers = [
        bars.add_params(selected) if selected is not None else bars,
        # Ticks without a single baseline would be an empty picture without a name to a screen reader.
        *([halo.encode(x=base, y=y), mark.encode(x=base, y=y, tooltip=tips)] if has_baseline else []),
        shares.encode(x=alt.X("edge:Q", scale=x_scale, axis=None), y=y, text="both:N"),
    ]
    note = t("chart.baseline_mark", lang) if has_baseline else ""
    line = " · ".join(s for s in (subtitle, note) if s)
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=line, height=_tall(len(rows), height))


@remembered
def ranked_bars(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    kind: Kind = "rate",
    target: float | None = None,
    evidence: bool = False,
    with_n: bool = False,
    select: bool = False,
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """`df[label, value, low, high, n]` in the order shown; grey under 30 cases.

    `evidence` draws the intervals. `key` (optional) is what a click yields; without it the label. `with_n` writes n
    beside each value.
    """
    p = palette(mode)
    few = df["n"].fillna(0) < verdicts.MIN_SAMPLE
    texts = [numbers.value(v, kind, lang) for v in df["value"]]
    if with_n:
        texts = [
            f"{v} ({t('tile.sample', lang, n=numbers.count(n, lang))})" for v, n in zip(texts, df["n"], strict=True)
        ]
    rows = _keyed(df).assign(
        text=texts,
        n_text=[numbers.count(v, lang) for v in df["n"]],
        low_text=[numbers.value(v, kind, lang) for v in df["low"]],
        high_text=[numbers.value(v, kind, lang) for v in df["high"]],
        fill=[p.gray.mark if f else p.accent for f in few],
    )
    rows["edge"] = rows["high"].astype(float).fillna(rows["value"]) if evidence else rows["value"].astype(float)
    seen = [float(rows["edge"].max() or 0), target or 0.0]
    # Figures stand in a column of their own, so that no bar runs under them, however narrow the chart.
    x_scale = alt.Scale(domain=[0, max(seen) or 1.0], range=beside(texts), nice=False)
    x, y = alt.X("value:Q", scale=x_scale, axis=None), _names(rows, p)
    selected = pick(["key"]) if select else None
    tips = [
        alt.Tooltip("label:N", title=t("chart.label", lang)),
        alt.Tooltip("text:N", title=t("chart.value", lang)),
        alt.Tooltip("low_text:N", title=t("chart.low", lang)),
        alt.Tooltip("high_text:N", title=t("chart.high", lang)),
        alt.Tooltip("n_text:N", title=t("chart.sample", lang)),
    ]
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.62})
        .encode(x=x, y=y, color=alt.Color("fill:N", scale=None), opacity=dimmed(selected), tooltip=tips)
    )
    layers: list[Any] = [bars.add_params(selected) if selected is not None else bars]
    if evidence:
        ends = {"x": alt.X("low:Q", scale=x_scale, axis=None), "x2": "high:Q", "y": y}
        layers.append(alt.Chart(rows).mark_rule(color=p.background, strokeWidth=4).encode(**ends))
        layers.append(alt.Chart(rows).mark_rule(color=p.text, strokeWidth=1.6).encode(**ends))
    if target is not None:
        goal = pd.DataFrame({"value": [target]})
        layers.append(alt.Chart(goal).mark_rule(color=p.text, strokeDash=[5, 4], strokeWidth=1.2).encode(x=x))
    figures = alt.Chart(rows).mark_text(align="right", color=p.text)
    layers.append(figures.encode(x=alt.value(alt.ExprRef(expr="width")), y=y, text="text:N"))
    notes = [
        subtitle,
        t("chart.target", lang, value=numbers.target(target, kind, lang)) if target is not None else "",
        t("chart.whiskers", lang) if evidence else "",
        t("chart.few_key", lang) if few.any() else "",
    ]
    line = " · ".join(s for s in notes if s)
    return finish(alt.layer(*layers), lang=lang, mode=mode, title=title, subtitle=line, height=_tall(len(rows), height))


@remembered
def count_bars(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    select: bool = False,
    height: int = 0,
) -> AnyChart:
    """`df[label, value]`: plain counts from zero, in the order shown, with the number at the end of each bar.

    `key` (optional) is what a click yields, else the label.
    """
    p = palette(mode)
    rows = _keyed(df).assign(text=[numbers.count(v, lang) for v in df["value"]])
    selected = pick(["key"]) if select else None
    top = float(rows["value"].max() or 0) or 1.0
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top * 1.25], nice=False), axis=None)
    y = _names(rows, p)
    tips = [alt.Tooltip("label:N", title=t("chart.label", lang)), alt.Tooltip("text:N", title=t("chart.value", lang))]
    bars = (
        alt.Chart(rows)
        .mark_bar(height={"band": 0.62}, color=p.accent)
        .encode(x=x, y=y, opacity=dimmed(selected), tooltip=tips)
    )
    ends = alt.Chart(rows).mark_text(align="left", dx=6, color=p.text).encode(x=x, y=y, text="text:N")
    tall = height or max(len(rows), 2) * _BAND
    drawn = bars.add_params(selected) if selected is not None else bars
    return finish(alt.layer(drawn, ends), lang=lang, mode=mode, title=title, subtitle=subtitle, height=tall)


@remembered
def day_of_month(
    df: pd.DataFrame,
    *,
    lang: Lang,
    mode: Mode,
    title: str,
    subtitle: str = "",
    edge_days: int = 3,
    kind: Kind = "count",
    height: int = CHART_HEIGHT,
) -> AnyChart:
    """`df[day, value]`, the mean per calendar day 1–31; the first and last `edge_days` are the marked zone.

    How much higher the zone is (M40) is for the title to say.
    """
    p = palette(mode)
    last = int(df["day"].max()) if len(df) else 31
    edge = (df["day"] <= edge_days) | (df["day"] > last - edge_days)
    rows = df.assign(
        fill=[p.accent if e else p.gray.mark for e in edge],
        text=[numbers.value(v, kind, lang) for v in df["value"]],
        day_text=[t("chart.day_text", lang, day=int(d)) for d in df["day"]],
    )
    high = float(df["value"].max() or 0) * 1.2 or 1.0
    x = alt.X(
        "day:O",
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap="parity"),
        scale=alt.Scale(domain=list(range(1, last + 1)), paddingInner=0.25),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=[0, high], nice=False), axis=number_axis(kind, lang))
    tips = [
        alt.Tooltip("day_text:N", title=t("chart.day_of_month", lang)),
        alt.Tooltip("text:N", title=t("chart.value", lang)),
    ]
    bars = alt.Chart(rows).mark_bar().encode(x=x, y=y, color=alt.Color("fill:N", scale=None), tooltip=tips)
    return finish(bars, lang=lang, mode=mode, title=title, subtitle=subtitle, height=height)


def _keyed(df: pd.DataFrame) -> pd.DataFrame:
    return df if "key" in df else df.assign(key=df["label"])


def _names(rows: pd.DataFrame, p: Palette) -> alt.Y:
    room = min(150, max(ems_of(str(v)) for v in rows["label"]) * LABEL_SIZE + 4) if len(rows) else 60
    axis = alt.Axis(title=None, labelColor=p.text, labelLimit=room, domain=False, labelPadding=8, minExtent=room)
    return alt.Y("label:N", sort=None, axis=axis)


def _signed_labels(rows: pd.DataFrame, x: alt.X, y: alt.Y, p: Palette) -> list[alt.Chart]:
    right = alt.Chart(rows[rows["value"] >= 0]).mark_text(align="left", dx=6, color=p.text)
    left = alt.Chart(rows[rows["value"] < 0]).mark_text(align="right", dx=-6, color=p.text)
    return [side.encode(x=x, y=y, text="text:N") for side in (right, left)]


def _tall(n: int, height: int) -> int:
    return max(height, n * _BAND)
