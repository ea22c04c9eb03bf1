"""The filter bar: widgets bound to the URL, so that every view can be linked to with what it shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import streamlit as st

from pages._shared import url
from pages._shared.text import Lang, t, word
from warehouse.periods import KINDS, Period, PeriodKind
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

# URL parameter -> dimension. Managers narrow by the first two only (domain reference 2.2).
PARAMETERS = {
    "region": "region_code",
    "type": "type_l1",
    "subtype": "type_code",
    "channel": "channel_code",
    "cust": "cust_type",
    "age": "age_band",
    "prio": "priority",
    "dept": "owner_dept",
}
LATTICE = ("region", "type")
DEFAULT_PERIOD: PeriodKind = "week"


def options(source: Reader, viewer: Viewer) -> dict[str, list[str]]:
    """What each parameter may hold in this release, for this viewer."""
    return _options(source, source.id, viewer)


@st.cache_data(show_spinner=False, max_entries=64)
def _options(_source: Reader, release: str, viewer: Viewer) -> dict[str, list[str]]:
    span = _source.span()
    if span is None:
        return {name: [] for name in PARAMETERS}
    end = span[1].to_pydatetime() + timedelta(days=1)
    everything = Period("all", span[0].date(), end.date(), end)
    inside = Viewer("analyst", "L2", viewer.regions, viewer.departments)
    found = {}
    for name, dimension in PARAMETERS.items():
        frame = _source.figures(["M01"], inside, [everything], by=[dimension], people="none").sort_values(
            "M01_num", ascending=False
        )
        found[name] = [str(v) for v in frame[dimension] if v is not None]
    return found


def allowed(viewer: Viewer) -> list[str]:
    return list(LATTICE) if viewer.level == "L1" else list(PARAMETERS)


def bar(
    container: Any, source: Reader, viewer: Viewer, names: Any, lang: Lang, has_period: bool = True
) -> tuple[PeriodKind, Filters]:
    """Draw 周期 (where it has a say), 区县, 类型 and, where the role may, 更多. Returns what was chosen."""
    choices = options(source, viewer)
    row = container.container(horizontal=True, vertical_alignment="bottom", key="filters")
    url.one("period", KINDS, DEFAULT_PERIOD)
    period = st.session_state["period"]
    if has_period:
        period = row.selectbox(
            t("filter.period", lang),
            KINDS,
            format_func=lambda k: word("period", k, lang),
            key="period",
            width=180,
        )
    chosen: dict[str, list[str]] = {}
    for name in LATTICE:
        chosen[PARAMETERS[name]] = _many(row, name, choices[name], names, lang, 260)
    more = [name for name in allowed(viewer) if name not in LATTICE]
    if more:
        n = sum(bool(st.session_state.get(name)) for name in more)
        label = t("filter.more_n", lang, n=n) if n else t("filter.more", lang)
        with row.popover(label, key="more"):
            for name in more:
                chosen[PARAMETERS[name]] = _many(st, name, choices[name], names, lang, "stretch")
    if any(chosen.values()):
        row.button(t("filter.reset", lang), type="tertiary", key="reset", on_click=_reset, icon=":material/close:")
    return cast(PeriodKind, period or DEFAULT_PERIOD), Filters.of(chosen)


def _many(container: Any, name: str, values: list[str], names: Any, lang: Lang, width: Any) -> list[str]:
    dimension = PARAMETERS[name]
    url.many(name, values)
    picked: list[str] = container.multiselect(
        word("filter", {"cust": "customer", "prio": "priority", "dept": "department"}.get(name, name), lang),
        values,
        format_func=lambda code: names(dimension, code),
        key=name,
        placeholder=t("filter.all", lang),
        width=width,
    )
    return picked


def keep() -> tuple[PeriodKind, Filters]:
    """On views without the bar: remember what was chosen elsewhere, but narrow nothing."""
    for name in ("period", *PARAMETERS):
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]
    return DEFAULT_PERIOD, Filters()


def _reset() -> None:
    for name in PARAMETERS:
        st.session_state[name] = []
