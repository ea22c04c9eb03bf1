"""Small pieces that several views share: empty and unsupported states, little tables, chart annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data, numbers
from pages._shared.charts.context import Event
from pages._shared.findings import kind_of
from pages._shared.frame import Frame
from pages._shared.text import has_chinese, plain, t, word
from warehouse.derived import derived
from warehouse.measures import measures
from warehouse.query import SMALL_CELL


def empty(frame: Frame) -> None:
    """Nothing matches: say so and what to do."""
    st.info(t("state.empty", frame.lang), icon=":material/search_off:")
    note(t("state.empty_hint", frame.lang))


def note(text: str) -> None:
    """A line of small print. Streamlit's own caption is too pale to read (4.2:1 on white)."""
    st.markdown(f":small[:gray[{plain(text)}]]")


@contextmanager
def folded(label: str, key: str) -> Iterator[bool]:
    """Content that is made only once somebody unfolds it; yields whether it is unfolded. Tables that nobody sees were a
    fifth of a warm look at today."""
    box = st.expander(label, key=key, on_change="rerun")
    with box:
        yield bool(box.open)


def suppressed(frame: Frame) -> None:
    """Too few customers to show anything to this role."""
    st.info(t("state.suppressed", frame.lang, least=SMALL_CELL), icon=":material/visibility_off:")


def nothing(frame: Frame, is_hidden: bool) -> None:
    """Nothing to show: because there is nothing, or because it must not be shown."""
    (suppressed if is_hidden else empty)(frame)


def few(frame: Frame) -> None:
    note(t("state.one_row", frame.lang))


def unsupported(frame: Frame, ids: Sequence[str]) -> None:
    """Which measures this source has no columns for, by name."""
    missing = [measures()[i].name(frame.lang) for i in ids if frame.reader.missing_for(i)]
    if missing:
        names = t("chart.list_separator", frame.lang).join(missing)
        note(t("state.unsupported", frame.lang, names=names))


def computed(frame: Frame, ids: Sequence[str]) -> None:
    """How figures that a function works out are computed, a line of small print each."""
    for name in ids:
        entry = derived()[name]
        note(t("definitions.derived", frame.lang, name=entry.name(frame.lang), how=entry.formula(frame.lang)))


def no_map(frame: Frame) -> None:
    st.info(t("state.no_map", frame.lang), icon=":material/map:")


def small_table(
    shape: pd.DataFrame, headers: dict[str, str], alt: str, left: Sequence[str] = ("name",), muted: str = ""
) -> None:
    """A little table of ready texts, numbers to the right, words to the left: columns without a digit, and `left`.
    `muted`: cells that end in that word are written in grey.

    A table of the page, not a grid: screen readers walk it, words wrap on a phone, and one grid on today cost a
    browser a third of the view. What is missing is a dash.
    """
    shape = shape[list(headers)].astype(object)
    shape = shape.where(shape.notna(), numbers.DASH)
    told = pd.DataFrame({c: [_cell(str(v), muted) for v in shape[c]] for c in headers}, index=range(len(shape)))
    # Arrow wants every name once; two columns of the same name differ by a space of no width.
    names = list(headers.values())
    told.columns = pd.Index([plain(name) + "\u200b" * names[:at].count(name) for at, name in enumerate(names)])
    right = [
        {"selector": f"th.col{at}, td.col{at}", "props": _RIGHT}
        for at, c in enumerate(headers)
        if c not in left and not _is_words(shape[c])
    ]
    st.table(told.style.set_table_styles(right), border="horizontal", hide_index=True, alt=alt)


# The page's own alignment stands in the cells themselves.
_RIGHT = [("text-align", "right !important"), ("white-space", "nowrap")]


def _cell(text: str, muted: str) -> str:
    said = plain(text)
    return f":gray[{said}]" if muted and text.endswith(muted) else said


def _is_words(column: pd.Series) -> bool:
    told = [str(v) for v in column if v != numbers.DASH]
    return bool(told) and not any(c.isdigit() for text in told for c in text)


def card(grid: Any, title: str, text: str, small: str = "") -> None:
    """A card of outside text in a grid: what, then what about it, whole at any width."""
    box = grid.container(border=True, gap="xsmall", height="stretch")
    parts = [f"**{plain(title)}**", f":small[:gray[{plain(small)}]]" if small else "", plain(text)]
    box.markdown("  \n".join(part for part in parts if part))


def holiday_bands(frame: Frame, first: date, last: date) -> list[tuple[date, date, str]]:
    """Runs of holidays between two days, with their name."""
    days = data.table("dim_date", frame.viewer)
    begin, end = pd.Timestamp(first), pd.Timestamp(last)
    chosen = days[days["is_holiday"] & days["date_on"].between(begin, end)]
    bands: list[tuple[date, date, str]] = []
    for row in chosen.sort_values("date_on").itertuples():
        day, name = row.date_on.date(), getattr(row, f"holiday_{frame.lang}") or ""
        if bands and bands[-1][2] == name and day - bands[-1][1] <= timedelta(1):
            bands[-1] = (bands[-1][0], day, name)
        else:
            bands.append((day, day, name))
    return bands


def change_events(frame: Frame, first: date, last: date) -> list[Event]:
    """Changes (releases, cutovers, launches) between two days, for thin labelled lines.

    Titles are data and stay in their language. To a reader of English a Chinese one is shown on hover only, and the
    kind of change stands at the line.
    """
    if frame.reader.n_rows("fact_change_event") == 0:
        return []
    rows = data.table("fact_change_event", frame.viewer)
    days = rows["started_at"].dt.date
    chosen = rows[(days >= first) & (days <= last)].sort_values("started_at")
    return [_event(frame, r.started_at.date(), str(r.kind), str(r.title or "")) for r in chosen.itertuples()]


def _event(frame: Frame, day: date, kind: str, title: str) -> Event:
    if title and (frame.lang == "zh" or not has_chinese(title)):
        return Event(day, title, title)
    named = frame.name("change_kind", kind)
    label = named if frame.lang == "zh" or not has_chinese(named) else t("chart.event", frame.lang)
    return Event(day, label, title or kind)


def trend_finding(frame: Frame, measure: str, shape: pd.DataFrame) -> str:
    """Where the newest week stands among its twelve predecessors."""
    lang, entry = frame.lang, measures()[measure]
    known = shape.dropna(subset=["value"])
    if len(known) < 3:
        return t("finding.trend_short", lang, name=entry.name(lang))
    newest, others = float(known["value"].iloc[-1]), known["value"].iloc[:-1]
    rank_high = int((others > newest).sum()) + 1
    rank_low = int((others < newest).sum()) + 1
    value = numbers.value(newest, kind_of(entry), lang)
    median = numbers.value(float(others.median()), kind_of(entry), lang)
    high, low = {1: "highest", 2: "high"}, {1: "lowest", 2: "low"}
    place = high.get(rank_high) or low.get(rank_low) or "mid"
    return word("finding.trend", place, lang, name=entry.name(lang), value=value, median=median)
