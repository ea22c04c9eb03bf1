"""重复越级舆情: who came back, how far it went, what was said in public. The parts are blocks of their own."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from pages._shared import data, findings, numbers, states, views
from pages._shared.blocks import opinion, outside, returns
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.periods import Period
from warehouse.query import SMALL_CELL

ASKED = ("M01", "M14", "M14_N")
OUTSIDE = ("M19_N", "M19")
PARTS: dict[str, views.Show] = {"back": returns.show, "outside": outside.show, "opinion": opinion.show}


def show(frame: Frame) -> None:
    st.title(t("repeats.title", frame.lang))
    if not finding(frame):
        return
    views.parts(frame, PARTS, "back", t("repeats.parts", frame.lang), lambda p: word("repeats.part", p, frame.lang))


def finding(frame: Frame) -> bool:
    """How many came back against before and the limit, how many went outside, how many of those we could have seen.

    False when there is nothing to show, once the reason has been said.
    """
    lang, comparison = frame.lang, frame.comparison
    shown = data.supported(ASKED)
    asked = data.figures(shown, frame.viewer, [comparison.now, comparison.before], (), frame.filters)
    now, before = findings.row_of(asked, "now"), findings.row_of(asked, "before")
    if now is None or now["M01"] == 0 or now["is_small"]:
        states.nothing(frame, is_hidden=now is not None and bool(now["is_small"]))
        return False
    parts = [
        t(
            "repeats.finding",
            lang,
            period=findings.period_text(comparison.now, lang),
            n=numbers.count(now["M01"], lang, "tickets"),
        )
    ]
    if "M14" in shown:
        parts[0] += t("repeats.finding_back", lang, n=few(frame, now["M14_N"]), rate=_rate(frame, now, "M14_N", "M14"))
        parts.append(_against(frame, before))
    parts.append(_outside(frame, comparison.now))
    st.markdown("## " + t("today.join", lang).join(p for p in parts if p) + t("today.stop", lang))
    states.unsupported(frame, [*ASKED, *OUTSIDE])
    return True


def few(frame: Frame, n: float) -> str:
    """A count of tickets of few people: under five are not told to a manager."""
    if frame.viewer.level == "L1" and 0 < n < SMALL_CELL:
        return f"<{SMALL_CELL}"
    return numbers.count(n, frame.lang)


def nothing(frame: Frame, is_hidden: bool) -> None:
    """A block without figures: because there are none, or because they must not be shown. The view itself has some."""
    if is_hidden and frame.viewer.level == "L1":
        states.note(t("state.suppressed", frame.lang, least=SMALL_CELL))
    else:
        states.note(t("repeats.nothing", frame.lang))


def long_enough(frame: Frame) -> Period:
    """Outside filings are few a week, so short periods widen to the thirteen weeks that end with them."""
    now = frame.comparison.now
    if now.days >= 28:
        return now
    return Period("now", now.end - timedelta(days=91), now.end, now.cutoff)


def _rate(frame: Frame, row: pd.Series, count: str, rate: str) -> str:
    """A rate that does not give away a count that is hidden."""
    return numbers.DASH if few(frame, row[count]).startswith("<") else numbers.rate(row[rate], frame.lang)


def _against(frame: Frame, before: pd.Series | None) -> str:
    """The rate before and the limit, as far as there are any."""
    lang, aim = frame.lang, frame.workspace.settings.targets.get("M14")
    parts = []
    if before is not None and not before["is_small"] and before["M01"] > 0:
        parts.append(t("repeats.finding_before", lang, rate=_rate(frame, before, "M14_N", "M14")))
    if aim is not None:
        parts.append(t("repeats.finding_limit", lang, rate=numbers.target(aim.value, "rate", lang)))
    return t("chart.list_separator", lang).join(parts)


def _outside(frame: Frame, period: Period) -> str:
    """Asked for alone: few filings outside must not hide everything else from a manager."""
    lang = frame.lang
    if data.supported(OUTSIDE) != list(OUTSIDE):
        return ""
    row = data.figures(OUTSIDE, frame.viewer, [period], (), frame.filters).iloc[0]
    if row["is_small"]:
        return t("repeats.finding_few_outside", lang, n=f"<{SMALL_CELL}")
    if row["M19_N"] == 0:
        return t("repeats.finding_none_outside", lang)
    return t("repeats.finding_outside", lang, n=few(frame, row["M19_N"]), known=few(frame, row["M19_num"]))
