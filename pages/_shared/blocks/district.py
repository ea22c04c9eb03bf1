"""Complaints per 10,000 users by district: a rate, since raw counts only show where people live."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, location, numbers, states
from pages._shared.frame import Frame
from pages._shared.maps import district_map, district_table
from pages._shared.text import t
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.periods import Comparison


def show(frame: Frame, comparison: Comparison) -> None:
    lang, space = frame.lang, frame.workspace
    if space.boundaries is None or not data.supported(["M02"]):
        states.no_map(frame)
        return
    by = data.figures(["M02"], frame.viewer, [comparison.now], ["region_code"], frame.filters)
    merged = space.settings.place.merge_regions
    by["region_code"] = by["region_code"].replace(merged)
    drawn = by["region_code"].isin([f["properties"]["region_code"] for f in space.boundaries["features"]])
    located = location.sentence(frame, comparison.now, by[~drawn])
    by = by[drawn]
    columns = ["M02_num", "M02_den"]
    by = by.groupby("region_code", as_index=False)[columns].sum(min_count=1).assign(period="now")
    by = add_values(by, ["M02"])
    if by.empty:
        states.no_map(frame)
        states.note(located)
        return
    shape = pd.DataFrame(
        {
            "region_code": by["region_code"],
            "name": [frame.name("region_code", c) for c in by["region_code"]],
            "value": by["M02"],
            "n": by["M02_num"],
            "label": [numbers.per_10k(v) for v in by["M02"]],
        }
    ).sort_values("value", ascending=False)
    unit = measures()["M02"].unit
    title = t("today.map_title", lang, region=shape["name"].iloc[0], value=shape["label"].iloc[0])
    draw.show(
        district_map(
            space.boundaries["features"],
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("today.map_subtitle", lang, n=numbers.count(shape["n"].sum(), lang)),
            unit=unit.zh if lang == "zh" else unit.en,
            select=True,
            height=420,
        ),
        **clicks.narrowing(frame, "district_map", {"region_code": "region_code"}),
        alt=charts.map_alt(shape, lang=lang, title=title) + " " + located,
    )
    states.note(located)
    notes = [space.settings.place.note] if space.settings.place.note else []
    with st.expander(t("today.map_table", lang)):
        st.dataframe(district_table(shape, lang=lang), hide_index=True, row_height=32, alt=title)
        for note in notes:
            states.note(note.zh if lang == "zh" else note.en)
