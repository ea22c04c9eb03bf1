"""服务触点: what customers met before they complained: the automatic service, the hotline, counters and bills."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from pages._shared import data, findings, numbers, states, url, verdicts
from pages._shared.blocks import service_groups, today_tiles
from pages._shared.blocks import weeks as weeks_block
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.tiles import Tile, tile_grid
from warehouse.analysis import difference
from warehouse.analysis.intervals import two_count_p
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.query import SMALL_CELL

MEASURES: Final = ("M59", "M41", "M34", "M34_KEPT", "M42")
BILLS: Final = "M42"  # counts complaints; all others count calls, sessions and attempts
ACCURACY, BESIDE = "M34", "M34_KEPT"


def show(frame: Frame) -> None:
    lang, comparison = frame.lang, frame.comparison
    shown = data.supported(MEASURES)
    if not shown:
        st.info(t("service.none", lang), icon=":material/support_agent:")
        return
    earlier = today_tiles.history(frame, comparison)
    asked = data.figures(shown, frame.viewer, [*comparison.periods, *earlier], (), frame.filters)
    if _tells_of_few(frame, asked):
        shown = [i for i in shown if i != BILLS]
    known = [i for i in shown if _value(asked, "now", i) is not None]
    if known:
        st.markdown(f"**{finding(frame, asked, known)}**")
        tiles = [_tile(frame, i, asked, earlier) for i in known if i != BESIDE or ACCURACY not in known]
        tile_grid(tiles, lang, key="service_tiles")
        _one(frame, known)
    else:
        st.info(t("service.no_day", lang), icon=":material/hourglass_empty:")
    states.note(t("service.note", lang))
    states.unsupported(frame, MEASURES)


def _tile(frame: Frame, measure: str, asked: pd.DataFrame, earlier: list[Period]) -> Tile:
    """As on the first page; with how many complaints it is of, and how many sessions need no person."""
    lang, row = frame.lang, findings.row_of(asked, "now")
    assert row is not None
    note = ""
    if measure == BILLS:
        k, n = (numbers.count(row[f"{BILLS}_{part}"], lang) for part in ("num", "den"))
        note = t("service.of_bills", lang, k=k, n=n)
    if measure == ACCURACY and BESIDE in row and not pd.isna(row[BESIDE]):
        value, n = numbers.rate(row[BESIDE], lang), numbers.count(row[f"{BESIDE}_n"], lang)
        note = f"{t('service.value', lang, name=measures()[BESIDE].name(lang), value=value)} (n={n})"
    told = today_tiles.tile(frame, measure, asked, frame.comparison, earlier)
    before = findings.row_of(asked, "before")
    if measure == BILLS and told.change is not None and before is not None and _is_worse(measure, row, before):
        # Few complaints are told apart exactly: the tile must not call them too few where the sentence calls it worse.
        told = replace(told, change=verdicts.worse(told.change, lang))
    return replace(told, note=note)


def _tells_of_few(frame: Frame, asked: pd.DataFrame) -> bool:
    """One to four billing complaints of a period tell of single people."""
    if frame.viewer.level != "L1" or f"{BILLS}_num" not in asked:
        return False
    return bool(asked[f"{BILLS}_num"].between(1, SMALL_CELL - 1).any())


def finding(frame: Frame, asked: pd.DataFrame, shown: list[str]) -> str:
    """What became worse, and what misses its target; or that nothing does."""
    lang = frame.lang
    now, before = (findings.row_of(asked, p) for p in ("now", "before"))
    worse: list[str] = []
    near: list[str] = []
    below: list[str] = []
    for i in shown:
        name = measures()[i].name(lang)
        value = findings.value_text(i, _value(asked, "now", i), lang)
        if now is not None and before is not None and _is_worse(i, now, before):
            then = findings.value_text(i, _value(asked, "before", i), lang)
            worse.append(t("service.moved", lang, name=name, before=then, now=value))
        short = _short(frame, i, now)
        if short in ("near", "missed"):
            (near if short == "near" else below).append(t("service.value", lang, name=name, value=value))
    parts = []
    separator = t("chart.list_separator", lang)
    if worse:
        parts.append(t("service.worse", lang, names=separator.join(worse)))
    if below:
        parts.append(t("service.below", lang, names=separator.join(below)))
    if near:
        parts.append(t("service.near", lang, names=separator.join(near)))
    return t("today.join", lang).join(parts or [t("service.fine", lang)]) + t("today.stop", lang)


def _is_worse(measure: str, now: pd.Series, before: pd.Series) -> bool:
    """Beyond chance. Few complaints beside many bills are told apart exactly, so that no least number is needed."""
    if measure != BILLS:
        return difference.verdict(measures()[measure], now, before) == "worse"
    k, bills, k_before, bills_before = (float(row[f"{BILLS}_{p}"]) for row in (now, before) for p in ("num", "den"))
    if not (bills > 0 and bills_before > 0):
        return False
    return k / bills > k_before / bills_before and bool(two_count_p(k, k_before, bills, bills_before) < 0.05)


def _short(frame: Frame, measure: str, now: pd.Series | None) -> str:
    """How a figure stands to its target, as the tile's lamp says it."""
    aim, entry = frame.workspace.settings.targets.get(measure), measures()[measure]
    if aim is None or now is None:
        return "none"
    n = None if pd.isna(now[f"{measure}_n"]) else int(now[f"{measure}_n"])
    kind = findings.kind_of(entry)
    return verdicts.lamp(now[measure], aim.value, good=entry.good, lang=frame.lang, kind=kind, n=n).code


def _value(asked: pd.DataFrame, period: str, measure: str) -> float | None:
    row = findings.row_of(asked, period)
    return None if row is None or pd.isna(row[measure]) else float(row[measure])


def _one(frame: Frame, shown: list[str]) -> None:
    """The course of one of them, and where it is worst."""
    lang = frame.lang
    url.one("kpi", shown, shown[0])
    chosen = st.segmented_control(
        t("service.choose", lang),
        shown,
        required=True,
        format_func=lambda i: measures()[i].name(lang),
        key="kpi",
        label_visibility="collapsed",
        wrap=True,
    )
    left, right = st.columns([7, 5], gap="medium")
    with left:
        weeks_block.show(frame, chosen or shown[0])
    with right:
        service_groups.show(frame, chosen or shown[0])
