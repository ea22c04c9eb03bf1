"""Complaints per 10,000 users by district: a rate, since raw counts only show where people live."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, location, numbers, states
from pages._shared.charts.base import AnyChart
from pages._shared.frame import Frame
from pages._shared.maps import district_map, district_table
from pages._shared.text import t
from warehouse.figures import add_values
from warehouse.measures import measures
from warehouse.periods import Comparison


def show(frame: Frame, comparison: Comparison) -> None:
    lang, space = frame.lang, frame.workspace
    found = by_district(frame, comparison)
    if found is None:
        states.no_map(frame)
        return
    shape, located = found
    if shape.empty:
        states.no_map(frame)
        states.note(located)
        return
    title = finding(frame, shape)
    draw.show(
        drawn(frame, shape, select=True),
        **clicks.narrowing(frame, "district_map", {"region_code": "region_code"}),
        alt=charts.map_alt(shape, lang=lang, title=title) + " " + located,
    )
    states.note(located)
    notes = [space.settings.place.note] if space.settings.place.note else []
    with states.folded(t("today.map_table", lang), "map_table") as is_open:
        if is_open:
            st.dataframe(
                district_table(shape, lang=lang),
                hide_index=True,
                row_height=32,
                alt=title,
                column_config={
                    "region_code": None,
                    "value": None,
                    "name": t("map.region", lang),
                    "text": st.column_config.TextColumn(t("chart.value", lang), alignment="right"),
                    "n": t("chart.sample", lang),
                },
            )
            for note in notes:
                states.note(note.zh if lang == "zh" else note.en)


def by_district(frame: Frame, comparison: Comparison) -> tuple[pd.DataFrame, str] | None:
    """Rows for the map, highest first, and what of the complaints has no place on it; None without a map."""
    space = frame.workspace
    if space.boundaries is None or not data.supported(["M02"]):
        return None
    by = data.figures(["M02"], frame.viewer, [comparison.now], ["region_code"], frame.filters)
    merged = space.settings.place.merge_regions
    by["region_code"] = by["region_code"].replace(merged)
    on_map = by["region_code"].isin([f["properties"]["region_code"] for f in space.boundaries["features"]])
    located = location.sentence(frame, comparison.now, by[~on_map])
    by = by[on_map]
    columns = ["M02_num", "M02_den"]
    by = by.groupby("region_code", as_index=False)[columns].sum(min_count=1).assign(period="now")
    by = add_values(by, ["M02"])
    shape = pd.DataFrame(
        {
            "region_code": by["region_code"],
            "name": [frame.name("region_code", c) for c in by["region_code"]],
            "value": by["M02"],
            "n": by["M02_num"],
            "label": [numbers.per_10k(v) for v in by["M02"]],
        }
    ).sort_values("value", ascending=False)
    return shape, located


def finding(frame: Frame, shape: pd.DataFrame) -> str:
    """Which district complains most by its users."""
    return t("today.map_title", frame.lang, region=shape["name"].iloc[0], value=shape["label"].iloc[0])


def drawn(
    frame: Frame, shape: pd.DataFrame, select: bool = False, has_finding: bool = True, height: int = 420
) -> AnyChart:
    """The map of `by_district`, with its finding or, where that is said already, with what is drawn as the title."""
    lang, unit = frame.lang, measures()["M02"].unit
    assert frame.workspace.boundaries is not None
    what = t("today.map_subtitle", lang, n=numbers.count(shape["n"].sum(), lang))
    return district_map(
        frame.workspace.boundaries["features"],
        shape,
        lang=lang,
        mode=frame.mode,
        title=finding(frame, shape) if has_finding else what,
        subtitle=what if has_finding else "",
        unit=unit.zh if lang == "zh" else unit.en,
        select=select,
        height=height,
    )
