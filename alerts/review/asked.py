"""What an issue asks: one week with the one before and the same of last year, as a viewer of figures only sees them.

Does not belong here: what is said about the answers (the screens).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import sqlalchemy as sa

from alerts.review.bundle import Mark, Number, Words
from alerts.review.texts import joined, say, word
from alerts.rules import Rule
from alerts.sentence import Names
from warehouse.analysis.calendar_compare import DayKinds, comparable, iso_week, week_start
from warehouse.analysis.difference import verdict
from warehouse.analysis.suppression import protect_groups
from warehouse.cases import CaseFile
from warehouse.figures import add_values
from warehouse.measures import Measure, measures
from warehouse.periods import Comparison, Period, compare, weeks
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace

VIEWER = Viewer.of("manager")
TREND_WEEKS = 13
MIN_SAMPLE = 30
NEAR = 0.02


@dataclass(frozen=True)
class Sources:
    """Where an issue comes from. Without a store (`kept`) there are no warnings, actions and earlier decisions.

    `viewer` sees figures only; one confined to districts or departments gets an issue of those alone.
    """

    reader: Reader
    space: Workspace
    kept: sa.Engine | None
    rules: Mapping[str, Rule]
    names: Names
    cases: CaseFile | None = None
    viewer: Viewer = VIEWER


@dataclass(frozen=True)
class Asked:
    """The questions of one week. `at` is the instant its outcomes are known up to."""

    sources: Sources
    comparison: Comparison
    at: datetime

    @classmethod
    def of(cls, sources: Sources, week: str, as_of: datetime) -> Asked:
        """The week as it stood at its own Monday meeting: an earlier week is judged at the age the newest one has.

        Raises `ValueError` for a week that is none, or is not over at `as_of`.
        """
        newest = compare("week", as_of).now
        back = (newest.first - week_start(week)).days
        if back < 0:
            raise ValueError(f"{week} is not over at {as_of:%Y-%m-%d %H:%M}")
        at = as_of - timedelta(days=back)
        return cls(sources, compare("week", at), at)

    @property
    def week(self) -> str:
        return iso_week(self.now.first)

    @property
    def now(self) -> Period:
        return self.comparison.now

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.now.first, time())

    @property
    def ends(self) -> datetime:
        """Midnight after Sunday; what weekly rules say of the week, they say then."""
        return datetime.combine(self.now.end, time())

    @property
    def viewer(self) -> Viewer:
        return self.sources.viewer

    @property
    def whole(self) -> Viewer:
        """The same part with small groups in it: for analyses whose results are large groups only."""
        return Viewer.of("analyst", self.viewer.regions, self.viewer.departments)

    @property
    def is_part(self) -> bool:
        """Whether the issue is of a part of the city; then it holds nothing that is known of the whole only."""
        return self.viewer.is_limited

    def supported(self, ids: Sequence[str]) -> list[str]:
        return [i for i in ids if not self.sources.reader.missing_for(i)]

    def figures(
        self, ids: Sequence[str], by: Sequence[str] = (), periods: Sequence[Period] | None = None,
        viewer: Viewer | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Values with n, one row per period and group, groups in the order of their codes: the same numbers give the
        same issue, whatever order the engine found them in."""
        asked = self.comparison.periods if periods is None else periods
        found = add_values(self.sources.reader.figures(ids, viewer or self.viewer, asked, by, Filters()), ids)
        return found.sort_values(list(by), ignore_index=True) if by and len(found) else found

    def table(self, name: str) -> pd.DataFrame:
        """A small published table; empty where the release has none."""
        if self.sources.reader.n_rows(name) == 0:
            return pd.DataFrame(columns=list(self.sources.reader.levels.get(name, {})))
        return self.sources.reader.table(name, self.viewer)

    @cached_property
    def days(self) -> DayKinds:
        """The holidays and the weekend days worked in exchange."""
        rows = self.table("dim_date")
        special = rows[rows["is_holiday"].eq(True) | rows["is_makeup_workday"].eq(True)]
        return {r.date_on.date(): "holiday" if r.is_holiday else "makeup" for r in special.itertuples()}

    def trend(self) -> list[Period]:
        """Thirteen weeks up to this one, each known at the same age."""
        return weeks(self.at, TREND_WEEKS)

    def name(self, kind: str, code: Any) -> Words:
        """A code in words: type, subtype, district, dept, hall, channel, package."""
        if kind == "channel":
            return self._channels.get(str(code), Words(zh=str(code), en=str(code)))
        if kind == "package":
            return self._packages.get(str(code).split(" ")[0], Words(zh=str(code), en=str(code)))
        return Words(zh=self.sources.names(kind, str(code), "zh"), en=self.sources.names(kind, str(code), "en"))

    @cached_property
    def _channels(self) -> dict[str, Words]:
        rows = self.table("dim_channel")
        return {str(r.channel_code): Words(zh=str(r.zh), en=str(r.en or r.zh)) for r in rows.itertuples()}

    @cached_property
    def _packages(self) -> dict[str, Words]:
        """By code and by name, as tickets give the one, the other, or the code before the name."""
        rows = self.table("dim_package")
        return {
            str(key): Words(zh=str(r.zh), en=str(r.en)) for r in rows.itertuples() for key in (r.zh, r.package_code)
        }

    def target(self, measure: str) -> float | None:
        aim = self.sources.space.settings.targets.get(measure)
        return None if aim is None else aim.value

    def marks(self, first: date, last: date) -> tuple[Mark, ...]:
        """Holidays and changes on a time axis."""
        rows = self.table("dim_date")
        on = rows["date_on"].dt.date if len(rows) else rows.get("date_on")
        found: list[Mark] = []
        for row in rows[rows["is_holiday"].eq(True) & (on >= first) & (on <= last)].sort_values("date_on").itertuples():
            at = row.date_on.date()
            named = Words(zh=str(row.holiday_zh or ""), en=str(row.holiday_en or row.holiday_zh or ""))
            before = found[-1] if found else None
            if before and before.words == named and at - (before.until or before.at) <= timedelta(1):
                found[-1] = before.model_copy(update={"until": at})
            else:
                found.append(Mark(at=at, until=at, words=named, kind="holiday"))
        changes = self.table("fact_change_event")
        for row in changes.itertuples():
            at = row.started_at.date()
            if first <= at <= last and row.title:
                found.append(Mark(at=at, words=Words(zh=str(row.title), en=_in_english(str(row.title))), kind="change"))
        return tuple(sorted(found, key=lambda m: (m.at, m.kind, m.words.zh)))

    def number(self, measure: str, asked: pd.DataFrame) -> Number:
        """A measure beside its predecessors and its target, from a frame with one row per period."""
        entry = measures()[measure]
        rows = {str(r["period"]): r for _, r in asked.iterrows()}
        now = rows.get("now")
        before = rows.get("before") if self.has(self.comparison.before) else None
        year = rows.get("year_ago") if self.has(self.comparison.year_ago) else None
        value = _at(now, measure, entry)
        bottom = None if now is None else _plain(now.get(f"{measure}_n"))
        return Number(
            measure=measure,
            name=Words(zh=entry.zh, en=entry.en),
            unit=unit_of(entry),
            value=value,
            n=None if entry.kind in ("count", "share") else bottom,
            numerator=None if now is None else _plain(now.get(f"{measure}_num")),
            previous=_at(before, measure, entry),
            last_year=_at(year, measure, entry),
            mismatch=self.is_mismatch and entry.basis != "live",
            target=self.target(measure),
            verdict=self._verdict(entry, now, before),
            hidden=value is None and now is not None and bool(now.get("is_small", False)),
        )

    @cached_property
    def is_mismatch(self) -> bool:
        """This week and the same week of last year do not hold the same holidays."""
        other = self.comparison.year_ago
        if other is None:
            return False
        mine, theirs = ([p.first + timedelta(n) for n in range(p.days)] for p in (self.now, other))
        return comparable(mine, theirs, self.days).reason == "holiday_mismatch"

    def has(self, period: Period | None) -> bool:
        """Whether the data reach back over a whole period: what nobody recorded is no zero."""
        span = self._span
        return period is not None and span is not None and period.first >= span

    @cached_property
    def _span(self) -> date | None:
        span = self.sources.reader.span()
        return None if span is None else span[0].date()

    def _verdict(self, entry: Measure, now: pd.Series | None, before: pd.Series | None) -> Words | None:
        parts = []
        aim, value = self.target(entry.id), _at(now, entry.id, entry)
        n = None if now is None else _plain(now.get(f"{entry.id}_n"))
        if aim is not None and value is not None and entry.good != "none":
            parts.append(word("lamp", lamp(entry, value, aim, n)))
        if value is not None and now is not None and before is not None:
            judged = verdict(entry, now, before)
            if judged != "none":
                parts.append(word("verdict", judged))
        return joined(parts, " · ", " · ") if parts else None


