"""Shares of types and channels against the workspace's baselines, and types by channel."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, findings, hidden, numbers, states
from pages._shared.blocks import crossing
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.theme import palette
from warehouse.figures import shares
from warehouse.periods import Period

GROUPS = {"type_l1": ["type_l1"], "channel_code": ["channel_code", "channel_group"]}


def finding(frame: Frame) -> bool:
    """The view's sentence: total, largest type, largest departure from the baselines.

    False when there is nothing to show, once the reason has been said.
    """
    lang, period = frame.lang, frame.comparison.now
    whole = data.figures(["M01"], frame.viewer, [period], (), frame.filters).iloc[0]
    types = _shares(frame, period, "type_l1")
    if whole["is_small"] or whole["M01"] == 0:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return False
    when, n = findings.period_text(period, lang), numbers.count(whole["M01"], lang, "tickets")
    if types.empty:
        st.markdown("## " + t("types.finding_total", lang, period=when, n=n) + t("today.stop", lang))
        return True
    channels = _shares(frame, period, "channel_code")
    largest = types.iloc[0]
    parts = [
        t(
            "types.finding",
            lang,
            period=when,
            n=n,
            type=largest["label"],
            share=numbers.rate(largest["share"], lang),
        )
    ]
    both = pd.concat([types, channels]).dropna(subset=["baseline"])
    if len(both):
        gap = (both["share"] - both["baseline"]).astype(float)
        far = both.loc[[gap.abs().idxmax()]].iloc[0] if gap.abs().index.is_unique else both.iloc[gap.abs().argmax()]
        parts.append(
            t(
                "types.finding_gap",
                lang,
                name=far["label"],
                share=numbers.rate(far["share"], lang),
                gap=numbers.pp(float(far["share"] - far["baseline"]), lang, prose=True),
            )
        )
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))
    return True


def show(frame: Frame) -> None:
    period = frame.comparison.now
    left, right = st.columns(2, gap="medium")
    with left:
        _bars(frame, period, "type_l1")
    with right:
        _bars(frame, period, "channel_code")
        _outside(frame, period)
    _cross(frame, period)


def _shares(frame: Frame, period: Period, dimension: str) -> pd.DataFrame:
    """key, label, share, baseline, n, total; channels within the workspace's main group only.

    Shares are of the true total: groups too small for this role are missing from the rows, not from the base.
    """
    where, main = frame.filters, frame.workspace.settings.channel_share_group
    asked = data.figures(["M54"], frame.viewer, [period], GROUPS[dimension], where)
    whole = data.figures(["M01"], frame.viewer, [period], ["channel_group"], where)
    if dimension == "channel_code":
        asked = asked[asked["channel_group"] == main]
        total = whole.loc[whole["channel_group"] == main, "M01_num"].sum()
    else:
        total = data.figures(["M01"], frame.viewer, [period], (), where)["M01_num"].sum()
    asked = shares(hidden.visible(frame, asked, "M54_num"), total=float(total)).sort_values("M54_num", ascending=False)
    base = frame.workspace.settings.baselines.get({"type_l1": "type", "channel_code": "channel"}[dimension], {})
    narrowed = bool(where.values)
    return pd.DataFrame(
        {
            "key": asked[dimension].astype(str),
            "label": [frame.name(dimension, c) for c in asked[dimension]],
            "share": asked["share"].astype(float),
            "baseline": [None if narrowed else base.get(str(c)) for c in asked[dimension]],
            "n": asked["M54_num"],
            "total": float(total),
        }
    ).astype({"baseline": float})


def _bars(frame: Frame, period: Period, dimension: str) -> None:
    lang = frame.lang
    shape = _shares(frame, period, dimension)
    if shape.empty:
        states.suppressed(frame)
        return
    names = t("chart.list_separator", lang).join(
        f"{r.label} {numbers.rate(r.share, lang)}" for r in shape.head(2).itertuples()
    )
    key = "types.shares" if dimension == "type_l1" else "channels.shares"
    title = t("types.shares" if key == "types.shares" else "channels.shares", lang, top=names)
    subtitle = t("types.shares_subtitle", lang, n=numbers.count(shape["total"].iloc[0], lang))
    draw.show(
        charts.share_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=subtitle,
            colours=palette(frame.mode).series,
            select=True,
        ),
        **clicks.narrowing(frame, f"shares_{dimension}", {"key": dimension}),
        alt=charts.share_alt(shape, lang=lang, title=title),
    )


def _outside(frame: Frame, period: Period) -> None:
    """Channels beside the main group, as counts: they are no part of its 100 %."""
    lang = frame.lang
    asked = data.figures(["M01"], frame.viewer, [period], ["channel_group"], frame.filters)
    rest = asked[asked["channel_group"] != frame.workspace.settings.channel_share_group]
    if rest.empty:
        return
    shown = hidden.visible(frame, rest, "M01_num").index
    rest = rest.assign(is_hidden_too=~rest.index.isin(shown) & ~rest["is_small"].astype(bool))
    counts = hidden.labels(frame, rest, [numbers.count(v, lang, "tickets") for v in rest["M01_num"]])
    names = [frame.name("channel_group", group) for group in rest["channel_group"]]
    said = t("chart.list_separator", lang).join(f"{a} {b}" for a, b in zip(names, counts, strict=True))
    states.note(t("channels.outside", lang, groups=said))


def _cross(frame: Frame, period: Period) -> None:
    """Types by channel: where each type comes in. Channels beside the main group are shown as groups."""
    lang = frame.lang
    cells = crossing.by_channel(frame, period, "type_l1")
    if cells["value"].notna().sum() == 0:
        states.few(frame)
        return
    texts = [numbers.count(v, lang) for v in cells["value"]]
    shape = cells.assign(n=cells["value"], label=hidden.labels(frame, cells, texts))
    best = cells.loc[cells["value"].idxmax()]
    title = t(
        "types.cross", lang, type=best["row"], channel=best["col"], n=numbers.count(best["value"], lang, "tickets")
    )
    draw.show(
        charts.heat(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("types.cross_subtitle", lang, n=hidden.total(frame, period)),
            row_order=crossing.order(cells, "row"),
            col_order=crossing.order(cells, "col"),
            row_title=t("filter.type", lang),
            col_title=t("filter.channel", lang),
            fields=("type_l1", "channel_code"),
            select=True,
        ),
        **clicks.narrowing(frame, "cross", {"type_l1": "type_l1", "channel_code": "channel_code"}),
        alt=charts.heat_alt(shape, lang=lang, title=title),
    )
    hidden.note(frame, cells)
