"""The card of one hotspot: sentence, small map beside its course, cause with its figures, cells, tickets."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import bearings, data_effects, data_map, data_spots, deck, extent, findings, numbers, states, url
from pages._shared.blocks import action_form, action_today, fix_effect, map_sites, map_spots, spot_course, spot_need
from pages._shared.fans import circle
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from pages._shared.theme import palette
from warehouse.periods import Period
from warehouse.query import NotAllowed

_HEIGHT, _SIZE = 300, 20
PEOPLE = ("repeat", "escalated", "vip")
PARTS = ("excess", "repeat", "escalated", "radio", "vip")
DBM = ("interference", "onsite")
COUNTS = ("alarms", "works")  # how many there were, no shares
WORDS = ("cause", "figure", "verdict", "example", "cell")
SHARES = ("weak", "load", "handover", "drop_rate", "access", "outage")


def show(frame: Frame, hotspot_id: str, course: pd.DataFrame) -> None:
    """The card as it stood in the chosen week; without one, in the newest."""
    lang = frame.lang
    weeks = {w.first: w for w in data_map.span(frame.reader)}
    course = course[pd.to_datetime(course["week_start"]).dt.date.isin(weeks)].reset_index(drop=True)
    if course.empty:
        states.empty(frame)
        return
    days = [d.isoformat() for d in pd.to_datetime(course["week_start"]).dt.date]
    url.one("week", days, days[-1])
    at = days.index(st.session_state["week"])
    spot: Any = list(course.itertuples())[at]
    st.title(map_spots.place(spot, lang))
    st.markdown("## " + map_spots.sentence(frame, spot))
    _facts(frame, hotspot_id, spot)
    spot_need.show(frame, spot, course)
    _measures(frame, hotspot_id, spot)
    st.selectbox(
        t("map.week", lang),
        list(reversed(days)),
        key="week",
        format_func=lambda d: findings.period_text(weeks[pd.Timestamp(d).date()], lang),
        width=260,
    )
    left, right = st.columns(2)
    with left:
        _place(frame, hotspot_id, spot, weeks[pd.Timestamp(spot.week_start).date()])
    with right:
        spot_course.show(frame, hotspot_id, course, at)
    if not frame.viewer.sees_rows:
        states.note(t("spot.no_rows", lang))
        return
    week = pd.Timestamp(spot.week_start).date()
    try:
        _cause(frame, hotspot_id, week, spot)
        _cells(frame, hotspot_id, week)
        _changes(frame, course)
        _tickets(frame, hotspot_id, week)
    except NotAllowed:
        states.note(t("spot.no_rows", lang))


def _measures(frame: Frame, hotspot_id: str, spot: Any) -> None:
    """What was promised here, and a way to promise more."""
    known = f"hotspot:{hotspot_id}"
    place = spot.place_id if isinstance(spot.place_id, str) and spot.place_id else ""
    given = {
        "source": "hotspot", "source_ref": known, "problem": map_spots.place(spot, frame.lang), "verify_type": "NET",
        "scope_kind": "place" if place else "region", "scope_id": place or str(spot.region_code or ""),
        "owner_dept": "NET",
    }  # fmt: skip
    action_form.raise_one(frame, st, given, f"spot_{hotspot_id}")
    action_today.of(frame, [known])


def _facts(frame: Frame, hotspot_id: str, spot: Any) -> None:
    """Who is hit and how hard, and the score with its parts."""
    lang = frame.lang
    said = [
        t("spot.weeks", lang, n=int(spot.n_weeks)),
        t("spot.people", lang, **{k: _within(frame, spot, f"n_{k}") for k in PEOPLE}),
        t("spot.gate", lang, why=word("spot_gate", spot.gate, lang)) if isinstance(spot.gate, str) else "",
        t("spot.score", lang, score=numbers.fixed(spot.score, 0), parts=_parts(spot, lang)) if spot.score >= 0 else "",
        hotspot_id,
    ]
    states.note(" · ".join(part for part in said if part))


def _within(frame: Frame, spot: Any, name: str) -> str:
    """A count of some of the customers, or the sign for why it is not told."""
    if getattr(spot, f"is_rest_{name}", False):
        return t("state.hidden_too", frame.lang)
    return map_spots.people(frame, getattr(spot, name))


def _parts(spot: Any, lang: Lang) -> str:
    parts = [(name, float(getattr(spot, f"score_{name}"))) for name in PARTS]
    return t("chart.list_separator", lang).join(
        f"{word('spot_part', name, lang)} {numbers.fixed(value, 0)}" for name, value in parts if value >= 0.5
    )


def _place(frame: Frame, hotspot_id: str, spot: Any, period: Period) -> None:
    lang, space, p = frame.lang, frame.workspace, palette(frame.mode)
    if not hasattr(spot, "lon") or pd.isna(spot.lon):
        states.note(t("spots.no_positions", lang))
        return
    week = pd.Timestamp(spot.week_start).date()
    layers: list[Any] = []
    cells = data_map.cells(frame.viewer, week)
    near = cells[((cells["lon"] - spot.lon).abs() < 0.03) & ((cells["lat"] - spot.lat).abs() < 0.03)].copy()
    if len(near):
        candidates = set(data_spots.behind("mart_hotspot_cell", frame.viewer, hotspot_id, week)["cell_id"])
        near["rgba"] = [
            deck.rgba(p.accent, 210) if c in candidates else deck.rgba(p.gray.mark, 110) for c in near["cell_id"]
        ]
        near["tip"] = near["cell_name"].fillna(near["cell_id"])
        layers.append(deck.sectors("cells", near[["cell_id", "lon", "lat", "azimuth_deg", "rgba", "tip"]], 220))
    layers.append(deck.rings("spots", _circle(spot, map_spots.place(spot, lang), frame)))
    around = pd.DataFrame(map_sites.to_come(frame, period))
    if len(around):
        around = around[((around["lon"] - spot.lon).abs() < 0.03) & ((around["lat"] - spot.lat).abs() < 0.03)]
    if len(around):
        colour = {"later": p.orange.mark, "new": p.text}
        around["rgba"] = [deck.rgba(colour[k], 235) for k in around["kind"]]
        rims = around[["lon", "lat"]].assign(rgba=[deck.rgba(p.background)] * len(around))
        layers.append(deck.dots("site_rims", rims, 8, pickable=False))
        layers.append(deck.dots("site_masts", around[["lon", "lat", "rgba", "tip"]], 7))
    zoom = 14.2 - math.log2(max(float(spot.radius_m), 250.0) / 250.0)
    layers += bearings.scale(extent.box_around(spot.lon, spot.lat, zoom, _HEIGHT), p, lang)
    alt = t("spot.map_alt", lang, place=map_spots.place(spot, lang), n=len(near))
    deck.show(
        layers, extent.around(spot.lon, spot.lat, zoom), space, lang=lang, mode=frame.mode, key="spot_map",
        height=_HEIGHT, alt=alt,
    )  # fmt: skip
    said = t("spot.map_note", lang, radius=numbers.count(round(float(spot.radius_m), -1), lang))
    if len(around):
        kinds = around["kind"].value_counts()
        said += t("spot.map_sites", lang, later=int(kinds.get("later", 0)), new=int(kinds.get("new", 0)))
    states.note(said)


def _circle(spot: Any, place: str, frame: Frame) -> pd.DataFrame:
    """The hotspot's area and its edge, a narrow ring: a border of lines would cost the map another program."""
    p, radius_m = palette(frame.mode), max(float(spot.radius_m), 100.0)
    outer, inner = (circle(float(spot.lon), float(spot.lat), radius_m * part) for part in (1.01, 0.99))
    fills = [deck.rgba(map_spots.state_colour(spot.state, p), 90), deck.rgba(p.text)]
    return pd.DataFrame({"ring": [inner, [outer, inner]], "rgba": fills, "tip": [place] * 2})


