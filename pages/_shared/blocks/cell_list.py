"""热点网络 → 小区: where complaints exceed what traffic explains, where figures are poor, and how far both agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages._shared import bearings, data_cells, deck, draw, extent, findings, numbers, states, url
from pages._shared.blocks import cell_words, explained_share, network_figures, terminal_cross
from pages._shared.charts.legend import Key, legend
from pages._shared.frame import Frame
from pages._shared.text import t, word
from pages._shared.theme import MAP_HEIGHT, ROW_HEIGHT, palette
from warehouse.analysis.cell_excess import (
    BOTH,
    FINE_HIGH,
    KINDS,
    OTHER,
    POOR_QUIET,
    Overlap,
    agreement,
    highest,
    overlap,
)
from warehouse.cells import WEEKS
from warehouse.periods import Period

MOST = 200  # rows of the list
RANKED = "ranked"
LISTS = (RANKED, *KINDS)
_MAP = "cell_map"


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("cell.title_list", lang))
    if not frame.viewer.sees_rows:
        _for_managers(frame)
        return
    url.one("part", LISTS, RANKED)
    end = data_cells.end_of_weeks(frame.as_of)
    where = _places(frame)
    found = data_cells.judged(frame.viewer, end, where)
    if _is_nothing(found):
        st.info(t("cell.none", lang), icon=":material/cell_tower:")
        return
    seen = overlap(found)
    said = finding(frame, found, seen)
    st.markdown(f"## {said}")
    left, right = st.columns([6, 6], gap="medium")
    with right:
        _list(frame, found)
    with left:
        _map(frame, found, said)
    _evidence(frame, found, seen)
    explained_share.show(frame)
    network_figures.show(frame, where)
    terminal_cross.show(frame, where)


def _is_nothing(found: pd.DataFrame) -> bool:
    return found.empty or bool(found["n_tickets"].sum() == 0 and found["n_days"].isna().all())


def finding(frame: Frame, found: pd.DataFrame, seen: Overlap) -> str:
    """How far complaints and figures point to the same cells, and so where to look first."""
    lang = frame.lang
    counts = found["kind"].value_counts()
    quiet = numbers.count(int(counts.get(POOR_QUIET, 0)), lang)
    if seen.k == 0:
        return t("cell.finding_none", lang, weeks=WEEKS, quiet=quiet)
    key = "cell.finding_apart" if seen.poor * 2 < seen.k else "cell.finding_together"
    return t(key, lang, weeks=WEEKS, k=seen.k, poor=seen.poor, quiet=quiet)


def _for_managers(frame: Frame) -> None:
    """How many cells of which kind, and no single one: lists and positions are for planners."""
    lang = frame.lang
    found = data_cells.counted(frame.viewer, data_cells.end_of_weeks(frame.as_of), _places(frame))
    if _is_nothing(found):
        st.info(t("cell.none", lang), icon=":material/cell_tower:")
    else:
        st.markdown(f"## {finding(frame, found, overlap(found))}")
    states.note(t("cell.manager_note", lang))
    explained_share.show(frame)
    network_figures.show(frame, _places(frame))


def _places(frame: Frame) -> Any:
    """Of the filters those that say where."""
    return frame.filters.without(*(n for n, _ in frame.filters.values if n not in ("region_code", "town")))


def chosen(found: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of one list, the weightiest first, and no more than a list shows."""
    if name == RANKED:
        return highest(found[found["excess"] > 0], "excess", MOST)
    return highest(found[found["kind"] == name], "badness" if name == POOR_QUIET else "excess", MOST)


def _list(frame: Frame, found: pd.DataFrame) -> pd.DataFrame:
    lang = frame.lang
    counts = found["kind"].value_counts()

    def named(name: str) -> str:
        said = word("cell.list", name, lang)
        return said if name == RANKED else f"{said} {numbers.count(int(counts.get(name, 0)), lang)}"

    part = st.segmented_control(
        t("cell.lists", lang),
        LISTS,
        key="part",
        required=True,
        format_func=named,
        label_visibility="collapsed",
        wrap=True,
    )
    name = part or RANKED
    rows = chosen(found, name)
    states.note(word("cell.list_note", name, lang))
    if rows.empty:
        states.note(t("cell.list_empty", lang))
        return rows
    shape = pd.DataFrame(
        {
            "cell": [cell_words.name(r) for r in rows.itertuples()],
            "n": rows["n_tickets"].astype(int),
            "expected": rows["expected"].round(1),
            "excess": rows["excess"].round(1),
            "worst": [cell_words.worst(r, lang) for r in rows.itertuples()],
            "town": rows["town"].fillna("").astype(str),
        }
    )
    event: Any = st.dataframe(
        shape,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=44 + ROW_HEIGHT * min(len(shape), 13),
        column_config={c: _config(c, frame) for c in shape},
        key=f"cell_list_{name}",
        on_select="rerun",
        selection_mode="single-row",
        alt=word("cell.list", name, lang),
    )
    if event["selection"]["rows"]:
        _open(str(rows["cell_id"].iloc[event["selection"]["rows"][0]]))
    states.note(t("cell.choose", lang))
    return rows


