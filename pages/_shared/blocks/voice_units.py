"""Who is behind satisfaction: departments, types, channels or districts, ranked only as far as the answers allow."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data_voice, draw, numbers, states, url
from pages._shared.charts.base import AnyChart
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.funnel import common_rate, curve, places
from warehouse.analysis.intervals import wilson
from warehouse.analysis.ranking import MIN_CASES, can_be_told_apart, worst_count
from warehouse.measures import measures
from warehouse.query import SMALL_CELL

BY = ("owner_dept", "type_l1", "channel_code", "region_code")
SURE = 0.01
Side = Literal["low", "high"]
SIDES: tuple[Side, ...] = ("low", "high")


def show(frame: Frame) -> None:
    lang = frame.lang
    url.one("by", BY, BY[0])
    dimension = st.segmented_control(
        t("voice.by", lang),
        BY,
        required=True,
        format_func=lambda d: word("voice.dimension", d, lang),
        key="by",
        label_visibility="collapsed",
    )
    _ranked(frame, dimension or BY[0])


def _ranked(frame: Frame, dimension: str) -> None:
    lang = frame.lang
    table = data_voice.units(frame.viewer, frame.comparison, dimension, frame.filters)
    table = table[table["key"] != "UNKNOWN"].reset_index(drop=True)
    if table.empty:
        states.few(frame)
        return
    table["label"] = [frame.name(dimension, k) for k in table["key"]]
    apart = can_be_told_apart(table)
    if not apart:
        # Without an order that holds, units stand by their size, not by a rate that chance made.
        table = table.sort_values("n", ascending=False, ignore_index=True)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        title = verdict(frame, table, dimension)
        draw.show(
            _bars(frame, table, title, evidence=False),
            **clicks.narrowing(frame, f"voice_{dimension}", {"key": dimension}),
            alt=charts.ranked_alt(table.assign(value=table["rate"]), lang=lang, title=title),
        )
    with right:
        _worst(frame, table, apart)
    _small(frame, dimension)
    with st.expander(t("word.evidence", lang)):
        _evidence(frame, table, dimension)


def verdict(frame: Frame, table: pd.DataFrame, dimension: str) -> str:
    """Which units lie below or above all others together beyond chance; or that none can be told apart."""
    lang = frame.lang
    parts = []
    for key in SIDES:
        chosen = clearly(table, key)
        if len(chosen):
            first = chosen.sort_values("p_rest").head(3)
            names = t("chart.list_separator", lang).join(unit_text(row, lang) for _, row in first.iterrows())
            parts.append(word("voice.units", key, lang, names=names))
    if not parts:
        return t("voice.units_alike", lang, units=word("voice.plural", dimension, lang))
    return t("today.join", lang).join(parts)


def clearly(table: pd.DataFrame, side: Side) -> pd.DataFrame:
    """Units with enough answers whose rate lies below (low) or above (high) all others together beyond chance.

    Beyond the chance that any of them does: of many units one always seems to.
    """
    away = table["rate"] < table["rest"] if side == "low" else table["rate"] > table["rest"]
    return table[(table["n"] >= MIN_CASES) & (table["p_told"] < SURE) & away]


def unit_text(row: pd.Series, lang: Lang) -> str:
    """A unit's label with its rate and n."""
    rate, n = numbers.rate(row["rate"], lang), numbers.count(row["n"], lang)
    return t("voice.unit_rate", lang, unit=row["label"], rate=rate, n=n)


def _bars(frame: Frame, table: pd.DataFrame, title: str, evidence: bool) -> AnyChart:
    lang, aim = frame.lang, frame.workspace.settings.targets.get("M09")
    low, high = wilson(table["k"].to_numpy(), table["n"].to_numpy())
    shape = pd.DataFrame(
        {
            "key": table["key"],
            "label": table["label"],
            "value": table["rate"],
            "low": low,
            "high": high,
            "n": table["n"],
        }
    )
    subtitle = t(
        "voice.units_subtitle", lang, name=measures()["M09"].name(lang), n=numbers.count(table["n"].sum(), lang)
    )
    return charts.ranked_bars(
        shape,
        lang=lang,
        mode=frame.mode,
        title=title,
        subtitle=subtitle,
        target=aim.value if aim else None,
        evidence=evidence,
        with_n=True,
        select=True,
    )


