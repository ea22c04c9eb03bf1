"""Who complains: age by channel, customer type, and how their handling differs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, hidden, numbers, states
from pages._shared.blocks import crossing
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.figures import shares
from warehouse.measures import measures

RATE = "M07"


def show(frame: Frame) -> None:
    filled = frame.reader.filled("mart_ticket")
    known = [d for d in ("age_band", "cust_type") if d in filled and _has_words(frame, d)]
    if not known:
        st.info(t("who.none", frame.lang), icon=":material/group_off:")
        return
    left, right = st.columns(2, gap="medium")
    for box, dimension in zip((left, right), known, strict=False):
        with box:
            _rates(frame, dimension)
    if "age_band" in known:
        _age_channel(frame)


def _has_words(frame: Frame, dimension: str) -> bool:
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], [dimension], frame.filters)
    return bool((asked[dimension] != "UNKNOWN").any())


def _rates(frame: Frame, dimension: str) -> None:
    """Volume and resolution by group, with intervals: small groups must not be ranked."""
    lang = frame.lang
    rate = RATE if data.supported([RATE]) else None
    ids = ["M01", "M54", *([rate] if rate else [])]
    asked = data.figures(ids, frame.viewer, [frame.comparison.now], [dimension], frame.filters)
    total = _known(frame, asked, dimension)
    asked = hidden.visible(frame, asked[asked[dimension] != "UNKNOWN"], "M01_num").sort_values("M01", ascending=False)
    if asked.empty:
        states.few(frame)
        return
    asked = shares(asked, total=total)
    top = asked.iloc[0]
    title = t(
        f"who.{dimension}",
        lang,
        group=frame.name(dimension, top[dimension]),
        share=numbers.rate(top["share"], lang),
    )
    shape = pd.DataFrame(
        {
            "key": asked[dimension].astype(str),
            "label": [frame.name(dimension, c) for c in asked[dimension]],
            "share": asked["share"],
            "baseline": float("nan"),
            "n": asked["M01"],
        }
    )
    draw.show(
        charts.share_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("who.subtitle", lang, n=numbers.count(total, lang)),
            select=True,
        ),
        **clicks.narrowing(frame, f"who_{dimension}", {"key": dimension}),
        alt=charts.share_alt(shape, lang=lang, title=title),
    )
    if rate is None:
        return
    with st.expander(t("who.rates", lang, name=measures()[rate].name(lang))):
        ranked = pd.DataFrame(
            {
                "key": asked[dimension].astype(str),
                "label": shape["label"].to_numpy(),
                "value": asked[rate],
                "low": asked[f"{rate}_low"],
                "high": asked[f"{rate}_high"],
                "n": asked[f"{rate}_n"],
            }
        )
        name = measures()[rate].name(lang)
        draw.show(
            charts.ranked_bars(
                ranked,
                lang=lang,
                mode=frame.mode,
                title=name,
                subtitle=t("who.rates_subtitle", lang),
                evidence=True,
                select=True,
            ),
            **clicks.narrowing(frame, f"who_rates_{dimension}", {"key": dimension}),
            alt=charts.ranked_alt(ranked, lang=lang, title=name),
        )


def _known(frame: Frame, asked: pd.DataFrame, dimension: str) -> float:
    """Complaints whose `dimension` is known: all of them without the unknown, as far as those may be told apart."""
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters)["M01_num"].sum()
    unknown = asked.loc[asked[dimension] == "UNKNOWN", "M01_num"].fillna(0).sum()
    return float(whole - unknown)


def _age_channel(frame: Frame) -> None:
    """Where each age comes in: shares of all its complaints, whether or not all its channels may be shown."""
    lang, now = frame.lang, frame.comparison.now
    cells = crossing.by_channel(frame, now, "age_band", is_known=True)
    ages = data.figures(["M01"], frame.viewer, [now], ["age_band"], frame.filters)
    known = _known(frame, ages, "age_band")
    totals = ages.set_index("age_band")["M01_num"].astype(float)
    base = cells["age_band"].map(totals)
    share = cells["value"] / base.where(base > 0)
    texts = [numbers.rate(v, lang) for v in share]
    shape = cells.assign(value=share, n=base, label=hidden.labels(frame, cells, texts))
    if share.notna().sum() == 0:
        return
    top = shape.loc[share.idxmax()]
    title = t("who.age_channel", lang, age=top["row"], channel=top["col"], share=top["label"])
    draw.show(
        charts.heat(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("who.age_channel_subtitle", lang, n=numbers.count(known, lang)),
            row_order=crossing.order(cells, "row"),
            col_order=crossing.order(cells, "col"),
            row_title=t("dimension.age_band", lang),
            col_title=t("filter.channel", lang),
            fields=("age_band", "channel_code"),
            select=True,
        ),
        **clicks.narrowing(frame, "age_channel", {d: d for d in ("age_band", "channel_code")}),
        alt=charts.heat_alt(shape, lang=lang, title=title),
    )
    hidden.note(frame, cells)
