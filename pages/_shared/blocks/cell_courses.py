"""The figures of one cell by hour and by day, against what is usual there, with what happened on the same axis."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pandas as pd

from pages._shared import data, data_cells, draw, numbers, states
from pages._shared.charts.cell_course import Mark, cell_course, cell_course_alt
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.cell_figures import NAMES, RATES, against_usual, bad_since, figure
from warehouse.cells import HOURS_DAYS, USUAL_DAYS, WEEKS

HOUR_S, DAY_S = 3600.0, 86_400.0
OFTEN = 0.05  # of the hours; so many lie outside three spreads only where something is wrong


@dataclass
class Courses:
    """Per figure the rows of the last fourteen days by hour and of thirteen weeks by day, and what happened."""

    hours: dict[str, pd.DataFrame] = field(default_factory=dict)
    days: dict[str, pd.DataFrame] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)

    @property
    def known(self) -> list[str]:
        return [n for n in NAMES if n in self.hours or n in self.days]

    @property
    def default(self) -> str:
        """The figure that was unusual most often; of ties the first."""
        return max(
            self.known, key=lambda n: (self.since(n) is not None, self.bad(n)[0], -NAMES.index(n)), default=NAMES[0]
        )

    def bad(self, name: str) -> tuple[int, bool]:
        """How many hours (or, where there are none, days) were worse than usual, and whether they are hours."""
        if name in self.hours:
            return int(self.hours[name]["is_bad"].sum()), True
        return (int(self.days[name]["is_bad"].sum()) if name in self.days else 0), False

    def is_often(self, name: str) -> bool:
        """Whether a figure was bad more often than now and then."""
        rows = self.hours.get(name, self.days.get(name))
        return rows is not None and bool(rows["is_bad"].sum() >= OFTEN * rows["value"].notna().sum())

    def since(self, name: str) -> datetime | None:
        """Since when a figure has been bad, by hours if there are any."""
        rows = self.hours.get(name, self.days.get(name))
        return None if rows is None else bad_since(rows)


def courses(frame: Frame, about: pd.Series, end: date) -> Courses:
    """Everything known of the cell's figures up to the as-of time; daily ones up to its last whole day."""
    viewer, cell_id, as_of = frame.viewer, str(about["cell_id"]), frame.as_of
    found = Courses()
    midnight = datetime.combine(as_of.date(), time())
    hours = data_cells.hours(viewer, cell_id, as_of)
    since = midnight - timedelta(HOURS_DAYS)
    if len(hours):
        found.hours = _each(hours, HOUR_S, since)
    first = end - timedelta(7 * WEEKS)
    days = data_cells.days(viewer, cell_id, first - timedelta(USUAL_DAYS), midnight.date())
    if len(days):
        calendar = data.table("dim_date", viewer)
        workdays = dict(
            zip(
                calendar["date_on"],
                calendar["is_workday"].astype(object).where(~calendar["is_holiday"] | calendar["is_workday"]),
                strict=True,
            )
        )
        days = days.assign(is_workday=days["seen_at"].map(workdays))
        found.days = _each(days, DAY_S, datetime.combine(first, time()))
    found.marks = marks(frame, about, datetime.combine(first, time()), as_of)
    return found


def _each(rows: pd.DataFrame, seconds: float, begin: datetime) -> dict[str, pd.DataFrame]:
    made = {}
    for name in NAMES:
        told = against_usual(
            pd.DataFrame(
                {"seen_at": rows["seen_at"], "is_workday": rows["is_workday"], "value": figure(rows, name, seconds)}
            ),
            name,
            begin,
        )
        if told["value"].notna().any():
            made[name] = told
    return made


def marks(frame: Frame, about: pd.Series, first: datetime, end: datetime) -> list[Mark]:
    """Alarms of the site, changes that name the cell, its site, town or district, complaints put to the cell."""
    lang, viewer, cell_id = frame.lang, frame.viewer, str(about["cell_id"])
    out = []
    if isinstance(about["site_id"], str):
        for row in data_cells.alarms(viewer, about["site_id"], cell_id, first, end).itertuples():
            until = end if pd.isna(row.ended_at) else row.ended_at.to_pydatetime()
            out.append(Mark("alarm", row.started_at.to_pydatetime(), f"{_span(row, lang)} {row.alarm_name}", until))
    if frame.reader.n_rows("fact_change_event"):
        for row in data.table("fact_change_event", viewer).itertuples():
            if pd.notna(row.started_at) and first <= row.started_at < end and _concerns(row, about):
                text = f"{numbers.moment(row.started_at, lang)} {row.title or row.kind}"
                out.append(Mark("change", row.started_at.to_pydatetime(), text))
    rows = data_cells.complaints(viewer, cell_id, first.date(), end.date() + timedelta(1))
    for row in rows.itertuples():
        text = f"{numbers.moment(row.accepted_at, lang)} {frame.name('type_code', row.type_code)}"
        out.append(Mark("complaint", row.accepted_at.to_pydatetime(), text))
    return out


def _span(row: object, lang: str) -> str:
    at = numbers.moment(row.started_at, lang)  # type: ignore[attr-defined, arg-type]
    ended = row.ended_at  # type: ignore[attr-defined]
    return f"{at}–" if pd.isna(ended) else f"{at}–{ended:%H:%M}"


def _concerns(row: object, about: pd.Series) -> bool:
    named = row.scope_cells  # type: ignore[attr-defined]
    if isinstance(named, str) and named:
        return any(isinstance(v, str) and v and v in named for v in (about["cell_id"], about["site_id"], about["town"]))
    region = row.scope_region  # type: ignore[attr-defined]
    return isinstance(region, str) and region == about["region_code"]


def show(frame: Frame, found: Courses, name: str) -> None:
    """The hours of the last fortnight, then the days of thirteen weeks."""
    lang, called = frame.lang, word("cell.figure", name, frame.lang)
    unit = word("unit.figure", name, lang)
    for rows, is_daily in ((found.hours.get(name), False), (found.days.get(name), True)):
        if rows is None:
            states.note(t("cell.no_days" if is_daily else "cell.no_hours", lang))
            continue
        first = rows["seen_at"].iloc[0].to_pydatetime()
        here = [m for m in found.marks if (m.until or m.at) >= first]
        bad = int(rows["is_bad"].sum())
        grain = "days" if is_daily else "hours"
        total = int(rows["value"].notna().sum())
        title = t(f"cell.course_{grain}" if bad else f"cell.course_{grain}_fine", lang, figure=called, n=bad, of=total)
        subtitle = t("cell.course_key", lang, figure=called, unit=unit)
        draw.show(
            cell_course(
                rows, here, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, is_rate=name in RATES,
                is_daily=is_daily,
            ),
            alt=cell_course_alt(rows, here, lang=lang, title=title),
        )  # fmt: skip
