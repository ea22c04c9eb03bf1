"""Some rules a second time, plain and slow: read from the requirement, not from the engine, of which nothing is used.

Each gives the state at every instant as {(scope, instant): severity}; `episodes` makes of it what a register holds.
Frames are those of a release: mart_ticket, fact_biz_op.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

import pandas as pd
from scipy import stats

States = dict[tuple[str, datetime], str]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BADNESS = ["blue", "yellow", "orange", "red"]


class Episode(NamedTuple):
    scope: str
    severity: str
    fired_at: datetime
    cleared_at: datetime | None


def grid(begin: datetime, end: datetime, every: timedelta) -> list[datetime]:
    """Instants after `begin`, up to `end`."""
    found = []
    while (begin := begin + every) <= end:
        found.append(begin)
    return found


def episodes(states: States, times: list[datetime], keep: timedelta = timedelta(0)) -> list[Episode]:
    """A warning begins where a scope turns bad, is as bad as its worst instant, and is over once it was good for `keep`
    since the first good instant."""
    found = []
    for scope in sorted({scope for scope, _ in states}):
        fired, worst, good_since = None, "blue", None
        for at in times:
            now = states.get((scope, at))
            if now is not None:
                fired, good_since = fired or at, None
                worst = max(worst, now, key=BADNESS.index)
            elif fired is not None:
                good_since = good_since or at
                if at - good_since >= keep:
                    found.append(Episode(scope, worst, fired, at))
                    fired, worst, good_since = None, "blue", None
        if fired is not None:
            found.append(Episode(scope, worst, fired, None))
    return sorted(found, key=lambda e: (e.fired_at, e.scope))


def at_best(k: int, n: int) -> float:
    """The upper end of the 95 % interval of a rate, after Wilson."""
    z, p = 1.959963984540054, k / n
    return float((p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n))


def rate_below(k: int, n: int, least: int, steps: dict[str, float]) -> str | None:
    """How bad a rate is that even at best lies below a target."""
    bad = [name for name, target in steps.items() if n >= least and at_best(k, n) < target]
    return max(bad, key=BADNESS.index) if bad else None


def satisfaction(tickets: pd.DataFrame, times: list[datetime]) -> States:
    """RT01: of 30 answers or more of a week, satisfied at best less than 85 % (orange: 75 %). Too few say nothing: what
    was bad stays so."""
    answers = tickets[tickets["answer_code"].isin([2, 3]) & (tickets["owner_dept"] != "UNKNOWN")]
    return _of_weeks(answers, "surveyed_at", lambda t, at: (t["answer_code"] == 2, None), times, (0.85, 0.75))


def timeliness(tickets: pd.DataFrame, times: list[datetime]) -> States:
    """RS10: of 30 or more accepted within a week whose limit is over or that are done, done in time at best less than
    95 % (orange: 85 %)."""

    def judge(t: pd.DataFrame, at: datetime) -> tuple[pd.Series, pd.Series]:
        done = t["feedback_at"] <= at
        return done & (t["feedback_at"] <= t["due_at"]), done | (t["due_at"] < at)

    known = tickets[tickets["owner_dept"] != "UNKNOWN"]
    return _of_weeks(known, "accepted_at", judge, times, (0.95, 0.85))


def _of_weeks(tickets: pd.DataFrame, column: str, judge, times: list[datetime], targets: tuple[float, float]) -> States:  # type: ignore[no-untyped-def]
    found: States = {}
    for before, at in zip([None, *times], times, strict=False):
        week = tickets[(tickets[column] >= at - WEEK) & (tickets[column] < at)]
        for dept, some in week.groupby("owner_dept"):
            good, counts = judge(some, at)
            n = len(some) if counts is None else int(counts.sum())
            bad = (
                rate_below(int(good.sum()), n, 30, dict(zip(("yellow", "orange"), targets, strict=True))) if n else None
            )
            if 0 < n < 30 and before is not None:
                bad = found.get((str(dept), before))
            if bad is not None:
                found[str(dept), at] = bad
    return found


def success(operations: pd.DataFrame, times: list[datetime]) -> States:
    """RB01: of 200 attempts or more of the day before, succeeded at best less than 98 % (red: 90 %)."""
    found: States = {}
    days = operations.assign(op_on=pd.to_datetime(operations["op_on"])).groupby(["op_on", "op_name"])
    sums = days[["n_success", "n_attempts"]].sum()
    for at in times:
        day = pd.Timestamp(at).normalize() - DAY
        for (_, name), row in sums[sums.index.get_level_values(0) == day].iterrows():
            if row["n_attempts"] and (
                bad := rate_below(int(row["n_success"]), int(row["n_attempts"]), 200, {"orange": 0.98, "red": 0.90})
            ):
                found[str(name), at] = bad
    return found


def billing(tickets: pd.DataFrame, days: pd.DataFrame, codes: list[str], times: list[datetime]) -> States:
    """RC07: 5 complaints of a billing subtype or more in 24 hours, above the Poisson limit (p < 0.005) of the mean of
    the days 3 to 56 back that end at the same hour and are of the same class, and 1.5 times it (red: 5 times,
    and 10 complaints)."""
    kind = {
        pd.Timestamp(d): (bool(w), bool(s or e))
        for d, w, s, e in zip(
            days["date_on"], days["is_workday"], days["is_month_start"], days["is_month_end"], strict=True
        )
    }
    first = tickets["accepted_at"].min()
    of = {code: tickets.loc[tickets["type_code"] == code, "accepted_at"].sort_values() for code in codes}

    def day_kind(end: datetime) -> tuple[bool, bool]:
        return kind[pd.Timestamp(end - timedelta(seconds=1)).normalize()]

    def count(code: str, end: datetime) -> int:
        return int(of[code].searchsorted(end) - of[code].searchsorted(end - DAY))

    found: States = {}
    for at in times:
        alike = [end for n in range(3, 57) if (end := at - n * DAY) > first + DAY and day_kind(end) == day_kind(at)]
        for code in codes:
            now = count(code, at)
            if now < 5 or not alike:
                continue
            mean = max(sum(count(code, end) for end in alike) / len(alike), 0.5 / len(alike))
            if stats.poisson.sf(now - 1, mean) < 0.005 and now >= 1.5 * mean:
                found[code, at] = "red" if now >= max(5 * mean, 10) else "orange"
    return found


def surges(tickets: pd.DataFrame, days: pd.DataFrame, times: list[datetime]) -> States:
    """RC01: 5 complaints of a type and district or more in 24 hours, above the Poisson limit (p < 0.005) of the mean of
    the days 3 to 56 back that end at the same hour and are both workdays or both not, and 1.5 times it (orange: 2.5
    times)."""
    is_workday = dict(zip(pd.to_datetime(days["date_on"]), days["is_workday"].astype(bool), strict=True))
    first = tickets["accepted_at"].min()

    def kind(end: datetime) -> bool:
        return is_workday[pd.Timestamp(end - timedelta(seconds=1)).normalize()]

    found: States = {}
    for (type_, region), some in tickets.groupby(["type_l1", "region_code"]):
        times_of = some["accepted_at"].sort_values()

        def count(ends: list[datetime]) -> list[int]:
            upto = times_of.searchsorted(pd.DatetimeIndex(ends))  # noqa: B023
            since = times_of.searchsorted(pd.DatetimeIndex([e - DAY for e in ends]))  # noqa: B023
            return [int(a - b) for a, b in zip(upto, since, strict=True)]

        for at, now in zip(times, count(times), strict=True):
            if now < 5:
                continue
            alike = [e for n in range(3, 57) if (e := at - n * DAY) > first + DAY and kind(e) == kind(at)]
            mean = max(sum(count(alike)) / len(alike), 0.5 / len(alike))
            if stats.poisson.sf(now - 1, mean) < 0.005 and now >= 1.5 * mean:
                found[f"{type_}/{region}", at] = "orange" if now >= 2.5 * mean else "yellow"
    return found
