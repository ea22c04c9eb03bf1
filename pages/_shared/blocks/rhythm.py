"""When complaints come: hour by weekday, day of month with the peak factor, by subtype."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pages._shared import charts, data, draw, findings, hidden, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.peaks import peak_factor
from warehouse.periods import Period, next_month
from warehouse.query import SMALL_CELL

LEAST_DAYS, LEAST_TICKETS, MOST_TYPES = 28, 100, 15


def show(frame: Frame) -> None:
    period = _long_enough(frame)
    states.note(t("rhythm.period", frame.lang, period=findings.period_text(period, frame.lang)))
    left, right = st.columns(2, gap="medium")
    with left:
        _hours(frame, period)
    with right:
        _month_days(frame, period)
    _by_subtype(frame, period)


def _long_enough(frame: Frame) -> Period:
    """A week has no month in it: patterns need whole months, so short periods widen to the last twelve."""
    chosen = frame.comparison.now
    span = frame.reader.span()
    assert span is not None
    if chosen.days >= LEAST_DAYS:
        return chosen
    end = frame.as_of.date() + timedelta(days=1)
    first = max((end - timedelta(days=365)).replace(day=1), span[0].date())
    return Period("now", first, end, frame.as_of)


def _hours(frame: Frame, period: Period) -> None:
    lang = frame.lang
    asked = data.figures(["M01"], frame.viewer, [period], ["weekday", "hour_of_day"], frame.filters)
    shown = asked.dropna(subset=["M01"])
    if shown.empty:
        states.nothing(frame, is_hidden=len(asked) > 0)
        return
    shape = pd.DataFrame({"weekday": shown["weekday"], "hour": shown["hour_of_day"], "value": shown["M01"]})
    peak = shape.loc[shape["value"].idxmax()]
    title = t(
        "rhythm.hours",
        lang,
        weekday=word("weekday", int(peak["weekday"]), lang),
        hour=t("chart.hour_span", lang, hour=int(peak["hour"]), next=int(peak["hour"]) + 1),
    )
    subtitle = t("rhythm.hours_subtitle", lang, n=hidden.total(frame, period))
    draw.show(
        charts.hour_weekday(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle),
        alt=charts.hour_weekday_alt(shape, lang=lang, title=title),
    )
    if asked["is_small"].any():
        states.note(t("rhythm.blank", lang, least=SMALL_CELL))


def _months(period: Period) -> tuple[date, date] | None:
    """First and last day of the whole months inside a period."""
    first = period.first if period.first.day == 1 else next_month(period.first)
    last = period.end.replace(day=1) - timedelta(1)
    return (first, last) if last > first else None


def _month_days(frame: Frame, period: Period) -> None:
    lang = frame.lang
    months = _months(period)
    daily = data.daily(frame.viewer, period, frame.filters)
    if months is None or daily.empty:
        st.info(t("rhythm.no_month", lang), icon=":material/calendar_month:")
        return
    factor = peak_factor(dict(zip(daily["day"], daily["n"], strict=True)), *months)
    shape = _by_day_of_month(frame, daily, *months)
    if shape.empty:
        states.suppressed(frame)
        return
    title = t("rhythm.month", lang, factor=numbers.fixed(factor.factor, 2))
    subtitle = t("rhythm.month_subtitle", lang, n=numbers.count(factor.n_peak + factor.n_rest, lang))
    draw.show(
        charts.day_of_month(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle),
        alt=charts.day_of_month_alt(shape, lang=lang, title=title),
    )
    if len(shape) < 31 and frame.viewer.level == "L1":
        states.note(t("rhythm.blank", lang, least=SMALL_CELL))


def _by_day_of_month(frame: Frame, daily: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Mean complaints per calendar day of whole months: day, value. A day without complaints counts as 0."""
    calendar = pd.Series([d.day for d in pd.date_range(first, last)]).value_counts()
    inside = daily[(daily["day"] >= first) & (daily["day"] <= last)]
    groups = inside.groupby(inside["day"].map(lambda d: d.day))[["n", "n_customers"]].sum()
    groups = groups.reindex(sorted(calendar.index), fill_value=0).rename_axis("day").reset_index()
    groups["is_small"] = groups["n_customers"].between(1, SMALL_CELL - 1) & (frame.viewer.level == "L1")
    shown = hidden.visible(frame, groups, "n")
    return pd.DataFrame({"day": shown["day"], "value": shown["n"] / shown["day"].map(calendar)})


def _by_subtype(frame: Frame, period: Period) -> None:
    """Which sub-types drive the month-end peak."""
    lang, months = frame.lang, _months(period)
    if months is None:
        return
    factors = data.peaks(frame.viewer, period, *months, frame.filters, LEAST_TICKETS).head(MOST_TYPES)
    if factors.empty:
        return
    shape = pd.DataFrame(
        {
            "name": [frame.name("type_code", c) for c in factors["type_code"]],
            "factor": [numbers.fixed(v, 2) for v in factors["factor"]],
            "interval": [
                f"{numbers.fixed(a, 2)}–{numbers.fixed(b, 2)}"
                for a, b in zip(factors["low"], factors["high"], strict=True)
            ],
            "n": [numbers.count(v, lang) for v in factors["n_peak"] + factors["n_rest"]],
        }
    )
    with st.expander(t("rhythm.table", lang)):
        headers = {k: t(f"rhythm.column_{k}", lang) for k in ("name", "factor", "interval", "n")}
        states.small_table(shape, headers, alt=t("rhythm.table", lang))
        states.note(t("rhythm.method", lang))
        states.computed(frame, ["M40"])
