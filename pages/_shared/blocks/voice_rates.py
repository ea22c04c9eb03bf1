"""Sources that are a survey or ratings: their rate, and what it differs by. A click on a group narrows the others."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_voice, draw, numbers, other_sources, states
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.intervals import two_proportion_p, wilson
from warehouse.analysis.ranking import MIN_CASES
from warehouse.measures import measures
from warehouse.query import SMALL_CELL, Filters

MOST_GROUPS = 12
SURE = 0.01
# Source table -> its rate, and the dimensions worth comparing where they are filled.
SOURCES = {
    "fact_survey": ("V02", ("scenes", "terminal", "problems", "network", "segment")),
    "fact_experience_rating": ("X02", ("situation", "category", "operator", "network", "region_code")),
}
SETS = ("scenes", "problems")  # several answers in one field, apart by ";"
MOST_CHARTS = 4


def alone(frame: Frame) -> None:
    """The whole view of a source without tickets: what it has instead, by scene and terminal or by what was rated."""
    lang = frame.lang
    st.info(t("other.no_tickets", lang), icon=":material/info:")
    for note in frame.workspace.settings.notes:
        states.note(note.zh if lang == "zh" else note.en)
    for table in SOURCES:
        if frame.reader.n_rows(table):
            of_table(frame, table)
            return


def of_table(frame: Frame, table: str) -> None:
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
    known = {f"{d}:{r.key}": (d, str(r.key), str(r.label)) for d, g in shown.items() for r in g.itertuples()}
    chosen = known.get(clicks.choice("group", known, lambda key: t("chart.only", frame.lang, name=known[key][2])))
    columns = st.columns(2, gap="medium")
    for at, (dimension, rows) in enumerate(list(shown.items())[:MOST_CHARTS]):
        with columns[at % 2]:
            if chosen and chosen[0] != dimension:
                rows = _groups(frame, rate, dimension, _within(frame, rate, *chosen[:2]))
            _by(frame, rate, dimension, rows, chosen[2] if chosen and chosen[0] != dimension else "")


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


def _within(frame: Frame, rate: str, dimension: str, key: str) -> Filters:
    """The filters with one group of a dimension: of several answers in one field all fields that hold it."""
    if dimension not in SETS:
        return frame.filters.with_(**{dimension: [key]})
    asked = data_voice.counts(frame.viewer, rate, [dimension], other_sources.everything(frame).now, frame.filters)
    fields = asked[dimension].dropna().astype(str)
    return frame.filters.with_(**{dimension: [f for f in fields if key in f.split(";")]})


def _groups(frame: Frame, rate: str, dimension: str, where: Filters | None = None) -> pd.DataFrame:
    """Groups of one dimension: key, label, value, low, high, n, rest (rate of all others), p; largest first."""
    period = other_sources.everything(frame).now
    asked = data_voice.counts(frame.viewer, rate, [dimension], period, where or frame.filters)
    asked = asked.dropna(subset=[dimension]).rename(columns={f"{rate}_num": "k", f"{rate}_den": "n"})
    total_k, total_n = float(asked["k"].sum()), float(asked["n"].sum())
    if dimension in SETS:
        parts = asked.assign(key=asked[dimension].astype(str).str.split(";")).explode("key")
        asked = parts[parts["key"].str.strip() != ""].groupby("key")[["k", "n"]].sum().reset_index()
    else:
        asked = asked.assign(key=asked[dimension].astype(str))
    asked = asked[["key", "k", "n"]].astype({"k": float, "n": float})
    is_small = frame.viewer.level == "L1"
    asked = asked[asked["n"] >= (SMALL_CELL if is_small else 1)].sort_values("n", ascending=False)
    # Inside one group what is left over would be told by the group's own number.
    if is_small and where is not None and 0 < total_n - asked["n"].sum() < SMALL_CELL:
        asked = asked.iloc[:-1]
    asked = asked.head(MOST_GROUPS)
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


def _by(frame: Frame, rate: str, dimension: str, rows: pd.DataFrame, inside: str) -> None:
    """The groups of one dimension, inside a clicked group of another one where it is named."""
    lang = frame.lang
    if rows.empty:
        states.few(frame)
        return
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
    if inside:
        title = t("handover.hours_of", lang, dept=inside, said=title)
    rows = rows.assign(key=[f"{dimension}:{key}" for key in rows["key"]])
    common: dict[str, Any] = {"lang": lang, "mode": frame.mode, "subtitle": subtitle, "select": True}
    alt = charts.ranked_alt(rows, lang=lang, title=title)
    draw.show(charts.ranked_bars(rows, title=title, with_n=True, **common), alt=alt, **_click(dimension))
    with st.expander(t("word.evidence", lang)):
        draw.show(
            charts.ranked_bars(rows, title=name, evidence=True, **common), alt=alt, **_click(dimension, "_evidence")
        )
        states.note(t("voice.survey_method", lang))


def _click(dimension: str, kind: str = "") -> dict[str, Any]:
    return clicks.setting("group", f"survey_{dimension}{kind}")