def _cause(frame: Frame, hotspot_id: str, week: Any, spot: Any) -> None:
    """The ordered list: the first hit is the cause, every other figure is shown with its verdict."""
    lang = frame.lang
    found = data_spots.behind("mart_hotspot_cause", frame.viewer, hotspot_id, week).sort_values("order_no")
    if found.empty:
        return
    hits = found[found["verdict"] == "hit"]
    others = [c for c in str(spot.causes or "").split(",")[1:] if c]
    said = t("spot.cause", lang, cause=word("spot_cause", spot.cause, lang))
    if others:
        names = t("chart.list_separator", lang).join(word("spot_cause", c, lang) for c in others)
        said += t("spot.also", lang, causes=names)
    st.subheader(said)
    shown = pd.DataFrame(
        {
            "cause": [word("spot_cause", c, lang) for c in found["cause"]],
            "figure": [word("spot_figure", f, lang) for f in found["figure"]],
            "verdict": [word("spot_verdict", v, lang) for v in found["verdict"]],
            "value": [_figure(f, v, lang) for f, v in zip(found["figure"], found["value"], strict=True)],
            "limit": [_limit(f, v, lang) for f, v in zip(found["figure"], found["limit_value"], strict=True)],
            "share": [numbers.DASH if pd.isna(v) else numbers.rate(float(v), lang) for v in found["share"]],
            "n": [numbers.count(n, lang) for n in found["n"]],
            "example": [_example(f, e) for f, e in zip(found["figure"], found["example"], strict=True)],
        }
    )
    headers = {c: t(f"spot.{c}_header", lang) for c in shown}
    _small(shown, headers, t("spot.cause_alt", lang, n=len(hits)))
    states.note(t("spot.cause_note", lang))


