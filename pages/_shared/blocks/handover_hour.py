"""Who came at one hour of a kind of day: where they waited, and the tickets behind. Opened by a click on the hours."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data_handover, draw, findings, numbers, states
from pages._shared.blocks import repeat_lists
from pages._shared.frame import Frame
from pages._shared.text import Lang, t
from warehouse.analysis.waits import quantiles
from warehouse.query import SMALL_CELL

LEAST = 10
KINDS = {"work": True, "off": False}
COLUMNS = ("ticket_id", "accepted_at", "wait", "type_code", "region_code", "owner_dept", "priority", "feedback_at")


@dataclass(frozen=True)
class At:
    """An hour of arrival (0–23), on working days or on all others."""

    hour: int
    is_workday: bool

    def text(self, lang: Lang) -> str:
        day = t("flow.workday" if self.is_workday else "flow.offday", lang)
        span = t("chart.hour_span", lang, hour=self.hour, next=self.hour + 1)
        return t("handover.hour_text", lang, day=day, span=span)


KNOWN = {f"{hour},{kind}": At(hour, is_workday) for hour in range(24) for kind, is_workday in KINDS.items()}


def choose(frame: Frame) -> At | None:
    """The hour that was clicked, with the way back to all; None: all of them."""
    lang = frame.lang
    chosen = clicks.choice("hour", KNOWN, lambda key: t("chart.only", lang, name=KNOWN[key].text(lang)))
    return KNOWN.get(chosen)


def by_dept(frame: Frame, at: At) -> None:
    """Median wait of those arrivals by the department they were sent to, the longest first."""
    lang = frame.lang
    by = ["is_workday", "hour_of_day", "dept"]
    found = data_handover.classes("M29", frame.viewer, frame.comparison.now, by, frame.filters)
    here = found[(found["hour_of_day"] == at.hour) & (found["is_workday"].astype(bool) == at.is_workday)]
    told = quantiles(here[here["dept"] != "NONE"], ["dept"], "n", [0.5])
    told = told[told["n"] >= max(LEAST, SMALL_CELL)].sort_values("p50", ascending=False)
    if told.empty:
        states.note(t("handover.hour_few", lang, at=at.text(lang), n=LEAST))
        return
    names = [frame.name("owner_dept", d) for d in told["dept"]]
    nothing = float("nan")
    shape = pd.DataFrame(
        {"key": told["dept"], "label": names, "value": told["p50"], "low": nothing, "high": nothing, "n": told["n"]}
    )
    top = numbers.duration(shape["value"].iloc[0], lang)
    title = t("handover.hour_depts", lang, at=at.text(lang), dept=names[0], wait=top)
    said = {"period": findings.period_text(frame.comparison.now, lang), "n": numbers.count(shape["n"].sum(), lang)}
    subtitle = t("handover.hour_subtitle", lang, **said)
    draw.show(
        charts.ranked_bars(
            shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, kind="duration", with_n=True, select=True
        ),
        **clicks.choosing("hour_depts", lambda mark: st.session_state.update(stop=str(mark["key"]))),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="duration"),
    )


def rows(frame: Frame, at: At) -> None:
    """The tickets behind the chosen hour, and department where there is one, who waited longest first."""
    lang, dept = frame.lang, str(st.session_state["stop"])
    if not frame.viewer.sees_rows:
        states.note(t("handover.no_rows", lang))
        return

    def ask(page: int, size: int) -> repeat_lists.Page:
        moment = (at.hour, at.is_workday)
        period = frame.comparison.now
        found, n = data_handover.arrivals(frame.viewer, period, frame.filters, moment, page, size, dept)
        waited = (found["first_reply_at"] - found["accepted_at"]).dt.total_seconds() / 60
        return found.assign(wait=[numbers.duration(v, lang) for v in waited]), n

    title = t("handover.hour_rows", lang, at=at.text(lang))
    if dept:
        title = t("handover.hours_of", lang, dept=frame.name("owner_dept", dept), said=title)
    repeat_lists.paged(frame, "arrivals", COLUMNS, title, ask)
