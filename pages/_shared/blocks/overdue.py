"""What is overdue: open tickets by the time beyond their limit, and the reasons coded for the late ones.

A click on an age shows its rows below; one on a reason leads to the tickets that carry it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_due, draw, findings, hidden, numbers, states
from pages._shared.blocks.due_rows import AGES
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.measures import measures
from warehouse.open_bands import SHOWN, SMALL, TOO
from warehouse.query import SMALL_CELL

_DRILL = "_late_tickets"


def show(frame: Frame, asked: pd.Series) -> None:
    if st.session_state.pop(_DRILL, False):
        st.switch_page("pages/tickets.py")
    _ages(frame, is_hidden=bool(pd.isna(asked["M22_OPEN"])))
    _reasons(frame)


def _ages(frame: Frame, is_hidden: bool) -> None:
    lang = frame.lang
    found = data.figures([*AGES, "M22_OPEN", "M22_OPEN_MAX"], frame.viewer, [frame.comparison.now], (), frame.filters)
    row = found.iloc[0]
    signs = data_due.signs(frame.viewer, frame.comparison.now.cutoff, frame.filters, AGES, whole="M22_OPEN")
    if row["is_small"] or is_hidden or signs["M22_OPEN"] != SHOWN:
        states.suppressed(frame)
        return
    if not row["M22_OPEN"]:
        states.note(t("due.no_overdue", lang))
        return
    shape = pd.DataFrame(
        {
            "key": list(AGES),
            "label": [measures()[m].name(lang) for m in AGES],
            "value": [0.0 if pd.isna(row[m]) else float(row[m]) for m in AGES],
            "is_small": [signs[m] == SMALL for m in AGES],
            "is_hidden_too": [signs[m] == TOO for m in AGES],
        }
    )
    seen = shape[~shape["is_small"] & ~shape["is_hidden_too"]]
    if not (seen["value"] > 0).any():
        states.suppressed(frame)
        return
    title = t(
        "due.ages",
        lang,
        n=numbers.count(row["M22_OPEN"], lang, "tickets"),
        longest=findings.value_text("M22_OPEN_MAX", row["M22_OPEN_MAX"], lang),
    )
    draw.show(
        charts.count_bars(
            seen, lang=lang, mode=frame.mode, title=title, subtitle=t("due.ages_subtitle", lang), select=True
        ),
        **clicks.choosing("due_ages", lambda mark: _open_age(frame, mark)),
        alt=charts.ranked_alt(seen, lang=lang, title=title, kind="count"),
    )
    hidden.left_out(frame, shape, seen)


def _reasons(frame: Frame) -> None:
    """Why tickets of the period were late, as the departments coded it; reasons are words of the source."""
    lang = frame.lang
    if "overdue_reason" not in frame.reader.filled("mart_ticket"):
        states.note(t("due.no_reasons", lang))
        return
    period = frame.comparison.now
    asked = data.figures(["M22_N"], frame.viewer, [period], ["overdue_reason"], frame.filters)
    asked = asked[asked["is_small"].astype(bool) | (asked["M22_N"].fillna(0) > 0)].reset_index(drop=True)
    # Among many tickets without a reason few may be late.
    few = asked["M22_N"].between(1, SMALL_CELL - 1) & (frame.viewer.level == "L1")
    asked["is_small"] = asked["is_small"].astype(bool) | few
    seen = hidden.visible(frame, asked, "M22_N_num").sort_values("M22_N", ascending=False)
    if seen.empty:
        states.few(frame)
        return
    coded = seen[seen["overdue_reason"].notna()]
    if coded.empty:
        states.note(t("due.no_reasons", lang))
        return
    shape = pd.DataFrame(
        {
            "key": seen["overdue_reason"].fillna("").astype(str),
            "label": [_reason(frame, r) for r in seen["overdue_reason"]],
            "value": seen["M22_N"].astype(float),
        }
    )
    top = coded.iloc[0]
    whole = data.figures(["M22_N"], frame.viewer, [period], (), frame.filters)["M22_N"].iloc[0]
    uncoded = seen.loc[seen["overdue_reason"].isna(), "M22_N"].sum()
    said = {
        "reason": frame.name("overdue_reason", top["overdue_reason"]),
        "n": numbers.count(top["M22_N"], lang, "tickets"),
        "none": numbers.count(uncoded, lang, "tickets"),
        "all": numbers.count(whole, lang, "tickets"),
    }
    title = t("due.reasons" if uncoded <= top["M22_N"] else "due.reasons_uncoded", lang, **said)
    subtitle = t("due.reasons_subtitle", lang, period=findings.period_text(period, lang))
    draw.show(
        charts.count_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.choosing("due_reasons", lambda mark: _open_reason(frame, mark)),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )


def _open_age(frame: Frame, mark: dict[str, Any]) -> None:
    """The rows of that age in the list below, for who may see rows."""
    if not frame.viewer.sees_rows:
        clicks.may_not(frame)
        return
    st.session_state.update(waiting=str(mark["key"]), page=1)


def _open_reason(frame: Frame, mark: dict[str, Any]) -> None:
    """The tickets of the period that carry the reason. Those without one have nothing to be found by."""
    if not frame.viewer.sees_rows:
        clicks.may_not(frame)
    elif not mark["key"]:
        st.toast(t("due.nothing_coded", frame.lang))
    else:
        st.session_state.update({"reason": str(mark["key"]), "waiting": "", "page": 1, _DRILL: True})


def _reason(frame: Frame, code: str | None) -> str:
    return t("due.uncoded", frame.lang) if pd.isna(code) else frame.name("overdue_reason", code)