def lamp(entry: Measure, value: float, aim: float, n: float | None) -> str:
    """met, near (2 points short, or 2 % of a target that is no rate), missed; few below 30 cases."""
    if entry.kind != "count" and n is not None and n < MIN_SAMPLE:
        return "few"
    short = aim - value if entry.good == "up" else value - aim
    # Compared as written: 95.0 % is not short of 95 %.
    if short < (0.0005 if entry.kind == "rate" else 0.005):
        return "met"
    return "near" if short <= (NEAR if entry.kind == "rate" else NEAR * abs(aim)) + 1e-12 else "missed"


def unit_of(entry: Measure) -> str:
    """How a measure is written: one of the kinds of a column."""
    if entry.kind in ("rate", "share"):
        return "share"
    if entry.unit.en in ("hours", "minutes"):
        return "hours"
    return "count" if entry.kind == "count" else "number"


def seen(groups: pd.DataFrame, value: str) -> pd.DataFrame:
    """The groups that may stand beside their total: one that is small alone would follow from it."""
    too = protect_groups(groups, None, value, "is_small")
    return groups[~groups["is_small"].astype(bool) & ~too]


def is_hidden_note(groups: pd.DataFrame, value: str) -> Words | None:
    """What stands under a table that leaves groups out."""
    gone = len(groups) - len(seen(groups, value))
    return say("note_hidden", n=gone) if gone else None


def _in_english(title: str) -> str:
    """Titles are data; a Chinese one is called a change."""
    return say("change_kind").en if any(c >= "\u2e80" for c in title) else title


def plain(value: Any) -> float | None:
    """A number, or None where there is none."""
    return _plain(value)


def _plain(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _at(row: pd.Series | None, measure: str, entry: Measure) -> float | None:
    value = None if row is None else _plain(row.get(measure))
    return value / 60 if value is not None and entry.unit.en == "minutes" else value
