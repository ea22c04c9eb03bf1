"""热点网络 of a source without tickets: where test drives went and how strong the signal was."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import bearings, data_map, deck, draw, extent, numbers, states
from pages._shared.blocks import map_drives
from pages._shared.charts.legend import legend
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.theme import MAP_HEIGHT, palette
from warehouse.periods import Period

ENOUGH = -100.0  # dBm


def has(frame: Frame) -> bool:
    """Whether the source holds drives that this viewer may see, and a place to draw them."""
    space = frame.workspace
    has_place = space.boundaries is not None or space.settings.place.bbox is not None
    return frame.viewer.sees_rows and has_place and frame.reader.n_rows("fact_drive_test") > 0


def show(frame: Frame) -> None:
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    st.title(t("drives.title", lang))
    week = Period("now", frame.as_of.date(), frame.as_of.date() + pd.Timedelta(days=1), frame.as_of)
    found = data_map.drives(frame.viewer, week.end)
    known = found.dropna(subset=["rsrp_dbm"])
    if known.empty:
        st.info(t("drives.none", lang), icon=":material/search_off:")
        return
    st.markdown("## " + finding(frame, known))
    states.note(t("drives.no_tickets", lang))
    layers, keys = map_drives.drives(frame, week)
    lon, lat = known["lon"].astype(float), known["lat"].astype(float)
    box = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    deck.show(
        [*layers, *bearings.scale(box, p, lang)],
        extent.view(box, MAP_HEIGHT),
        space,
        lang=lang,
        mode=frame.mode,
        key="drive_map",
        height=MAP_HEIGHT,
        alt=f"{finding(frame, known)} {t('drives.table_below', lang)}",
    )
    names = t("chart.list_separator", lang).join(k.label for k in keys)
    draw.show(legend(keys, lang=lang, mode=frame.mode, columns=4), alt=t("map.legend_alt", lang, names=names))
    _tests(frame, known)
    states.note(t("map.sketch_plain", lang))


def finding(frame: Frame, known: pd.DataFrame) -> str:
    """How many points of how many drives, and how much of it is strong enough."""
    lang = frame.lang
    share = float((known["rsrp_dbm"] >= ENOUGH).mean())
    return t(
        "drives.finding", lang, n=numbers.count(len(known), lang), tests=known["test_id"].nunique(),
        first=numbers.date(known["measured_at"].min().date(), lang, year=True),
        last=numbers.date(known["measured_at"].max().date(), lang, year=True),
        share=numbers.rate(share, lang), level=f"{ENOUGH:.0f} dBm",
    )  # fmt: skip


def _tests(frame: Frame, known: pd.DataFrame) -> None:
    """The same as a table: one row a drive, the weakest first."""
    lang = frame.lang
    by = known.assign(is_enough=known["rsrp_dbm"] >= ENOUGH).groupby("test_id")
    rows = pd.DataFrame(
        {
            "begun": by["measured_at"].min(),
            "n": by.size(),
            "level": by["rsrp_dbm"].median(),
            "share": by["is_enough"].mean(),
            "speed": by["dl_kbps"].median() / 1000,
        }
    ).sort_values("share")
    shape = pd.DataFrame(
        {
            "name": rows.index.astype(str),
            "begun": [numbers.date(v.date(), lang, year=True) for v in rows["begun"]],
            "n": [numbers.count(v, lang) for v in rows["n"]],
            "level": [f"{numbers.fixed(v, 0)} dBm" for v in rows["level"]],
            "share": [numbers.rate(v, lang) for v in rows["share"]],
            "speed": [numbers.DASH if pd.isna(v) else f"{numbers.fixed(v, 1)} Mbit/s" for v in rows["speed"]],
        }
    )
    headers = {c: t(f"drives.column.{c}", lang, level=f"{ENOUGH:.0f} dBm") for c in shape}
    states.small_table(shape, headers, finding(frame, known))
