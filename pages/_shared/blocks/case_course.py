"""The course of one case: lanes of the customer, the departments and what happened around, with the table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, numbers, states
from pages._shared.blocks import measure_trend
from pages._shared.charts.context import Event
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.cases import Case, Said
from warehouse.query import SMALL_CELL

LANES = ("customer", "handover", "network")
# What a day of a lane was above all; the first that applies.
TONES = ("outside", "ask", "done", "step", "empty", "around")
ASKING = frozenset({"FILED", "URGE", "REOPEN"})
INSTANTS = ("first_at", "outside_at", "interim_at", "permanent_at")


def show(frame: Frame, case: Case, course: pd.Series, steps: pd.DataFrame) -> None:
    lang = frame.lang
    shape = by_day(frame, case.said, steps)
    empty = int(course["n_empty"])
    title = t("cases.course_empty", lang, n=empty) if empty else t("cases.course", lang)
    instants = [
        (course[name].date(), word("cases.instant", name, lang)) for name in INSTANTS if not pd.isna(course[name])
    ]
    order = [word("cases.lane", lane, lang) for lane in LANES if lane in set(steps["lane"])]
    chosen = picture(frame, shape, title, order, instants)
    if len(chosen):
        table(frame, chosen)
    with st.expander(t("cases.table", lang, n=len(shape))):
        table(frame, shape)
    _around(frame, case, course, steps)


def picture(
    frame: Frame, shape: pd.DataFrame, title: str, order: Sequence[str], instants: Sequence[tuple[date, str]] = ()
) -> pd.DataFrame:
    """Draw the lanes of `by_day`. Gives the row of the step that was clicked, with the way back to all; else none."""
    lang, number = frame.lang, shape["number"].astype(str)
    chosen = clicks.choice("step", list(number), lambda n: t("chart.only", lang, name=t("cases.step_no", lang, n=n)))
    draw.show(
        charts.lanes(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("cases.course_key", lang),
            order=order,
            instants=instants,
            select=True,
        ),
        **clicks.setting("step", "case_course", of="number"),
        alt=charts.lanes_alt(shape, lang=lang, title=title),
    )
    return shape[number == chosen]


def by_day(frame: Frame, said: Sequence[Said], steps: pd.DataFrame) -> pd.DataFrame:
    """lane, day, number, tone, text: what a lane did on a day, numbered by time over all lanes."""
    lang = frame.lang
    words = {(s.on, s.event): s.zh if lang == "zh" else s.en for s in said}
    told = steps.sort_values(["step_at", "lane"]).reset_index(drop=True)
    rows = []
    for (day, lane), part in told.groupby([told["step_at"].dt.date, "lane"], sort=True):
        texts: list[str] = []
        for step in part.itertuples():
            own = words.get((day, str(step.code)))
            text = own if own is not None else _said(frame, step)
            if text not in texts:
                texts.append(text)
        tones = {_tone(step) for step in part.itertuples()}
        rows.append(
            {
                "day": day,
                "at": part["step_at"].min(),
                "lane": word("cases.lane", str(lane), lang),
                "tone": next(tone for tone in TONES if tone in tones),
                "text": t("today.join", lang).join(texts),
            }
        )
    shape = pd.DataFrame(rows).sort_values("at", kind="stable").reset_index(drop=True)
    return shape.assign(number=range(1, len(shape) + 1))


def _tone(step: object) -> str:
    code, lane = str(step.code), str(step.lane)  # type: ignore[attr-defined]
    if code == "FILED_OUT":
        return "outside"
    if code in ASKING:
        return "ask"
    if lane == "network":
        return "done" if code == "ON_AIR" else "around"
    if not step.is_substantive:  # type: ignore[attr-defined]
        return "empty"
    return "step" if code in ("DSP", "ACC", "TRANSFER", "REJECT", "ESCALATE") else "done"


def _said(frame: Frame, step: object) -> str:
    """A step in words: its kind, with department, channel or thing where there is one; and when it was words only."""
    lang, code = frame.lang, str(step.code)  # type: ignore[attr-defined]
    dept, channel, what = step.dept, step.channel_code, step.what  # type: ignore[attr-defined]
    named = "" if pd.isna(what) else str(what)
    if code == "CHANGE":
        named = frame.name("change_kind", named)
    text = word(
        "cases.step",
        code,
        lang,
        dept="" if pd.isna(dept) else frame.name("owner_dept", dept),
        channel="" if pd.isna(channel) else frame.name("channel_code", channel),
        what=named,
    )
    answers = code in ("FRS", "PROGRESS", "RES", "FBK")
    return text if step.is_substantive or not answers else t("cases.empty", lang, text=text)  # type: ignore[attr-defined]


def table(frame: Frame, shape: pd.DataFrame) -> None:
    lang = frame.lang
    rows = pd.DataFrame(
        {
            "number": [str(n) for n in shape["number"]],
            "day": [numbers.moment(at, lang) for at in shape["at"]],
            "lane": shape["lane"],
            "tone": [word("cases.tone", tone, lang) for tone in shape["tone"]],
            "text": shape["text"],
        }
    )
    config = {c: st.column_config.TextColumn(t(f"cases.column_{c}", lang)) for c in ("day", "lane", "tone")}
    config["number"] = st.column_config.TextColumn(t("cases.column_number", lang), width="small")
    config["text"] = st.column_config.TextColumn(t("cases.column_text", lang), width="large")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        alt=t("cases.table", lang, n=len(rows)),
    )


def _around(frame: Frame, case: Case, course: pd.Series, steps: pd.DataFrame) -> None:
    """Complaints of the surroundings by week, and where a place is named the share of weak signal by day."""
    weeks = data.table("mart_case_week", frame.viewer)
    days = data.table("mart_case_day", frame.viewer)
    weeks, days = weeks[weeks["case_id"] == case.id], days[days["case_id"] == case.id]
    boxes = st.columns(2, gap="medium") if len(days) else [st.container()]
    with boxes[0]:
        _weeks(frame, case, course, weeks.sort_values("week_start"), _changes(frame, steps))
    if len(days):
        with boxes[1]:
            _weak(frame, course, days.sort_values("day_on"))


def _weeks(frame: Frame, case: Case, course: pd.Series, weeks: pd.DataFrame, changes: list[Event]) -> None:
    lang = frame.lang
    value = weeks["n_complaints"] if "n_complaints" in weeks else weeks["n_told"]
    shape = pd.DataFrame(
        {
            "period_start": weeks["week_start"].dt.date,
            "value": value.astype(float),
            "n": value.astype(float),
            "is_running": False,
        }
    )
    # A line through hidden weeks would invent them: only the run of known weeks around the fullest one is drawn.
    runs = shape["value"].isna().cumsum()
    known = shape.dropna(subset=["value"])
    if len(known):
        known = known[runs[known.index] == runs[known["value"].idxmax()]]
    if len(known) < 2 or known["value"].sum() == 0:
        states.note(t("state.suppressed", lang, least=SMALL_CELL) if len(weeks) else t("cases.no_weeks", lang))
        return
    top = known.loc[known["value"].idxmax()]
    where = "place" if case.place_id else "hall" if case.hall_id else "city"
    title = t(
        "cases.weeks",
        lang,
        where=word("cases.where", where, lang),
        n=numbers.count(top["value"], lang),
        week=numbers.day(top["period_start"], lang),
    )
    first, last = known["period_start"].iloc[0], known["period_start"].iloc[-1] + timedelta(6)
    measure_trend.show(
        frame, "M01", known, first, last, title=title,
        subtitle=t("cases.weeks_subtitle", lang, n=numbers.count(known["value"].sum(), lang)), holidays=False,
        events=[*changes, *_events(frame, course, ("first_at", "permanent_at"))],
    )  # fmt: skip
    if len(known) < len(weeks):
        states.note(t("cases.weeks_left_out", lang, least=SMALL_CELL))


def _weak(frame: Frame, course: pd.Series, days: pd.DataFrame) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        {
            "period_start": days["day_on"].dt.date,
            "value": days["weak_share"].astype(float),
            "n": days["mr_samples"].astype(float),
            "is_running": False,
        }
    )
    title = t(
        "cases.weak", lang, low=numbers.rate(shape["value"].min(), lang), high=numbers.rate(shape["value"].max(), lang)
    )
    if not pd.isna(course["permanent_at"]):
        day = course["permanent_at"].date()
        before, after = _share(days, days["day_on"].dt.date < day), _share(days, days["day_on"].dt.date >= day)
        title = t("cases.weak_changed", lang, before=numbers.rate(before, lang), after=numbers.rate(after, lang))
    draw.show(
        charts.trend(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("cases.weak_subtitle", lang, n=numbers.count(shape["n"].sum(), lang)),
            kind="rate",
            grain="day",
            zero=True,
            events=_events(frame, course, ("interim_at", "permanent_at")),
        ),
        alt=charts.trend_alt(shape, lang=lang, title=title, kind="rate", grain="day"),
    )


def _share(days: pd.DataFrame, chosen: pd.Series) -> float | None:
    """A share of sums, not a mean of shares."""
    part = days[chosen]
    return float(part["mr_weak"].sum() / part["mr_samples"].sum()) if part["mr_samples"].sum() > 0 else None


def _events(frame: Frame, course: pd.Series, names: tuple[str, ...]) -> list[Event]:
    known: list[tuple[date, str]] = [(course[n].date(), n) for n in names if not pd.isna(course[n])]
    return [Event(day, word("cases.instant", name, frame.lang)) for day, name in known]


def _changes(frame: Frame, steps: pd.DataFrame) -> list[Event]:
    """Changes around the case that came before anybody complained: they may be why."""
    first = steps.loc[steps["lane"] != "network", "step_at"].min()
    found = steps[(steps["code"] == "CHANGE") & (steps["step_at"] < first)]
    return [Event(s.step_at.date(), frame.name("change_kind", s.what), str(s.what)) for s in found.itertuples()]
