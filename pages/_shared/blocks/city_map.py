"""热点网络 → 地图: one city, one week, one question; the week moves, the numbers stand beside it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages._shared import bearings, data_map, deck, draw, extent, findings, numbers, states, url
from pages._shared.blocks import map_paints
from pages._shared.blocks.map_paints import Painted
from pages._shared.charts.legend import legend
from pages._shared.frame import Frame
from pages._shared.text import plain, t, word
from pages._shared.theme import MAP_HEIGHT, palette
from warehouse.periods import Period

_RIGHT = ("value", "n", "share", "level", "expected", "excess", "z")
_WIDTHS = {"name": 150, "value": 84, "n": 66}  # px; together they fit a phone, and a wide table shares out the rest
_OPEN = ":material/open_in_new:"
_PLAYING, _FOCUS, _STEP_S = "map_playing", map_paints.FOCUS, 1.6


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("map.title", lang))
    weeks = {w.first.isoformat(): w for w in data_map.span(frame.reader)}
    if not weeks or (frame.workspace.boundaries is None and frame.workspace.settings.place.bbox is None):
        states.no_map(frame)
        return
    newest = list(weeks)[-1]
    paints, overlays = map_paints.for_viewer(frame)
    url.one("paint", map_paints.PAINTS, paints[0])
    url.many("over", list(map_paints.OVERLAYS))
    if (wished := st.session_state["paint"]) not in paints:
        st.session_state["paint"] = paints[0]
        is_single = not frame.viewer.sees_rows and wished not in map_paints.AGGREGATES
        states.note(t("map.not_for_role" if is_single else "map.not_in_source", lang))
    st.session_state["over"] = [name for name in st.session_state["over"] if name in overlays]
    url.one("week", weeks, newest)
    url.one("beside", ["", *weeks], "")
    is_playing = bool(st.session_state.get(_PLAYING))
    _board(is_playing)(frame, weeks, paints, overlays)


def _board(is_playing: bool) -> Any:
    """The part that runs again by itself while the weeks play; a step draws the map and nothing else of the page."""
    return st.fragment(_drawn, run_every=_STEP_S if is_playing else None)


def _drawn(frame: Frame, weeks: dict[str, Period], paints: Sequence[str], overlays: Sequence[str]) -> None:
    lang = frame.lang
    names = list(weeks)
    if st.session_state.get(_PLAYING):
        at = names.index(st.session_state["week"]) + 1
        if at < len(names):
            st.session_state["week"] = names[at]
        else:
            st.session_state[_PLAYING] = False
            st.rerun()
    spot = st.container()
    row = st.container(horizontal=True, vertical_alignment="bottom", key="map_bar")
    if len(paints) > 1:
        row.segmented_control(
            t("map.paint", lang), paints, key="paint", required=True, format_func=lambda c: word("paint", c, lang)
        )
    if overlays:
        row.segmented_control(
            t("map.over", lang),
            overlays,
            key="over",
            selection_mode="multi",
            format_func=lambda c: word("over", c, lang),
        )
    _week_bar(frame, names)
    week = weeks[st.session_state["week"]]
    other = weeks.get(st.session_state.get("beside") or "")
    paint = map_paints.PAINTS[st.session_state["paint"] or paints[0]]
    painted = paint(frame, week)
    spot.markdown(f"## {painted.finding}")
    if other:
        left, right = st.columns(2)
        second = paint(frame, other)
        for box, shown, of, key in ((left, painted, week, "map_now"), (right, second, other, "map_beside")):
            with box:
                st.markdown(f"**{findings.period_text(of, lang)}**")
                _map(frame, shown, of, key, 400, 3)
        states.note(second.finding)
        _words(frame, painted)
        _table(frame, painted)
    else:
        left, right = st.columns([7, 5])
        with left:
            _map(frame, painted, week, "map_now", MAP_HEIGHT, 4)
        with right:
            _table(frame, painted)
            _words(frame, painted)
    url.write()


def _week_bar(frame: Frame, names: list[str]) -> None:
    lang = frame.lang
    row = st.container(horizontal=True, vertical_alignment="bottom", key="map_weeks")

    def said(name: str) -> str:
        year, number, _ = date.fromisoformat(name).isocalendar()
        return numbers.week(year, number, lang)

    row.button(
        t("map.step_back", lang), icon=":material/chevron_left:", key="map_back", on_click=_step, args=(names, -1)
    )
    row.select_slider(t("map.week", lang), names, key="week", format_func=said, width=560)
    row.button(t("map.step_on", lang), icon=":material/chevron_right:", key="map_on", on_click=_step, args=(names, 1))
    is_playing = bool(st.session_state.get(_PLAYING))
    if row.button(
        t("map.pause" if is_playing else "map.play", lang),
        icon=":material/pause:" if is_playing else ":material/play_arrow:",
        key="map_play",
        on_click=_toggle,
        args=(names,),
    ):
        st.rerun()
    row.selectbox(
        t("map.beside", lang),
        ["", *reversed(names)],
        key="beside",
        format_func=lambda n: said(n) if n else t("map.beside_none", lang),
        width=230,
    )


def _toggle(names: list[str]) -> None:
    """Play, from a quarter back where the newest week is shown; or stop."""
    st.session_state[_PLAYING] = not st.session_state.get(_PLAYING)
    if st.session_state[_PLAYING] and st.session_state["week"] == names[-1]:
        st.session_state["week"] = names[max(0, len(names) - 14)]


def _step(names: list[str], by: int) -> None:
    at = names.index(st.session_state["week"]) + by
    st.session_state["week"] = names[min(max(at, 0), len(names) - 1)]


def _map(frame: Frame, painted: Painted, week: Period, key: str, height: int, columns: int) -> None:
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    over = [map_paints.OVERLAYS[name](frame, week) for name in st.session_state.get("over") or []]
    regions = [str(code) for code in dict(frame.filters.values).get("region_code", ())]
    focus = st.session_state.get(_FOCUS)
    layers = [
        *painted.layers,
        *(layer for layers, _ in over for layer in layers),
        *bearings.of_city(space, frame.names("region_code"), p, lang),
    ]
    deck.show(
        layers,
        extent.around(*focus) if focus else extent.view(extent.bounds(space, regions), height),
        space,
        lang=lang,
        mode=frame.mode,
        key=key,
        height=height,
        alt=f"{painted.finding} {t('map.table_beside', lang)}",
        on_select=lambda: _narrow(key),
    )
    keys = [*painted.keys, *(k for _, found in over for k in found)]
    if keys:
        words = t("map.legend_alt", lang, names=t("chart.list_separator", lang).join(k.label for k in keys))
        draw.show(legend(keys, lang=lang, mode=frame.mode, columns=columns), alt=words)
    _chosen(frame, week, key)


def _chosen(frame: Frame, week: Period, key: str) -> None:
    """What was clicked, in words that stay, and the way to its own page."""
    for layer, found in deck.chosen(key).items():
        said = found.get("tip")
        if layer in ("district", "scale") or not said:
            continue
        st.markdown(f"**{t('map.chosen', frame.lang)}** " + plain(str(said).replace("\n", " · ")))
        where: dict[str, str] = {"lang": frame.lang, "role": frame.viewer.role}
        if found.get("hotspot_id"):
            where |= {"id": str(found["hotspot_id"]), "week": week.first.isoformat()}
            label = t("needs.open_card", frame.lang)
            st.page_link("pages/hotspot.py", label=label, icon=_OPEN, query_params=where)
        elif found.get("cell_id"):
            where |= {"id": str(found["cell_id"])}
            label = t("map.open_cell", frame.lang)
            st.page_link("pages/cell.py", label=label, icon=_OPEN, query_params=where)


def _narrow(key: str) -> None:
    """A clicked district narrows everything to it; clicked again, the city is whole."""
    district = deck.chosen(key).get("district")
    if district:
        code = str(district.get("properties", district).get("region_code"))
        st.session_state["region"] = [] if st.session_state.get("region") == [code] else [code]


def _table(frame: Frame, painted: Painted) -> None:
    """The numbers of the map; a chosen row moves the map to its place, also for those who use no mouse."""
    lang, rows = frame.lang, painted.rows
    if rows.empty:
        return
    has_places = "lon" in rows
    config: dict[str, Any] = {
        c: st.column_config.TextColumn(
            label, alignment="right" if c in _RIGHT else "left", width=_WIDTHS.get(c), help=painted.helps.get(c)
        )
        for c, label in painted.headers.items()
    }
    event: Any = st.dataframe(
        rows[list(painted.headers)],
        hide_index=True,
        column_config=config,
        row_height=32,
        height=min(36 + 32 * len(rows), 420),
        key=f"map_table_{st.session_state['paint']}",
        on_select="rerun" if has_places else "ignore",
        selection_mode="single-row",
        alt=painted.finding,
    )
    if not has_places:
        return
    picked = event["selection"]["rows"]
    wanted = (float(rows["lon"].iloc[picked[0]]), float(rows["lat"].iloc[picked[0]])) if picked else None
    if wanted != st.session_state.get(_FOCUS):
        st.session_state[_FOCUS] = wanted
        st.rerun(scope="fragment")
    states.note(t("map.choose_row", lang))


def _words(frame: Frame, painted: Painted) -> None:
    lang, place = frame.lang, frame.workspace.settings.place
    sketch = t("map.sketch", lang, approval=place.approval) if place.approval else t("map.sketch_plain", lang)
    own = (place.note.zh if lang == "zh" else place.note.en) if place.note else ""
    states.note(" ".join(part for part in (painted.note, own, sketch) if part))
