"""Surveys beside the callback: NPS where they ask for it, and sources that are nothing but a survey or ratings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, data, data_voice, draw, numbers, other_sources, states
from pages._shared.blocks import measure_trend
from pages._shared.charts.lines import Grain
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.intervals import two_proportion_p, wilson
from warehouse.analysis.promoters import apart, nps
from warehouse.analysis.ranking import MIN_CASES
from warehouse.measures import measures
from warehouse.periods import next_month
from warehouse.query import SMALL_CELL

FALL = 10.0  # points of NPS, rule RT03
MONTHS = 3
MOST_GROUPS = 12
SURE = 0.01
# Source table -> its rate, and the dimensions worth comparing where they are filled.
SOURCES = {
    "fact_survey": ("V02", ("scenes", "terminal", "problems", "network", "segment")),
    "fact_experience_rating": ("X02", ("situation", "category", "operator", "network", "region_code")),
}
SETS = ("scenes", "problems")  # several answers in one field, apart by ";"


def show(frame: Frame) -> None:
    """The part 调研: NPS where there is one, else the rates of the survey."""
    if "nps_0_10" not in frame.reader.filled("fact_survey"):
        _rates(frame, "fact_survey")
        return
    groups = _nps_groups(frame)
    if groups.empty:
        states.empty(frame)
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _course(frame, groups)
    with right:
        _segments(frame, groups)


def alone(frame: Frame) -> None:
    """The whole view of a source without tickets: what it has instead, by scene and terminal or by what was rated."""
    lang = frame.lang
    st.info(t("other.no_tickets", lang), icon=":material/info:")
    for note in frame.workspace.settings.notes:
        states.note(note.zh if lang == "zh" else note.en)
    for table in SOURCES:
        if frame.reader.n_rows(table):
            _rates(frame, table)
            return


# --- NPS ------------------------------------------------------------------------------------------------------


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
        frame, "M11", bare, first, last, title=title, subtitle=t("voice.nps_subtitle", lang), alt=alt, **common
    )
    with st.expander(t("word.evidence", lang)):
        measure_trend.show(
            frame, "M11", shape, first, last, title=name, subtitle=t("voice.band", lang), alt=alt, control=False,
            **common,
        )  # fmt: skip
        states.note(t("voice.nps_method", lang))


def _segments(frame: Frame, groups: pd.DataFrame) -> None:
    """Each customer group: its score over the last three months against the three before."""
    lang = frame.lang
    months = sorted(groups["month"].dropna().unique())
    now = groups[groups["month"].isin(months[-MONTHS:])] if months else groups
    then = groups[groups["month"].isin(months[-2 * MONTHS : -MONTHS])]
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
    states.small_table(shape, headers, alt=said)
    with st.expander(t("word.evidence", lang)):
        proof = pd.DataFrame(
            {
                "name": shape["name"],
                "now": [f"{r.low:.0f} – {r.high:.0f}" for r in both.itertuples()],
                "before": [
                    f"{r.low_before:.0f} – {r.high_before:.0f}" if r.n_before > 0 else numbers.DASH
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


# --- sources that are a survey or ratings only ----------------------------------------------------------------


def _rates(frame: Frame, table: str) -> None:
    """The rate of the source, and what it differs by."""
    rate, dims = SOURCES[table]
    period = other_sources.everything(frame).now
    whole = data.figures([rate], frame.viewer, [period], (), frame.filters).iloc[0]
    if whole["is_small"] or not whole[f"{rate}_n"]:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return
    filled = frame.reader.filled(table)
    groups = {d: _groups(frame, rate, d) for d in dims if d in filled}
    shown = {d: g for d, g in groups.items() if len(g)}
    if not frame.has_tickets:
        _sentence(frame, rate, whole, shown)
    columns = st.columns(2, gap="medium")
    for at, (dimension, rows) in enumerate(list(shown.items())[:4]):
        with columns[at % 2]:
            _by(frame, rate, dimension, rows)


def _sentence(frame: Frame, rate: str, whole: pd.Series, shown: dict[str, pd.DataFrame]) -> None:
    lang = frame.lang
    said = [
        t(
            "voice.survey_finding",
            lang,
            name=measures()[rate].name(lang),
            rate=numbers.rate(whole[rate], lang),
            n=numbers.count(whole[f"{rate}_n"], lang),
        )
    ]
    low = [
        (row.p, dimension, row) for dimension, rows in shown.items() for row in rows.itertuples()
        if row.n >= MIN_CASES and row.p < SURE and row.value < row.rest
    ]  # fmt: skip
    if low:
        # Among the groups surely below the others, the one that costs most satisfied answers.
        _, dimension, row = max(low, key=lambda found: (found[2].rest - found[2].value) * found[2].n)
        said.append(
            t(
                "voice.survey_low",
                lang,
                dimension=t(f"dimension.{dimension}", lang) if dimension else "",
                group=row.label,
                rate=numbers.rate(row.value, lang),
                rest=numbers.rate(row.rest, lang),
                n=numbers.count(row.n, lang),
            )
        )
    st.markdown("## " + t("today.join", lang).join(said) + t("today.stop", lang))


def _groups(frame: Frame, rate: str, dimension: str) -> pd.DataFrame:
    """Groups of one dimension: key, label, value, low, high, n, rest (rate of all others), p; largest first."""
    period = other_sources.everything(frame).now
    asked = data_voice.counts(frame.viewer, rate, [dimension], period, frame.filters)
    asked = asked.dropna(subset=[dimension]).rename(columns={f"{rate}_num": "k", f"{rate}_den": "n"})
    total_k, total_n = float(asked["k"].sum()), float(asked["n"].sum())
    if dimension in SETS:
        parts = asked.assign(key=asked[dimension].astype(str).str.split(";")).explode("key")
        asked = parts[parts["key"].str.strip() != ""].groupby("key")[["k", "n"]].sum().reset_index()
    else:
        asked = asked.assign(key=asked[dimension].astype(str))
    asked = asked[["key", "k", "n"]].astype({"k": float, "n": float})
    least = SMALL_CELL if frame.viewer.level == "L1" else 1
    asked = asked[asked["n"] >= least].sort_values("n", ascending=False).head(MOST_GROUPS)
    if len(asked) < 2:
        return asked.head(0)
    low, high = wilson(asked["k"].to_numpy(), asked["n"].to_numpy())
    rest_k, rest_n = total_k - asked["k"], total_n - asked["n"]
    return asked.assign(
        label=[frame.name(dimension, k) for k in asked["key"]],
        value=asked["k"] / asked["n"],
        low=low,
        high=high,
        rest=rest_k / rest_n.where(rest_n > 0),
        p=two_proportion_p(asked["k"].to_numpy(), asked["n"].to_numpy(), rest_k.to_numpy(), rest_n.to_numpy()),
    ).reset_index(drop=True)


def _by(frame: Frame, rate: str, dimension: str, rows: pd.DataFrame) -> None:
    lang = frame.lang
    rows = rows.assign(few=rows["n"] < MIN_CASES).sort_values(["few", "value"])
    name = t(f"dimension.{dimension}", lang) if dimension else ""
    sure = rows[(rows["n"] >= MIN_CASES) & (rows["p"] < SURE) & (rows["value"] < rows["rest"])]
    if len(sure):
        worst = sure.iloc[0]
        title = t(
            "voice.survey_by",
            lang,
            dimension=name,
            group=worst["label"],
            rate=numbers.rate(worst["value"], lang),
            rest=numbers.rate(worst["rest"], lang),
        )
    else:
        title = t("voice.survey_alike", lang, dimension=name)
    subtitle = t("voice.units_subtitle", lang, name=measures()[rate].name(lang), n=numbers.count(rows["n"].sum(), lang))
    if dimension in SETS:
        subtitle = t("voice.several", lang, name=measures()[rate].name(lang))
    common: dict[str, Any] = {"lang": lang, "mode": frame.mode, "subtitle": subtitle}
    alt = charts.ranked_alt(rows, lang=lang, title=title)
    draw.show(charts.ranked_bars(rows, title=title, with_n=True, **common), alt=alt)
    with st.expander(t("word.evidence", lang)):
        draw.show(charts.ranked_bars(rows, title=name, evidence=True, **common), alt=alt)
        states.note(t("voice.survey_method", lang))