def _worst(frame: Frame, table: pd.DataFrame, apart: bool) -> None:
    """The chance of being among the worst; without an order that holds, the sentence that says so."""
    lang = frame.lang
    ranked = table[table["is_ranked"]]
    few = table[table["n"] < MIN_CASES]
    if ranked.empty:
        st.markdown(f"**{t('voice.rank_none', lang, least=MIN_CASES)}**")
        states.note(t("voice.rank_longer", lang))
    elif not apart:
        st.markdown(f"**{t('chart.no_ranking', lang)}**")
        states.note(t("voice.rank_alike", lang, n=len(ranked)))
    else:
        n = worst_count(len(ranked))
        st.markdown(f"**{t('voice.rank', lang, n=n)}**")
        shape = pd.DataFrame(
            {
                "name": ranked["label"],
                "p": [chance(p, lang) for p in ranked["p_worst"]],
                "group": [word("voice.group", "worst" if g == 1 else "other", lang, n=int(g)) for g in ranked["group"]],
            }
        )
        headers = {"name": t("voice.unit", lang), "p": t("voice.p_worst", lang, n=n), "group": t("voice.grouped", lang)}
        states.small_table(shape, headers, alt=t("voice.rank", lang, n=n))
    if len(few):
        names = t("chart.list_separator", lang).join(
            t("voice.unit_n", lang, unit=r.label, n=numbers.count(r.n, lang)) for r in few.itertuples()
        )
        states.note(t("voice.unranked", lang, names=names, least=MIN_CASES))


def chance(p: float, lang: Lang) -> str:
    """A simulated chance: never quite 0 or 100 %."""
    if pd.isna(p):
        return numbers.DASH
    return "<1%" if p < 0.01 else ">99%" if p > 0.99 else f"{100 * p:.0f}%"


def _small(frame: Frame, dimension: str) -> None:
    """Says that units of a few are not shown, where there are any."""
    asked = data_voice.groups(frame.viewer, frame.comparison, dimension, frame.filters)
    few = asked["is_small"].astype(bool) | asked["M09_n"].fillna(0).between(1, SMALL_CELL - 1)
    if frame.viewer.level == "L1" and few.any():
        states.note(t("state.left_out", frame.lang, least=SMALL_CELL))


def _evidence(frame: Frame, table: pd.DataFrame, dimension: str) -> None:
    lang = frame.lang
    centre = common_rate(table["k"], table["n"])
    units = table.assign(place=places(table["k"], table["n"], centre))
    name = t("voice.funnel", lang, rate=numbers.rate(centre, lang))
    draw.show(
        charts.funnel(
            units,
            curve(int(table["n"].max()), centre),
            centre,
            lang=lang,
            mode=frame.mode,
            title=name,
            subtitle=t("voice.funnel_subtitle", lang),
            select=True,
        ),
        **clicks.narrowing(frame, f"funnel_{dimension}", {"key": dimension}),
        alt=charts.funnel_alt(units, lang=lang, title=name),
    )
    title = t("voice.intervals", lang)
    draw.show(
        _bars(frame, table, title, evidence=True),
        **clicks.narrowing(frame, f"intervals_{dimension}", {"key": dimension}),
        alt=charts.ranked_alt(table.assign(value=table["rate"]), lang=lang, title=title),
    )
    shape = pd.DataFrame(
        {
            "name": table["label"],
            "rate": [numbers.rate(v, lang) for v in table["rate"]],
            "n": [numbers.count(v, lang) for v in table["n"]],
            "value": [_interval(r.value, r.low, r.high, lang) for r in table.itertuples()],
            "rank": [
                t("voice.rank_span", lang, low=int(r.rank_low), high=int(r.rank_high)) if r.is_ranked else numbers.DASH
                for r in table.itertuples()
            ],
            "p": [chance(p, lang) for p in table["p_worst"]],
        }
    )
    headers = {c: word("voice.column", c, lang) for c in shape}
    states.small_table(shape, headers, alt=t("voice.shrunk", lang))
    states.note(t("voice.shrunk", lang))


def _interval(value: float, low: float, high: float, lang: Lang) -> str:
    if pd.isna(value):
        return numbers.DASH
    shown = [numbers.rate(v, lang) for v in (value, low, high)]
    return f"{shown[0]} ({shown[1]}–{shown[2]})"
