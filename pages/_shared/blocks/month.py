"""The running month against its targets, the room left, and yesterday."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, findings, numbers, states, verdicts
from pages._shared.frame import Frame
from pages._shared.text import Lang, t
from warehouse.measures import measures
from warehouse.periods import compare


def show(frame: Frame) -> None:
    """The assessment of the running month: strict timeliness, room left, and how yesterday compares."""
    lang = frame.lang
    st.subheader(t("today.month_title", lang))
    month, day = compare("mtd", frame.as_of), compare("yesterday", frame.as_of)
    kinds = frame.day_kinds
    ids = data.supported(["M01", "M03", "M07", "M22_N", "M09"])
    asked = data.figures(ids, frame.viewer, month.periods, (), frame.filters)
    row = findings.row_of(asked, "now")
    lines = []
    if row is not None:
        for measure in ("M03", "M07", "M09"):
            aim = frame.workspace.settings.targets.get(measure)
            if measure not in ids or aim is None or pd.isna(row[measure]):
                continue
            n = int(row[f"{measure}_n"])
            lamp = verdicts.lamp(float(row[measure]), aim.value, good="up", lang=lang, n=n)
            lines.append(
                {
                    "name": measures()[measure].name(lang),
                    "value": numbers.rate(row[measure], lang),
                    "target": numbers.rate(aim.value, lang),
                    "lamp": f"{lamp.word} {lamp.gap}",
                    "interval": _interval(row, measure, lang),
                    "n": numbers.count(n, lang),
                }
            )
        if lines:
            states.small_table(
                pd.DataFrame(lines),
                {k: t(f"today.month_{k}", lang) for k in ("name", "value", "target", "lamp")},
                alt=t("today.month_title", lang),
            )
            with states.folded(t("word.evidence", lang), "month_evidence") as is_open:
                if is_open:
                    evidence = {k: t(f"today.month_{k}", lang) for k in ("name", "interval", "n")}
                    states.small_table(pd.DataFrame(lines), evidence, alt=t("today.month_interval", lang))
        _room(frame, row, ids)
    told = data.figures(["M01"], frame.viewer, day.periods, (), frame.filters)
    now, before = findings.row_of(told, "now"), findings.row_of(told, "before")
    if now is not None and before is not None:
        change = findings.change_of("M01", told, "before", day, kinds, lang)
        st.markdown(
            t(
                "today.yesterday",
                lang,
                day=numbers.date(day.now.first, lang),
                n=numbers.count(now["M01"], lang, "tickets"),
                before=numbers.count(before["M01"], lang, "tickets"),
                word=change.long_word,
            )
        )


def _room(frame: Frame, row: pd.Series, ids: list[str]) -> None:
    aim = frame.workspace.settings.targets.get("M03")
    # A district of few complaints, or few overdue: the numbers are withheld, and so is what could be told from them.
    if aim is None or "M22_N" not in ids or pd.isna(row[["M22_N", "M01"]]).any():
        return
    left = findings.lost_month(int(row["M22_N"]), int(row["M01"]), aim.value)
    key = "today.room" if left >= 0 else "today.room_gone"
    said = t(
        key, frame.lang, n=numbers.count(abs(left), frame.lang, "tickets"), target=numbers.rate(aim.value, frame.lang)
    )
    st.markdown(f":{'gray' if left >= 0 else 'red'}[**{said}**]")


def _interval(row: pd.Series, measure: str, lang: Lang) -> str:
    low, high = (numbers.rate(row[f"{measure}_{end}"], lang) for end in ("low", "high"))
    return f"{low}–{high}"