def _small(shown: pd.DataFrame, headers: dict[str, str], alt: str) -> None:
    config: dict[str, Any] = {
        c: st.column_config.TextColumn(h, alignment="left" if c in WORDS else "right") for c, h in headers.items()
    }
    st.dataframe(shown, hide_index=True, column_config=config, row_height=32, height="content", alt=alt)


def _figure(figure: str, value: Any, lang: Lang) -> str:
    if value is None or pd.isna(value):
        return numbers.DASH
    if figure in DBM:
        return f"{numbers.fixed(float(value), 1)} dBm"
    return numbers.count(float(value), lang) if figure in COUNTS else numbers.rate(float(value), lang)


def _limit(figure: str, value: Any, lang: Lang) -> str:
    """Alarms and works are counted, but it is the share of tickets at their time that decides."""
    return _figure("share" if figure in COUNTS else figure, value, lang)


def _example(figure: str, value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _cells(frame: Frame, hotspot_id: str, week: Any) -> None:
    lang = frame.lang
    found = data_spots.behind("mart_hotspot_cell", frame.viewer, hotspot_id, week).sort_values("cell_rank")
    if found.empty:
        states.note(t("spot.no_cells", lang))
        return
    st.subheader(t("spot.cells", lang, n=len(found)))
    shown = pd.DataFrame(
        {
            "cell": found["cell_id"].astype(str),
            "distance": [f"{numbers.count(round(d), lang)} m" for d in found["distance_m"]],
            "tickets": [numbers.count(n, lang) for n in found["n_tickets"]],
            **{c: [_figure(c, v, lang) for v in found[c]] for c in SHARES},
            "interference": [_figure("interference", v, lang) for v in found["interference"]],
        }
    )
    headers = {c: word("spot_cell", c, lang) for c in shown}
    _small(shown, headers, t("spot.cells", lang, n=len(found)))


def _changes(frame: Frame, course: pd.DataFrame) -> None:
    """What was done to the network here while the hotspot was there, and whether it helped."""
    placed = course.dropna(subset=["lon", "lat"]) if "lon" in course else course.head(0)
    if placed.empty:
        return
    first, last = (pd.Timestamp(course["week_start"].iloc[n]).date() for n in (0, -1))
    site = data_effects.site_at(frame.viewer, float(placed["lon"].iloc[-1]), float(placed["lat"].iloc[-1]))
    fix_effect.around(frame, site, first - fix_effect.BACK, last + fix_effect.BACK)


def _tickets(frame: Frame, hotspot_id: str, week: Any) -> None:
    lang = frame.lang
    page = max(1, int(st.session_state.get("_spot_page", 1)))
    rows, n = data_spots.tickets(frame.viewer, hotspot_id, week, page - 1, _SIZE)
    pages = max(1, math.ceil(n / _SIZE))
    if page > pages:
        st.session_state["_spot_page"] = 1
        rows, n = data_spots.tickets(frame.viewer, hotspot_id, week, 0, _SIZE)
    st.subheader(t("spot.tickets", lang, n=numbers.count(n, lang)))
    if rows.empty:
        states.few(frame)
        return
    shown = pd.DataFrame(
        {c: [numbers.moment(v, lang) if c == "accepted_at" else _named(frame, c, v) for v in rows[c]] for c in rows}
    )
    config = {c: st.column_config.TextColumn(word("column", c, lang)) for c in shown}
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        alt=t("spot.tickets", lang, n=numbers.count(n, lang)),
    )
    if pages > 1:
        st.pagination(pages, key="_spot_page")


def _named(frame: Frame, column: str, value: Any) -> str:
    if value is None or pd.isna(value):
        return numbers.DASH
    if isinstance(value, bool):
        return t("spot.yes" if value else "spot.no", frame.lang)
    return frame.name(column, value)
