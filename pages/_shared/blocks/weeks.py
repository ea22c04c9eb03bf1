"""Thirteen weeks of one measure, known at the same age, with holidays, changes and last year."""

from __future__ import annotations

import pandas as pd

from pages._shared import data, findings, numbers, states
from pages._shared.blocks import measure_trend
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.measures import measures
from warehouse.periods import weeks

TREND_WEEKS = 13


def show(frame: Frame, measure: str, height: int = 360) -> None:
    lang = frame.lang
    entry = measures()[measure]
    periods = weeks(frame.as_of, TREND_WEEKS)
    earlier = [p.moved(-364, f"y{p.id}") for p in periods]
    asked = data.figures([measure], frame.viewer, [*periods, *earlier], (), frame.filters).set_index("period")
    shape = pd.DataFrame(
        {
            "period_start": [p.first for p in periods],
            "value": [_at(asked, p.id, measure) for p in periods],
            "n": [_at(asked, p.id, f"{measure}_n") for p in periods],
            "is_running": [p.end > frame.as_of.date() for p in periods],
        }
    )
    if entry.kind == "count":
        shape[["value", "n"]] = shape[["value", "n"]].fillna(0)
    previous = pd.DataFrame(
        {"period_start": shape["period_start"], "value": [_at(asked, p.id, measure) for p in earlier]}
    )
    previous = previous.dropna()
    aim = frame.workspace.settings.targets.get(measure)
    first, last = periods[0].first, periods[-1].last
    title = states.trend_finding(frame, measure, shape)
    n = numbers.count(shape["n"].sum(), lang)
    subtitle = t(
        "today.trend_subtitle", lang, name=entry.name(lang), unit=entry.unit.zh if lang == "zh" else entry.unit.en, n=n
    )
    measure_trend.show(
        frame, measure, shape.dropna(subset=["value"]), first, last, title=title, subtitle=subtitle,
        kind=findings.kind_of(entry), target=aim.value if aim else None,
        events=states.change_events(frame, first, last), previous=previous if len(previous) else None, height=height,
    )  # fmt: skip
    states.note(t("today.trend_note", lang))


def _at(asked: pd.DataFrame, period: str, column: str) -> float | None:
    return float(asked.at[period, column]) if period in asked.index and not pd.isna(asked.at[period, column]) else None
