"""One item of an issue on screen: its finding at heading size, one chart, map or table, the rest one click away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from alerts.review.bundle import Cell, Column, Item, Map, Number, Table, spoken
from pages._shared import charts, draw, numbers, states
from pages._shared.charts.issue import issue_alt, issue_chart
from pages._shared.frame import Frame
from pages._shared.maps import district_map
from pages._shared.text import Lang, plain, t, word
from pages._shared.theme import SEVERITY

TALL, MAP_TALL = 300, 420
LEFT = ("text", "id")
MOST_ROWS = 12
WIDE = ("text",)
# Kind of source -> its page, how its number is called there, icon.
CARDS = {
    "warning": ("pages/warning.py", "id", ":material/notifications_active:"),
    "hotspot": ("pages/hotspot.py", "id", ":material/location_on:"),
    "action": ("pages/actions.py", "action", ":material/task_alt:"),
}


def show(frame: Frame, item: Item) -> None:
    """Everything of an item but its decision."""
    lang = frame.lang
    if item.severity:
        mark = SEVERITY[item.severity]
        st.badge(f"{mark.glyph} {word('severity', item.severity, lang)}", icon=mark.icon, color=mark.colour)
    st.markdown(f"## {plain(item.finding.of(lang))}")
    _link(frame, item)
    rest = list(item.tables)
    if item.numbers:
        number_table(item.numbers, lang)
    elif item.map is not None and frame.workspace.boundaries is not None:
        left, right = st.columns([7, 5], gap="medium")
        with left:
            _map(frame, item.map)
        with right:
            for shape in rest:
                table(shape, lang)
        rest = []
    elif item.charts:
        _charts(frame, item)
    elif rest:
        table(rest.pop(0), lang)
    elif item.evidence:
        for said in item.evidence:
            st.markdown(f"- {plain(said.of(lang))}")
    if item.numbers and item.charts:
        _charts(frame, item)
    for shape in rest:
        with st.expander(plain(shape.title.of(lang))):
            table(shape, lang)
    if item.evidence and (item.numbers or item.charts or item.tables or item.map):
        with st.expander(t("word.evidence", lang)):
            for said in item.evidence:
                states.note(said.of(lang))


def _link(frame: Frame, item: Item) -> None:
    """The card an item is about, where it has one."""
    kind, _, number = item.source.partition(":")
    if kind not in CARDS:
        return
    page, parameter, icon = CARDS[kind]
    asked = {parameter: number, "lang": frame.lang, "role": frame.viewer.role}
    st.page_link(page, label=word("review.card", kind, frame.lang), icon=icon, query_params=asked)


def number_table(told: tuple[Number, ...], lang: Lang) -> None:
    """Measures with target, verdict, the week before, the same week of last year and n."""
    rows = [_number(n, lang) for n in told]
    shape = pd.DataFrame(rows)
    for column in ("target", "last_year", "before"):
        if all(v == numbers.DASH for v in shape[column]):
            shape = shape.drop(columns=column)
    headers = {c: t(f"review.column_{c}", lang) for c in shape}
    states.small_table(shape, headers, t("review.numbers_alt", lang, n=len(rows)), left=("name", "verdict"))


def _number(n: Number, lang: Lang) -> dict[str, str]:
    kind: Any = n.unit
    holiday = t("review.holiday", lang) if n.mismatch and n.last_year is not None else ""
    hidden = t("state.hidden_too", lang)
    return {
        "name": n.name.of(lang),
        "value": hidden if n.hidden else written(n.value, kind, lang),
        "target": numbers.DASH if n.target is None else written(n.target, kind, lang).replace(".0%", "%"),
        "verdict": n.verdict.of(lang) if n.verdict else "",
        "before": written(n.previous, kind, lang),
        "last_year": f"{written(n.last_year, kind, lang)} {holiday}".strip(),
        "n": numbers.count(n.n if n.n is not None else n.value, lang) if not n.hidden else hidden,
    }


def table(shape: Table, lang: Lang) -> None:
    """A table in one language, numbers to the right."""
    columns, rows = spoken(shape, lang)
    texts = pd.DataFrame(
        [[written(v, c.kind, lang) for v, c in zip(row, columns, strict=True)] for row in rows],
        columns=[c.name for c in columns],
    )
    kept = [c for c in columns if any(v not in ("", numbers.DASH) for v in texts[c.name])] if len(texts) else columns
    config: dict[str, Any] = {
        c.name: st.column_config.TextColumn(
            c.title.of(lang), alignment="left" if c.kind in LEFT else "right", width=_width(c, texts)
        )
        for c in kept
    }
    if texts.empty:
        states.note(t("review.table_empty", lang, title=shape.title.of(lang)))
    else:
        st.dataframe(
            texts[[c.name for c in kept]],
            hide_index=True,
            column_config=config,
            row_height=32,
            height=36 + 32 * min(len(texts), MOST_ROWS),
            alt=shape.title.of(lang),
        )
    if shape.note is not None:
        states.note(shape.note.of(lang))


def _width(column: Column, texts: pd.DataFrame) -> Any:
    longest = texts[column.name].str.len().max() if len(texts) else 0
    return "large" if column.kind in WIDE and longest > 24 else None


def written(value: Cell, kind: str, lang: Lang) -> str:
    """A cell as people read it."""
    if value is None or value == "":
        return numbers.DASH if kind not in LEFT else ""
    if isinstance(value, str):
        if kind == "date":
            return numbers.date(date.fromisoformat(value), lang)
        return numbers.moment(datetime.fromisoformat(value), lang) if kind == "instant" else value
    number = float(value)
    if kind == "count":
        return numbers.count(number, lang)
    if kind == "share":
        return numbers.rate(number, lang)
    if kind == "points":
        return numbers.pp(number, lang)
    if kind == "hours":
        return numbers.duration(number * 60, lang)
    return numbers.money(number, lang) if kind == "money" else numbers.fixed(number, 2)


def _charts(frame: Frame, item: Item) -> None:
    for chart in item.charts:
        draw.show(
            issue_chart(chart, lang=frame.lang, mode=frame.mode, height=TALL), alt=issue_alt(chart, lang=frame.lang)
        )


def _map(frame: Frame, shown: Map) -> None:
    lang, space = frame.lang, frame.workspace
    assert space.boundaries is not None
    shape = pd.DataFrame(
        {
            "region_code": [p.code for p in shown.places],
            "name": [p.name.of(lang) for p in shown.places],
            "value": [p.value for p in shown.places],
            "n": [p.n for p in shown.places],
            "label": [
                t("state.hidden_too", lang) if p.value is None else numbers.per_10k(p.value) for p in shown.places
            ],  # fmt: skip
        }
    )
    draw.show(
        district_map(
            space.boundaries["features"], shape, lang=lang, mode=frame.mode, title=shown.subtitle.of(lang),
            height=MAP_TALL,
        ),
        alt=charts.map_alt(shape, lang=lang, title=shown.title.of(lang)),
    )  # fmt: skip