def _config(column: str, frame: Frame) -> Any:
    label = word("cell.column", column, frame.lang)
    if column in ("n", "expected", "excess"):
        form = {"n": "%d", "expected": "%.1f", "excess": "%+.1f"}[column]
        return st.column_config.NumberColumn(label, format=form, alignment="right")
    return st.column_config.TextColumn(label, width="medium" if column in ("cell", "worst") else "small")


def _open(cell_id: str) -> None:
    st.session_state["id"] = cell_id
    st.switch_page("pages/cell.py")


def _map(frame: Frame, found: pd.DataFrame, said: str) -> None:
    """The three kinds in colour, all other cells pale."""
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    if space.boundaries is None and space.settings.place.bbox is None:
        states.no_map(frame)
        return
    fill = {FINE_HIGH: p.blue.mark, POOR_QUIET: p.yellow.mark, BOTH: p.red.mark, OTHER: p.gray.mark}
    # Rows are taken once and by number: of fifty thousand cells two thousand are drawn.
    held = np.flatnonzero(found["lon"].notna() & found["lat"].notna())
    order = found["kind"].map({OTHER: 0, POOR_QUIET: 1, FINE_HIGH: 2, BOTH: 3})
    placed = found.iloc[held[deck.weightiest(found["excess"].iloc[held], order.iloc[held])]]
    placed = placed.assign(
        rgba=[deck.rgba(fill[k], 70 if k == OTHER else 235) for k in placed["kind"]],
        tip=[_tip(r, lang) for r in placed.itertuples()],
    )
    marked = placed["kind"] != OTHER
    rim = [deck.rgba(p.background)] * int(marked.sum())
    layers = [
        deck.dots("other_dots", placed.loc[~marked, ["lon", "lat", "rgba"]], 1.5, pickable=False),
        deck.dots("kind_rims", placed.loc[marked, ["lon", "lat"]].assign(rgba=rim), 5, pickable=False),
        deck.dots("kind_dots", placed.loc[marked, ["cell_id", "lon", "lat", "rgba", "tip"]], 4),
        deck.sectors("cells", placed[["cell_id", "lon", "lat", "azimuth_deg", "rgba", "tip"]]),
        *bearings.of_city(space, frame.names("region_code"), p, lang),
    ]
    regions = [str(code) for code in dict(frame.filters.values).get("region_code", ())]
    deck.show(
        layers,
        extent.view(extent.bounds(space, regions), MAP_HEIGHT),
        space,
        lang=lang,
        mode=frame.mode,
        key=_MAP,
        alt=f"{said} {t('map.table_beside', lang)}",
        on_select=lambda: None,
    )
    keys = [Key(word("cell.list", k, lang), fill[k], "circle") for k in KINDS]
    keys.append(Key(word("cell.list", OTHER, lang), p.gray.tint, "circle"))
    told = t("chart.list_separator", lang).join(k.label for k in keys)
    draw.show(legend(keys, lang=lang, mode=frame.mode, columns=2), alt=t("map.legend_alt", lang, names=told))
    for fewer in deck.fewer(len(placed), len(held), lang):
        states.note(fewer)
    picked = next((o for o in deck.chosen(_MAP).values() if o.get("cell_id")), None)
    if picked:
        st.session_state.pop(_MAP, None)
        _open(str(picked["cell_id"]))


def _tip(row: Any, lang: Any) -> str:
    said = t("cell.tip", lang, n=row.n_tickets, expected=cell_words.expected(row.expected, lang))
    return f"{cell_words.name(row)}\n{said}\n{cell_words.worst(row, lang)}"


def _evidence(frame: Frame, found: pd.DataFrame, seen: Overlap) -> None:
    lang = frame.lang
    r, low, high = agreement(found)
    end = data_cells.end_of_weeks(frame.as_of)
    span = Period("now", end - pd.Timedelta(weeks=WEEKS), end, frame.as_of)
    n = int(found["n_tickets"].sum())
    with st.expander(t("word.evidence", lang)):
        st.markdown(
            t(
                "cell.evidence_overlap",
                lang,
                span=findings.period_text(span, lang),
                n=numbers.count(n, lang),
                served=numbers.rate(found["n_served"].sum() / n if n else None, lang),
                cells=numbers.count(len(found), lang),
                k=seen.k,
                shared=seen.shared,
                poor=seen.poor,
                chance=numbers.fixed(seen.by_chance, 1),
            )
        )
        if r == r:
            st.markdown(
                t(
                    "cell.evidence_rank",
                    lang,
                    r=numbers.fixed(r, 2),
                    low=numbers.fixed(low, 2),
                    high=numbers.fixed(high, 2),
                )
            )
        states.note(t("cell.method", lang))
