"""What the map is painted with: one question each, answered as layers, a legend, a sentence and a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages._shared import data_map, deck, findings, numbers
from pages._shared.blocks import map_rates, map_spots
from pages._shared.blocks.map_drives import drives
from pages._shared.blocks.map_painted import Painted, squares
from pages._shared.blocks.map_sites import sites
from pages._shared.charts.base import step_labels
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from pages._shared.theme import palette
from warehouse import mapping
from warehouse.hotspots import radio
from warehouse.periods import Period

WEAK_EDGES = (0.0, 0.05, 0.10, 0.20, 0.30, 1.0)  # the second is the level of a weak cell, the others spread beside it
FEW_SAMPLES = 30
MOST_BAD = 500  # cells in the table; nobody reads more, and each takes its words
FOCUS = "map_focus"  # the place that a chosen row of the table moved the map to


Paint = Callable[[Frame, Period], Painted]


def weak(frame: Frame, week: Period) -> Painted:
    """Share of weak samples by square: where does the network not reach?"""
    lang, p = frame.lang, palette(frame.mode)
    regions = tuple(str(code) for code in dict(frame.filters.values).get("region_code", ()))
    found, side, day = data_map.weak_grids(frame.viewer, week.end, regions)
    if day is None or found.empty:
        return Painted(finding=t("map.no_grids", lang))
    found["share"] = found["n_weak"] / found["n_samples"]
    found = found[found["n_samples"] >= FEW_SAMPLES].reset_index(drop=True)
    colours = [p.sequential[i] for i in (0, 1, 3, 4, 5)]
    is_weak = found["share"] > WEAK_EDGES[2]
    worst = found[is_weak].sort_values("n_weak", ascending=False).head(200)
    rows = pd.DataFrame(
        {
            "lon": worst["lon"],
            "lat": worst["lat"],
            "place": [f"{lon:.4f}, {lat:.4f}" for lon, lat in zip(worst["lon"], worst["lat"], strict=True)],
            "share": [numbers.rate(s, lang) for s in worst["share"]],
            "level": [f"{numbers.fixed(r, 1)} dBm" for r in worst["rsrp_dbm"]],
            "n": [numbers.count(n, lang) for n in worst["n_samples"]],
        }
    )
    finding = t(
        "map.weak_finding",
        lang,
        n=numbers.count(int(is_weak.sum()), lang),
        total=numbers.count(len(found), lang),
        share=numbers.rate(found["n_weak"].sum() / found["n_samples"].sum(), lang),
    )
    is_old = (week.last - day) > timedelta(7)
    note = t(
        "map.weak_note_old" if is_old else "map.weak_note", lang, day=numbers.date(day, lang, year=True), side=side
    )
    keys = [Key(label, c) for label, c in zip(step_labels(WEAK_EDGES, "rate"), colours, strict=True)]
    headers = {
        "place": t("map.place", lang),
        "share": t("map.weak_share", lang),
        "level": t("map.level", lang),
        "n": t("map.samples", lang),
    }
    shown = _weak_squares(frame, found, side, colours)
    layers = [deck.rings("weak", shown)]
    focus = st.session_state.get(FOCUS)
    if focus and side > mapping.GRID_M:  # around the chosen place in full detail, over what many squares come to
        near, fine, _ = data_map.weak_grids(frame.viewer, week.end, regions, focus)
        near["share"] = near["n_weak"] / near["n_samples"]
        layers.append(deck.rings("weak_near", _weak_squares(frame, near, fine, colours)))
        note += t("map.weak_near", lang, side=fine)
    elif side == mapping.GRID_M:
        # From the whole city such a square is less than a pixel; where many were put together none needs a dot.
        afar = shown[["rgba"]].assign(lon=found["lon"], lat=found["lat"])
        worst_afar = shown.loc[worst.index, ["rgba", "tip"]].assign(lon=worst["lon"], lat=worst["lat"])
        layers = [
            deck.dots("weak_afar", afar, 1.5, pickable=False),
            deck.dots("weak_dots", worst_afar, 3),
            *layers,
        ]
    return Painted(layers, keys, finding, note, rows, headers)


def _weak_squares(frame: Frame, found: pd.DataFrame, side: int, colours: Sequence[str]) -> pd.DataFrame:
    """Squares ready to draw. Their tips are figures with units, no sentences: there are thousands of them."""
    at = np.clip(np.searchsorted(WEAK_EDGES, found["share"], side="right") - 1, 0, len(colours) - 1)
    lang = frame.lang
    shares = _said(found["share"], lambda s: numbers.rate(s, lang))
    levels = _said(found["rsrp_dbm"], lambda r: numbers.fixed(r, 1))
    counts = _said(found["n_samples"], lambda n: numbers.count(n, lang))
    tips = [f"{s} · {r} dBm · n={n}" for s, r, n in zip(shares, levels, counts, strict=True)]
    shades = [deck.rgba(c, 70 if i == 0 else 210) for i, c in enumerate(colours)]
    return pd.DataFrame({"ring": squares(found, side), "rgba": [shades[i] for i in at], "tip": tips}, index=found.index)


def _said(values: pd.Series, say: Callable[[float], str]) -> list[str]:
    """The words of each value; most of thousands occur many times."""
    at, kinds = pd.factorize(values, use_na_sentinel=False)
    words = [say(kind) for kind in kinds.tolist()]
    return [words[k] for k in at.tolist()]


def cells(frame: Frame, week: Period) -> Painted:
    """Cells by how they did in the week: which ones fail, which are bad and by what?"""
    lang, p = frame.lang, palette(frame.mode)
    found = data_map.cells(frame.viewer, week.first)
    chosen = dict(frame.filters.values).get("region_code")
    if chosen:
        found = found[found["region_code"].isin(chosen)]
    if found.empty or (found["state"] == radio.SILENT).all():
        return Painted(finding=t("map.no_cells", lang))
    fill = {radio.OUT: p.red.mark, radio.BAD: p.orange.mark, radio.POOR: p.yellow.mark, radio.FINE: p.green.mark}
    fill[radio.SILENT] = p.gray.mark
    found["order"] = -found["state"].cat.codes.astype(int)  # the bad ones on top
    drawn = found.iloc[deck.weightiest(found["badness"], found["order"])]
    drawn = drawn.assign(
        rgba=[deck.rgba(fill[s], 120 if s == radio.FINE else 235) for s in drawn["state"]],
        tip=[
            f"{r.cell_name or r.cell_id}\n{word('cell_state', r.state, lang)}{_why(r, lang)}"
            for r in drawn.itertuples()
        ],
    )
    is_amiss = drawn["state"].isin([radio.POOR, radio.BAD, radio.OUT])
    layers = [
        deck.dots("fine_dots", drawn.loc[~is_amiss, ["lon", "lat", "rgba"]], 1.5, pickable=False),
        deck.dots("cell_dots", drawn.loc[is_amiss, ["lon", "lat", "rgba", "tip"]], 3.5),
        deck.sectors("cells", drawn[["cell_id", "lon", "lat", "azimuth_deg", "rgba", "tip"]]),
    ]
    counts = found["state"].value_counts()
    amiss = found[found["state"].isin([radio.OUT, radio.BAD])]
    bad = amiss.sort_values(["badness", "order", "cell_id"], ascending=[False, False, True]).head(MOST_BAD)
    rows = pd.DataFrame(
        {
            "lon": bad["lon"],
            "lat": bad["lat"],
            "cell": bad["cell_name"].fillna(bad["cell_id"]).astype(str),
            "state": [word("cell_state", s, lang) for s in bad["state"]],
            "why": [_why(r, lang).lstrip("：: ") for r in bad.itertuples()],
            "town": bad["town"].fillna("").astype(str),
        }
    )
    keys = [
        Key(f"{word('cell_state', s, lang)} {numbers.count(int(counts.get(s, 0)), lang)}", fill[s])
        for s in radio.STATES
        if counts.get(s, 0)
    ]
    finding = t(
        "map.cells_finding",
        lang,
        week=findings.period_text(week, lang),
        out=numbers.count(int(counts.get(radio.OUT, 0)), lang),
        bad=numbers.count(int(counts.get(radio.BAD, 0)), lang),
        total=numbers.count(len(found), lang),
    )
    headers = {k: t(f"map.cell_{k}", lang) for k in ("cell", "state", "why", "town")}
    note = " ".join(
        [t("map.cells_note", lang), *deck.fewer(len(drawn), len(found), lang), *_listed(len(bad), len(amiss), lang)]
    )
    return Painted(layers, keys, finding, note, rows, headers)


def _listed(n: int, total: int, lang: Lang) -> list[str]:
    """That the table has not all bad cells, where it is so."""
    known = {"n": numbers.count(n, lang), "total": numbers.count(total, lang)}
    return [t("map.cells_listed", lang, **known)] if n < total else []


def _why(row: Any, lang: Any) -> str:
    """What is worst about a cell, with its figure."""
    if row.state in (radio.FINE, radio.SILENT) or not row.worst:
        return ""
    name = radio.FIGURES[0] if row.state == radio.OUT else row.worst
    value = getattr(row, name)
    said = f"{numbers.fixed(value, 1)} dBm" if name == "interference" else numbers.rate(value, lang)
    return t("chart.colon", lang) + f"{word('radio', name, lang)} {said}"


def alarms(frame: Frame, week: Period) -> tuple[list[Any], list[Key]]:
    """Sites with a serious alarm in the week, as an overlay."""
    lang, p = frame.lang, palette(frame.mode)
    found = data_map.alarms(frame.viewer, week.first)
    if found.empty:
        return [], []
    colour = {"critical": p.red.mark, "major": p.orange.mark}
    shown = found.assign(
        rgba=[deck.rgba(colour[s], 235) for s in found["severity"]],
        size=90,
        tip=[f"{r.site_id} {r.town}\n{r.alarm_name} · {numbers.duration(r.minutes, lang)}" for r in found.itertuples()],
    )[["lon", "lat", "rgba", "size", "tip"]]
    keys = [
        Key(t(f"map.alarm_{s}", lang, n=int((found["severity"] == s).sum())), colour[s], "circle")
        for s in ("critical", "major")
        if (found["severity"] == s).any()
    ]
    return [deck.points("alarms", shown, p, radius_px=(4, 9), stroke=p.text)], keys


def halls(frame: Frame, week: Period) -> tuple[list[Any], list[Key]]:
    """Business halls by complaints about them in four weeks, as an overlay."""
    lang, p = frame.lang, palette(frame.mode)
    found = data_map.halls(frame.viewer, week.first, frame.filters)
    if found.empty:
        return [], []
    shown = found.assign(
        rgba=[deck.rgba(p.series["SVC"], 220)] * len(found),
        size=60 + 25 * np.sqrt(found["n"].astype(float).fillna(1)),
        tip=[f"{r.hall_name}\n{t('map.tip_hall', lang, n=map_spots.people(frame, r.n))}" for r in found.itertuples()],
    )[["lon", "lat", "rgba", "size", "tip"]]
    return [deck.points("halls", shown, p, radius_px=(3, 14))], [Key(t("map.halls", lang), p.series["SVC"], "circle")]


PAINTS: dict[str, Paint] = {
    "rate": map_rates.rate,
    "towns": map_rates.towns,
    "excess": map_spots.excess,
    "classes": map_spots.classes,
    "weak": weak,
    "cells": cells,
}
OVERLAYS: dict[str, Callable[[Frame, Period], tuple[list[Any], list[Key]]]] = {
    "spots": map_spots.spots,
    "alarms": alarms,
    "halls": halls,
    "drives": drives,
    "sites": sites,
}


AGGREGATES = ("rate", "towns")  # paints of no single thing
# What a layer is drawn from; a source without any of it is not offered the layer.
_FROM = {
    "towns": "mart_town_user_day", "weak": "fact_mr_grid_d", "cells": "dim_cell", "excess": "mart_grid_week",
    "classes": "mart_gi", "spots": "mart_hotspot", "alarms": "fact_alarm", "halls": "dim_hall",
    "drives": "fact_drive_test", "sites": "dim_site",
}  # fmt: skip


def for_viewer(frame: Frame) -> tuple[Sequence[str], Sequence[str]]:
    """The paints and overlays that the viewer's role may look at: positions of single things need row access.

    Of those, what this source has anything for.
    """
    paints, overlays = (list(PAINTS), list(OVERLAYS)) if frame.viewer.sees_rows else (list(AGGREGATES), [])
    held = data_map.holding(_FROM.values())
    gone = {name for name, table in _FROM.items() if table not in held}
    return [n for n in paints if n not in gone], [n for n in overlays if n not in gone]
