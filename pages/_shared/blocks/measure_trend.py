"""The one place that draws a measure over time: with holidays, changes and the notes that people wrote on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from pages._shared import charts, draw, states
from pages._shared.blocks import chart_notes
from pages._shared.charts.context import Event
from pages._shared.frame import Frame
from pages._shared.numbers import Kind


def show(
    frame: Frame, measure: str, shape: pd.DataFrame, first: date, last: date, *, title: str, subtitle: str,
    kind: Kind = "count", alt: str | None = None, holidays: bool = True, events: Sequence[Event] = (),
    control: bool = True, click: dict[str, Any] | None = None, **options: Any,
) -> None:  # fmt: skip
    """Draw `shape` (as `charts.trend`) of a measure from its first to its last day; `options` go to the chart.

    `events` are drawn beside the notes. `control`: whether one can write notes here; once a measure and page. `click`:
    what a click on a point does, which yields its `period`.
    """
    lang = frame.lang
    told = chart_notes.on(frame, measure, first, last)
    shaded = states.holiday_bands(frame, first, last) if holidays else []
    draw.show(
        charts.trend(
            shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind=kind,
            holidays=[*shaded, *chart_notes.bands(told)], events=[*events, *chart_notes.events(told)],
            select=click is not None, **options,
        ),
        **(click or {}),
        alt=alt or charts.trend_alt(shape, lang=lang, title=title, kind=kind),
    )  # fmt: skip
    if control:
        chart_notes.beside(frame, measure, told, last)
