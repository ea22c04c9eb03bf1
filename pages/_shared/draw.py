"""Put a finished chart on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._shared.charts.base import AnyChart


def show(chart: AnyChart, *, alt: str, **click: Any) -> None:
    """Draw a chart with its sentence for screen readers; `click` are the arguments of `clicks.narrowing`.

    The specification goes out unvalidated: tests validate every chart, and checking each again at every click took
    a third of a view's time. Streamlit's own theme would override ours, so it is off.
    """
    st.vega_lite_chart(spec=chart.to_dict(validate=False), theme=None, alt=alt, **click)
