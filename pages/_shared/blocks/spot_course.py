"""The course of one hotspot: its customers week by week, and figures of its candidate cells on the same time axis."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages._shared import data_map, data_spots, draw, numbers, states
from pages._shared.blocks import map_spots
from pages._shared.charts.course import course as course_chart
from pages._shared.charts.course import course_alt
from pages._shared.charts.stacked import AXIS_PX, Lane, stacked
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.hotspots import radio
from warehouse.spots import GONE

_HEIGHT, _MOST = 200, 2
# The figure that speaks for a cause; where none does, what hurts most.
SPEAKS = {
    "outage": "outage", "weak_coverage": "weak", "congestion": "load", "interference": "interference",
    "handover": "handover", "core": "access",
}  # fmt: skip
COMMON = ("weak", "load", "drop")


def show(frame: Frame, hotspot_id: str, course: pd.DataFrame, at: int) -> None:
    """Customers of thirty days against what was to be expected, and below them what the cells behind it did."""
    lang = frame.lang
    alive = course[course["state"] != GONE]
    top = course.loc[course["n_customers"].fillna(0).idxmax()]
    shape = pd.DataFrame(
        {
            "seen_at": pd.to_datetime(course["week_start"]) + pd.Timedelta(days=7),
            "value": course["n_customers"].astype(float),
            "usual": course["expected"].astype(float),
        }
    ).assign(limit=float("nan"), first_limit=float("nan"), raw=float("nan"))
    title = t(
        "spot.course",
        lang,
        weeks=len(alive),
        n=map_spots.people(frame, top["n_customers"]),
        day=numbers.day(pd.Timestamp(top["week_start"]).date(), lang),
    )
    if len(shape) < 2:
        states.note(t("spot.one_week", lang))
        return
    draw.show(
        course_chart(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("spot.course_subtitle", lang),
            height=_HEIGHT,
            axis_px=AXIS_PX,
        ),
        alt=course_alt(shape, lang=lang, title=title),
    )
    if frame.viewer.sees_rows:
        _counters(frame, hotspot_id, course, at)


def _counters(frame: Frame, hotspot_id: str, course: pd.DataFrame, at: int) -> None:
    """What the candidate cells of the chosen week did in every week of the course."""
    lang, spot = frame.lang, course.iloc[at]
    days = pd.to_datetime(course["week_start"])
    behind = data_spots.behind("mart_hotspot_cell", frame.viewer, hotspot_id, days.iloc[at].date())
    cells = tuple(sorted(behind["cell_id"].astype(str)))
    found = data_spots.counters(frame.viewer, cells, days.iloc[0].date(), days.iloc[-1].date())
    if found.empty:
        return
    rules = data_map.limits()
    told = radio.figures(found, rules).set_index(pd.to_datetime(found["week_start"])).reindex(days)
    wanted = dict.fromkeys([SPEAKS.get(str(spot["cause"]), COMMON[0]), *COMMON])
    shown = [name for name in wanted if told[name].notna().sum() > 1][:_MOST]
    if not shown:
        return
    lanes = [_lane(name, told[name], float(getattr(rules.radio, name).limit), lang) for name in shown]
    hours = ((days - days.iloc[0]).dt.total_seconds() / 3600).tolist()
    weeks = [numbers.day((day + pd.Timedelta(days=7)).date(), lang) for day in days]
    title = t("spot.counters", lang, n=len(cells))
    names = t("chart.list_separator", lang).join(lane.name for lane in lanes)
    draw.show(
        stacked(hours, weeks, lanes, lang=lang, mode=frame.mode, title=title),
        alt=t("chart.colon", lang).join([title, names]),
    )


def _lane(name: str, values: Any, limit: float, lang: Lang) -> Lane:
    known = values.dropna()
    said = t(
        "spot.lane",
        lang,
        name=word("radio", name, lang),
        first=_text(name, known.iloc[0], lang),
        last=_text(name, known.iloc[-1], lang),
        limit=_text(name, limit, lang),
    )
    numbers_ = tuple(None if pd.isna(v) else float(v) for v in values)
    return Lane(said, numbers_, tuple(_text(name, v, lang) for v in values), limit)


def _text(name: str, value: Any, lang: Lang) -> str:
    if pd.isna(value):
        return numbers.DASH
    return f"{numbers.fixed(float(value), 1)} dBm" if name == "interference" else numbers.rate(float(value), lang)
