"""Surveys beside the callback: the net promoter score by month and by customer group, where a survey asks for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data_voice, numbers, other_sources, states
from pages._shared.blocks import measure_trend, voice_rates
from pages._shared.charts.lines import Grain, period_text
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.promoters import apart, nps
from warehouse.analysis.ranking import MIN_CASES
from warehouse.measures import measures
from warehouse.periods import next_month
from warehouse.query import SMALL_CELL

FALL = 10.0  # points of NPS, rule RT03
MONTHS = 3


def show(frame: Frame) -> None:
    """The part 调研: NPS where there is one, else the rates of the survey."""
    if "nps_0_10" not in frame.reader.filled("fact_survey"):
        voice_rates.of_table(frame, "fact_survey")
        return
    groups = _nps_groups(frame)
    if groups.empty:
        states.empty(frame)
        return
    months = {pd.Timestamp(m).date().isoformat(): m for m in sorted(groups["month"].dropna().unique())}
    chosen = months.get(
        clicks.choice("point", months, lambda m: t("chart.only", frame.lang, name=_month(m, frame.lang)))
    )
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _course(frame, groups)
    with right:
        _segments(frame, groups, chosen)


def _month(start: str, lang: Lang) -> str:
    return period_text(pd.Timestamp(start).date(), "month", lang)


def _nps_groups(frame: Frame) -> pd.DataFrame:
    """month, segment, promoter, passive, detractor, n."""
    everything = other_sources.everything(frame).now
    dims = [d for d in ("month", "segment") if d in frame.reader.filled("fact_survey")]
    asked = data_voice.counts(frame.viewer, "V01", [*dims, "nps_group"], everything, frame.filters)
    asked = asked.dropna(subset=["nps_group"])
    for missing in {"month", "segment"} - set(dims):
        asked[missing] = None
    wide = asked.pivot_table(
        index=["month", "segment"], columns="nps_group", values="V01_num", aggfunc="sum", fill_value=0, dropna=False
    )
    wide = wide.reindex(columns=["promoter", "passive", "detractor"], fill_value=0).fillna(0).reset_index()
    wide["n"] = wide[["promoter", "passive", "detractor"]].sum(axis=1)
    return wide[wide["n"] > 0]


def _scored(groups: pd.DataFrame, by: str) -> pd.DataFrame:
    sums = groups.groupby(by, dropna=False)[["promoter", "detractor", "n"]].sum().reset_index()
    sums["score"], sums["low"], sums["high"] = nps(sums["promoter"], sums["detractor"], sums["n"])
    return sums


def _course(frame: Frame, groups: pd.DataFrame) -> None:
    lang = frame.lang
    if groups["month"].isna().all():
        return
    months = _scored(groups, "month").tail(13)
    if frame.viewer.level == "L1":
        months = months[months["n"] >= SMALL_CELL]
    newest = months.iloc[-1]
    title = t("voice.nps", lang, score=points(newest["score"], lang), n=numbers.count(newest["n"], lang))
    shape = pd.DataFrame(
        {
            "period_start": months["month"],
            "value": months["score"],
            "n": months["n"],
            "low": months["low"],
            "high": months["high"],
            "is_running": False,
        }
    )
    grain: Grain = "month"
    common: dict[str, Any] = {"grain": grain, "with_n": True, "zero": False, "holidays": False}
    first, last = pd.Timestamp(months["month"].iloc[0]).date(), pd.Timestamp(months["month"].iloc[-1]).date()
    last = next_month(last) - timedelta(1)
    alt = charts.trend_alt(shape, lang=lang, title=title, kind="count", grain=grain)
    name = measures()["M11"].name(lang)
    bare = shape.drop(columns=["low", "high"])
    measure_trend.show(
        frame, "M11", bare, first, last, title=title, subtitle=t("voice.nps_subtitle", lang), alt=alt,
        click=clicks.setting("point", "nps_course", of="period"), **common,
    )  # fmt: skip
    with st.expander(t("word.evidence", lang)):
        measure_trend.show(
            frame, "M11", shape, first, last, title=name, subtitle=t("voice.band", lang), alt=alt, control=False,
            **common,
        )  # fmt: skip
        states.note(t("voice.nps_method", lang))


def _segments(frame: Frame, groups: pd.DataFrame, chosen: Any) -> None:
    """Each customer group: its score over the last three months, or in the chosen one, against the three before."""
    lang = frame.lang
    months = sorted(groups["month"].dropna().unique())
    first = months.index(chosen) if chosen is not None else max(0, len(months) - MONTHS)
    newest = months[first : first + (1 if chosen is not None else MONTHS)]
    now = groups[groups["month"].isin(newest)] if months else groups
    then = groups[groups["month"].isin(months[max(0, first - MONTHS) : first])]
    both = _scored(now, "segment").merge(_scored(then, "segment"), on="segment", how="left", suffixes=("", "_before"))
    if frame.viewer.level == "L1":
        both = both[both["n"] >= SMALL_CELL]
    both["verdict"] = [_moved(r) for r in both.itertuples()]
    fell = both[both["verdict"] == "fell"].sort_values("score")
    if len(fell):
        worst = fell.iloc[0]
        said = t(
            "voice.nps_fell",
            lang,
            segment=frame.name("segment", worst["segment"]),
            before=points(worst["score_before"], lang),
            score=points(worst["score"], lang),
        )
    else:
        said = t("voice.nps_steady", lang)
    st.markdown(f"**{said}**")
    shape = pd.DataFrame(
        {
            "name": [frame.name("segment", s) for s in both["segment"]],
            "score": [points(v, lang) for v in both["score"]],
            "before": [points(v, lang) for v in both["score_before"]],
            "n": [numbers.count(v, lang) for v in both["n"]],
            "word": [word("voice.verdict", v, lang) for v in both["verdict"]],
        }
    )
    headers = {c: word("voice.nps_column", c, lang) for c in shape}
    if chosen is not None:
        headers["score"] = _month(str(chosen), lang)
    states.small_table(shape, headers, alt=said)
    with st.expander(t("word.evidence", lang)):
        proof = pd.DataFrame(
            {
                "name": shape["name"],
                "now": [t("format.span", lang, low=f"{r.low:.0f}", high=f"{r.high:.0f}") for r in both.itertuples()],
                "before": [
                    t("format.span", lang, low=f"{r.low_before:.0f}", high=f"{r.high_before:.0f}")
                    if r.n_before > 0
                    else numbers.DASH
                    for r in both.itertuples()
                ],
            }
        )
        names = {c: word("voice.nps_interval", c, lang) for c in proof}
        states.small_table(proof, names, alt=t("voice.nps_test", lang))
        states.note(t("voice.nps_test", lang))


def _moved(row: Any) -> str:
    """Rule RT03: ten points and intervals that do not touch."""
    values = [getattr(row, c) for c in ("score", "score_before", "low", "high", "low_before", "high_before")]
    if any(pd.isna(v) for v in values) or min(row.n, row.n_before) < MIN_CASES:
        return "few"
    score, before, low, high, low_before, high_before = values
    if abs(score - before) < FALL or not apart((low, high), (low_before, high_before)):
        return "chance"
    return "fell" if score < before else "rose"


def points(score: float, lang: Lang) -> str:
    """A score in points, whole, with its sign."""
    return numbers.DASH if pd.isna(score) else numbers.signed_text(float(score), 0)
