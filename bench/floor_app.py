"""The floor of the pages: the same frame of widgets, 8 metrics and 3 charts of constant numbers.

`streamlit run bench/floor_app.py`. No query, no cache, no text catalogue belongs here.
"""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas as pd
import streamlit as st

PERIODS = ["week", "yesterday", "wtd", "mtd", "month", "4w", "13w", "year", "all"]
REGIONS = ["A", "B", "C", "D", "E", "F", "G"]
TYPES = ["NET", "SVC", "TAR", "BIZ", "TRM"]
VIEWS = ("today", "review", "warnings", "complaints", "flow", "hotspots", "actions", "data")
WEEKS = pd.DataFrame({"week": range(13), "n": [410, 395, 430, 402, 388, 415, 440, 421, 433, 409, 450, 466, 526]})
SHARES = pd.DataFrame({"type": TYPES, "share": [0.35, 0.25, 0.20, 0.15, 0.05]})
HEAT = pd.DataFrame(
    [{"type": t, "region": r, "n": 7 * i + j} for i, t in enumerate(TYPES) for j, r in enumerate(REGIONS)]
)


def charts() -> list[alt.Chart]:
    """A line, bars and a heat table of constant frames."""
    line = alt.Chart(WEEKS).mark_line(point=True).encode(x="week:O", y="n:Q", tooltip=["week", "n"])
    bars = alt.Chart(SHARES).mark_bar().encode(x="share:Q", y="type:N", tooltip=["type", "share"])
    heat = alt.Chart(HEAT).mark_rect().encode(x="region:N", y="type:N", color="n:Q", tooltip=["n"])
    return [line, bars, heat]


def view(name: str) -> Callable[[], None]:
    def draw() -> None:
        st.title(f"{name} {st.session_state.get('period', '')}")
        for row in range(2):
            for column, box in enumerate(st.columns(4)):
                box.metric(
                    f"M{row * 4 + column}",
                    f"{100 + column}",
                    f"{column - 1}",
                    chart_data=list(WEEKS["n"]),
                    border=True,
                )
        st.selectbox("moved", ["M0", "M1"], key="moved")
        for chart in charts():
            st.altair_chart(chart)

    draw.__name__ = name
    return draw


def main() -> None:
    st.set_page_config(page_title="floor", layout="wide")
    pages = [st.Page(view(n), title=n, url_path=n, default=n == "today") for n in VIEWS]
    page = st.navigation(pages, position="top")
    head = st.container(horizontal=True)
    head.badge("as of")
    head.badge("fresh")
    head.selectbox("role", ["manager", "analyst"], key="role", width=150)
    head.segmented_control("lang", ["zh", "en"], default="en", key="lang", bind="query-params")
    row = st.container(horizontal=True)
    row.selectbox("period", PERIODS, key="period", bind="query-params", width=180)
    row.multiselect("region", REGIONS, key="region", bind="query-params", width=260)
    row.multiselect("type", TYPES, key="type", bind="query-params", width=260)
    page.run()


main()
