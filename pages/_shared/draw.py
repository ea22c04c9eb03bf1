"""Put a finished chart on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._shared.charts.base import AnyChart
from pages._shared.charts.remember import Picture


def show(chart: AnyChart, *, alt: str, **click: Any) -> None:
    """Draw a chart with its sentence for screen readers; `click` are the arguments of `clicks.narrowing`.

    The specification goes out unvalidated: tests validate every chart, and checking each again at every click took
    a third of a view's time, and drawing them anew another. Streamlit's own theme would override ours, so it is off.
    """
    spec = chart.spec() if isinstance(chart, Picture) else chart.to_dict(validate=False)
    st.vega_lite_chart(spec=spec, theme=None, alt=alt, **click)
