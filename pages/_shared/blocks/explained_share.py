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
    rows = data_explained.layers(frame.viewer)
    if len(rows):
        chosen = dict(frame.filters.values).get("region_code")
        rows = rows[rows["region_code"].isin(chosen)] if chosen else rows
    if rows.empty:
        return
    found = explaining.share(rows)
    st.subheader(t("explained.title", lang))
    if found.share is None or found.n < LEAST:
        states.note(t("explained.nothing", lang))
        return
    if is_small(frame, found.n_bad) or is_small(frame, found.n - found.n_bad):
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
    by = explaining.by_district(rows)
    shown = by[(by["n"] >= LEAST) & by["share"].notna()]
    shown = shown[[not is_small(frame, int(n)) for n in shown["n_found"]]]
    if len(shown) > 1:
        _districts(frame, shown)
    with st.expander(t("word.evidence", lang)):
        kinds = {k: int(rows[f"n_{k}"].sum()) for k in ("radio", "alarm", "change")}
        # One kind that is small would follow from the others and the share above.
        if any(is_small(frame, n) for n in kinds.values()):
            states.note(t("state.withheld", lang, least=SMALL_CELL))
        else:
            st.markdown(t("explained.kinds", lang, **{k: numbers.count(n, lang) for k, n in kinds.items()}))
        few = [frame.name("region_code", c) for c in by.loc[by["n"] < LEAST, "region_code"]]
        if few:
            names = t("chart.list_separator", lang).join(few)
            states.note(t("explained.few", lang, least=LEAST, names=names))
        states.computed(frame, ["M50"])
        states.note(t("explained.method", lang))


def is_small(frame: Frame, n: int) -> bool:
    """Too few complaints for who sees sums only."""
    return not frame.viewer.sees_rows and 0 < n < SMALL_CELL


def _districts(frame: Frame, by: pd.DataFrame) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        {
            "key": by["region_code"].astype(str),
            "label": [frame.name("region_code", c) for c in by["region_code"]],
            "value": by["share"].astype(float),
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
