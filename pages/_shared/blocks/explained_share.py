"""How much of the complaints about the network its own findings explain, for the city and by district."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, data_explained, draw, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse import explaining
from warehouse.derived import derived
from warehouse.query import SMALL_CELL

LEAST = derived()["M50"].min_n  # complaints of a district, under which its share is no figure


def show(frame: Frame) -> None:
    """The share of the city in a sentence, districts as bars with their intervals."""
    lang = frame.lang
    told = data_explained.told(frame.viewer, tuple(dict(frame.filters.values).get("region_code", ())))
    if told is None:
        return
    found, by = told.city, told.districts
    st.subheader(t("explained.title", lang))
    if told.n < LEAST or (found is not None and found.share is None):
        states.note(t("explained.nothing", lang))
        return
    if found is None:
        states.note(t("state.withheld", lang, least=SMALL_CELL))
        return
    key = "explained.finding_little" if (found.high or 0) < 0.5 else "explained.finding"
    st.markdown(
        "**"
        + t(
            key, lang, weeks=explaining.WEEKS, n=numbers.count(found.n, lang),
            beside=numbers.rate(found.n_bad / found.n, lang), share=numbers.rate(found.share, lang),
            low=numbers.rate(found.low, lang), high=numbers.rate(found.high, lang),
        )
        + "**"
    )  # fmt: skip
    shown = by[(by["n"] >= LEAST) & by["explained"].notna()]
    if len(shown) > 1:
        _districts(frame, shown)
    with st.expander(t("word.evidence", lang)):
        if told.kinds is None:
            states.note(t("state.withheld", lang, least=SMALL_CELL))
        else:
            st.markdown(t("explained.kinds", lang, **{k: numbers.count(n, lang) for k, n in told.kinds.items()}))
        few = [frame.name("region_code", c) for c in by.loc[by["n"] < LEAST, "region_code"]]
        if few:
            names = t("chart.list_separator", lang).join(few)
            states.note(t("explained.few", lang, least=LEAST, names=names))
        states.computed(frame, ["M50"])
        states.note(t("explained.method", lang))


def _districts(frame: Frame, by: pd.DataFrame) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        {
            "key": by["region_code"].astype(str),
            "label": [frame.name("region_code", c) for c in by["region_code"]],
            "value": by["explained"].astype(float),
            "low": by["low"].astype(float),
            "high": by["high"].astype(float),
            "n": by["n"].astype(int),
        }
    )
    title = t(
        "explained.districts", lang, best=shape["label"].iloc[0], share=numbers.rate(shape["value"].iloc[0], lang),
        worst=shape["label"].iloc[-1], least=numbers.rate(shape["value"].iloc[-1], lang),
    )  # fmt: skip
    draw.show(
        charts.ranked_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("explained.key", lang),
            kind="rate",
            evidence=True,
        ),
        alt=charts.ranked_alt(shape, lang=lang, title=title),
    )
