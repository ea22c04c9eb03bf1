"""舆情: what is said of us in public, where, how hot, and how fast it is handled. Posts are public."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, findings, numbers, states
from pages._shared.blocks import repeat_lists, repeats
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.tiles import Tile, tile_grid
from warehouse.measures import measures
from warehouse.periods import Period

TILES = ("M55", "M55_FIRST", "M55_HOUR", "M55_OPEN")


def show(frame: Frame) -> None:
    if not data.supported(["M55"]):
        st.info(t("opinion.none", frame.lang), icon=":material/forum:")
    else:
        _tiles(frame)
        left, right = st.columns([5, 7], gap="medium")
        period = repeats.long_enough(frame)
        cells = data.figures(["M55"], frame.viewer, [period], ["topic", "platform"], frame.filters)
        cells = cells[cells["M55_num"] > 0]
        known = {f"{r.topic},{r.platform}": (str(r.topic), str(r.platform)) for r in cells.itertuples()}
        with right:
            chosen = known.get(clicks.choice("posts", known, lambda key: _only(frame, *known[key])))
            if chosen:
                only = (("topic", chosen[0]), ("platform", chosen[1]), ("sentiment", "negative"))
                repeat_lists.posts(frame, period, only)
            else:
                repeat_lists.posts(frame)
        with left:
            _topics(frame, period, cells)
    _same_text(frame)


def _tiles(frame: Frame) -> None:
    lang, comparison, kinds = frame.lang, frame.comparison, frame.day_kinds
    shown = data.supported(TILES)
    asked = data.figures(shown, frame.viewer, [comparison.now, comparison.before], (), frame.filters)
    row = findings.row_of(asked, "now")
    assert row is not None
    tiles = []
    for measure in shown:
        entry = measures()[measure]
        is_count = entry.kind == "count"
        unit = entry.unit.zh if lang == "zh" else entry.unit.en
        tiles.append(
            Tile(
                key=measure,
                name=entry.name(lang),
                value=findings.value_text(measure, row[measure], lang),
                unit=unit if is_count and lang == "zh" else "",
                help=data.measure_help(measure, lang),
                change=findings.change_of(measure, asked, "before", comparison, kinds, lang),
                sample="" if is_count else numbers.count(row[f"{measure}_n"], lang),
            )
        )
    tile_grid(tiles, lang, key="opinion_tiles")


def _only(frame: Frame, topic: str, platform: str) -> str:
    name = t("opinion.cell", frame.lang, topic=frame.name("topic", topic), platform=frame.name("platform", platform))
    return t("chart.only", frame.lang, name=name)


def _topics(frame: Frame, period: Period, cells: pd.DataFrame) -> None:
    """Negative posts by topic and platform. A click shows the posts of that cell."""
    lang = frame.lang
    if cells.empty:
        states.note(t("opinion.quiet", lang))
        return
    value = cells["M55_num"].astype(float)
    shape = cells.assign(
        row=[frame.name("topic", v) for v in cells["topic"]],
        col=[frame.name("platform", v) for v in cells["platform"]],
        value=value,
        n=value,
        label=[numbers.count(v, lang) for v in value],
        key=cells["topic"].astype(str) + "," + cells["platform"].astype(str),
    )
    by_topic = shape.groupby("row")["value"].sum().sort_values(ascending=False)
    by_place = shape.groupby("col")["value"].sum().sort_values(ascending=False)
    title = t("opinion.topics", lang, topic=by_topic.index[0], n=numbers.count(by_topic.iloc[0], lang))
    draw.show(
        charts.heat(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("opinion.topics_subtitle", lang, period=findings.period_text(period, lang)),
            row_order=[str(v) for v in by_topic.index],
            col_order=[str(v) for v in by_place.index],
            fields=("key",),
            select=True,
        ),
        **clicks.setting("posts", "opinion_topics"),
        alt=charts.heat_alt(shape, lang=lang, title=title),
    )


def _same_text(frame: Frame) -> None:
    """Same-text complaints stand apart: they say how a matter spreads, not how many are hurt."""
    lang, comparison = frame.lang, frame.comparison
    row = data.figures(["M01_TPL"], frame.viewer, [comparison.now], (), frame.filters).iloc[0]
    if row["is_small"] or pd.isna(row["M01_TPL"]):
        return
    n = repeats.few(frame, row["M01_TPL"])
    states.note(t("opinion.same_text", lang, n=n, period=findings.period_text(comparison.now, lang)))
