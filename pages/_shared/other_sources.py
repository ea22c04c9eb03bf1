"""What a source without tickets can show: call ratings or survey forms, and what it cannot."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, data, draw, findings, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.tiles import Tile, tile_grid
from warehouse.measures import measures
from warehouse.periods import Comparison, Period

# (base table, tiles, leading rate, dimensions)
SOURCES = (
    (
        "fact_experience_rating",
        ("X01", "X02", "X03"),
        "X02",
        ("category", "operator", "network", "situation", "region_code"),
    ),
    ("fact_survey", ("V01", "V02", "V03", "V04"), "V02", ("network", "segment")),
)
MOST_GROUPS = 12


def show(frame: Frame) -> None:
    """The view of a workspace that has no complaint tickets."""
    lang = frame.lang
    st.title(t("other.title", lang))
    st.info(t("other.no_tickets", lang), icon=":material/info:")
    for note in frame.workspace.settings.notes:
        states.note(note.zh if lang == "zh" else note.en)
    for table, tiles, rate, dimensions in SOURCES:
        if frame.reader.n_rows(table):
            _source(frame, tiles, rate, [d for d in dimensions if d in frame.reader.filled(table)])


def everything(frame: Frame) -> Comparison:
    """One period that holds all there is; a source without dates cannot be compared with itself."""
    first = pd.Timestamp(1990, 1, 1).date()
    now = Period("now", first, frame.as_of.date().replace(year=frame.as_of.year + 1), frame.as_of)
    return Comparison(now, now.moved(-now.days, "before"), None)


def _source(frame: Frame, tiles: tuple[str, ...], rate: str, dimensions: list[str]) -> None:
    lang = frame.lang
    period = everything(frame).now
    asked = data.figures(data.supported(tiles), frame.viewer, [period])
    row = findings.row_of(asked, "now")
    if row is None:
        states.empty(frame)
        return
    specs = []
    for measure in data.supported(tiles):
        entry = measures()[measure]
        n = int(row[f"{measure}_n"])
        specs.append(
            Tile(
                key=measure,
                name=entry.name(lang),
                value=findings.value_text(measure, float(row[measure]), lang),
                help=data.measure_help(measure, lang),
                sample=numbers.count(n, lang) if entry.kind != "count" else "",
            )
        )
    tile_grid(specs, lang)
    columns = st.columns(2, gap="medium")
    for at, dimension in enumerate(dimensions):
        with columns[at % 2]:
            _by(frame, rate, dimension, period)


def _by(frame: Frame, rate: str, dimension: str, period: Period) -> None:
    lang, entry = frame.lang, measures()[rate]
    by = data.figures([rate], frame.viewer, [period], [dimension])
    by = by.dropna(subset=[dimension, rate]).sort_values(f"{rate}_n", ascending=False).head(MOST_GROUPS)
    if by.empty:
        return
    shape = pd.DataFrame(
        {
            "key": by[dimension].astype(str),
            "label": [frame.name(dimension, v) for v in by[dimension]],
            "value": by[rate],
            "low": by[f"{rate}_low"],
            "high": by[f"{rate}_high"],
            "n": by[f"{rate}_n"],
        }
    ).sort_values("value", ascending=False)
    title = t(
        "other.by",
        lang,
        name=entry.name(lang),
        dimension=t(f"dimension.{dimension}", lang) if dimension else "",
        best=shape["label"].iloc[0],
        worst=shape["label"].iloc[-1],
    )
    subtitle = t("tile.sample", lang, n=numbers.count(shape["n"].sum(), lang))
    draw.show(
        charts.ranked_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind="rate"),
        alt=charts.ranked_alt(shape, lang=lang, title=title),
    )
    with st.expander(t("word.evidence", lang)):
        draw.show(
            charts.ranked_bars(
                shape, lang=lang, mode=frame.mode, title=entry.name(lang), subtitle=subtitle, evidence=True
            ),
            alt=charts.ranked_alt(shape, lang=lang, title=entry.name(lang)),
        )
        states.note(t("other.method", lang))
