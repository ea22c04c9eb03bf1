"""热点网络 → 小区, 依据: figures of the whole network by radio generation, and how many cells are beyond a limit."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pandas as pd
import streamlit as st

from pages._shared import data, data_cells, findings, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import Lang, t
from warehouse.cells import WEEKS
from warehouse.derived import derived
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.query import Filters

MEASURES: Final = ("M43", "M44", "M45_ACCESS", "M45_DROP", "M45_HO", "M46", "M48")


def show(frame: Frame, where: Filters) -> None:
    """Nothing where the source sends no counters."""
    lang = frame.lang
    shown = data.supported(MEASURES)
    if not shown:
        return
    districts = where.without("town")
    told = _told(frame, shown, districts)
    with st.expander(t("network.title", lang, weeks=WEEKS)):
        if told.empty:
            states.note(t("network.nothing", lang))
            return
        headers = {c: t(f"network.column_{c}", lang) for c in ("name", "rat", "now", "before", "target", "n")}
        states.small_table(told, headers, t("network.title", lang, weeks=WEEKS), left=("name", "rat"))
        states.note(t("network.note", lang))
        for name, (k, n) in data_cells.beyond(frame.viewer, data_cells.end_of_weeks(frame.as_of), where).items():
            if n:
                entry = derived()[name]
                said = {"name": entry.name(lang), "share": numbers.rate(k / n, lang)}
                said |= {"k": numbers.count(k, lang), "n": numbers.count(n, lang)}
                st.markdown(t("network.share", lang, **said), help=data.measure_help(name, lang))
        st.markdown(t("network.definitions", lang), help="\n\n".join(data.measure_help(i, lang) for i in shown))
        states.unsupported(frame, MEASURES)


def _told(frame: Frame, shown: list[str], where: Filters) -> pd.DataFrame:
    """One row per measure and generation: name, rat, now, before, target, n; those without a figure left out."""
    lang, end = frame.lang, data_cells.end_of_weeks(frame.as_of)
    now = Period("now", end - timedelta(7 * WEEKS), end, frame.as_of)
    both = [now, now.moved(-7 * WEEKS, "before")]
    asked = data.figures(shown, frame.viewer, both, ["rat"], where).set_index(["period", "rat"])
    generations = sorted({str(rat) for _, rat in asked.index})
    rows = []
    for measure in shown:
        for rat in generations:
            value, before = (_of(asked, p.id, rat, measure) for p in both)
            if value is None:
                continue
            aim = frame.workspace.settings.targets.get(measure)
            rows.append(
                {
                    "name": measures()[measure].name(lang),
                    "rat": frame.name("rat", rat),
                    "now": text(measure, value, lang),
                    "before": text(measure, before, lang),
                    "target": numbers.DASH if aim is None else text(measure, aim.value, lang),
                    "n": numbers.count(_of(asked, now.id, rat, f"{measure}_n"), lang),
                }
            )
    return pd.DataFrame(rows)


def _of(asked: pd.DataFrame, period: str, rat: str, column: str) -> float | None:
    return numbers.number(asked[column].get((period, rat)))


def text(measure: str, value: float | None, lang: Lang) -> str:
    """Two decimals of a percentage: 99.9 % and 99.99 % of the time are an hour a year apart, and eight."""
    entry = measures()[measure]
    if value is None:
        return numbers.DASH
    if entry.kind == "rate":
        return f"{numbers.fixed(100 * value, 2)}%"
    return f"{findings.value_text(measure, value, lang)} {entry.unit.zh if lang == 'zh' else entry.unit.en}"
